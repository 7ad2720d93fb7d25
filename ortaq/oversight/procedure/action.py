"""What is to be mended after an observation: to be done → reported as done → confirmed, or no longer asked for (SO-M-15).

order    by whoever does the visit, with owner and day; the NGO learns of it with the report of the visit
done     by its owner, with words and proof
confirm  by the body; until then it is followed up at every later visit
back     it is not mended yet: the remark says what is lacking, and there may be a new day
drop     by the body with a reason; before the report, also by whoever does the visit
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import Attempt, Procedure, Refused, Step
from ortaq.law.findings import Finding
from ortaq.law.text import Text
from ortaq.oversight.models import CorrectiveAction, Observation, Visit
from ortaq.oversight.policy.visit import is_visited, works_at
from ortaq.oversight.policy.visit import of_body as of_visiting_body
from ortaq.people.actor import Actor
from ortaq.projects.models import Project
from ortaq.projects.procedure.shared import nobody_was_faster, remark_given, said

from .request import at_work, day_ahead, error

State, Owner = CorrectiveAction.State, CorrectiveAction.Owner
OPEN_ACTIONS = (State.OPEN, State.DONE)
PLACE = "rules_social_order/2022 №18-2022 ¶10"


def project_of(action: CorrectiveAction) -> Project:
    return action.observation.visit.plan.project


def of_owner(actor: Actor, action: CorrectiveAction) -> bool:
    """Writes for the NGO or answers for the body, whichever has to mend it; the NGO once it knows of it."""
    visit = action.observation.visit
    if action.owner == Owner.BODY:
        return of_visiting_body(actor, visit)
    return is_known(action) and is_visited(actor, visit)


def of_body(actor: Actor, action: CorrectiveAction) -> bool:
    return of_visiting_body(actor, action.observation.visit)


def drops(actor: Actor, action: CorrectiveAction) -> bool:
    """The body at any time; before the report also whoever does the visit."""
    visit = action.observation.visit
    return of_body(actor, action) or (not is_known(action) and works_at(actor, visit))


def is_known(action: CorrectiveAction) -> bool:
    """Whether the report in which it stands is formed: only then the NGO reads it and its day counts."""
    return action.observation.visit.reported_at is not None


def words_given(_action: CorrectiveAction, attempt: Attempt) -> Iterable[Finding]:
    if not said(attempt, "answer"):
        yield error("no_answer", _("Write what was done."), "answer")


def report_formed(action: CorrectiveAction, _attempt: Attempt) -> Iterable[Finding]:
    """Nothing is mended before the report says that it must be."""
    if not is_known(action):
        yield error("no_report", _("The report of this visit is not formed yet."))


def new_day(_action: CorrectiveAction, attempt: Attempt) -> Iterable[Finding]:
    yield from day_ahead(attempt.facts.get("due_on"), clock.day_of(attempt.now))


def _done(action: CorrectiveAction, attempt: Attempt) -> Mapping[str, Any]:
    action.answer, action.done_at = said(attempt, "answer"), attempt.now
    action.proof = attempt.facts.get("proof") or action.proof
    action.version += 1
    action.save(update_fields=["answer", "done_at", "proof", "version"])
    return {
        "sha256": action.proof.sha256 if action.proof else "",
        "late": clock.day_of(attempt.now) > action.due_on,
    }


def _confirmed(action: CorrectiveAction, attempt: Attempt) -> Mapping[str, Any]:
    action.confirmed_at = attempt.now
    action.version += 1
    action.save(update_fields=["confirmed_at", "version"])
    return {}


def _remarked(action: CorrectiveAction, attempt: Attempt) -> Mapping[str, Any]:
    action.remark = said(attempt, "remark")
    action.due_on = attempt.facts.get("due_on") or action.due_on
    action.version += 1
    action.save(update_fields=["remark", "due_on", "version"])
    return {"due_on": action.due_on}


DONE = Step(
    "done",
    _("Report as done"),
    source=State.OPEN,
    target=State.DONE,
    by=of_owner,
    requires=(nobody_was_faster, report_formed, words_given),
    effect=_done,
    cite=PLACE,
)
CONFIRM = Step(
    "confirm",
    _("Confirm that it is mended"),
    source=State.DONE,
    target=State.CONFIRMED,
    by=of_body,
    effect=_confirmed,
    cite=PLACE,
)
BACK = Step(
    "back",
    _("Not mended yet"),
    source=State.DONE,
    target=State.OPEN,
    by=of_body,
    requires=(remark_given, new_day),
    effect=_remarked,
    cite=PLACE,
)
DROP = Step(
    "drop",
    _("No longer ask for it"),
    source=OPEN_ACTIONS,
    target=State.DROPPED,
    by=drops,
    requires=(remark_given,),
    effect=_remarked,
    cite=PLACE,
    final=True,
)


def owed(action: CorrectiveAction) -> Iterable[Owed]:
    """From the report on its owner owes it by its day; when it is reported as done the body looks at it, for which no day is set."""
    if not is_known(action) or action.state not in OPEN_ACTIONS:
        return
    contract = project_of(action).contract
    address = reverse("oversight:action", args=[action.pk])
    if action.state == State.OPEN:
        ngo = action.owner == Owner.NGO
        yield Owed(
            "mend",
            organisation(contract.grantee_id if ngo else contract.grantor_id),
            Text(
                "Мониторинг есебіндегі түзету шарасын орындау",
                "Выполнить корректирующую меру из отчёта о мониторинге",
                "Do the corrective action of the monitoring report",
            ),
            clock.end_of(action.due_on),
            address,
            PLACE,
        )
    else:
        yield Owed(
            "confirm_action",
            organisation(contract.grantor_id),
            Text(
                "Түзету шарасының орындалғанын растау",
                "Подтвердить выполнение корректирующей меры",
                "Confirm that the corrective action is done",
            ),
            None,
            address,
            PLACE,
        )


ACTION: Procedure[CorrectiveAction] = Procedure(
    CorrectiveAction, (DONE, CONFIRM, BACK, DROP), duties=owed
)
ORDER = Step("order", _("Order a corrective action"), Visit.State.STARTED, None, by=works_at)


@transaction.atomic
def order(
    observation: Observation,
    once: uuid.UUID,
    *,
    what: str,
    due_on: date,
    owner: str = Owner.NGO,
    person: str = "",
    actor: Actor,
) -> CorrectiveAction:
    """What is to be mended, by whom and by when; the form `once` orders once. Raises `Refused` for strangers, while the visit is not
    under way, after the observation was taken back, without words and for a day that has passed.
    """
    at_work(ORDER, observation.visit, actor)
    if made := observation.actions.filter(once=once).first():
        return made
    found = list(day_ahead(due_on, clock.today()))
    if observation.withdrawn_at is not None:
        found.append(error("taken_back", _("This observation was taken back.")))
    if not what.strip():
        found.append(error("no_words", _("Say what is to be done."), "what"))
    if owner not in Owner.values:
        found.append(error("no_owner", _("Say who does it."), "owner"))
    if found:
        raise Refused(ORDER, found)
    return ACTION.begin(
        CorrectiveAction(
            observation=observation,
            once=once,
            what=what.strip(),
            owner=owner,
            person=person.strip(),
            due_on=due_on,
        ),
        actor=actor,
        owner=owner,
        due_on=due_on,
    )
