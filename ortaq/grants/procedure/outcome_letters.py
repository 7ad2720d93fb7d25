"""Letters on the outcome: written quietly beside it, read by the operator, released with it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from ortaq import law
from ortaq.core import letters
from ortaq.core.models import Letter
from ortaq.grants.models import Application, Competition, Outcome

from .outcome import people_of_all

KIND = "outcome"


def write(competition: Competition, outcomes: Iterable[Outcome]) -> None:
    """Write anew, and release nothing: one letter to each person of each applicant that is not
    refused already. A tie has no letters yet: the meeting has still to decide.
    """
    for_competition(competition).filter(state=Letter.State.PREPARED).delete()
    edition = law.edition("grants_rules", competition.edition)
    by_lot = {outcome.lot_id: outcome for outcome in outcomes if outcome.kind != Outcome.Kind.TIE}
    applications = list(
        competition.applications.filter(state__in=("submitted", "admitted"), lot__in=by_lot)
        .select_related("organisation", "lot__topic", "dossier")
        .order_by("id")
    )
    people = people_of_all(applications)
    for application in applications:
        outcome = by_lot[application.lot_id]
        failed = outcome.kind != Outcome.Kind.WINNER
        letters.prepare(
            application,
            KIND,
            people[application.pk],
            "grants/letters/outcome.txt",
            {
                "outcome": outcome,
                "won": outcome.winner_id == application.pk,
                "ground": edition.ground("failure_grounds", outcome.kind) if failed else None,
                "address": reverse("grants:result", args=[application.pk]),
            },
        )


def for_competition(competition: Competition) -> QuerySet[Letter]:
    """All letters on the outcome of a competition's applications."""
    keys = competition.applications.exclude(state=Application.State.DRAFT).annotate(
        key=Concat(Value(f"{Application._meta.label_lower}:"), Cast("pk", CharField()))
    )
    return Letter.objects.filter(kind=KIND, subject__in=keys.values("key"))


def release(competition: Competition) -> None:
    """Let the letters go with the next post."""
    waiting = for_competition(competition).filter(state=Letter.State.PREPARED)
    waiting.update(state=Letter.State.RELEASED)
