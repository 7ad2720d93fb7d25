"""Scoring of the applicants for the prize: list published → scored → decided on (PR-028..032).

appoint    the organiser names who scores; a panel of `review.evaluating` gets the admitted applications
join       somebody named later sits on it too
complete   everybody to whom an application is open has signed, or the organiser says why it goes on without them
pass_over  nobody is on the list of applicants, so there is nothing to score (PR-040)

No source says who scores (GAP-P-02). The declaration, the sheets and recusals are steps of `review.evaluating`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core import letters
from ortaq.core.keys import person
from ortaq.core.procedure import Attempt, Step
from ortaq.law.findings import Finding, Severity
from ortaq.people.models import User
from ortaq.prizes.models import Application, Direction, Round
from ortaq.prizes.models.round import ACT
from ortaq.prizes.policy.round import organises
from ortaq.review import evaluating
from ortaq.review.evaluating import EVALUATING
from ortaq.review.models import Panel

State = Round.State
LETTER = "prizes/letters/scoring.txt"


def error(found: Round, code: str, message: Any, about: str = "", **numbers: Any) -> Finding:
    """What the sources leave to the organiser: cited as the way of combining that the edition proposes (PR-030)."""
    cite = found.rules.parameter("prize.combine").cite
    return Finding(code, Severity.ERROR, message, cite, numbers, about)


def admitted(found: Round) -> list[Application]:
    """The applications on the list of applicants, direction by direction; one query."""
    rows = found.applications.filter(state=Application.State.ADMITTED)
    return list(rows.select_related("organisation", "direction").order_by("direction", "id"))


def contest_of(direction: Direction) -> str:
    """The key of what applicants of one direction compete in (PR-031)."""
    return f"prizes.direction:{direction.pk}"


def panel_of(found: Round) -> Panel:
    """The panel that scores; the round has one from `appoint` on."""
    assert found.panel is not None
    return found.panel


def somebody_named(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """People (`people`) are named who will score."""
    if not attempt.facts.get("people"):
        yield error(found, "nobody_named", _("Name at least one person who scores."), "people")


def somebody_applied(found: Round, attempt: Attempt) -> Iterable[Finding]:
    if not admitted(found):
        yield error(
            found, "nobody_applied", _("Nobody is on the list of applicants: nothing is scored.")
        )


def nobody_applied(found: Round, attempt: Attempt) -> Iterable[Finding]:
    if admitted(found):
        message = _("There are applicants on the list: name who scores them.")
        yield error(found, "somebody_applied", message)


def none_sits_yet(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """Whoever is named later has no seat yet."""
    seated = set(panel_of(found).seats.filter(until=None).values_list("person", flat=True))
    for one in attempt.facts.get("people", ()):
        if one.pk in seated:
            message = _("This person scores already.")
            yield error(found, "sits_already", message, "people")


def _appointed(found: Round, attempt: Attempt) -> Mapping[str, Any]:
    people: Sequence[User] = attempt.facts["people"]
    applications = admitted(found)
    address = reverse("prizes:scoring", args=[found.year])
    found.panel = evaluating.form(
        organisation=found.organiser,
        title_kk=f"{found.year} жылғы үкіметтік емес ұйымдарға арналған сыйлықақы",
        title_ru=f"Премия для неправительственных организаций {found.year} года",
        act=ACT,
        edition=found.edition,
        address=address,
        members=people,
        files=[
            evaluating.NewDossier(
                organisation_id=one.organisation_id,
                contest=contest_of(one.direction),
                contest_title=one.direction.label.kk,
                number=one.number,
                title=one.applicant_name,
                address=reverse("prizes:scored", args=[one.pk]),
            )
            for one in applications
        ],
        actor=attempt.actor,
    )
    found.save(update_fields=["panel"])
    dossiers = {one.organisation_id: one for one in found.panel.dossiers.all()}
    for one in applications:
        one.dossier = dossiers[one.organisation_id]
    Application.objects.bulk_update(applications, ["dossier"])
    _tell(found, people)
    return {
        "members": [person(one.pk) for one in people],
        "applications": len(applications),
    }


def _tell(found: Round, people: Iterable[User]) -> None:
    path = reverse("prizes:scoring", args=[found.year])
    letters.prepare(found, "scoring", people, LETTER, {"path": path}, release=True)


def _joined(found: Round, attempt: Attempt) -> Mapping[str, Any]:
    people: Sequence[User] = attempt.facts["people"]
    EVALUATING.take("join", panel_of(found), actor=attempt.actor, people=list(people))
    _tell(found, people)
    return {"members": [person(one.pk) for one in people]}


def _completed(found: Round, attempt: Attempt) -> Mapping[str, Any]:
    panel = panel_of(found)
    remark = str(attempt.facts.get("remark") or "")
    EVALUATING.take("close", panel, actor=attempt.actor, at=attempt.now, remark=remark)
    return {"sheets": sum(panel.dossiers.values_list("sheets", flat=True))}


APPOINT = Step(
    "appoint",
    _("Name who scores"),
    source=State.LISTED,
    target=State.SCORING,
    by=organises,
    requires=(somebody_applied, somebody_named),
    effect=_appointed,
    cite="PR-030",
)
JOIN = Step(
    "join",
    _("Name somebody more who scores"),
    source=State.SCORING,
    target=None,
    by=organises,
    requires=(somebody_named, none_sits_yet),
    effect=_joined,
    cite="PR-030",
)
COMPLETE = Step(
    "complete",
    _("Complete the scoring"),
    source=State.SCORING,
    target=State.DECIDING,
    by=organises,
    effect=_completed,
    cite="PR-030",
    final=True,
)
PASS_OVER = Step(
    "pass_over",
    pgettext_lazy("prize", "Go on without scoring"),
    source=State.LISTED,
    target=State.DECIDING,
    by=organises,
    requires=(nobody_applied,),
    cite="guide, prizes",
)
STEPS = (APPOINT, JOIN, COMPLETE, PASS_OVER)
