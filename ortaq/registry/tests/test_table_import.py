"""Tables of the state: all rows or none, shown before they are taken, the same one twice changes nothing."""

from __future__ import annotations

import io
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import xlsxwriter

from ortaq.core import clock as core_clock
from ortaq.core import journal, work
from ortaq.core.models import JournalEntry
from ortaq.core.procedure import Refused
from ortaq.documents.spreadsheet import SpreadsheetRefused
from ortaq.oversight.tests import scenes as oversight
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Organisation, Role, Standing
from ortaq.people.procedure import edit_organisation
from ortaq.registry import returns
from ortaq.registry.importing import progress, register, tables
from ortaq.registry.models import AnnualReturn, Ngo, StandingFlag, TableImport
from ortaq.registry.procedure import ngo as ngos
from ortaq.registry.procedure.table_import import IMPORT, read_in
from ortaq.testing import factories

NG = pytest.mark.req("NG-004", "NG-024", "NG-026")
ONE = "050140000120"
HEADS = [
    "БИН",
    "Атауы қазақ тілінде",
    "Наименование на русском языке",
    "ОПФ",
    "Регион",
    "Дата регистрации",
    "Направления деятельности",
    "Количество работников",
    "Дата отправки отчёта за 2022 год",
    "Статус отчёта за 2022 год",
]


@pytest.fixture
def bins():
    return [factories.a_bin() for _number in range(4)]


@pytest.fixture
def today(db, clock):
    clock.set(core_clock.at(date(2023, 6, 1), 10))


def nurbol() -> Actor:
    """Who answers for the authorised body."""
    ministry = Organisation.objects.filter(kind="authorised_body").first()
    ministry = ministry or factories.an_organisation("authorised_body", name_kk="Министрлік")
    held = ministry.memberships.first()
    return actor_for(held.user, ministry) if held else factories.a_member(ministry, Role.OFFICER)


def row(bin_: str | int, name: str = "«Әлем» қоры", **other: Any) -> list[Any]:
    told: dict[str, Any] = {
        "ru": "Фонд «Әлем»",
        "form": "общественный фонд",
        "region": "Абай облысы",
        "registered": "12.02.2010",
        "directions": "",
        "staff": "7",
        "sent": "15.03.2023",
        "state": "Бекітілді",
    } | other
    return [bin_, name, *told.values()]


def csv(
    *rows: list[Any], heads: list[str] = HEADS, encoding: str = "utf-8", by: str = ";"
) -> bytes:
    return "\n".join(by.join(map(str, one)) for one in (heads, *rows)).encode(encoding)


def xlsx(*rows: list[Any], heads: list[str] = HEADS, write: Any = None) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, one in enumerate((heads, *rows)):
        sheet.write_row(number, 0, one)
    if write:
        write(book, sheet)
    book.close()
    return stream.getvalue()


def read(content: bytes, kind: str = "register", **other: Any) -> TableImport:
    given: dict[str, Any] = {"name": "тізілім.csv", "once": uuid4(), "actor": nurbol()}
    return read_in(kind, content, **(given | other))


def take(imported: TableImport) -> None:
    IMPORT.take("take", imported, actor=nurbol())


def codes(imported: TableImport) -> list[tuple[int, str]]:
    return [(told[0], told[3]) for told in imported.findings]


@pytest.fixture
def small_portions(monkeypatch):
    """A small table goes by as a great one does."""
    monkeypatch.setattr(progress, "EVERY", 1)
    monkeypatch.setattr(register, "CHUNK", 2)
    monkeypatch.setattr(ngos, "BATCH", 2)


def moves_with_the_rows(told: list[tuple[int, int]], rows: int) -> bool:
    """Whether what a reader sees goes on row by row, never back, to the end and not beyond."""
    done = [one for one, _all in told]
    return (
        {whole for _one, whole in told} == {rows}
        and done == sorted(done)
        and 0 <= done[0] <= done[-1] <= rows
        and len(set(done)) > rows // 3
    )


