"""The media list: all publications about a project or about one of its events (IM-040, ST-S-24)."""

from __future__ import annotations

from django.utils import translation

from ortaq.core.bilingual import pick
from ortaq.documents.paper import (
    Align,
    Cell,
    Column,
    Field,
    Fields,
    Heading,
    Orientation,
    Paper,
    Row,
    Table,
)
from ortaq.faces.say import day as say_day
from ortaq.faces.say import instant as say_instant
from ortaq.law.text import Text
from ortaq.projects.models import Event, Evidence, Project
from ortaq.projects.queries.evidence import media_list as rows_of

LANGUAGES = ("kk", "ru")
TITLE = Text("Жарияланымдар тізімі", "Список публикаций", "List of publications")
PROJECT = Text("Жоба", "Проект", "Project")
SUPPLIER = Text("Жобаны іске асырушы", "Исполнитель проекта", "Carried out by")
CONTRACT = Text("Шарттың №", "Договор №", "Contract No.")
EVENT = Text("Іс-шара", "Мероприятие", "Event")
COLUMNS: tuple[tuple[Text, int], ...] = (
    (Text("№", "№", "No."), 1),
    (Text("Күні", "Дата", "Date"), 3),
    (Text("БАҚ немесе әлеуметтік желі", "СМИ или социальная сеть", "Medium or network"), 4),
    (Text("Түрі", "Вид", "Kind"), 3),
    (Text("Атауы", "Название", "Title"), 7),
    (Text("Сілтеме", "Ссылка", "Link"), 7),
    (EVENT, 5),
    (Text("Эфирге шыққан уақыты", "Время выхода в эфир", "On air"), 3),
    (Text("Дәлел №", "№ подтверждения", "Evidence No."), 2),
)
NOTHING = Text("Жарияланымдар жазылмаған", "Публикации не записаны", "No publications are recorded")


def media_list(project: Project, language: str, event: Event | None = None) -> Paper:
    """The publications that stand, of the project or of one event, in `language`; one query."""
    contract = project.contract
    with translation.override(language):
        rows = rows_of(project, event.pk if event else None)
        head = [
            Field(PROJECT.say(language), pick(contract.title_kk, contract.title_ru, language)),
            Field(CONTRACT.say(language), contract.number),
            Field(SUPPLIER.say(language), contract.grantee.name),
        ]
        if event is not None:
            said = f"№ {event.number}, {say_day(event.starts_at)}. {event.title}"
            head.append(Field(EVENT.say(language), said))
        lines = [_row(number, one) for number, one in enumerate(rows, 1)]
        table = Table(
            tuple(Column(text.say(language), width) for text, width in COLUMNS),
            tuple(lines)
            or (Row((Cell(NOTHING.say(language), across=len(COLUMNS), align=Align.CENTER),)),),
        )
    title = TITLE.say(language)
    return Paper(
        title, language, (Heading(title, 1), Fields(tuple(head)), table), Orientation.LANDSCAPE
    )


def _row(number: int, one: Evidence) -> Row:
    cells = (
        str(number),
        say_day(one.day),
        one.medium,
        str(one.get_media_display()),
        one.title,
        one.link,
        one.event.title if one.event else "",
        say_instant(one.aired_at) if one.aired_at else "",
        str(one.number),
    )
    return Row(tuple(Cell(text) for text in cells))
