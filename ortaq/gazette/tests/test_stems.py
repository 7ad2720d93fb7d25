"""Word forms: the table of Kazakh endings, and what three languages have in common."""

import pytest

from ortaq.core import spelling
from ortaq.gazette import stems
from ortaq.gazette.kazakh_stems import stem

# Every form of a line has the same stem, and no other line has it.
FORMS = """
    жоба жобаны жобаға жобаның жобада жобадан жобамен жобалар жобаларға жобасы жобасының жобасында жобаларымыз
    жас жастар жастарға жастардың жастарды жастармен жастарымыз жастардан
    қоғам қоғамның қоғамға қоғамда қоғамдар қоғамдарды қоғамы қоғамымыз қоғамдағы
    мектеп мектептер мектепке мектептің мектебі мектебіне мектептегі мектептерде
    кітап кітабы кітаптар кітапқа кітабынан
    халық халыққа халықтың халқымызсыз
    орталық орталығы орталығын орталықтар орталыққа орталығында
    қызмет қызметі қызметін қызметке қызметтер қызметтердің қызметтен
    ауыл ауылдар ауылға ауылдың ауылдағы ауылда
    отбасы отбасылар отбасына отбасының отбасында
    балалар балаларға балалардың балаларды баласы
    оқушы оқушылар оқушыларға оқушының
    қолдау қолдауға қолдаудың қолдауды қолдауы
    ерікті еріктілер еріктілерге еріктілердің еріктіні
    сыйлықақы сыйлықақысы сыйлықақыны сыйлықақының
    білім білімге білімнің білімді
    әкімдік әкімдігі әкімдігінің әкімдіктер
    клуб клубтың клубтар клубқа
    волонтер волонтерлер волонтерлерге волонтердің
"""


def of(word: str) -> str:
    return spelling.once(stem(spelling.letters(word)))


def test_the_forms_of_a_kazakh_word_have_one_stem_which_no_other_word_has():
    found: dict[str, str] = {}
    for line in FORMS.strip().splitlines():
        words = [one for one in line.split() if not one.endswith("сыз")]  # derivation stays
        told = {of(one) for one in words}
        assert len(told) == 1, {one: of(one) for one in words}
        assert found.setdefault(told.pop(), words[0]) == words[0]


@pytest.mark.parametrize(
    ("one", "other"), [("әлеумет", "әлеуметтік"), ("ата", "аталған"), ("қазан", "қазақ")]
)
def test_derivation_and_other_words_stay_apart(one, other):
    assert of(one) != of(other)


@pytest.mark.parametrize("short", ["ана", "аға", "су", "ел", "2024", "ҚР", "12a"])
def test_short_words_and_numbers_are_left_alone(short):
    assert of(short) == spelling.once(spelling.letters(short))


@pytest.mark.parametrize(
    ("typed", "published"),
    [
        ("волонтёров", "волонтерлердің"),
        ("молодежи", "молодёжь"),
        ("volunteers", "volunteering"),
        ("zhastar", "жастарға"),
        ("алем", "Әлем"),
        ("ӘЛЕМ", "әлемде"),
        ("проектов", "проекты"),
    ],
)
def test_what_is_typed_meets_what_is_published_across_forms_alphabets_and_languages(
    typed, published
):
    (asked,) = stems.asked(typed)
    assert set(asked) & set(stems.stems_of(published))


@pytest.mark.parametrize("strange", ["", "  ", "«» — \"'*()", "\0", "🙂", "_", "\ud800"])
def test_what_has_no_word_asks_for_nothing(strange):
    assert stems.asked(strange) == []


@pytest.mark.parametrize("typed", ["ﬁne½٣", "日本語", "a'b\"c*d:e(f)g|h&i!j\\k"])
def test_whatever_is_typed_becomes_letters_and_digits_only(typed):
    assert all(one.isalnum() for word in stems.asked(typed) for one in word)
