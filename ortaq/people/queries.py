"""What pages read, and who sees which organisation: one visibility query per noun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.http import Http404

from ortaq.core import clock
from ortaq.core.kazakh import fold
from ortaq.core.models import Letter

from . import policy
from .actor import Actor
from .models import Invitation, Membership, Organisation, Standing, User


def organisations_visible_to(actor: Actor) -> QuerySet[Organisation]:
    """The organisations whose page `actor` may open, in Kazakh alphabetical order.

    Members see theirs, the operator and the authorised body all; the public meets names
    only in other rooms (results, open data).
    """
    rows = Organisation.objects.order_by("sort", "id")
    if policy.is_operator(actor) or policy.is_authorised_body(actor):
        return rows
    return rows.filter(pk__in=actor.organisation_ids)


def find_organisation(actor: Actor, pk: int) -> Organisation:
    """The organisation, or the same 404 for one that is hidden and one that does not exist."""
    organisation = organisations_visible_to(actor).filter(pk=pk).first()
    if organisation is None:
        raise Http404
    return organisation


def search_organisations(actor: Actor, query: str = "", kind: str = "") -> QuerySet[Organisation]:
    """Visible organisations whose name in either language or BIN contains `query`."""
    rows = organisations_visible_to(actor)
    if query := fold(query):
        rows = rows.filter(search__contains=query)
    return rows.filter(kind=kind) if kind else rows


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """All that the page of one organisation shows; five queries whatever its size."""

    organisation: Organisation
    members: list[Membership]
    former: list[Membership]
    invitations: list[Invitation]
    standings: list[Standing]


def organisation_page(actor: Actor, pk: int) -> OrganisationPage:
    """Read one organisation for its members, the operator or the authorised body; else 404."""
    organisation = find_organisation(actor, pk)
    day = clock.today()
    roles = Membership.objects.filter(organisation=organisation).select_related("user")
    rows = list(roles.order_by("user__sort", "starts_on", "id"))
    members = [m for m in rows if m.starts_on <= day and (m.ends_on is None or m.ends_on > day)]
    invitations: list[Invitation] = []
    if policy.is_manager_of(actor, organisation):
        invitations = list(open_invitations().filter(organisation=organisation).order_by("email"))
    return OrganisationPage(
        organisation,
        members,
        [m for m in rows if m not in members],
        invitations,
        list(organisation.standings.select_related("recorded_by").order_by("-since", "-id")),
    )


def standing_on(organisation: Organisation, day: date) -> QuerySet[Standing]:
    """The facts that exclude `organisation` on `day`; each alone does (GR-A-09, GR-X-17)."""
    rows: QuerySet[Standing] = Standing.objects.current(day).filter(organisation=organisation)
    return rows.order_by("since", "id")


def people_of(organisation: Organisation | int, *roles: str) -> QuerySet[User]:
    """The people with one of `roles` (default: any) in an organisation (or its number) today."""
    held = Membership.objects.current().filter(organisation=organisation)
    if roles:
        held = held.filter(role__in=roles)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("sort", "id")


def open_invitations() -> QuerySet[Invitation]:
    """Invitations that wait for an answer and have not lapsed."""
    oldest = clock.now() - Invitation.OPEN_FOR
    return Invitation.objects.filter(answered_at=None, invited_at__gte=oldest)


def proven_addresses(person: User | None) -> frozenset[str]:
    """The e-mail addresses that `person` has proven to own, in lower case."""
    if person is None:
        return frozenset()
    proven = EmailAddress.objects.filter(user=person, verified=True)
    return frozenset(one.lower() for one in proven.values_list("email", flat=True))


def invitations_to(person: User | None) -> QuerySet[Invitation]:
    """Open invitations to the addresses that `person` has proven to own."""
    proven = EmailAddress.objects.filter(user=person, verified=True).values("email")
    return (
        open_invitations()
        .filter(email__in=proven)
        .select_related("organisation", "invited_by")
        .order_by("invited_at", "id")
    )


def letters_to(person: User) -> QuerySet[Letter]:
    """The letters that `person` has been sent or will be with the next post, newest first."""
    released = Letter.objects.filter(recipient=person).exclude(state=Letter.State.PREPARED)
    return released.order_by("-id")
