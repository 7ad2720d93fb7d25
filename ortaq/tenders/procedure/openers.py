"""Who opens the bids where two persons do: their keys, their naming, the giving of their shares (decision 0024).

    make_key, confirm_key   a person draws a code, writes it down and types it back
    name, unname            the organiser names two to five persons before the tender is announced
    divided                 with the announcement the key of the tender is divided among them
    give                    after the deadline each gives their share; the second one opens all bids

Nothing is asked for before the deadline, so that no share lies here while bids still come in.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ortaq.core import clock, journal, keyfolder, letters
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation, person
from ortaq.core.procedure import Attempt, Refused, Step, keep_refusal, locked, moved_on
from ortaq.faces import say
from ortaq.law import edition
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.actor import Actor
from ortaq.people.models import User
from ortaq.tenders import sealing, shares
from ortaq.tenders.models import Opener, OpeningKey, Tender
from ortaq.tenders.policy.tender import organises

State, Opening = Tender.State, Tender.Opening
PLACE = "guide, stage 6"
instant_of = lazy(say.instant, str)
SALT = 16  # bytes
# No steps of the procedure, since they change no state: they name what is refused.
NAME = Step("name_opener", "", (State.DRAFT, State.APPROVED), None, by=organises)
GIVE = Step("give_share", "", State.ANNOUNCED, None, by=lambda _actor, _tender: True, cite=PLACE)


def opening_of(tender: Tender) -> str:
    """Who opens the bids of a tender; before the announcement as this installation settles it."""
    if tender.state in (State.DRAFT, State.APPROVED):
        return Opening.TWO if settings.ORTAQ_OPENING == Opening.TWO else Opening.ONE
    return tender.opening


# --- The key of a person ---------------------------------------------------------------------------


def make_key(actor: Actor) -> tuple[OpeningKey, str]:
    """A new key of the actor, and the code that is shown once and kept nowhere."""
    if actor.user is None:
        raise PermissionDenied
    code, salt = shares.new_code(), secrets.token_bytes(SALT)
    with transaction.atomic():
        # What was drawn and never typed back closes nothing.
        OpeningKey.objects.filter(person=actor.user, confirmed_at=None).delete()
        made = OpeningKey.objects.create(
            person=actor.user,
            public=shares.public_of(code, salt),
            salt=salt,
            made_at=clock.now(),
        )
        journal.append(made, "begin", actor=actor.key)
    return made, code


def confirm_key(key: OpeningKey, typed: str, *, actor: Actor) -> None:
    """The person has the code on paper: typed back, the key counts. `ValidationError` for another code."""
    if actor.user is None or key.person_id != actor.user.pk:
        raise PermissionDenied
    if shares.public_of(typed, bytes(key.salt)) != key.public:
        raise ValidationError(
            _("This is not the code that was shown. Look at your paper, or draw another code."),
            code="code",
        )
    with transaction.atomic():
        row = locked(OpeningKey, key.pk)
        if row.confirmed_at is None:
            row.confirmed_at = clock.now()
            row.save(update_fields=["confirmed_at"])
            journal.append(row, "confirmed", actor=actor.key)


def key_of_person(pk: int) -> OpeningKey | None:
    """The key under which a person's next share will lie."""
    return OpeningKey.objects.filter(person=pk, confirmed_at__isnull=False).last()


# --- Naming ----------------------------------------------------------------------------------------


@transaction.atomic
def name(tender: Tender, user: User, *, actor: Actor) -> Opener:
    """Name a person before the tender is announced; `ValidationError` where they cannot be."""
    row = _before_announcement(tender, actor)
    if row.openers.filter(person=user).exists():
        raise ValidationError(_("This person is named already."), code="named")
    if row.openers.count() >= shares.MOST:
        raise ValidationError(
            _("Up to %(most)s persons are named. Take one out first.") % {"most": shares.MOST},
            code="many",
        )
    made = Opener.objects.create(tender=row, person=user, named_at=clock.now())
    facts = {"person": person(user.pk)}
    journal.append(row, "name_opener", actor=actor.key, behalf=actor.behalf, facts=facts)
    return made


@transaction.atomic
def unname(opener: Opener, *, actor: Actor) -> None:
    """Take a person out before the tender is announced."""
    row = _before_announcement(opener.tender, actor)
    facts = {"person": person(opener.person_id)}
    opener.delete()
    journal.append(row, "unname_opener", actor=actor.key, behalf=actor.behalf, facts=facts)


