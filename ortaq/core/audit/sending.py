"""Letters and long work that somebody claimed and forgot."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from ortaq.core.models import Letter, Work

from .told import PIECE, Fault, Faults

# A claim is renewed while somebody works at it and ends minutes after they died: a day is no accident.
FORGOTTEN = timedelta(days=1)
WORKER = "Look at /console/ whether `ortaq work` runs; its next look takes it up."


def letters() -> Faults:
    """Letters that count as sent without an instant, and claims on letters whose holder is long gone."""
    sent = Letter.objects.filter(state=Letter.State.SENT, sent_at=None)
    for pk in sent.order_by("pk").values_list("pk", flat=True)[:PIECE]:
        yield Fault(
            f"core.letter:{pk}",
            "it counts as sent and nobody knows when",
            "Send it again from the console, if its reader has not got it.",
        )
    held = Letter.objects.filter(
        state=Letter.State.RELEASED, held_until__lt=Now() - FORGOTTEN, tries__gt=0
    )
    for pk in held.order_by("pk").values_list("pk", flat=True)[:PIECE]:
        yield Fault(f"core.letter:{pk}", "somebody began to send it and never ended", WORKER)


def works() -> Faults:
    """Long work whose worker is gone for more than a day and that no other has taken up."""
    held = Work.objects.filter(state=Work.State.RUNNING, held_until__lt=Now() - FORGOTTEN)
    for pk in held.order_by("asked_at").values_list("pk", flat=True)[:PIECE]:
        yield Fault(f"core.work:{pk}", "its worker is gone and nobody has taken it up", WORKER)
