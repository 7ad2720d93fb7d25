"""Annex 3, the Information: its sums, its dates, who receives it (SO-F-13, SO-F-14, SO-F-21)."""

from __future__ import annotations

import copy
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ortaq import law
from ortaq.core import clock as house_clock
from ortaq.core.canonical import sha256
from ortaq.core.models import Duty
from ortaq.documents import render
from ortaq.documents.paper import RowKind, Table
from ortaq.people.models import Role
from ortaq.planning.models import Formation, Information, Topic
from ortaq.planning.papers.information import annex_3
from ortaq.planning.procedure import annex3, yearly
from ortaq.planning.procedure.formation import FORMATION
from ortaq.planning.queries import council as queries
from ortaq.planning.tests import budget_scenes, scenes
from ortaq.testing import factories

FIELDS = [field.key for field in law.fields_of("social_order_2022")]
BEFORE, AFTER = Information.Issue.BEFORE, Information.Issue.AFTER


def a_formation(**fields) -> Formation:
    """A list without a body's officers: enough for what is computed only."""
    defaults = {"body": factories.an_organisation("state_body"), "level": "local"}
    defaults |= {"plan_year": 2024, "act": "rules_social_order", "edition": "2022"}
    return Formation(**{**defaults, **fields})


class AnnexThree(TestCase):
    """For any topics at all: sums are equal, sections whole, what was issued stays."""

    @pytest.mark.req("SO-F-14", "SO-X-08")
    @settings(max_examples=30, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(FIELDS),
                st.integers(1, 10**14),
                st.one_of(st.none(), st.integers(0, 10**14)),
                st.sampled_from(["planned", "listed", "dropped"]),
            ),
            max_size=12,
        )
    )
    def test_annex_3_holds_every_topic_once_and_its_sums_are_those_of_the_topics(self, rows):
        formation = a_formation()
        formation.save()
        topics = [
            Topic(formation=formation, position=n, field=field, title_kk=f"{n}", planned_tiyn=planned,
                  approved_tiyn=approved, state=state)
            for n, (field, planned, approved, state) in enumerate(rows, 1)
        ]  # fmt: skip
        Topic.objects.bulk_create(topics)
        kept = [topic for topic in topics if topic.state != "dropped"]
        for issue, counted in (
            (BEFORE, [(t.field, t.planned_tiyn) for t in kept]),
            (AFTER, [(t.field, t.approved_tiyn) for t in kept if t.approved_tiyn]),
        ):
            information = annex3.issue(
                formation, issue, plan_year=2024, sent_to=None, now=house_clock.now()
            )
            assert [section["field"] for section in information.content] == FIELDS
            for section in queries.sections(information.content):
                mine = [tiyn for field, tiyn in counted if field == FIELDS[section.number - 1]]
                assert section.total_tiyn == sum(mine)
                assert [row.amount_tiyn for row in section.rows] == mine
            frozen = copy.deepcopy(information.content)
            Topic.objects.update(planned_tiyn=1, approved_tiyn=1, title_kk="Басқа")
            information.refresh_from_db()
            assert information.content == frozen
            assert information.sha256 == sha256(frozen)
            Topic.objects.bulk_update(topics, ["planned_tiyn", "approved_tiyn", "title_kk"])


@pytest.mark.django_db
@pytest.mark.req("SO-F-14", "SO-G-09", "SO-18-01", "GAP-T-19")
@pytest.mark.parametrize(("edition", "fields"), [("2022", 19), ("2018", 17)])
def test_the_paper_numbers_each_field_anew_totals_it_and_has_no_grand_total(clock, edition, fields):
    cast = scenes.cast()
    pinned = {"edition": "2018", "edition_reason": "2018"} if edition == "2018" else {}
    formation = scenes.published(clock, cast.saule, cast.akimat, 3, **pinned)
    information = annex3.issue(
        formation, BEFORE, plan_year=2024, sent_to=None, now=house_clock.now()
    )
    for language in ("kk", "ru"):
        paper = annex_3(information, language)
        (table,) = [block for block in paper.blocks if isinstance(block, Table)]
        kinds = [row.kind for row in table.rows]
        assert kinds.count(RowKind.GROUP) == kinds.count(RowKind.TOTAL) == fields
        assert kinds[-1] == RowKind.TOTAL  # of the last field
        numbers = [row.cells[0].text for row in table.rows if row.kind == RowKind.LINE]
        assert numbers == ["1", "1", "1"]
        assert [column.columns[0].header for column in table.columns] == ["1", "2", "3", "4", "5"]
    first = next(row for row in table.rows if row.kind == RowKind.LINE)
    assert [cell.text for cell in first.cells][1] == "Акимат Туркестанской области"
    assert "5\xa0000" in first.cells[3].text  # thousand tenge
    assert render.pdf(paper).startswith(b"%PDF")
    assert render.docx(paper)[:2] == render.xlsx(paper)[:2] == b"PK"


