"""Who acts: a person, their present memberships, and the organisation they act for.

A person may belong to several organisations but wears one hat at a time: powers that come from
a kind of organisation ("officer of the operator") are asked of the organisation acted for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.db import connections, router
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from ortaq.core import clock, keys
from ortaq.core.models import Work

from .models import Membership, Organisation, User

# Where the session keeps the organisation that a person chose to act for.
ACTING_FOR = "acting_for"


@dataclass(frozen=True, slots=True)
class Actor:
    """Answers who takes a step, without further queries.

    `memberships` are those of the present day, each with its organisation.
    """

    user: User | None = None
    memberships: tuple[Membership, ...] = ()
    acting_for: Organisation | None = None

    @property
    def is_signed_in(self) -> bool:
        return self.user is not None

    @property
    def key(self) -> str:
        """The person's key for journal and duties; empty for a passer-by."""
        return keys.person(self.user.pk) if self.user else ""

    @property
    def behalf(self) -> str:
        """The key of the organisation acted for; empty when acting for oneself."""
        return keys.organisation(self.acting_for.pk) if self.acting_for else ""

    @property
    def language(self) -> str:
        return self.user.language if self.user else (get_language() or "kk")

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """The organisations of this person, each once, in Kazakh alphabetical order."""
        distinct = {m.organisation_id: m.organisation for m in self.memberships}
        return tuple(sorted(distinct.values(), key=lambda organisation: organisation.sort))

    @property
    def organisation_ids(self) -> frozenset[int]:
        return frozenset(m.organisation_id for m in self.memberships)

    @property
    def bearers(self) -> list[str]:
        """The keys under which this person's duties stand: their own and their organisations'."""
        if not self.user:
            return []
        return [self.key, *(keys.organisation(pk) for pk in sorted(self.organisation_ids))]

    def roles_in(self, organisation: Organisation | int | None) -> frozenset[str]:
        """What this person is in an organisation (or its number) today."""
        pk = organisation.pk if isinstance(organisation, Organisation) else organisation
        return frozenset(m.role for m in self.memberships if m.organisation_id == pk)

    def instead(self, organisation: Organisation | None) -> Actor:
        """The same person acting for another of their organisations, or for themselves.

        `ValueError` for an organisation that is not theirs.
        """
        if organisation is not None and organisation.pk not in self.organisation_ids:
            raise ValueError(f"{self.user} does not belong to {organisation.pk}")
        return replace(self, acting_for=organisation)


PASSER_BY = Actor()


class ActorRequest(HttpRequest):
    """A request that knows who acts. Views name it as the type of their first argument."""

    actor: Actor
    user: User | AnonymousUser


def actor_for(
    user: User | None,
    organisation: Organisation | None = None,
    now: datetime | None = None,
) -> Actor:
    """The person as an actor at the instant `now`, in one query; for pages, commands and tests.

    Without `organisation` they act for their first one. `ValueError` when it is not theirs.
    """
    if user is None:
        return PASSER_BY
    day = clock.day_of(now) if now else clock.today()
    actor = Actor(user, tuple(_memberships(user, day)))
    if organisation is not None:
        return actor.instead(organisation)
    return actor.instead(next(iter(actor.organisations), None))


def _memberships(user: User, day: date) -> Iterator[Membership]:
    """Those of one day, each with its organisation."""
    where = connections[router.db_for_read(Membership)]
    asked = where.ops.adapt_datefield_value(day)
    with where.cursor() as cursor:
        cursor.execute(_statement(), [asked, asked, user.pk])
        rows = cursor.fetchall()
    for row in rows:  # texts, numbers and days, which a database tells as they are
        one = Membership.from_db(where.alias, MEMBERSHIP, row[: len(MEMBERSHIP)])
        one.organisation = Organisation.from_db(where.alias, ORGANISATION, row[len(MEMBERSHIP) :])
        yield one


MEMBERSHIP, ORGANISATION = (
    [field.attname for field in model._meta.concrete_fields] for model in (Membership, Organisation)
)


@cache
def _statement() -> str:
    """What every page and every step asks: to build it each time took ten times as long as to answer it."""
    present = Membership.objects.current(date.min).filter(user=0).select_related("organisation")
    sql, (*days, _user) = present.query.sql_with_params()
    assert len(set(days)) == 1
    return str(sql)


def actor_of_work(work: Work) -> Actor:
    """Who asked for long work, with the powers of the present day, acting for the organisation they acted for then."""
    actor = actor_for(work.asked_by)
    kind, _colon, number = work.behalf.partition(":")
    mine = {organisation.pk: organisation for organisation in actor.organisations}
    return actor.instead(mine.get(int(number)) if kind == "organisation" else None)


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request, computed when first looked at."""

    def find() -> Actor:
        user = request.user
        if not user.is_authenticated:
            return PASSER_BY
        actor = actor_for(user)
        chosen = request.session.get(ACTING_FOR)
        if chosen is None:
            return actor
        # 0 is "for myself"; an organisation left since then is no longer on offer.
        mine = {organisation.pk: organisation for organisation in actor.organisations}
        return actor.instead(mine.get(chosen)) if chosen in {0, *mine} else actor

    return cast(Actor, SimpleLazyObject(find))
