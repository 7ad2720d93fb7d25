"""Autumn 2023: the akimat forms its expert council of people who put themselves forward."""

from __future__ import annotations

from collections.abc import Iterator

from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.oversight.models import ExpertCouncil, Nomination
from ortaq.oversight.procedure import council as forming
from ortaq.oversight.procedure import nomination
from ortaq.oversight.procedure.council import COUNCIL
from ortaq.planning.models import Council

from . import data, found

State = ExpertCouncil.State


def beats() -> Iterator[Beat]:
    told = data.oversight()["council"]
    yield beat(told["begun_at"], begin)
    yield beat(told["announced_at"], announce)
    for row in told["candidate"]:
        yield beat(row["at"], put_forward, row["key"])
    yield beat(told["chosen_at"], choose)
    yield beat(told["laid_at"], lay)
    yield beat(told["approved_at"], approve)


def candidates() -> dict[str, dict[str, str]]:
    """What the story tells of those who put themselves forward, by their e-mail."""
    rows = data.oversight()["council"]["candidate"]
    return {cast.people()[row["key"]].email: row for row in rows}


def begin() -> None:
    body = cast.body("akimat")
    if not ExpertCouncil.objects.filter(body=body).exists():
        forming.begin(body, data.oversight()["council"], actor=cast.actor("saule"))


def announce() -> None:
    council = found.council()
    if council.state == State.DRAFT:
        COUNCIL.take("announce", council, actor=cast.actor("saule"))


def put_forward(key: str) -> None:
    council, row = found.council(), candidates()[cast.people()[key].email]
    if council.state == State.ANNOUNCED:
        values = {name: row[name] for name in ("education", "experience", "organisation")}
        nomination.nominate(council, values, actor=cast.actor(key))


def choose() -> None:
    """Everybody has an answer: most are chosen, one has too little experience; whom the story does not know is chosen too."""
    council, saule = found.council(), cast.actor("saule")
    if council.state == State.ANNOUNCED:
        COUNCIL.take("choose", council, actor=saule)
    known = candidates()
    offered = council.nominations.filter(state=Nomination.State.OFFERED)
    for one in offered.select_related("person"):
        reason = known.get(one.person.email, {}).get("declined", "")
        nomination.answer(one, chosen=not reason, reason=reason, actor=saule)


def lay() -> None:
    council = found.council()
    if council.state == State.CHOOSING:
        before = Council.objects.get(body=council.body)
        COUNCIL.take("lay", council, actor=cast.actor("saule"), laid_before=before)


def approve() -> None:
    told, council = data.oversight()["council"], found.council()
    if council.state == State.SUBMITTED:
        COUNCIL.take(
            "approve",
            council,
            actor=cast.actor("saule"),
            approval_number=told["number"],
            **{name: told[name] for name in ("approved_on", "office_from", "office_until")},
        )