# --- Dates ---------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.req("SO-F-13", "SO-F-17", "SO-F-21", "SO-X-02", "SO-X-08")
@pytest.mark.parametrize(
    ("level", "issue", "on", "inclusive"),
    [
        ("central", BEFORE, date(2024, 1, 5), True),
        ("local", BEFORE, date(2023, 8, 1), "unknown"),
        ("central", AFTER, date(2024, 1, 25), "unknown"),
        ("local", AFTER, date(2024, 1, 25), "unknown"),
    ],
)
def test_each_information_has_its_day_which_counts_as_belonging_to_the_term(
    level, issue, on, inclusive
):
    due = yearly.due(a_formation(level=level), issue)
    assert due is not None
    assert (due.due_on, due.term.inclusive) == (on, inclusive)
    assert due.remind_on < on if inclusive == "unknown" else due.remind_on == on
    assert not yearly.is_late(due, house_clock.end_of(on))
    assert yearly.is_late(due, house_clock.at(on.replace(day=on.day + 1)))


@pytest.mark.django_db
@pytest.mark.req("SO-F-13", "SO-F-17")
def test_an_edition_that_sets_no_date_makes_nobody_late():
    for issue in (BEFORE, AFTER):
        assert yearly.due(a_formation(edition="2018"), issue) is None
    assert not yearly.is_late(None, None)


@pytest.mark.django_db
@pytest.mark.req("SO-F-13", "SO-F-17", "SO-X-24")
def test_the_date_of_the_council_stands_among_the_duties_as_soon_as_topics_are_public(clock):
    cast = scenes.cast()
    central = factories.an_organisation("state_body")
    omar = factories.a_member(central, Role.OFFICER)
    scenes.published(clock, omar, central, level="central")
    scenes.published(clock, cast.saule, cast.akimat, year=2025)
    dates = {
        duty.bearer: duty.due_at and house_clock.day_of(duty.due_at)
        for duty in Duty.objects.filter(code="submit", done_at=None)
    }
    # Neither date is computed from the other, nor from the budget request's (SO-X-24).
    assert dates == {
        f"organisation:{central.pk}": date(2024, 1, 5),
        f"organisation:{cast.akimat.pk}": date(2024, 8, 1),
    }


@pytest.mark.django_db
@pytest.mark.req("SO-F-21")
def test_after_the_budget_the_approved_sums_are_public_and_sent(clock):
    cast = scenes.cast()
    formation = scenes.listed(clock, cast.saule, cast.akimat)
    budget_scenes.request(formation, cast.saule)
    budget_scenes.approve(formation, cast.saule, 7, 0)
    FORMATION.take("publish_budget", formation, actor=cast.saule)
    after = formation.informations.get(issue=AFTER)
    assert (after.sent_to, after.published_at) == (cast.ministry, house_clock.now())
    rows = [row for section in queries.sections(after.content) for row in section.rows]
    assert [row.amount_tiyn for row in rows] == [7_00]  # nothing for what got nothing
    assert list(queries.informations_visible_to(cast.madina)) == [after]
    before = formation.informations.get(issue=BEFORE)
    assert before.published_at is None


# --- Who has handed over what --------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.req("SO-F-13", "SO-F-21")
def test_the_authorised_body_sees_what_came_in_and_who_is_late(clock):
    cast = scenes.cast()
    prompt, late = (factories.an_organisation("state_body", name_kk=n) for n in ("Алғы", "Кеш"))
    silent = factories.an_organisation("state_body", name_kk="Үнсіз")
    officers = [factories.a_member(body, Role.OFFICER) for body in (prompt, late)]
    scenes.submitted(clock, officers[0], prompt, level="central")
    scenes.published(clock, officers[1], late, level="central")
    scenes.published(clock, cast.saule, cast.akimat)
    clock.set(house_clock.at(date(2024, 1, 6)))
    year = queries.received(cast.nurlan, 2024)
    told = {line.formation.body: line.before for line in year.lines}
    assert (came := told[prompt]) is not None
    assert (missing := told[late]) is not None
    assert came.information is not None
    assert not came.late
    assert missing.information is None
    assert missing.late
    assert told[cast.akimat] is None  # goes to its own council
    assert year.late == 1
    assert silent in year.silent
    assert prompt not in year.silent
    clock.set(house_clock.at(date(2024, 1, 26)))
    assert queries.received(cast.nurlan, 2024).late == 4


@pytest.mark.django_db
@pytest.mark.req("SO-F-17")
def test_an_akimat_sees_what_came_to_its_own_council_only(clock):
    cast = scenes.cast()
    other = factories.an_organisation("state_body")
    officer = factories.a_member(other, Role.OFFICER)
    scenes.a_council(cast.saule, cast.akimat)
    scenes.submitted(clock, cast.saule, cast.akimat)
    scenes.a_council(officer, other)
    scenes.submitted(clock, officer, other)
    year = queries.received(cast.saule, None)
    assert [line.formation.body for line in year.lines] == [cast.akimat]
    assert (before := year.lines[0].before) is not None
    assert before.late  # 1 August came before the topics were discussed
    assert year.silent == []


@pytest.mark.django_db
def test_the_receiving_list_runs_the_same_queries_for_one_body_and_for_ten(
    clock, django_assert_num_queries
):
    cast = scenes.cast()

    def one_more() -> None:
        body = factories.an_organisation("state_body")
        scenes.submitted(clock, factories.a_member(body, Role.OFFICER), body, 1, level="central")

    one_more()
    with django_assert_num_queries(6):
        queries.received(cast.nurlan, 2024)
    for _ in range(9):
        one_more()
    with django_assert_num_queries(6):
        queries.received(cast.nurlan, 2024)
