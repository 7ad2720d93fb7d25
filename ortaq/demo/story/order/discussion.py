"""October 2022: two lists of topics, comments from all sides, decisions, the reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.people.actor import PASSER_BY, Actor
from ortaq.planning.models import Assessment, Comment, Formation, Topic
from ortaq.planning.procedure import comment, drafting
from ortaq.planning.procedure.formation import FORMATION, close_due

from . import data, found
from .data import TENGE, Remark

State = Formation.State


def beats() -> Iterator[Beat]:
    for body, told in data.order()["list"].items():
        yield beat(told["begun_at"], begin, body)
        yield beat(told["published_at"], publish, body)
        yield beat(told["decided_at"] - timedelta(hours=2), close_due)
        yield beat(told["decided_at"], decide, body)
        yield beat(told["reported_at"], report, body)
    for remark in data.remarks():
        yield beat(remark.at, say, remark)
        if remark.hidden_at:
            yield beat(remark.hidden_at, hide, remark)


def begin(body: str) -> None:
    """The list under the edition of the day on which it is begun, with its topics."""
    told = data.order()["list"][body]
    actor = cast.actor(told["by"])
    level = Formation.Level.LOCAL if body == "akimat" else Formation.Level.CENTRAL
    formation = drafting.begin(
        Formation(
            body=cast.body(body),
            level=level,
            plan_year=told["year"],
            introduction_kk=told["introduction_kk"],
            introduction_ru=told["introduction_ru"],
        ),
        actor=actor,
    )
    needs = list(Assessment.objects.filter(body=formation.body, state=Assessment.State.APPROVED))
    for row in data.topics(body):
        topic = Topic(
            formation=formation,
            field=row["field"],
            title_kk=row["kk"],
            title_ru=row["ru"],
            planned_tiyn=row["tenge"] * TENGE,
            justification_kk=row["why_kk"],
            justification_ru=row["why_ru"],
            sources=["sociological_research"],
            target_group_kk=row["group_kk"],
            target_group_ru=row["group_ru"],
            result_kk=row["result_kk"],
            result_ru=row["result_ru"],
            region_code=cast.bodies()[body].region if body == "akimat" else "",
        )
        drafting.write_topic(topic, needs, actor=actor)


def publish(body: str) -> None:
    _take("publish", body, State.DRAFT)


def say(remark: Remark) -> None:
    """A comment of somebody of the cast, or of a passer-by who confirms the address at once."""
    formation = found.formation(remark.list)
    if formation.published_at is None:
        return
    topic = formation.topics.get(position=remark.topic) if remark.topic else None
    if remark.by:
        actor = cast.actor(remark.by)
        ngo = actor.acting_for if remark.ngo else None
        comment.write(formation, remark.text, actor=actor, topic=topic, organisation=ngo)
        return
    written = comment.write(
        formation,
        remark.text,
        actor=PASSER_BY,
        topic=topic,
        name=remark.name,
        email=remark.email,
    )
    comment.confirm(written.token)


def _written(remark: Remark) -> Comment | None:
    return Comment.objects.filter(formation=found.formation(remark.list), text=remark.text).first()


def hide(remark: Remark) -> None:
    """Moderation hides an insult; the record and its decision stay."""
    insult = _written(remark)
    if insult is not None and insult.hidden_at is None:
        comment.hide(insult, remark.insult, actor=_officer(remark.list))


def decide(body: str) -> None:
    """What the officers have not decided yet, as the story tells, or (what visitors wrote) alike."""
    formation, actor = found.formation(body), _officer(body)
    if formation.state != State.DECIDING:
        return
    for remark in data.remarks():
        row = _written(remark) if remark.list == body else None
        if row is not None and row.state == Comment.State.RECEIVED and row.decided_at is None:
            comment.decide(
                row, remark.decision, reasons_kk=remark.kk, reasons_ru=remark.ru, actor=actor
            )
    rest = formation.all_comments.filter(number__isnull=False, decided_at=None)
    comment.decide_many(
        formation,
        [number for number in rest.values_list("number", flat=True) if number],
        Comment.Decision.PARTLY,
        reasons_kk="Ұсыныс техникалық ерекшелікті әзірлегенде қаралады.",
        reasons_ru="Предложение будет рассмотрено при разработке технической спецификации.",
        actor=actor,
    )


def report(body: str) -> None:
    _take("report", body, State.DECIDING)


def _officer(body: str) -> Actor:
    return cast.actor(data.order()["list"][body]["by"])


def _take(step: str, body: str, source: str) -> None:
    """The step, unless somebody has taken it."""
    formation = found.formation(body)
    if formation.state == source:
        FORMATION.take(step, formation, actor=_officer(body))
