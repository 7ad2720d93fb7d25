"""A conflict of interest that a member of the council, or a register, knows of only after the scoring (SO-X-12).

While the scoring runs `review` bars the member by itself. After it, and before the report is formed, the sheet no longer counts and the
means are reckoned anew. Once the report is formed nothing of it changes: the conflict is marked, and the authorised body is told.
"""

from __future__ import annotations

from django.db import transaction

from ortaq.core import letters
from ortaq.core.procedure import locked
from ortaq.oversight.models import Evaluation
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.people.policy import MANAGERS
from ortaq.people.queries import people_of
from ortaq.review import evaluating
from ortaq.review.evaluating import EVALUATING
from ortaq.review.models import Seat

from .annex8 import WRITTEN_IN, panel_of

State = Evaluation.State
FINAL = (State.FORMED, State.POSTED)


@transaction.atomic
def discover(evaluation: Evaluation, *, explanation: str, actor: Actor) -> str:
    """A member states a conflict that they know of only now; the step of `EVALUATING` that was taken. Raises `Refused` for whoever
    does not sit on the panel, without an explanation, and for what is written down already.
    """
    fresh = locked(Evaluation, evaluation.pk)
    panel = panel_of(fresh)
    step = "mark" if fresh.state in FINAL else "discover" if fresh.state in WRITTEN_IN else "recuse"
    EVALUATING.take(
        step,
        panel,
        actor=actor,
        organisation=fresh.project.contract.grantee,
        explanation=explanation,
    )
    if step == "mark":
        _tell(fresh)
    return step


def _tell(evaluation: Evaluation) -> None:
    bodies = Organisation.objects.filter(kind=Organisation.Kind.AUTHORISED_BODY)
    for body in bodies:
        letters.prepare(
            evaluation,
            "evaluation_conflict",
            people_of(body, *MANAGERS),
            "oversight/letters/evaluation_conflict.txt",
            release=True,
        )


def watch(person: int, organisation: int) -> None:
    """A tie of this person and organisation was recorded: sheets of reports that are not formed yet no longer count; beside a report
    that is, the tie is marked when it held as the scoring ended.
    """
    # Of nearly everybody this is all that has to be asked.
    seated = list(Seat.objects.filter(person=person, until=None).values_list("panel", flat=True))
    if not seated:
        return
    rows = Evaluation.objects.filter(
        state__in=(*WRITTEN_IN, *FINAL),
        project__contract__grantee=organisation,
        dossier__panel__in=seated,
    )
    for evaluation in rows.select_related("dossier__panel"):
        if evaluation.state not in FINAL:
            evaluating.look_again(panel_of(evaluation))
        elif evaluating.note(panel_of(evaluation)):
            _tell(evaluation)
