"""The search finds what is public in every form, on every keyboard, and nothing else."""

from __future__ import annotations

import pytest

from ortaq.core import clock as house_clock
from ortaq.core import journal
from ortaq.gazette import index, keeping
from ortaq.gazette.models import Publication
from ortaq.gazette.search import COUNTED, PAGE, search
from ortaq.people.models import Organisation
from ortaq.planning.tests import scenes as planning
from ortaq.testing import factories

from .scenes import a_name

# Each database has an index of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


def an_ngo(name: str, russian: str = "", **fields: str) -> Organisation:
    organisation = factories.an_organisation(name_kk=name, name_ru=russian or name, **fields)
    journal.append(organisation, "registered")
    return organisation


def titles(text: str, page: str = "", **asked: str) -> list[str]:
    return [row.title_kk for row in search(text, asked, page).page.rows]


@pytest.fixture
def published(clock) -> None:
    """Topics under discussion, a draft of another body, and two NGOs."""
    cast = planning.cast()
    planning.published(clock, cast.saule, cast.akimat, topics=1)
    hidden = planning.a_draft(cast.nurlan, cast.ministry)
    planning.a_topic(hidden, cast.nurlan, title_kk="Құпия бүркіт", title_ru="Тайный беркут")
    an_ngo("«Еріктілер одағы» қоры", "Фонд «Союз волонтёров»", region_code="710000000")
    an_ngo("Таза ауыл", "Чистое село", charter_goals="құпия")
    keeping.catch_up()


@pytest.mark.req("SO-G-07")
@pytest.mark.parametrize(
    "typed",
    [
        "еріктілерге",
        "ЕРІКТІЛЕРДІҢ",
        "волонтеры",
        "Волонтёрам",
        "eriktiler",
        "ерiктiлер одағы",
        "djkjynths",
    ],
)
def test_any_form_alphabet_language_and_keyboard_finds(published, typed):
    assert titles(typed) == ["«Еріктілер одағы» қоры"]


@pytest.mark.parametrize("typed", ["құпия", "бүркіт", "беркутом", "құпи"])
def test_what_is_hidden_is_not_found_nor_guessed_by(published, typed):
    found = search(typed, {})
    assert (found.page.rows, found.total, found.kinds) == ([], None, {})


def test_what_is_withdrawn_or_renamed_is_found_no_more(published):
    assert titles("ауылдар") == ["Таза ауыл"]
    ngo = Organisation.objects.get(name_kk="Таза ауыл")
    a_name(ngo, name_kk="Жарық", name_ru="Свет")
    keeping.catch_up()
    assert "Таза ауыл" not in titles("ауыл")
    assert titles("жарық") == ["Жарық"]
    ngo.legal_form = Organisation.LegalForm.POLITICAL_PARTY
    a_name(ngo)
    keeping.catch_up()
    assert "Жарық" not in titles("жарық")


def test_the_title_comes_before_the_text_and_the_newer_before_the_older(clock):
    clock.set(house_clock.at(planning.PUBLISHED.date()))
    an_ngo("Көктем бірінші")
    clock.travel(days=1)
    an_ngo("Екінші", "Весна и көктем")
    clock.travel(days=1)
    old = an_ngo("Үшінші")
    clock.travel(days=1)
    keeping.catch_up()
    row = Publication.objects.get(recipient=old)
    row.words += " koktem"  # as a summary would have it
    row.save()
    index.renew()
    assert titles("көктем") == ["Екінші", "Көктем бірінші", "Үшінші"]


def test_pages_go_on_where_the_last_one_ended_through_titles_and_texts(clock):
    clock.set(planning.PUBLISHED)
    for number in range(PAGE + 5):
        an_ngo(f"Көктем {number}")
        clock.travel(minutes=1)
    keeping.catch_up()
    first = search("көктем", {})
    assert (len(first.page.rows), first.total, first.kinds) == (PAGE, PAGE + 5, {"ngo": PAGE + 5})
    rest = search("көктем", {}, first.page.next)
    assert [row.title_kk for row in rest.page.rows] == [f"Көктем {n}" for n in (4, 3, 2, 1, 0)]
    assert rest.page.next == ""
    # A page that nobody made is the first one.
    for strange in ("x", "3-1", "1-", "1-x", "1-" + "9" * 30, "-", "2-²"):
        assert search("көктем", {}, strange).page.rows == first.page.rows


def test_it_is_narrowed_by_kind_region_field_and_year(published):
    assert titles("көмек", kind="topic", year="2024") == ["1-тақырып"] == titles("көмек")
    assert titles("көмек", kind="ngo") == []
    assert titles("көмек", year="2023") == []
    assert titles("еріктілер", region="710000000") == ["«Еріктілер одағы» қоры"]
    assert titles("еріктілер", region="110000000") == []
    # Without words everything that is asked for.
    assert set(titles("", kind="ngo")) == {"«Еріктілер одағы» қоры", "Таза ауыл"}


