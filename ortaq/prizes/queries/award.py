"""Recipients of prizes: for everybody once published, for the organiser before, for the page of an NGO."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.prizes.models import Award, Round

from .judging import organised_by

State = Round.State
PUBLISHED = (State.PUBLISHED, State.ENDED)


def published_rounds() -> QuerySet[Round]:
    """Rounds whose recipients everybody may know, the last year first."""
    rows = Round.objects.filter(state__in=PUBLISHED).select_related("organiser", "panel")
    return rows.order_by("-year")


def published() -> QuerySet[Award]:
    """Prizes that everybody may know of."""
    rows = Award.objects.filter(direction__round__state__in=PUBLISHED)
    return rows.select_related("application__organisation", "direction__round")


def awards_of(organisation: Organisation | int) -> QuerySet[Award]:
    """The published prizes of an NGO, the last one first: year, direction, share; one query."""
    rows = published().filter(application__organisation=organisation)
    return rows.order_by("-direction__round__year", "id")


def awards_run_by(actor: Actor, year: int) -> QuerySet[Award]:
    """The awards of a round for its organiser; nobody else runs them."""
    rounds = organised_by(actor).filter(year=year).order_by().values("pk")
    rows = Award.objects.filter(direction__round__in=rounds)
    return rows.select_related(
        "application__organisation", "application__round", "direction__round"
    ).order_by("direction__position", "application__organisation__sort", "id")


def awards_visible_to(actor: Actor) -> QuerySet[Award]:
    """The one visibility query of a single award: its organiser, and once published whoever belongs to the recipient."""
    rows = Award.objects.select_related(
        "application__organisation",
        "application__round__organiser",
        "direction__round__organiser",
    )
    if actor.user is None:
        return rows.none()
    organised = organised_by(actor).order_by().values("pk")
    return rows.filter(
        Q(direction__round__in=organised)
        | Q(
            application__organisation__in=actor.organisation_ids,
            direction__round__state__in=PUBLISHED,
        )
    )


def laureates(asked: Mapping[str, Any]) -> KeyPage[Award]:
    """The archive of recipients, the last year first. `asked` may have `q` (name or BIN), `year`, `field`, `region`, `page`; one query."""
    rows = published()
    if words := fold(str(asked.get("q", ""))[:200]):
        rows = rows.filter(application__organisation__search__contains=words)
    if (
        (year := str(asked.get("year", ""))).isascii()
        and year.isdigit()
        and len(year) == len("2026")
    ):
        rows = rows.filter(direction__round__year=int(year))
    # Without NUL, which PostgreSQL does not take even in a question.
    if field := str(asked.get("field", "")).replace("\0", ""):
        rows = rows.filter(direction__field=field[:60])
    if region := str(asked.get("region", "")).replace("\0", ""):
        rows = rows.filter(application__organisation__region_code=region[:9])
    return key_page(
        rows, asked, order=("-direction__round__year", "direction__position", "id"), size=50
    )
