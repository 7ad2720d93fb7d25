"""What `ortaq check` asks of people and organisations: nobody has a role that no step gave them."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Exists, OuterRef, Q

from ortaq.core import audit, keys
from ortaq.core.audit import Fault, Faults
from ortaq.core.models import JournalEntry

from .models import Membership

GIVEN = ("registered", "joined")
INVENTED = (
    "Nobody gets a role but by registering an organisation or accepting an invitation: end the role on the page of the "
    "organisation unless it is meant, and find out who wrote it."
)


def faults(*, quick: bool = False) -> Faults:
    """Every role that contradicts another, or that no step gave."""
    yield from _invented(quick=quick)
    yield from _twice()


def _invented(*, quick: bool) -> Faults:
    """Roles without an entry in their organisation's journal.

    An organisation that was registered with its members by a command has one entry without a person: its members of that day
    are meant. One that was taken over has none and is left out.
    """
    for some in audit.pieces(Membership.objects.all(), quick=quick):
        entries = JournalEntry.objects.filter(
            subject__in={keys.organisation(one.organisation_id) for one in some}, step__in=GIVEN
        )
        given: dict[str, set[tuple[str, str]]] = defaultdict(set)
        days: dict[str, set[object]] = defaultdict(set)
        for subject, actor, facts, at in entries.values_list("subject", "actor", "facts", "at"):
            given[subject].add((actor, str(facts.get("role", ""))))
            if not actor:
                days[subject].add(audit.day(at))
        for one in some:
            about = keys.organisation(one.organisation_id)
            if about not in given or one.starts_on in days[about]:
                continue
            if (keys.person(one.user_id), one.role) not in given[about]:
                yield Fault(
                    keys.key_of(one),
                    f"no step made {keys.person(one.user_id)} “{one.role}” of {about}",
                    INVENTED,
                )


def _twice() -> Faults:
    """The same role of the same person twice at once."""
    other = Membership.objects.filter(
        user=OuterRef("user"),
        organisation=OuterRef("organisation"),
        role=OuterRef("role"),
        pk__lt=OuterRef("pk"),
        starts_on__lte=OuterRef("starts_on"),
    ).filter(Q(ends_on=None) | Q(ends_on__gt=OuterRef("starts_on")))
    for pk in Membership.objects.filter(Exists(other)).order_by("pk").values_list("pk", flat=True):
        yield Fault(f"people.membership:{pk}", "its person had this role already when it began")