@pytest.mark.parametrize(
    ("typed", "instead"), [("еріктлер", True), ("волонт", False), ("одағ", False), ("djkjyn", True)]
)
def test_what_nothing_has_is_taken_as_a_beginning_a_slip_or_the_other_keyboard(
    published, typed, instead
):
    found = search(typed, {})
    assert [row.title_kk for row in found.page.rows] == ["«Еріктілер одағы» қоры"]
    assert found.instead is instead


@pytest.mark.parametrize(
    "typed",
    [
        "x" * 10_000,
        "ауыл " * 3_000,
        '"',
        "'); DROP TABLE people_user; --",
        "ауыл OR NOT AND NEAR(",
        "heading : ауыл*",
        "ауыл\0",
        "a & b | !c :*",
        "%_%",
        "\\",
        "zzkngo",
        "🙂",
        "\ud800",
        "٣½ﬁ",
    ],
)
def test_absurd_questions_get_plain_answers(published, typed):
    found = search(typed, {"kind": "ngo", "year": "2024", "region": "'", "field": '"'})
    assert found.page.rows == []
    assert (search(typed, {}).total or 0) <= COUNTED


def test_the_index_is_made_anew_from_what_is_published(published):
    before = titles("еріктілер")
    index.renew()
    assert titles("еріктілер") == before


def many(title: str, *, of_each: int, stem: str = "") -> list[str]:
    """NGOs with the word `title` in their name, and as many with its `stem` elsewhere only; the names as a search lists them."""
    for number in range(of_each):
        an_ngo(f"{title} {number:03}")
        if stem:
            an_ngo(f"Басқа {number:03}")
    keeping.catch_up()
    for row in Publication.objects.filter(title_kk__startswith="Басқа"):
        row.words += f" {stem}"  # as a summary would have it
        row.save()
    index.renew()
    everything, page = [], ""
    while True:
        found = search(title, {}, page).page
        everything += [row.title_kk for row in found.rows]
        if not (page := found.next):
            return everything


def test_pages_of_a_search_lead_back_by_the_way_they_came(clock, django_assert_max_num_queries):
    listed = many("Көктем", of_each=PAGE + 7, stem="koktem")
    assert len(listed) == len(set(listed)) == 2 * (PAGE + 7)
    pages = [listed[begin : begin + PAGE] for begin in range(0, len(listed), PAGE)]
    there, page = [], ""
    for _one in pages:
        there.append(page)
        page = search("көктем", {}, page).page.next
    for number in reversed(range(len(pages))):
        with django_assert_max_num_queries(16):
            found = search("көктем", {}, there[number]).page
        assert [row.title_kk for row in found.rows] == pages[number]
        assert bool(found.previous) == (number > 0)
        if number:
            back = search("көктем", {}, found.previous)
            assert [row.title_kk for row in back.page.rows] == pages[number - 1]
            # The first page is the first page, however it was come to.
            assert (back.total is not None, bool(back.page.previous)) == (number == 1, number > 1)
            # And forth again from there.
            again = search("көктем", {}, back.page.next).page
            assert [row.title_kk for row in again.rows] == pages[number]


def test_a_page_that_nobody_linked_to_is_the_first_one_or_what_lies_there(clock):
    listed = many("Көктем", of_each=PAGE, stem="koktem")
    strange = (
        *("x", "-", "--", "1-", "-1-", "0-5", "3-5", "1--5", "-1--5", "--1-5", "9" * 5000, "1-²"),
        *("1-1e5", "1-" + "9" * 19, "2-0", "-1-" + "9" * 18),
    )
    for page in strange:
        found = search("көктем", {}, page)
        assert [row.title_kk for row in found.page.rows] == listed[:PAGE], page
        assert (found.page.previous, found.total) == ("", 2 * PAGE)
    top = search(
        "көктем", {}, "0-" + "9" * 18
    ).page  # above all: the first page, without anything before it
    assert ([row.title_kk for row in top.rows], top.previous) == (listed[:PAGE], "")
    last = search("көктем", {}, "-2-0").page  # below all: the last page, without anything behind it
    assert ([row.title_kk for row in last.rows], last.next) == (listed[-PAGE:], "")
    assert last.previous
    assert search("жоқсөз", {}, "-2-0").page.rows == []


def test_what_is_found_by_other_words_has_more_than_one_page_too(clock):
    many("Волонтёры", of_each=PAGE + 3)
    first = search("djkjynths", {})
    assert (first.instead, first.typed_anew) == (True, "волонтеры")
    second = search("djkjynths", {}, first.page.next)
    assert (len(second.page.rows), second.instead, second.page.next) == (3, True, "")
    back = search("djkjynths", {}, second.page.previous)
    assert (back.page.rows, back.instead) == (first.page.rows, True)
