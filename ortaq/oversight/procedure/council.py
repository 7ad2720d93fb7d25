"""The expert council of a state body: being prepared → candidates are put forward → composition is being chosen → laid before the NGO
council → in office → its term ended (SO-E-05..10, SO-X-13, SO-X-18, SO-X-26).

edit      names and announcement, until it is announced; offices' days until it takes office
announce  in both languages; ten calendar days for self-nomination are stored
choose    after these days; where nobody was put forward the body forms the council on its own. The edition of 2018 knows no such days:
          its body chooses by the guidelines of the authorised body and need not announce anything (SO-18-11)
lay       the preliminary composition goes to the NGO cooperation council
approve   with day and number of its minutes: from the stated day on the council is in office
return    with its remark: the composition is chosen anew
seat      into office without the NGO council, where the edition names no approval (2018)
call_off  before it takes office, with a reason: otherwise a council for which nobody fits could never be ended
end       when the term is over, or before with a reason

People put themselves forward, withdraw, are chosen or not: `Nomination`, by `nomination.py`. A member who leaves is replaced by
another one through the same council's approval. Members are not paid, so nothing here knows of payments (SO-E-10).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, letters, terms
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import (
    Attempt,
    Procedure,
    Refused,
    Step,
    locked,
    not_yours,
)
from ortaq.law.text import Text
from ortaq.oversight.models import ExpertCouncil, Nomination
from ortaq.oversight.policy.project import works_for
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.projects.procedure.shared import nobody_was_faster, remark_given, said

from .council_checks import (
    WORDS,
    Place,
    announced_first,
    announcement_written,
    days_are_over,
    edition_of,
    in_time,
    laid_before_one,
    minutes_named,
    needs_no_approval,
    office_in_order,
    somebody_chosen,
    term_over_or_reason,
)

State = ExpertCouncil.State
OFFICE = ("office_from", "office_until")


def of_body(actor: Actor, council: ExpertCouncil) -> bool:
    return works_for(actor, council.body_id)


def of_ngo_council(actor: Actor, council: ExpertCouncil) -> bool:
    """Answers for the body at which the NGO cooperation council sits; whoever forms the expert council records its minutes too."""
    laid = council.laid_before
    return laid is not None and works_for(actor, laid.body_id)


# --- What a step does ----------------------------------------------------------------------------------


def _edited(council: ExpertCouncil, attempt: Attempt) -> Mapping[str, Any]:
    for name, value in attempt.facts["values"].items():
        if name in WORDS:
            setattr(council, name, value.strip())
    council.version += 1
    council.save(update_fields=[*WORDS, "version"])
    return {}


def _announced(council: ExpertCouncil, attempt: Attempt) -> Mapping[str, Any]:
    council.announced_at = attempt.now
    edition = edition_of(council)
    term = "expert_council.nomination"
    if term in edition.terms:
        council.nominations_until = terms.due_at(edition, term, attempt.now)
    council.save(update_fields=["announced_at", "nominations_until"])
    return {"until": council.nominations_until}


def _chosen(council: ExpertCouncil, _attempt: Attempt) -> Mapping[str, Any]:
    candidates = in_time(council).count()
    council.formed_alone = not candidates
    council.save(update_fields=["formed_alone"])
    return {"alone": council.formed_alone, "candidates": candidates}


def _laid(council: ExpertCouncil, attempt: Attempt) -> Mapping[str, Any]:
    council.laid_before, council.remark = attempt.facts["laid_before"], ""
    council.save(update_fields=["laid_before", "remark"])
    return {"council": council.laid_before_id}


def _approved(council: ExpertCouncil, attempt: Attempt) -> Mapping[str, Any]:
    council.approved_on = attempt.facts["approved_on"]
    council.approval_number = said(attempt, "approval_number")
    council.save(update_fields=["approved_on", "approval_number"])
    return _seated(council, attempt)


def _seated(council: ExpertCouncil, attempt: Attempt) -> Mapping[str, Any]:
    """Into office; each candidate learns only now what became of the nomination, and why."""
    council.office_from, council.office_until = (attempt.facts[name] for name in OFFICE)
    council.save(update_fields=OFFICE)
    council.nominations.filter(state=Place.CHOSEN).update(since=council.office_from)
    told = {Place.CHOSEN: "chosen", Place.DECLINED: "not_chosen"}
    rows = council.nominations.filter(state__in=told).select_related("person")
    for one in rows:
        tell(council, one, told[Place(one.state)])
    return {"members": sum(one.state == Place.CHOSEN for one in rows)}


def _called_off(council: ExpertCouncil, attempt: Attempt) -> Mapping[str, Any]:
    council.remark = said(attempt, "remark")
    council.save(update_fields=["remark"])
    for one in council.nominations.exclude(state=Place.WITHDRAWN).select_related("person"):
        tell(council, one, "called_off")
    return {}


def _returned(council: ExpertCouncil, attempt: Attempt) -> Mapping[str, Any]:
    council.remark = said(attempt, "remark")
    council.save(update_fields=["remark"])
    return {}


def _ended(council: ExpertCouncil, attempt: Attempt) -> Mapping[str, Any]:
    today = clock.day_of(attempt.now)
    council.remark = said(attempt, "remark")
    council.save(update_fields=["remark"])
    council.nominations.filter(state=Place.CHOSEN, until=None).update(until=today)
    return {"before_its_time": council.office_until is None or today <= council.office_until}


def tell(council: ExpertCouncil, nomination: Nomination, kind: str) -> None:
    """A letter of `kind` to whom the nomination is about: chosen, not_chosen, invited, left, called_off."""
    letters.prepare(
        nomination,
        kind,
        [nomination.person],
        f"oversight/letters/{kind}.txt",
        {"council": council, "path": reverse("oversight:council", args=[council.pk])},
        release=True,
    )


CITE = "rules_social_order/2022 №18-2022 ¶16"
CITE_2018 = "rules_social_order/2018 №18-2018 via guide"
EDIT = Step(
    "edit",
    _("Write the announcement"),
    source=State.DRAFT,
    target=None,
    by=of_body,
    requires=(nobody_was_faster,),
    effect=_edited,
)
ANNOUNCE = Step(
    "announce",
    _("Publish the announcement"),
    source=State.DRAFT,
    target=State.ANNOUNCED,
    by=of_body,
    requires=(announcement_written,),
    effect=_announced,
    cite=CITE,
    final=True,
)
CHOOSE = Step(
    "choose",
    _("Choose the composition"),
    source=(State.DRAFT, State.ANNOUNCED),
    target=State.CHOOSING,
    by=of_body,
    requires=(announced_first, days_are_over),
    effect=_chosen,
    cite=CITE,
)
LAY = Step(
    "lay",
    _("Lay the composition before the NGO council"),
    source=State.CHOOSING,
    target=State.SUBMITTED,
    by=of_body,
    requires=(somebody_chosen, laid_before_one),
    effect=_laid,
    cite=CITE,
)
APPROVE = Step(
    "approve",
    _("Record the approval"),
    source=State.SUBMITTED,
    target=State.IN_OFFICE,
    by=of_ngo_council,
    requires=(minutes_named, office_in_order),
    effect=_approved,
    cite=CITE,
    final=True,
)
RETURN = Step(
    "return",
    _("Return the composition"),
    source=State.SUBMITTED,
    target=State.CHOOSING,
    by=of_ngo_council,
    requires=(remark_given,),
    effect=_returned,
    cite=CITE,
)
SEAT = Step(
    "seat",
    _("Put the council into office"),
    source=State.CHOOSING,
    target=State.IN_OFFICE,
    by=of_body,
    requires=(needs_no_approval, somebody_chosen, office_in_order),
    effect=_seated,
    cite=CITE_2018,
    final=True,
)
CALL_OFF = Step(
    "call_off",
    _("Call the forming off"),
    source=(State.DRAFT, State.ANNOUNCED, State.CHOOSING),
    target=State.CALLED_OFF,
    by=of_body,
    requires=(remark_given,),
    effect=_called_off,
    final=True,
)
END = Step(
    "end",
    _("End the council's term"),
    source=State.IN_OFFICE,
    target=State.ENDED,
    by=of_body,
    requires=(term_over_or_reason,),
    effect=_ended,
    cite=CITE,
    final=True,
)


def owed(council: ExpertCouncil) -> Iterable[Owed]:
    """The body goes on when the days for candidates are over; the NGO council answers. Only those ten days have a term."""
    address = reverse("oversight:council_desk", args=[council.pk])
    if council.state in (State.ANNOUNCED, State.CHOOSING):
        yield Owed(
            "choose_council",
            organisation(council.body_id),
            Text(
                "Сараптамалық кеңестің құрамын іріктеу",
                "Отобрать состав экспертного совета",
                "Choose the composition of the expert council",
            ),
            None,
            address,
            CITE,
        )
    elif council.state == State.SUBMITTED and council.laid_before is not None:
        yield Owed(
            "approve_council",
            organisation(council.laid_before.body_id),
            Text(
                "Сараптамалық кеңестің құрамын келісу",
                "Согласовать состав экспертного совета",
                "Approve the composition of the expert council",
            ),
            None,
            address,
            CITE,
        )


COUNCIL: Procedure[ExpertCouncil] = Procedure(
    ExpertCouncil, (EDIT, ANNOUNCE, CHOOSE, LAY, APPROVE, RETURN, SEAT, CALL_OFF, END), duties=owed
)
BEGIN = Step("begin", _("Prepare an expert council"), source=(), target=None, by=of_body)


@transaction.atomic
def begin(
    body: Organisation, values: Mapping[str, str], *, actor: Actor, once: uuid.UUID | None = None
) -> ExpertCouncil:
    """A council of the body, to be announced; the edition in force today governs it. `once` of the form: sent again, it gives the
    council that it made before. Raises `Refused` for strangers.
    """
    edition = law.at("rules_social_order", clock.today())
    made = ExpertCouncil(body=body, act=edition.act, edition=edition.key, once=once or uuid.uuid4())
    if not BEGIN.by(actor, made):
        raise Refused(BEGIN, [not_yours(BEGIN)])
    locked(Organisation, body.pk)  # a second sending waits here for the first
    if found := ExpertCouncil.objects.filter(body=body, once=made.once).first():
        return found
    for name in WORDS:
        setattr(made, name, str(values.get(name, "")).strip())
    return COUNCIL.begin(made, actor=actor)