def test_progress_moves_with_the_rows_while_a_table_is_read_and_taken(today, small_portions):
    table = csv(*(row(factories.a_bin(), f"№{number}") for number in range(12)))
    told: list[tuple[int, int]] = []
    shown = read(table, progress=lambda *one: told.append(one))
    assert moves_with_the_rows(told, 12)
    told.clear()
    IMPORT.take("look_again", shown, actor=nurbol(), progress=lambda *one: told.append(one))
    assert moves_with_the_rows(told, 12)
    told.clear()
    IMPORT.take("take", shown, actor=nurbol(), progress=lambda *one: told.append(one))
    assert moves_with_the_rows(told, 12)
    assert told[-1][0] > 9  # also while the last thing is written


@pytest.mark.every_database
def test_whenever_a_table_is_cancelled_nothing_of_it_is_there(today, small_portions):
    known, fresh = factories.an_organisation(name_kk="Ескі атау"), factories.a_bin()
    shown = read(csv(row(known.bin), row(fresh), row(factories.a_bin()), row(factories.a_bin())))
    entries, moments = JournalEntry.objects.count(), 0

    def cancels(at: int) -> Any:
        seen = iter(range(at))

        def heard(_done: int, _all: int) -> None:
            if next(seen, None) is None:
                raise work.Cancelled

        return heard

    while True:
        try:
            IMPORT.take("take", shown, actor=nurbol(), progress=cancels(moments))
        except work.Cancelled:
            moments += 1
        else:
            break
        shown.refresh_from_db()
        known.refresh_from_db()
        assert (shown.state, known.name_kk) == ("read", "Ескі атау")
        assert not Organisation.objects.filter(bin=fresh).exists()
        assert JournalEntry.objects.count() == entries
    assert moments > 12
    assert Organisation.objects.filter(bin=fresh).exists()


@NG
def test_a_register_is_shown_then_taken_and_the_same_again_changes_nothing(today, bins):
    known = factories.an_organisation(bin=bins[0], name_kk="Ескі атау", name_ru="Старое имя")
    content = csv(row(bins[0]), row(bins[1], "«Дала» қоры", ru="", sent="", state="жоқ"))
    shown = read(content)
    assert shown.counts | {"remarks": 0} == {
        "new": 1, "changed": 1, "conflicts": 0, "unchanged": 0, "findings": 0, "remarks": 0,
    }  # fmt: skip
    assert not Organisation.objects.filter(bin=bins[1]).exists()
    take(shown)
    known.refresh_from_db()
    assert (known.name_kk, known.region_code, known.registered_on) == (
        "«Әлем» қоры", "100000000", date(2010, 2, 12),
    )  # fmt: skip
    new = Organisation.objects.get(bin=bins[1])
    assert (new.kind, new.name_ru, new.legal_form) == ("ngo", "«Дала» қоры", "foundation")
    assert {ngo.staff for ngo in Ngo.objects.filter(pk__in=[known.pk, new.pk])} == {7}
    assert returns.in_time(known, core_clock.today()).code == "return_in_time"
    assert returns.in_time(new, core_clock.today()).code == "return_absent"
    assert journal.verify() == []
    written = JournalEntry.objects.filter(step="imported").count()

    again = read(content)
    assert (again.counts["unchanged"], again.counts["new"], again.counts["changed"]) == (2, 0, 0)
    with pytest.raises(Refused, match="nothing_to_take"):
        take(again)
    assert JournalEntry.objects.filter(step="imported").count() == written


@NG
def test_what_the_head_of_an_ngo_entered_stays_where_the_table_is_silent_and_else_is_shown(
    today, bins
):
    ngo = factories.an_organisation(
        bin=bins[0],
        name_kk="«Әлем» қоры",
        name_ru="Фонд «Әлем»",
        address_kk="Абай көшесі, 1",
        registered_on=date(2010, 2, 12),
    )
    factories.a_member(ngo, Role.HEAD)
    shown = read(csv(row(bins[0], "«Әлем» қоғамдық қоры")))
    assert shown.counts["conflicts"] == 1
    (change,) = shown.changes
    assert change["held"] == ["name_kk"]
    assert change["fields"]["name_kk"] == ["«Әлем» қоры", "«Әлем» қоғамдық қоры"]
    take(shown)
    ngo.refresh_from_db()
    assert (ngo.name_kk, ngo.address_kk) == ("«Әлем» қоғамдық қоры", "Абай көшесі, 1")
    # The register's own word, changed by the register, is no conflict.
    assert read(csv(row(bins[0], "«Әлем-2» қоры"))).counts["conflicts"] == 0


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"form": "кооператив"}, "legal_form"),
    ({"region": "Мордор"}, "region"),
    ({"registered": "31.02.2010"}, "date"),
    ({"registered": "01.01.2040"}, "future"),
    ({"directions": "балық аулау"}, "direction"),
    ({"staff": "көп"}, "number"),
    ({"sent": "15.03.2022"}, "early"),
    ({"sent": ""}, "no_day"),
    ({"state": "мүмкін"}, "state"),
    ({"name": "А" * 301}, "long"),
    ({"name": "", "ru": ""}, "name"),
]


