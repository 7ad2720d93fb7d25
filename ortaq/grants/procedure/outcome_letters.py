"""Letters on the outcome: written quietly beside it, read by the operator, released with it;
and who gets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from ortaq.core import letters
from ortaq.core.models import Letter
from ortaq.grants.models import Application, Competition, Outcome
from ortaq.people.models import Membership, User
from ortaq.people.policy import MANAGERS

KIND = "outcome"


def write(competition: Competition, outcomes: Iterable[Outcome]) -> None:
    """Write anew, and release nothing: one letter to each person of each applicant that is not
    refused already. A tie has no letters yet: the meeting has still to decide.
    """
    for_competition(competition).filter(state=Letter.State.PREPARED).delete()
    edition = competition.rules
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


def people_of(application: Application) -> list[User]:
    """Who of the applicant gets its letters: heads, deputies, and whoever wrote the application
    and still belongs to it.
    """
    return people_of_all([application])[application.pk]


def people_of_all(applications: Sequence[Application]) -> dict[int, list[User]]:
    """The same for many applications at once, by their numbers; one query."""
    by_organisation: dict[int, list[Membership]] = {}
    rows = Membership.objects.current().filter(
        organisation__in={a.organisation_id for a in applications}, user__is_active=True
    )
    for row in rows.select_related("user").order_by("user"):
        by_organisation.setdefault(row.organisation_id, []).append(row)
    return {
        a.pk: list(
            {
                m.user_id: m.user
                for m in by_organisation.get(a.organisation_id, ())
                if m.role in MANAGERS or m.user_id == a.created_by_id
            }.values()
        )
        for a in applications
    }
