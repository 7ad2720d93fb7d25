"""The standing watch, as steps.

flag   open → decided (goes on | refused | ended before its time), and anew if the body thinks better of it
       open, decided → lifted: the fact no longer holds; → over: the thing is no longer running
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, duties, journal, letters, terms
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation as organisation_key
from ortaq.core.procedure import Attempt, Procedure, Step
from ortaq.law.text import Text
from ortaq.people.models import Standing
from ortaq.people.policy import RESPONSIBLE
from ortaq.people.queries import people_of
from ortaq.registry import watched
from ortaq.registry.models import StandingFlag
from ortaq.registry.policy.standing_flag import decides_on_flag

from .shared import reasoned

State = StandingFlag.State
Decision = StandingFlag.Decision
RUNNING = (State.OPEN, State.DECIDED)
TERM = "standing_watch"
# So many are named in a letter; the list has them all.
NAMED = 20


def _decided(decision: Decision) -> Any:
    def effect(flag: StandingFlag, attempt: Attempt) -> Mapping[str, Any]:
        flag.decision, flag.reason = decision, str(attempt.facts["reason"]).strip()
        flag.decided_by, flag.decided_at = attempt.actor.user, attempt.now
        flag.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
        # The reason is prose and may name people; the row keeps it.
        return {"decision": decision, "subject": flag.subject}

    return effect


def _step(name: str, title: Any, decision: Decision) -> Step:
    return Step(
        name,
        title,
        source=RUNNING,
        target=State.DECIDED,
        by=decides_on_flag,
        requires=(reasoned,),
        effect=_decided(decision),
    )


def owed(flag: StandingFlag) -> Iterable[Owed]:
    """The body in charge owes a decision while the flag is open."""
    if flag.state != State.OPEN:
        return
    room = watched.room(flag.what)
    yield Owed(
        "standing_watch",
        organisation_key(flag.body_id),
        _title(flag),
        flag.due_at,
        reverse("registry:standing_flag", args=[flag.pk]),
        room.cite if room else "",
    )


def _title(flag: StandingFlag) -> Text:
    """What is to be decided, in the three languages."""
    kind, facts = watched.word(flag.what), {}
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            facts[language] = str(flag.standing.get_kind_display())
    words = Text(
        f"Ұйым туралы факт бойынша шешім қабылдау ({facts['kk']}): {kind.kk} {flag.name}",
        f"Принять решение в связи с фактом ({facts['ru']}): {kind.ru} {flag.name}",
        f"Decide because of a fact ({facts['en']}): {kind.en} {flag.name}",
    )
    return Text(*(one.strip()[:300] for one in words))


FLAG: Procedure[StandingFlag] = Procedure(
    StandingFlag,
    (
        _step("go_on", _("It goes on"), Decision.CONTINUED),
        _step("refuse", _("It was refused"), Decision.REFUSED),
        _step("terminate", _("It was ended before its time"), Decision.TERMINATED),
    ),
    duties=owed,
)


@dataclass(frozen=True, slots=True)
class Settled:
    """What a look changed: flags raised (anew or again), and those lifted or over."""

    raised: Sequence[StandingFlag]
    ended: Sequence[StandingFlag]

    @property
    def closed(self) -> Sequence[StandingFlag]:
        return [*self.raised, *self.ended]

    @property
    def refused(self) -> Sequence[Exception]:
        return ()


def settle(organisations: Collection[int] | None = None) -> Settled:
    """Make the flags say what is running today under which fact; of `organisations`, or of all.

    Called at the moment a fact is recorded, imported or ended, and every minute, since things begin and end and
    facts have days. One query for each kind of thing, whatever the number of facts. New flags come with a duty of the
    body in charge and one letter to its people.
    """
    now = clock.now()
    with transaction.atomic():
        holding: QuerySet[Standing] = Standing.objects.current(clock.day_of(now))
        known = StandingFlag.objects.all()
        if organisations is not None:
            holding = holding.filter(organisation__in=organisations)
            known = known.filter(organisation__in=organisations)
        ngos = holding.order_by().values("organisation")
        things = [(room.what, one) for room in watched.rooms for one in room.running(ngos)]
        facts = _facts(holding, {one.organisation for _what, one in things})
        wanted = {
            (fact.pk, one.subject): (what, one, fact)
            for what, one in things
            for fact in facts.get(one.organisation, ())
        }
        held = {fact for fact, _subject in wanted}
        flags = {
            (flag.standing_id, flag.subject): flag
            for flag in known.filter(Q(state__in=RUNNING) | Q(standing__in=held)).select_related(
                "standing"
            )
        }
        fresh = [flag for name, flag in _new(wanted, now).items() if name not in flags]
        again = [
            flag for name, flag in flags.items() if name in wanted and flag.state not in RUNNING
        ]
        gone = [flag for name, flag in flags.items() if name not in wanted]
        _raise(fresh, again, now)
        _end(gone, now)
    return Settled([*fresh, *again], gone)


def _facts(holding: QuerySet[Standing], ngos: Collection[int]) -> dict[int, list[Standing]]:
    """The facts of these NGOs, locked: of two who look at once one waits, and finds the flags of the other."""
    rows = holding.filter(organisation__in=ngos).order_by("pk")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    found = defaultdict(list)
    for fact in rows:
        found[fact.organisation_id].append(fact)
    return found


def _new(
    wanted: Mapping[tuple[int, str], tuple[str, watched.Thing, Standing]], now: Any
) -> dict[tuple[int, str], StandingFlag]:
    if not wanted:
        return {}
    edition = law.edition("ngo_database", "2018")
    due_at = terms.due_at(edition, TERM, now)
    return {
        name: StandingFlag(
            standing=fact,
            organisation_id=one.organisation,
            body_id=one.body,
            subject=one.subject,
            what=what,
            name=one.name[:300],
            address=one.address,
            raised_at=now,
            due_at=due_at,
        )
        for name, (what, one, fact) in wanted.items()
    }


def _raise(fresh: Sequence[StandingFlag], again: Sequence[StandingFlag], now: Any) -> None:
    StandingFlag.objects.bulk_create(fresh)
    for flag in again:
        flag.state, flag.ended_at = (State.DECIDED if flag.decision else State.OPEN), None
    StandingFlag.objects.bulk_update(again, ["state", "ended_at"])
    for step, flags in (("begin", fresh), ("again", again)):
        journal.append_many(
            (
                (flag, {"subject": flag.subject, "fact": f"people.standing:{flag.standing_id}"})
                for flag in flags
            ),
            step,
            at=now,
        )
    duties.keep_many(((flag, owed(flag)) for flag in (*fresh, *again)), now=now)
    _write_to_bodies(fresh)


def _write_to_bodies(flags: Sequence[StandingFlag]) -> None:
    """One letter to the people of each body, however much of it is flagged at once."""
    by_body = defaultdict(list)
    for flag in flags:
        by_body[flag.body_id].append(flag)
    for body, found in by_body.items():
        prefetch_related_objects(found[:NAMED], "organisation")
        letters.prepare(
            found[0],
            "standing-watch",
            people_of(body, *RESPONSIBLE),
            "registry/letters/standing_watch.txt",
            {"flags": found[:NAMED], "more": max(len(found) - NAMED, 0), "due_at": found[0].due_at},
            release=True,
        )


def _end(gone: Sequence[StandingFlag], now: Any) -> None:
    today = clock.day_of(now)
    for flag in gone:
        until = flag.standing.until
        lifted = flag.standing.since > today or (until is not None and until <= today)
        flag.state, flag.ended_at = (State.LIFTED if lifted else State.OVER), now
    StandingFlag.objects.bulk_update(gone, ["state", "ended_at"])
    for state in (State.LIFTED, State.OVER):
        journal.append_many(
            ((flag, {"subject": flag.subject}) for flag in gone if flag.state == state),
            state,
            at=now,
        )
    duties.keep_many(((flag, ()) for flag in gone), now=now)