@NG
def test_one_bad_place_keeps_the_whole_table_out_and_each_is_told_by_row(today, bins):
    many = [row(factories.a_bin(), **other) for other, _code in WRONG]
    shown = read(csv(row(bins[0]), *many))
    assert codes(shown) == [(at, code) for at, (_other, code) in enumerate(WRONG, 3)]
    assert shown.state == "unreadable"
    with pytest.raises(Refused):
        take(shown)
    assert not Organisation.objects.filter(bin__in=bins).exists()


@NG
def test_numbers_that_are_no_bin_are_told_and_lost_zeros_are_put_back(today):
    good = factories.a_bin()
    body = factories.an_organisation("state_body").bin
    wrong = f"{good[:11]}{(int(good[11]) + 1) % 10}"
    shown = read(
        csv(row("12345"), row(wrong), row("2,00141E+11"), row(body), row(good), row(good, "Басқа"))
    )
    assert codes(shown) == [
        (2, "digits"), (3, "control"), (4, "mangled"), (5, "another_kind"), (7, "twice"),
    ]  # fmt: skip
    shown = read(xlsx(row(int(ONE))), name="a.xlsx")
    assert (shown.state, shown.changes[0]["bin"]) == ("read", ONE)
    assert [told[3] for told in shown.remarks] == ["zeros"]


@NG
def test_tables_come_in_every_usual_shape(today, bins):
    told = row(bins[0])
    first = read(csv(told)).digest
    assert first == read(csv(told, by=",")).digest == read(csv(told, by="\t")).digest
    assert first == read(csv(told, encoding="utf-16")).digest == read(xlsx(told)).digest
    assert first == read(csv(told, encoding="kz1048")).digest
    turned = [list(reversed(HEADS)), list(reversed(told))]
    assert read(csv(turned[1], heads=turned[0])).digest == first
    dated = [value if at != 5 else "2010-02-12 00:00:00" for at, value in enumerate(told)]
    assert read(csv(dated)).digest == first


@NG
def test_what_makes_a_workbook_misread_is_told(today, bins):
    def merge(_book: Any, sheet: Any) -> None:
        sheet.merge_range(2, 4, 3, 4, "Абай облысы")

    shown = read(xlsx(row(bins[0]), row(bins[1]), row(bins[2]), write=merge))
    assert codes(shown) == [(3, "merged")]

    def more(book: Any, sheet: Any) -> None:
        book.add_worksheet("Екінші").write(0, 0, "БИН")
        sheet.write_formula(1, 7, "=3+4", None, 7)
        sheet.write(0, 10, "Ескерту")

    shown = read(xlsx(row(bins[0]), write=more))
    assert {told[3] for told in shown.remarks} == {"other_sheet", "formulas", "not_read"}
    assert shown.changes[0]["fields"]["staff"] == ["", 7]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02" * 50, "kind"),
        (("БИН\n" + "1\n" * (tables.MOST_ROWS + 1)).encode(), "long"),
    ],
)
def test_what_is_no_table_or_too_long_a_one_is_refused_at_once(today, content, code):
    with pytest.raises(SpreadsheetRefused) as refused:
        read(content)
    assert refused.value.code == code
    assert not TableImport.objects.exists()


def test_columns_that_are_missing_are_named(today):
    shown = read(csv(["x", "y"], heads=["Не то", "Ещё не то"]))
    assert [(told[1], told[3]) for told in shown.findings] == [
        ("БСН (БИН)", "column"), ("Атауы қазақ тілінде", "column"),
    ]  # fmt: skip


