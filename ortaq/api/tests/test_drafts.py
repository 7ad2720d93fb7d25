"""An organisation's own program fills in its drafts: by the rules of the pages, with nobody's words overwritten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ortaq.api.models import Token
from ortaq.core.models import JournalEntry
from ortaq.grants.models import Application, Lot
from ortaq.grants.procedure.application import submit
from ortaq.grants.tests import application_scenes as applications
from ortaq.tenders.tests import scenes as tenders

from .scenes import Program, a_token, about, codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(clock):
    return applications.open_competition(clock)[0]


@pytest.fixture
def draft(people, clock) -> Application:
    return applications.a_complete_draft(Lot.objects.get(), people.aliya)


@pytest.fixture
def program(people) -> Program:
    return Program(a_token(people.aliya))


def part_of(answer, name):
    return next(one for one in answer.json()["parts"] if one["part"] == name)


def test_a_program_writes_what_it_names_and_leaves_the_rest(draft, program):
    address = f"own/applications/{draft.pk}/"
    read = program.get(address)
    content = part_of(read, "content/0")
    assert read.status_code == 200
    assert {one["severity"] for one in read.json()["findings"]} == {"ok"}  # nothing is lacking
    assert {"path": "risk", "table": "risks"}.items() <= next(
        one for one in content["places"] if one["path"] == "risk"
    ).items()
    given = {
        "basics/goal": "Мақсат",
        "risks/~r1/mitigation": "Қашықтан",
        "risks/~p2/risk": "Ауа райы",
    }
    written = program.post(f"{address}content/0/", {"version": content["version"], "values": given})
    assert written.status_code == 200, written.content
    after = part_of(program.get(address), "content/0")["values"]
    assert (
        after.items() >= (given | {"risks/~r1/risk": "Карантин", "basics/tasks": "Мәтін"}).items()
    )
    assert {"risks/~p2"} <= {
        one["about"].partition("content/0/")[2] for one in written.json()["findings"]
    }
    facts = JournalEntry.objects.filter(step="use").values_list("facts", flat=True)
    assert len(facts) == 1
    assert "Мақсат" not in str(facts)


def test_money_is_whole_tiyn_and_months_are_numbers(draft, program):
    address = f"own/applications/{draft.pk}/"
    budget = part_of(program.get(address), "budget/0")
    values = {"budget/lines/~b1/unit_cost": 25_000_050, "budget/lines/~b1/quantity": "6"}
    written = program.post(f"{address}budget/0/", {"version": budget["version"], "values": values})
    assert written.json()["values"]["budget/lines/~b1/unit_cost"] == 25_000_050
    content = part_of(program.get(address), "content/0")
    months = {"calendar_plan/~c1/months": [2, 3]}
    written = program.post(
        f"{address}content/0/", {"version": content["version"], "values": months}
    )
    assert written.json()["values"]["calendar_plan/~c1/months"] == [2, 3]


@pytest.mark.parametrize(
    ("values", "places", "code"),
    [
        ({"basics/aim": "?"}, {"basics/aim"}, "no_such_field"),
        (
            {"target_groups_detail/~g1/count": "көп"},
            {"target_groups_detail/~g1/count"},
            "wrong_kind",
        ),
        ({"basics/goal": "?" * 20_001}, {"values.basics/goal.constrained-str"}, None),
    ],
)
def test_what_the_form_does_not_take_is_refused_whole(draft, program, values, places, code):
    address = f"own/applications/{draft.pk}/content/0/"
    answer = program.post(address, {"version": 1, "values": {"basics/tasks": "Жаңа", **values}})
    assert answer.status_code == 422
    if code:
        assert (about(answer), codes(answer)) == (places, {code})
    assert draft.parts.get(form="GRANT-A4").data["basics"]["tasks"] == "Мәтін"


def test_what_somebody_typed_meanwhile_is_not_overwritten(people, draft, program):
    address = f"own/applications/{draft.pk}/"
    known = part_of(program.get(address), "content/0")["version"]
    applications.write(draft, "GRANT-A4", {"basics/goal": "Болаттың сөзі"}, people.bolat)
    given = {"basics/goal": "Бағдарлама", "basics/tasks": "Бағдарлама"}
    answer = program.post(f"{address}content/0/", {"version": known, "values": given})
    assert (answer.status_code, codes(answer), about(answer)) == (409, {"changed"}, {"basics/goal"})
    part = draft.parts.get(form="GRANT-A4")
    assert part.data["basics"]["goal"] == "Болаттың сөзі"
    assert part.data["basics"]["tasks"] == "Мәтін"
    assert not part.conflicts.exists()


def test_anothers_draft_is_absent_a_reader_only_reads_and_what_is_handed_in_stays(
    people, draft, program
):
    address = f"own/applications/{draft.pk}/"
    given = {"version": 1, "values": {"basics/goal": "?"}}
    rival = Program(a_token(people.dana))
    absent = rival.get("own/applications/999999/")
    for answer in (rival.get(address), rival.post(f"{address}content/0/", given)):
        assert (answer.status_code, answer.content) == (404, absent.content)
    reader = Program(a_token(people.aliya, scopes=(Token.Scope.EVENTS,)))
    assert codes(reader.post(f"{address}content/0/", given)) == {"scope"}
    assert reader.get(address).status_code == 200
    assert program.post(f"{address}letter/0/", given).status_code == 404
    submit(draft, actor=people.aliya, declared=True)
    assert codes(program.post(f"{address}content/0/", given)) == {"moved_on"}


def test_a_bid_is_filled_in_and_lies_encrypted(clock):
    clock.set(tenders.DURING)
    scene = tenders.a_scene()
    aliya, dana = scene.cast.aliya, scene.cast.dana
    bid = tenders.a_draft(scene.lot, aliya)
    program, address = Program(a_token(aliya)), f"own/bids/{bid.pk}/"
    price = part_of(program.get(address), "price")
    answer = program.post(
        f"{address}price/", {"version": price["version"], "values": {"price/offer": 812_345_600}}
    )
    assert answer.json()["values"]["price/offer"] == 812_345_600
    assert part_of(program.get(address), "price")["values"] == {"price/offer": 812_345_600}
    rival = Program(a_token(dana))
    assert rival.get(address).content == rival.get("own/bids/999999/").content
    clock.set(tenders.CLOSES + timedelta(seconds=1))
    secret = Program(a_token(aliya))
    refused = secret.post(f"{address}price/", {"version": 1, "values": {"price/offer": 1}})
    assert (refused.status_code, codes(refused)) == (422, {"acceptance_over"})
