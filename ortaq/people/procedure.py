"""What may happen to organisations and memberships; the only place that changes them.

Every step takes the acting person, checks, changes and writes the organisation's chain of the
journal in one transaction. What stands in the way is a `ValidationError` with a sentence for
the reader, so that a form can show it beside its field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, journal, keys, letters
from ortaq.core.procedure import locked

from . import policy, queries
from .actor import Actor
from .models import Invitation, Membership, Organisation, Role, Standing, User, new_token


def add_person(
    *, email: str, password: str | None = None, confirmed: bool = True, **fields: Any
) -> User:
    """A new person, for commands, the demo and tests; pages sign people up through allauth.

    With `confirmed` the address counts as proven, so that the person can sign in at once.
    """
    with transaction.atomic():
        person = User.objects.create_user(email, password, **fields)
        EmailAddress.objects.create(
            user=person, email=person.email, primary=True, verified=confirmed
        )
    return person


def renew_calendar_address(*, actor: Actor) -> None:
    """A new secret address of the calendar of duties; the old one stops working."""
    person = _self(actor)
    person.calendar_token = new_token()
    person.save(update_fields=["calendar_token"])


def join_certificate(iin: str, *, actor: Actor) -> None:
    """The acting person has shown a certificate with this IIN: from now on it signs them in.

    An account in which the number was only typed loses it and is told by letter: a slip or a stranger's wish must
    not keep its owner out. `ValidationError` when another account has proved it, or this one has another number.
    """
    person = _self(actor)
    if person.iin and person.iin != iin:
        raise ValidationError(
            _(
                "The certificate has another IIN than your details. Choose your own certificate, or correct "
                "the IIN in your details first."
            )
        )
    with transaction.atomic():
        _take_number(iin, person, actor)
        person.iin, person.iin_confirmed_at = iin, clock.now()
        person.validate_unique()
        person.save(update_fields=["iin", "iin_confirmed_at"])


def _take_number(iin: str, owner: User, actor: Actor) -> None:
    """Whoever only typed what `owner` has proved has no number now."""
    others = User.objects.select_for_update().filter(iin=iin, iin_confirmed_at=None)
    other = others.exclude(pk=owner.pk).first()
    if other is None:
        return
    other.iin = None
    other.save(update_fields=["iin"])
    journal.append(other, "number_taken", actor=actor.key, facts={"owner": keys.key_of(owner)})
    letters.prepare(other, "number_taken", [other], "people/letters/number.txt", release=True)


def part_certificate(*, actor: Actor) -> None:
    """The certificate signs the acting person in no longer; the IIN stays in their details."""
    person = _self(actor)
    person.iin_confirmed_at = None
    person.save(update_fields=["iin_confirmed_at"])


def _self(actor: Actor) -> User:
    if actor.user is None:
        raise PermissionDenied
    return actor.user


# --- Organisations -------------------------------------------------------------------------------


def register_organisation(
    organisation: Organisation, *, actor: Actor, role: Role = Role.HEAD
) -> Organisation:
    """Save a new organisation; the acting person becomes its head (or `role`) from today.

    Only an NGO can be registered by whoever comes; other kinds by the administrator.
    """
    allowed = organisation.kind == Organisation.Kind.NGO or policy.is_staff(actor)
    if actor.user is None or not allowed:
        raise PermissionDenied
    with transaction.atomic():
        _save_new(organisation)
        Membership.objects.create(
            user=actor.user, organisation=organisation, role=role, starts_on=clock.today()
        )
        _note(organisation, "registered", actor, bin=organisation.bin, role=str(role))
    return organisation


def add_organisation(organisation: Organisation, members: Iterable[tuple[User, Role]] = ()) -> None:
    """Save an organisation with its first members, for commands, the demo and tests."""
    with transaction.atomic():
        _save_new(organisation)
        for person, role in members:
            Membership.objects.create(
                user=person, organisation=organisation, role=role, starts_on=clock.today()
            )
        journal.append(organisation, "registered", facts={"bin": organisation.bin})


def _save_new(organisation: Organisation) -> None:
    organisation.full_clean()
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError:
        # Another person registered the same number between our look and our save.
        organisation.validate_unique()
        raise


def edit_organisation(organisation: Organisation, changed: list[str], *, actor: Actor) -> None:
    """Save the changed fields of an organisation; kind and BIN stay."""
    if not policy.is_manager_of(actor, organisation):
        raise PermissionDenied
    if fixed := {"bin", "kind"} & set(changed):
        raise ValueError(f"these never change: {fixed}")
    with transaction.atomic():
        locked(Organisation, organisation.pk)
        organisation.save(update_fields=[*changed, "sort", "search"])
        _note(organisation, "edited", actor, fields=sorted(changed))


# --- Members -------------------------------------------------------------------------------------


def invite(
    organisation: Organisation, *, email: str, role: str, language: str, actor: Actor
) -> Invitation:
    """Offer a role to whoever owns an e-mail address; a letter leaves with the next post.

    The answer is the same whether or not somebody signs in with that address.
    """
    if not policy.is_manager_of(actor, organisation):
        raise PermissionDenied
    email = email.strip().lower()
    with transaction.atomic():
        locked(Organisation, organisation.pk)
        present = Membership.objects.current().filter(
            organisation=organisation, role=role, user__email=email
        )
        if present.exists():
            raise ValidationError(
                {"email": _("This person has this role in your organisation already.")}
            )
        if (
            queries.open_invitations()
            .filter(organisation=organisation, email=email, role=role)
            .exists()
        ):
            raise ValidationError(
                {"email": _("This address has been invited to this role and has not answered yet.")}
            )
        # An offer that has lapsed makes room for a new one.
        Invitation.objects.filter(
            organisation=organisation, email=email, role=role, answered_at=None
        ).update(answered_at=clock.now())
        invitation = Invitation.objects.create(
            organisation=organisation,
            email=email,
            role=role,
            language=language,
            invited_by=actor.user,
        )
        person = User.objects.filter(email=email, is_active=True).first()
        letters.prepare(
            invitation,
            "invitation",
            [person or letters.Guest(email, language)],
            "people/letters/invitation.txt",
            {"inviter": actor.user, "days": Invitation.OPEN_FOR.days},
            release=True,
        )
        _note(organisation, "invited", actor, invitation=invitation.pk, role=role)
    return invitation


def accept(invitation: Invitation, *, actor: Actor) -> Membership:
    """The invited person takes the role from today."""
    with transaction.atomic():
        locked(Organisation, invitation.organisation_id)
        invitation = _open_invitation_to(actor, invitation)
        _answer(invitation)
        membership, _new = Membership.objects.get_or_create(
            user=actor.user,
            organisation=invitation.organisation,
            role=invitation.role,
            ends_on=None,
            defaults={"starts_on": clock.today()},
        )
        _note(invitation.organisation, "joined", actor, role=invitation.role)
    return membership


def decline(invitation: Invitation, *, actor: Actor) -> None:
    """The invited person does not take the role."""
    with transaction.atomic():
        locked(Organisation, invitation.organisation_id)
        invitation = _open_invitation_to(actor, invitation)
        _answer(invitation)
        _note(invitation.organisation, "declined", actor, invitation=invitation.pk)


def withdraw_invitation(invitation: Invitation, *, actor: Actor) -> None:
    """Head or deputy takes an offer back; of one that was answered nothing is left to take back."""
    if not policy.is_manager_of(actor, invitation.organisation):
        raise PermissionDenied
    with transaction.atomic():
        locked(Organisation, invitation.organisation_id)
        invitation.refresh_from_db()
        if invitation.answered_at is not None:
            raise ValidationError(_("This invitation has been answered or withdrawn already."))
        _answer(invitation)
        _note(invitation.organisation, "withdrawn", actor, invitation=invitation.pk)


def _open_invitation_to(actor: Actor, invitation: Invitation) -> Invitation:
    found = queries.invitations_to(actor.user).filter(pk=invitation.pk).first()
    if found is None:
        raise ValidationError(
            _("This invitation is no longer open. Ask the head of the organisation for a new one.")
        )
    return found


def _answer(invitation: Invitation) -> None:
    invitation.answered_at = clock.now()
    invitation.save(update_fields=["answered_at"])


def end_membership(membership: Membership, *, actor: Actor) -> None:
    """The role ends today, at once. Head or deputy ends anybody's, everyone their own.

    The last head or deputy stays: nobody else could let another one in.
    """
    organisation = membership.organisation
    own = actor.user is not None and membership.user_id == actor.user.pk
    if not (own or policy.is_manager_of(actor, organisation)):
        raise PermissionDenied
    with transaction.atomic():
        locked(Organisation, organisation.pk)
        membership.refresh_from_db()
        current = Membership.objects.current().filter(organisation=organisation)
        if not current.filter(pk=membership.pk).exists():
            raise ValidationError(_("This role has ended already."))
        managers = current.filter(role__in=policy.MANAGERS)
        if membership.role in policy.MANAGERS and not managers.exclude(pk=membership.pk).exists():
            raise ValidationError(
                _(
                    "This is the last head of the organisation. "
                    "Invite another head or deputy first, then end this role."
                )
            )
        membership.ends_on = max(clock.today(), membership.starts_on)
        membership.save(update_fields=["ends_on"])
        _note(
            organisation, "left", actor, person=f"person:{membership.user_id}", role=membership.role
        )


# --- Standing ------------------------------------------------------------------------------------


def record_standing(standing: Standing, *, actor: Actor) -> Standing:
    """Record a fact that excludes an organisation (GR-A-09); its heads get a letter."""
    if not policy.may_record_standings(actor):
        raise PermissionDenied
    with transaction.atomic():
        locked(Organisation, standing.organisation_id)
        standing.recorded_by = actor.user
        standing.full_clean()
        standing.save(force_insert=True)
        _note(
            standing.organisation,
            "standing_recorded",
            actor,
            standing=standing.pk,
            kind=standing.kind,
            since=standing.since,
            source=standing.source,
        )
        _write_of(standing, queries.people_of(standing.organisation, *policy.MANAGERS))
    return standing


def end_standing(standing: Standing, until: date, *, actor: Actor, reason: str) -> None:
    """The fact no longer holds from `until` on; the record stays, `reason` joins the evidence."""
    if not policy.may_record_standings(actor):
        raise PermissionDenied
    with transaction.atomic():
        locked(Organisation, standing.organisation_id)
        standing.refresh_from_db()
        if standing.until is not None:
            raise ValidationError(_("This fact has been marked as ended already."))
        standing.until = until
        standing.evidence = f"{standing.evidence}\n\n{reason}".strip()
        standing.full_clean()
        standing.save(update_fields=["until", "evidence"])
        _note(standing.organisation, "standing_ended", actor, standing=standing.pk, until=until)


def record_standings(
    new: Sequence[Standing], changed: Sequence[Standing], *, actor: Actor, source: str
) -> None:
    """Save facts of many organisations at once: new ones, and those whose days changed (`since`, `until`); `source` is the
    key of what they were read from.

    They have been checked, and nobody is told by signals of models: whoever calls it tells the others. The heads of
    organisations with an account get a letter about each new fact.
    """
    if not policy.may_record_standings(actor):
        raise PermissionDenied
    with transaction.atomic():
        for one in new:
            one.recorded_by = actor.user
        Standing.objects.bulk_create(new, batch_size=1000)
        Standing.objects.bulk_update(changed, ["since", "until"], batch_size=300)
        for step, rows in (("standings_recorded", new), ("standings_changed", changed)):
            by_organisation: dict[int, list[int]] = defaultdict(list)
            for one in rows:
                by_organisation[one.organisation_id].append(one.pk)
            journal.append_many(
                (
                    (keys.organisation(pk), {"standings": facts, "source": source})
                    for pk, facts in by_organisation.items()
                ),
                step,
                actor=actor.key,
                behalf=actor.behalf,
            )
        heads = _heads_of({one.organisation_id for one in new})
        for one in new:
            _write_of(one, heads.get(one.organisation_id, ()))


def _heads_of(organisations: Collection[int]) -> Mapping[int, Sequence[User]]:
    """Who leads each of these organisations today; one query."""
    found: dict[int, list[User]] = defaultdict(list)
    held = Membership.objects.current().filter(role__in=policy.MANAGERS, user__is_active=True)
    rows = held.filter(organisation__in=Standing.objects.values("organisation"))
    for row in rows.select_related("user").order_by("user__sort", "id"):
        if row.organisation_id in organisations and row.user not in found[row.organisation_id]:
            found[row.organisation_id].append(row.user)
    return found


def _write_of(standing: Standing, people: Iterable[User]) -> None:
    """Tell those who lead an organisation of a fact about it."""
    letters.prepare(
        standing,
        "standing",
        people,
        "people/letters/standing.txt",
        {"organisation": standing.organisation},
        release=True,
    )


# --- Shared --------------------------------------------------------------------------------------


def _note(organisation: Organisation, step: str, actor: Actor, **facts: Any) -> None:
    """An entry in the organisation's chain: whoever belongs to it acts for it."""
    belongs = organisation.pk in actor.organisation_ids
    behalf = keys.key_of(organisation) if belongs else actor.behalf
    journal.append(organisation, step, actor=actor.key, behalf=behalf, facts=facts)
