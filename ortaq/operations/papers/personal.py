"""`docs/personal-data.md`: the map of personal data in three languages, written from `personal.toml`."""

from __future__ import annotations

from collections.abc import Iterator

from ortaq.law.text import Text
from ortaq.operations import personal

TITLE = Text("Дербес деректер", "Персональные данные", "Personal data")
HEADS = (
    Text("Не", "Что", "What"),
    Text("Не үшін", "Зачем", "Why"),
    Text("Кім көреді", "Кто видит", "Who sees it"),
    Text(
        "Қанша сақталады, содан кейін не болады",
        "Сколько хранится и что потом",
        "How long, and what then",
    ),
)
RIGHTS = Text(
    "Сақталғанды «Мен туралы не сақталады» бетінен (`/account/data/`) алып кетуге және есептік жазбаны жоюға болады. Жария түсіндірме: `/privacy/`. "
    "Қатысушы өз деректерін жеке сілтемесі арқылы жояды. Сақтық көшірмелер шифрланған және мерзімі өткенде тұтас жойылады.",
    "Забрать хранимое и удалить учётную запись можно на странице «Что обо мне хранится» (`/account/data/`). Публичное пояснение: `/privacy/`. "
    "Участник мероприятия удаляет свои данные по личной ссылке. Резервные копии зашифрованы и удаляются целиком по истечении срока.",
    "What is kept can be taken away and an account erased on the page “My data” (`/account/data/`). Told to everybody: `/privacy/`. A "
    "participant of an event erases their data by their personal link. Backups are encrypted and deleted as a whole when their time is over.",
)


def document() -> str:
    """The whole page in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Personal data"
    yield ""
    yield "Written by `ortaq personal document` from `ortaq/operations/personal.toml`; a test holds both together, and every field of every"
    yield "model against them. `ortaq personal due` erases by term (nightly, by `ortaq tidy`), `ortaq personal erase ADDRESS` on request."
    for language in ("kk", "ru", "en"):
        yield from ("", f"## {getattr(TITLE, language)}", "", getattr(RIGHTS, language), "")
        yield "| " + " | ".join(getattr(one, language) for one in HEADS) + " |"
        yield "|---|---|---|---|"
        for group in personal.groups():
            told = (group.title, group.why, group.sees, group.keeps)
            yield "| " + " | ".join(getattr(one, language) for one in told) + " |"
    yield from ("", "## Where it stands", "", "| group | model | fields |", "|---|---|---|")
    for group in personal.groups():
        for model, fields in group.by_model.items():
            yield f"| {group.key} | `{model}` | {', '.join(fields)} |"