@NG
def test_a_table_is_taken_as_it_was_shown_or_shown_again(today, bins):
    ngo = factories.an_organisation(
        bin=bins[0], name_kk="«Әлем» қоры", name_ru="Фонд «Әлем»", registered_on=date(2010, 2, 12)
    )
    head = factories.a_member(ngo, Role.HEAD)
    shown = read(csv(row(bins[0])))
    ngo.name_ru = "Фонд «Алем»"
    edit_organisation(ngo, ["name_ru"], actor=head)
    with pytest.raises(Refused, match="changed_meanwhile"):
        take(shown)
    IMPORT.take("look_again", shown, actor=nurbol())
    assert shown.changes[0]["held"] == ["name_ru"]
    take(shown)


@NG
def test_a_form_sent_twice_and_a_file_that_waits_are_one_import(today, bins):
    once, content = uuid4(), csv(row(bins[0]))
    assert read(content, once=once).pk == read(content, once=once).pk == read(content).pk


@NG
def test_a_return_of_the_ngos_own_stays_and_a_recorded_one_may_be_approved(today, bins):
    here, there = (
        factories.an_organisation(bin=bin_, name_kk="А", name_ru="А") for bin_ in bins[:2]
    )
    for ngo, day in ((here, date(2023, 3, 15)), (there, date(2023, 3, 1))):
        AnnualReturn.objects.create(organisation=ngo, year=2022, sent_on=day, evidence="№ 1")
    shown = read(csv(row(bins[0]), row(bins[1])))
    assert [told[3] for told in shown.remarks] == ["return_differs"]
    take(shown)
    states = AnnualReturn.objects.order_by("organisation").values_list("sent_on", "state")
    assert list(states) == [(date(2023, 3, 15), "approved"), (date(2023, 3, 1), "sent")]


# --- Facts that exclude -----------------------------------------------------------------------------

FACTS = ["БИН", "Основание", "Дата начала", "Дата окончания", "Источник", "Реквизиты акта"]


def fact(
    bin_: str, kind: str = "ликвидация", since: str = "01.05.2023", until: str = ""
) -> list[str]:
    return [bin_, kind, since, until, "Сот", "№ 5, 01.05.2023"]


def facts(*rows: list[str]) -> TableImport:
    return read(csv(*rows, heads=FACTS), "standings")


@pytest.mark.req("GR-A-09", "GR-X-17")
def test_facts_read_in_flag_what_runs_at_once_and_their_end_lifts_the_flags(db, clock):
    clock.set(oversight.NOW)
    ordered = oversight.ordered()
    stranger = factories.a_bin()
    shown = facts(fact(ordered.ngo.bin, since="01.02.2023"), fact(stranger))
    assert (shown.counts["new"], [told[3] for told in shown.remarks]) == (1, ["unknown_bin"])
    take(shown)
    flag = StandingFlag.objects.get()
    assert (flag.what, flag.state, flag.standing.evidence) == ("project", "open", "№ 5, 01.05.2023")
    assert facts(fact(ordered.ngo.bin, since="01.02.2023")).counts["unchanged"] == 1

    set_back = facts(fact(ordered.ngo.bin, since="01.01.2023"))
    assert set_back.changes[0]["fields"] == {"since": ["2023-02-01", "2023-01-01"]}
    take(set_back)
    ended = core_clock.today().strftime("%d.%m.%Y")
    take(facts(fact(ordered.ngo.bin, since="01.01.2023", until=ended)))
    flag.refresh_from_db()
    assert flag.state == "lifted"
    assert Standing.objects.get().since == date(2023, 1, 1)
    assert journal.verify() == []


@pytest.mark.req("GR-A-09")
def test_a_fact_without_what_makes_it_one_is_told(today):
    told = fact(ONE)
    shown = facts(
        fact(ONE, kind="жарамсыз"),
        fact(ONE, since=""),
        fact(ONE, until="01.04.2023"),
        [*told[:4], "", "№ 5"],
        [*told[:5], ""],
    )
    assert {(row_, code) for row_, code in codes(shown) if code not in {"twice", "two_open"}} == {
        (2, "fact"), (3, "date"), (4, "ends_early"), (5, "source"), (6, "evidence"),
    }  # fmt: skip
