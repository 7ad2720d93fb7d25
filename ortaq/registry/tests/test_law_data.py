"""The calendar of working days and the index: who enters, what follows, what can be taken back."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ortaq import law
from ortaq.core import clock as core_clock
from ortaq.core import journal, terms
from ortaq.core.models import CalendarDay, IndexValue
from ortaq.core.procedure import Refused
from ortaq.registry import procedure, queries
from ortaq.registry.procedure import CALENDAR, INDEX

from .scenes import assemble

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 12)
MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def today(clock):
    clock.set(core_clock.at(TODAY, 12))


@pytest.fixture
def cast():
    return assemble()


def day_off(cast, day=MONDAY, kind="day_off", act="Үкіметтің № 1 қаулысы"):
    row = CalendarDay(day=day, kind=kind, source_act=act)
    return procedure.record_day(row, actor=cast.actor("gulnara"))


def value(cast, amount=450_000, since=date(2027, 1, 1), act="бюджет туралы заң"):
    row = IndexValue(valid_from=since, amount_tiyn=amount, source_act=act)
    return procedure.record_index(row, actor=cast.actor("gulnara"))


def posted(**fields):
    return {"day": "2026-11-16", "kind": "day_off", "source_act": "№ 1 қаулы"} | fields


# --- Pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("address", ["/law/calendar/", "/law/calendar/?year=2029", "/law/index/"])
def test_anybody_reads_the_calendar_and_the_index(client, address, language):
    client.cookies["ortaq_language"] = language
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("year", ["2017", "2030", "0000", "9999", "²⁰²⁶", "-1"])
def test_a_year_beyond_the_table_is_not_found_or_ignored(client, year):
    assert client.get("/law/calendar/", {"year": year}).status_code in {200, 404}


def test_an_officer_enters_a_day_and_everybody_reads_its_act_and_for_whom(client, cast):
    client.force_login(cast.gulnara)
    answer = client.post("/law/calendar/record/", posted())
    row = CalendarDay.objects.get()
    assert answer["Location"] == f"/law/calendar/{row.pk}/"
    assert (row.known_from, row.entered_by) == (TODAY, cast.gulnara)
    assert cast.gulnara.full_name in client.get(answer["Location"]).content.decode()
    client.logout()
    for address in ("/law/calendar/", answer["Location"]):
        page = client.get(address).content.decode()
        assert "№ 1 қаулы" in page
        assert cast.operator.name_kk in page
        assert cast.gulnara.full_name not in page


def test_an_officer_enters_a_value_of_the_index_and_a_limit_follows(client, cast, clock):
    client.force_login(cast.gulnara)
    fields = {"valid_from": "2026-11-12", "amount_tiyn": "4 500", "source_act": "заң"}
    answer = client.post("/law/index/record/", fields)
    assert IndexValue.objects.get().amount_tiyn == 450_000
    client.logout()
    assert "заң" in client.get(answer["Location"]).content.decode()
    # 2000 MCI, the least prize.
    assert (
        "9\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000" in client.get("/law/index/").content.decode()
    )


@pytest.mark.parametrize("who", ["aliya", "erlan", "saule", None])
def test_only_the_operator_and_the_authorised_body_enter_anything(client, cast, who):
    day, amount = day_off(cast), value(cast)
    if who:
        client.force_login(getattr(cast, who))
    for address in (
        "/law/calendar/record/",
        "/law/index/record/",
        f"/law/calendar/{day.pk}/withdraw/",
        f"/law/index/{amount.pk}/withdraw/",
    ):
        answer = client.post(address, posted(reason="жоқ"))
        assert answer.status_code in ({404} if who else {302, 403})
    assert (CalendarDay.objects.count(), IndexValue.objects.count()) == (1, 1)
    assert "/withdraw/" not in client.get(f"/law/calendar/{day.pk}/").content.decode()
    with pytest.raises(Refused):
        CALENDAR.take("withdraw", day, actor=cast.actor("saule"), reason="жоқ")


@pytest.mark.parametrize(
    "fields",
    [
        posted(day="2026-11-17", kind="ordinary"),
        posted(day="2026-12-16", kind="holiday"),
        posted(day="2017-12-16"),
        posted(day="2036-12-16"),
        posted(day="32.13.2026"),
        posted(kind="party"),
        posted(source_act=" "),
        posted(source_act="а" * 301),
        posted(source_act="\0"),
    ],
)
def test_a_day_that_cannot_be_meant_is_not_entered(client, cast, fields):
    client.force_login(cast.gulnara)
    assert "aria-invalid" in client.post("/law/calendar/record/", fields).content.decode()
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize(
    "amount", ["0", "-4500", "43250", "432", "4325", "NaN", "1e9", "", "9" * 30]
)
def test_an_index_with_a_digit_too_many_or_too_few_is_not_entered(client, cast, amount):
    client.force_login(cast.gulnara)
    fields = {"valid_from": "2026-01-01", "amount_tiyn": amount, "source_act": "заң"}
    assert "aria-invalid" in client.post("/law/index/record/", fields).content.decode()
    assert not IndexValue.objects.exists()


# --- Withdrawal ------------------------------------------------------------------------------------


def test_withdrawing_enters_a_new_row_and_the_old_one_stays_readable(client, cast):
    row = day_off(cast)
    assert not terms.working_calendar().is_working(MONDAY)
    client.force_login(cast.gulnara)
    client.post(f"/law/calendar/{row.pk}/withdraw/", {"reason": "қате енгізілген"})
    assert terms.working_calendar().is_working(MONDAY)
    first, second = CalendarDay.objects.order_by("id")
    assert (first.kind, second.kind, second.source_act) == (
        "day_off",
        "ordinary",
        "қате енгізілген",
    )
    assert [entry.step for entry in journal.history(row)] == ["begin", "withdraw"]
    assert not list(journal.verify())
    assert 'class="replaced"' in client.get("/law/calendar/?year=2026").content.decode()


@pytest.mark.parametrize(
    ("day", "kind", "before"),
    [(date(2026, 12, 16), "working_day", "holiday"), (MONDAY, "holiday", "ordinary")],
)
def test_withdrawing_brings_back_what_the_built_in_table_says(cast, day, kind, before):
    row = day_off(cast, day, kind)
    CALENDAR.take("withdraw", row, actor=cast.actor("gulnara"), reason="қате")
    assert CalendarDay.objects.latest("id").kind == before
    assert terms.working_calendar().is_working(day) is law.kazakhstan().is_working(day)


def test_only_the_entry_that_holds_can_be_withdrawn_and_only_with_a_reason(cast):
    first = day_off(cast)
    second = day_off(cast, kind="holiday")
    officer = cast.actor("gulnara")

    def refused(row, **facts):
        with pytest.raises(Refused) as why:
            CALENDAR.take("withdraw", row, actor=officer, **facts)
        return [finding.code for finding in why.value.findings]

    assert refused(first, reason="қате") == ["replaced"]
    assert refused(second, reason=" ") == ["no_reason"]
    CALENDAR.take("withdraw", second, actor=officer, reason="қате")
    assert refused(second, reason="қате") == ["replaced"]
    assert refused(CalendarDay.objects.latest("id"), reason="қате") == ["as_shipped"]


def test_a_withdrawn_index_value_leaves_the_one_before_in_force(cast):
    row, on = value(cast), date(2027, 2, 1)
    assert law.mci_on(on, terms.index_values()).amount_tiyn == 450_000
    INDEX.take("withdraw", row, actor=cast.actor("gulnara"), reason="қате")
    assert terms.index_values() == law.shipped_values()
    corrected = value(cast, 390_000, date(2026, 1, 1))
    INDEX.take("withdraw", corrected, actor=cast.actor("gulnara"), reason="қате")
    assert law.mci_on(on, terms.index_values()).amount_tiyn == 432_500
    assert [line.holds for line in queries.index_lines()[:4]] == [True, False, True, False]


# --- What follows ----------------------------------------------------------------------------------


def test_an_entry_counts_for_terms_that_begin_today_and_for_none_that_began(cast, clock):
    edition = law.edition("grants_rules", "2020")

    def ends(start):
        at = core_clock.at(start, 12)
        return core_clock.day_of(terms.due_at(edition, "conflict_round", at))

    yesterday = TODAY - timedelta(days=1)
    before = ends(yesterday), ends(TODAY)
    day_off(cast)
    assert ends(yesterday) == before[0] == MONDAY
    assert (before[1], ends(TODAY)) == (date(2026, 11, 17), date(2026, 11, 18))


def test_the_pages_cost_the_same_number_of_queries_however_much_was_entered(client, cast):
    def cost(address):
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    day_off(cast)
    value(cast)
    before = cost("/law/calendar/"), cost("/law/index/")
    for number in range(1, 9):
        day_off(cast, MONDAY + timedelta(days=number))
        value(cast, 450_000 + number * 100, date(2027, 1, 1) + timedelta(days=number))
    assert (cost("/law/calendar/"), cost("/law/index/")) == before
