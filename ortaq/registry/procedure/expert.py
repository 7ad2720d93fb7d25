"""Experts: proposed → registered | declined; declined, removed → proposed; registered → removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, letters
from ortaq.core.keys import key_of
from ortaq.core.procedure import Attempt, Procedure, Step
from ortaq.law import grants as law_of_grants
from ortaq.law.findings import Finding, Severity
from ortaq.people.models import Organisation, User
from ortaq.registry import policy
from ortaq.registry.models import Expert, ExpertDirection

from .shared import reasoned

State = Expert.State
GUIDE = "guide, grants, step 3"


def edition() -> law.Edition:
    """The grants rules by which the register is kept today."""
    return law.at("grants_rules", clock.today())


def qualified(expert: Expert, attempt: Attempt) -> Iterable[Finding]:
    """Education and at least two years of work in at least one direction (GR-C-01)."""
    yield from qualification(expert)


def qualification(expert: Expert) -> list[Finding]:
    """What the law says of each direction; an error of its own where none of them is enough."""
    rules = edition()
    least = rules.parameter("expert.experience_years_min")
    found: list[Finding] = []
    enough = False
    for row in expert.directions.all():
        lacking = law_of_grants.expert(
            rules, years=row.years, education=bool(row.education.strip()), direction=row.direction
        )
        enough = enough or not lacking
        # A direction that is not enough does not keep out of the register whom another one lets in.
        found += [replace(finding, severity=Severity.WARNING) for finding in lacking]
    if not enough:
        message = _(
            "An expert needs professional education and enough years of work in at least one "
            "direction. Add a direction, or correct what is entered."
        )
        numbers = {"least": least.value}
        found.append(
            Finding("not_qualified", Severity.ERROR, message, least.cite, numbers, "directions")
        )
    return found


def _remarked(expert: Expert, attempt: Attempt) -> Mapping[str, Any]:
    expert.remarks = str(attempt.facts["reason"]).strip()
    expert.save(update_fields=["remarks"])
    _write_to(expert, attempt)
    return {}


def _registered(expert: Expert, attempt: Attempt) -> Mapping[str, Any]:
    expert.remarks = ""
    expert.save(update_fields=["remarks"])
    _write_to(expert, attempt)
    return {"directions": [row.direction for row in expert.directions.order_by("id")]}


def _write_to(expert: Expert, attempt: Attempt) -> None:
    """Tell the person what was decided, unless it is their own step."""
    if attempt.actor.key == key_of(expert.person):
        return
    # A decision may be taken more than once, so its instant belongs to the letter's kind.
    kind = f"expert-decided-{attempt.now:%Y%m%d%H%M%S}"
    template = "registry/letters/expert_decided.txt"
    letters.prepare(expert, kind, [expert.person], template, {"expert": expert}, release=True)


def _amended(expert: Expert, attempt: Attempt) -> Mapping[str, Any]:
    """Replace the statements of the entry by those in `facts`."""
    facts = attempt.facts
    expert.employer = facts["employer"]
    expert.employer_name = facts["employer_name"]
    expert.region_code = facts["region_code"]
    expert.name = expert.person.full_name
    expert.save(
        update_fields=["employer", "employer_name", "region_code", "name", "sort", "search"]
    )
    state_directions(expert, facts["directions"])
    return {"directions": [row["direction"] for row in facts["directions"]]}


def state_directions(expert: Expert, rows: Iterable[Mapping[str, Any]]) -> None:
    """Make the expert's directions exactly `rows` (direction, education, years, evidence)."""
    expert.directions.all().delete()
    ExpertDirection.objects.bulk_create(ExpertDirection(expert=expert, **row) for row in rows)


REGISTER = Step(
    "register",
    _("Take into the register"),
    source=State.PROPOSED,
    target=State.REGISTERED,
    by=policy.keeps_register,
    requires=(qualified,),
    effect=_registered,
    cite=GUIDE,
)
DECLINE = Step(
    "decline",
    _("Decline"),
    source=State.PROPOSED,
    target=State.DECLINED,
    by=policy.keeps_register,
    requires=(reasoned,),
    effect=_remarked,
    cite=GUIDE,
)
AMEND = Step(
    "amend",
    _("Amend the entry"),
    source=(State.PROPOSED, State.REGISTERED, State.DECLINED),
    target=State.PROPOSED,
    by=policy.may_amend,
    effect=_amended,
    cite=GUIDE,
)
REMOVE = Step(
    "remove",
    _("Take out of the register"),
    source=(State.PROPOSED, State.REGISTERED),
    target=State.REMOVED,
    by=policy.may_leave,
    requires=(reasoned,),
    effect=_remarked,
    cite=GUIDE,
)
RETURN_TO_REGISTER = Step(
    "propose_again",
    _("Propose again"),
    source=(State.DECLINED, State.REMOVED),
    target=State.PROPOSED,
    by=policy.may_leave,
    cite=GUIDE,
)

EXPERT: Procedure[Expert] = Procedure(
    Expert, (REGISTER, DECLINE, AMEND, REMOVE, RETURN_TO_REGISTER)
)


def propose(
    *,
    person: User,
    by: Organisation | None,
    directions: Iterable[Mapping[str, Any]],
    actor: Any,
    employer: Organisation | None = None,
    employer_name: str = "",
    region_code: str = "",
) -> Expert:
    """A new entry in the register, waiting for the operator's decision (GR-C-03).

    `by` is the NGO or the operator that proposes, None for self-nomination; it decides the side
    on which the expert counts. Raises `IntegrityError` when the person has an entry already.
    """
    operator = by is not None and by.kind == Organisation.Kind.OPERATOR
    expert = Expert(
        person=person,
        side=Expert.Side.OPERATOR if operator else Expert.Side.NGO,
        proposed_by=by,
        employer=employer,
        employer_name=employer_name or (employer.name_kk if employer else ""),
        region_code=region_code,
        proposed_at=clock.now(),
        name=person.full_name,
    )
    rows = list(directions)
    EXPERT.begin(expert, actor=actor, side=expert.side, proposed_by=key_of(by) if by else "")
    state_directions(expert, rows)
    if actor.key != key_of(person):
        template = "registry/letters/expert_proposed.txt"
        letters.prepare(expert, "expert-proposed", [person], template, release=True)
    return expert
