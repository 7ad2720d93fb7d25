"""November 2022: the topics before the council, its recommendations, the lists of topics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.planning.models import Council, Formation, Recommendation, Session, Topic
from ortaq.planning.procedure import council
from ortaq.planning.procedure.council import Advice
from ortaq.planning.procedure.formation import FORMATION

from . import data, found

State = Formation.State
Verdict = Recommendation.Verdict
FIELDS = ("number", "place", "minutes_kk", "minutes_ru")


def beats() -> Iterator[Beat]:
    lists = data.order()["list"]
    akimat = lists["akimat"]
    yield beat(akimat["submitted_at"], submit)
    yield beat(akimat["called_at"], call)
    yield beat(akimat["held_at"], hold)
    for body, told in lists.items():
        yield beat(told["listed_at"], form_list, body)


def submit() -> None:
    """The Information (annex 3) goes to the council."""
    formation = found.formation("akimat")
    if formation.state == State.REPORTED:
        facts: dict[str, Any] = {"plan_year": formation.plan_year}
        FORMATION.take("submit", formation, actor=cast.actor("saule"), **facts)


def call() -> None:
    held_on = data.order()["list"]["akimat"]["held_on"]
    place = Council.objects.get(body=cast.body("akimat"))
    if waiting := list(council.waiting(place)):
        session = Session(council=place, held_on=held_on)
        council.call(session, waiting, actor=cast.actor("saule"))


def hold() -> None:
    """Minutes, who was there, a word on each topic."""
    saule, told = cast.actor("saule"), data.order()["council"]
    called = Session.objects.filter(
        council__body=cast.body("akimat"), state=Session.State.CALLED
    ).select_related("council")
    session = called.order_by("id").first()
    if session is None:
        return
    session.number, session.place = "3", told["place"]
    session.minutes_kk, session.minutes_ru = told["minutes_kk"], told["minutes_ru"]
    rows = {row["kk"]: row for row in data.topics("akimat")}
    advice = {
        topic.pk: Advice(
            row.get("verdict", Verdict.INCLUDE),
            row.get("advice_kk", ""),
            row.get("advice_ru", ""),
        )
        for topic in council.topics_of(session)
        for row in [rows.get(topic.title_kk, {})]
    }
    council.write(
        session,
        FIELDS,
        present=council.members_on(session.council_id, session.held_on),
        advice=advice,
        version=session.version,
        actor=saule,
    )
    council.SESSION.take("hold", session, actor=saule)


def form_list(body: str) -> None:
    """The list as the council recommends; the ministry's, under the old rules, without a council."""
    formation = found.formation(body)
    if formation.state not in (State.REPORTED, State.COUNCIL):
        return
    rows = {row["kk"]: row for row in data.topics(body)}
    answers, reasons = {}, {}
    for topic in formation.topics.all():
        row = rows.get(topic.title_kk, {})
        dropped = row.get("verdict") == Verdict.EXCLUDE
        answers[topic.pk] = Topic.State.DROPPED if dropped else Topic.State.LISTED
        if dropped:
            reasons[topic.pk] = (row["advice_kk"], row["advice_ru"])
    actor = cast.actor(data.order()["list"][body]["by"])
    FORMATION.take("form_list", formation, actor=actor, topics=answers, reasons=reasons)