def _before_announcement(tender: Tender, actor: Actor) -> Tender:
    row = locked(Tender, tender.pk)
    if not organises(actor, row):
        raise PermissionDenied
    if row.state not in NAME.sources:
        raise Refused(NAME, [moved_on(NAME, row, "state")])
    return row


def named(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """Where two persons open, at least two are named, each with a key; three, so that one may lose theirs."""
    if opening_of(tender) != Opening.TWO:
        return
    cite = edition(tender.act, tender.edition).parameter("opening.when").cite
    people = list(tender.openers.select_related("person"))
    keyed = set(
        OpeningKey.objects.filter(
            person__in=[one.person_id for one in people], confirmed_at__isnull=False
        ).values_list("person", flat=True)
    )
    for one in people:
        if one.person_id not in keyed:
            yield Finding(
                "opener_without_key",
                Severity.ERROR,
                format_lazy(
                    gettext_lazy("{person} is named to open the bids and has no key yet."),
                    person=one.person.full_name,
                ),
                cite,
                about="openers",
            )
    if len(people) < shares.FEWEST:
        yield Finding(
            "few_openers",
            Severity.ERROR,
            gettext_lazy(
                "Here two persons open the bids together. Name at least two, better three: if one loses their code, the others can "
                "still open."
            ),
            cite,
            {"named": len(people)},
            about="openers",
        )
    elif len(people) == shares.FEWEST:
        yield Finding(
            "just_two_openers",
            Severity.WARNING,
            gettext_lazy(
                "Only two persons can open the bids: if one of them loses their code, the bids are lost for good. Name a third one."
            ),
            cite,
            about="openers",
        )


def divided(tender: Tender) -> str:
    """Make the pair of keys of a tender that is being announced; its public half. With two persons
    each of those named gets their share and a letter.
    """
    tender.opening = opening_of(tender)
    if tender.opening == Opening.ONE:
        return sealing.new_pair()
    people = {str(one.person_id): one for one in tender.openers.select_related("person")}
    keys = {name: key_of_person(one.person_id) for name, one in people.items()}
    publics = {name: key.public for name, key in keys.items() if key is not None}
    public, shared = sealing.new_divided_pair(publics)
    for name, share in shared.items():
        people[name].key, people[name].share = keys[name], share
    Opener.objects.bulk_update([people[name] for name in shared], ["key", "share"])
    address = settings.SITE_URL + address_of(tender)
    letters.prepare(
        tender,
        "opener",
        [people[name].person for name in shared],
        "tenders/letters/opener.txt",
        {"address": address},
        release=True,
    )
    return public


def address_of(tender: Tender) -> str:
    """Where a person named gives their share."""
    return reverse("tenders:give_share", args=[tender.pk])


# --- Giving ----------------------------------------------------------------------------------------


def give(tender: Tender, typed: str, *, actor: Actor) -> None:
    """Give the actor's share of the key; `opening.give_share` opens the bids with the second one.

    `PermissionDenied` for whoever is not named; `Refused` before the deadline, without a look at the code;
    `ValidationError` for a code that opens another share or none. A share is given once.
    """
    now = clock.now()
    opener = _opener(tender, actor)
    if not waits(tender, now):
        refused = Refused(GIVE, [_not_now(tender, now)])
        if tender.state == State.ANNOUNCED:
            keep_refusal(refused, tender, actor, now)
        raise refused
    if opener.given_at is None:
        _give(tender, opener, typed, actor, now)


def _opener(tender: Tender, actor: Actor) -> Opener:
    found = None
    if actor.user is not None:
        found = tender.openers.select_related("key").filter(person=actor.user).first()
    if found is None or found.key is None:
        raise PermissionDenied
    return found


def waits(tender: Tender, now: datetime) -> bool:
    """Whether bids wait for the shares of two persons."""
    return (
        tender.opening == Opening.TWO
        and tender.state == State.ANNOUNCED
        and tender.closes_at is not None
        and tender.closes_at < now
    )


def _not_now(tender: Tender, now: datetime) -> Finding:
    if tender.state != State.ANNOUNCED or tender.opening != Opening.TWO:
        return moved_on(GIVE, tender, "state")
    return Finding(
        "too_early",
        Severity.ERROR,
        format_lazy(
            gettext_lazy(
                "Shares are given when the deadline has passed, on {deadline}; it is {now}. Your code was not looked at."
            ),
            deadline=instant_of(tender.closes_at, seconds=True),
            now=instant_of(now, seconds=True),
        ),
        edition(tender.act, tender.edition).parameter("opening.when").cite,
    )


def _give(tender: Tender, opener: Opener, typed: str, actor: Actor, now: datetime) -> None:
    assert opener.key is not None
    name = str(opener.person_id)
    try:
        share = shares.given(
            bytes(opener.share), tender.seal_key, name, typed, bytes(opener.key.salt)
        )
    except sealing.Sealed:
        with transaction.atomic():
            journal.append(tender, "share_refused", actor=actor.key, at=now)
        raise ValidationError(
            _(
                "This code does not open your part of the key. You drew it on %(day)s: look for the paper of that day."
            )
            % {"day": say.day(clock.day_of(opener.key.made_at))},
            code="code",
        ) from None
    with suppress(FileExistsError):  # given a moment ago, in another window
        keyfolder.keep(_place(tender, opener), share)
    with transaction.atomic():
        row = locked(Opener, opener.pk)
        if row.given_at is None:
            row.given_at = now
            row.save(update_fields=["given_at"])
            facts = {
                "given": tender.openers.exclude(given_at=None).count(),
                "late": now > due_at(tender),
            }
            journal.append(tender, "give_share", actor=actor.key, facts=facts, at=now)


def _place(tender: Tender, opener: Opener) -> str:
    return f"{tender.seal_key}.share-{opener.person_id}"


def both_given(tender: Tender) -> bool:
    """Whether as many shares lie here as open the bids."""
    return len(_given(tender)) >= shares.FEWEST


def _given(tender: Tender) -> dict[str, bytes]:
    """The shares that lie here, by person."""
    found = {}
    for one in tender.openers.exclude(given_at=None):
        with suppress(sealing.Sealed):
            found[str(one.person_id)] = keyfolder.kept(_place(tender, one))
    return found


def key_at_hand(tender: Tender, attempt: Attempt) -> Iterable[Finding]:
    """The private half can be had: no bid is given up because a folder is not there today."""
    try:
        private_half_of(tender)
    except sealing.Sealed:
        law_edition = edition(tender.act, tender.edition)
        if tender.opening == Opening.TWO and not both_given(tender):
            message = gettext_lazy("Two of the persons named have to give their part of the key.")
        else:
            message = gettext_lazy(
                "The key of this tender cannot be read, so no bid is opened. The administrator restores the folder of keys; then the "
                "bids are opened. Nothing is lost meanwhile."
            )
        yield Finding(
            "key_missing", Severity.ERROR, message, law_edition.parameter("opening.when").cite
        )


def private_half_of(tender: Tender) -> bytes:
    """The private half of a tender's key; `Sealed` when it cannot be had."""
    given = _given(tender) if tender.opening == Opening.TWO else None
    return sealing.private_half(tender.seal_key, given)


def forget(tender: Tender) -> None:
    """The bids are open: the shares that were given lie here no longer."""
    for one in tender.openers.exclude(given_at=None):
        keyfolder.drop(_place(tender, one))


# --- Duties ----------------------------------------------------------------------------------------


def due_at(tender: Tender) -> datetime:
    """Until when the bids have to be opened: the day of the deadline (SO-T-076, SO-T-077)."""
    assert tender.closes_at is not None
    return max(tender.closes_at, clock.end_of(clock.day_of(tender.closes_at)))


def owed(tender: Tender) -> Iterable[Owed]:
    """Each person named owes their share, the organiser that two of them come."""
    if tender.opening != Opening.TWO or tender.state != State.ANNOUNCED:
        return
    text = Text(
        "Өтінімдерді ашу үшін кілттің өз бөлігін беру",
        "Предоставить свою часть ключа для вскрытия заявок",
        "Give your part of the key to open the bids",
    )
    for one in tender.openers.filter(given_at=None):
        yield Owed(
            f"share-{one.person_id}",
            person(one.person_id),
            text,
            due_at(tender),
            address_of(tender),
            PLACE,
        )
    yield Owed(
        "open",
        organisation(tender.organiser_id),
        Text(
            "Өтінімдердің мерзім аяқталған күні ашылуын қамтамасыз ету",
            "Обеспечить вскрытие заявок в день окончания срока",
            "See that the bids are opened on the day of the deadline",
        ),
        due_at(tender),
        reverse("tenders:tender_manage", args=[tender.pk]),
        PLACE,
    )
