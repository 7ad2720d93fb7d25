"""Who is late: public duties of state bodies and of the operator whose term has ended.

Which duties are public is decided in `gazette.late`, and the README says why. A duty tells its body, its clause and its days;
what it is about is named only where that is public itself. Persons and NGOs are never named.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Sum

from ortaq.core import clock
from ortaq.core.models import Duty
from ortaq.gazette.late import ORGANISATION, ended, overdue
from ortaq.gazette.models import Publication
from ortaq.gazette.queries import published
from ortaq.people.models import Organisation

# So many at most stand on one page; a system with more has other troubles.
MOST = 500


@dataclass(frozen=True, slots=True)
class Overdue:
    """A duty that is late, and what it is about where that is public."""

    duty: Duty
    about: Publication | None
    days: int


@dataclass(frozen=True, slots=True)
class Bearer:
    """An organisation with its late duties, the oldest first."""

    organisation: Organisation
    duties: Sequence[Overdue]


@dataclass(frozen=True, slots=True)
class Late:
    bearers: Sequence[Bearer]
    total: int


def count() -> int:
    """How many public duties are late; one query."""
    return overdue().count()


def mark() -> Hashable:
    """What changes when another duty becomes late or one is done; one small query (see `faces.public`)."""
    found = ended(clock.now()).aggregate(number=Count("pk"), last=Max("pk"), sum_of=Sum("pk"))
    return tuple(found.values())


def late(body: Organisation | None = None) -> Late:
    """All that is late, or what one body owes; three queries, one where nothing is late."""
    rows = overdue()
    if body is not None:
        rows = rows.filter(bearer=f"{ORGANISATION}{body.pk}")
    duties = list(rows.order_by("due_at", "pk")[: MOST + 1])
    if not duties:
        return Late([], 0)
    now = clock.now()
    bearers = Organisation.objects.exclude(kind=Organisation.Kind.NGO)
    found = bearers.in_bulk({int(duty.bearer.removeprefix(ORGANISATION)) for duty in duties})
    about = {
        one.key: one
        for one in published()
        .filter(key__in={duty.subject for duty in duties})
        .select_related(None)
        .defer(None)
        .only("key", "address", "title_kk", "title_ru")
    }
    by_bearer: dict[int, list[Overdue]] = {}
    for duty in duties[:MOST]:
        pk = int(duty.bearer.removeprefix(ORGANISATION))
        if pk in found and duty.due_at is not None:
            line = Overdue(duty, about.get(duty.subject), (now - duty.due_at).days)
            by_bearer.setdefault(pk, []).append(line)
    shown = [Bearer(found[pk], lines) for pk, lines in by_bearer.items()]
    return Late(shown, sum(len(one.duties) for one in shown))
