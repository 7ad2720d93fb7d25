"""Entries of people that look alike (the same name and place of work, or one contact): looked at by the NGO.

merge        two are one person
keep_apart   they are different people: counted apart, never offered for merging again
doubt_again  take that back
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import combinations
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.procedure import Refused, Step
from ortaq.projects import tally
from ortaq.projects.models import Apart, Consultation, Consumer, Evidence, Project
from ortaq.projects.policy.project import records

from .attendance import error
from .recognition import CHUNK
from .shared import begun, note

MERGE = Step("merge", _("Merge two entries of one person"), source=(), target=None, by=records)
KEEP_APART = Step("keep_apart", _("Record different people"), source=(), target=None, by=records)
MOST_APART = 100  # of one group: each stands beside each


@transaction.atomic
def merge(kept: Consumer, other: Consumer, *, actor: Any) -> None:
    """Two entries are one person: what `other` took part in is `kept`'s. Where both stood at one event, being there once and the
    rating of `kept`, or else of `other`, count. Whoever comes again as `other` is found as `kept`.

    Raises `Refused` when they are not two people of one project, still known.
    """
    project = begun(MERGE, kept.project, actor)
    first, second = (
        Consumer.objects.filter(
            pk=one.pk, project=project, merged_into=None, erased_at=None
        ).first()
        for one in (kept, other)
    )
    if first is None or second is None or first.pk == second.pk:
        raise Refused(
            MERGE,
            [error("not_two", _("Choose two people of this project: these are one already."))],
        )
    if Apart.objects.filter(first=min(first, second, key=_pk), second=max(first, second, key=_pk)):
        raise Refused(MERGE, [error("kept_apart", _("They are recorded as different people: take that back first."))])  # fmt: skip
    standing = {one.event_id: one for one in first.participations.all()}
    events = []
    for theirs in second.participations.select_related("event"):
        events.append(theirs.event)
        if (ours := standing.get(theirs.event_id)) is None:
            theirs.consumer = first
            theirs.save(update_fields=["consumer"])
            continue
        ours.attended = ours.attended or theirs.attended
        if ours.points is None:
            ours.points, ours.rated_at = theirs.points, theirs.rated_at
        if ours.applied is None:
            ours.applied = theirs.applied
        ours.review = ours.review or theirs.review
        theirs.delete()  # first, since its code is nobody else's
        if not ours.key:
            ours.key, ours.holder = theirs.key, theirs.holder
        ours.save()
    Consultation.objects.filter(consumer=second).update(consumer=first)
    Evidence.objects.filter(consumer=second).update(consumer=first)
    _take_over_apart(first, second)
    second.aliases.update(merged_into=first)
    second.merged_into, second.attended = first, 0
    second.save(update_fields=["merged_into", "attended"])
    first.attended = first.participations.filter(attended=True).count()
    first.save(update_fields=["attended"])
    tally.settle_events(project, events)
    note(project, "people_merged", actor)


def _pk(person: Consumer) -> int:
    return person.pk


def _take_over_apart(first: Consumer, second: Consumer) -> None:
    """Whoever is not the second is not the first either."""
    rows = Apart.objects.filter(Q(first=second) | Q(second=second))
    others = {one.first_id + one.second_id - second.pk for one in rows}
    rows.delete()
    _set_apart([(first.pk, other) for other in others])


def _set_apart(pairs: Iterable[tuple[int, int]]) -> None:
    now = clock.now()
    rows = [Apart(first_id=min(pair), second_id=max(pair), at=now) for pair in pairs]
    Apart.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)


@transaction.atomic
def keep_apart(project: Project, people: Collection[int], *, actor: Any) -> None:
    """These entries (their keys) are different people, each of them: they stay counted apart and are not offered for merging again.

    Raises `Refused` when they are not at least two people of this project, still known, and at most `MOST_APART`.
    """
    fresh = begun(KEEP_APART, project, actor)
    rows = Consumer.objects.filter(project=fresh, merged_into=None, erased_at=None)
    known = sorted(rows.filter(pk__in=list(people)[: MOST_APART + 1]).values_list("pk", flat=True))
    if not 2 <= len(known) <= MOST_APART:
        raise Refused(KEEP_APART, [error("not_two", _("Choose at least two people of one group."))])  # fmt: skip
    _set_apart(combinations(known, 2))
    note(fresh, "people_kept_apart", actor, {"people": len(known)})


@transaction.atomic
def doubt_again(project: Project, apart: int, *, actor: Any) -> None:
    """Take back that two are different people: they are offered for merging again. Taken back twice it is taken back once."""
    fresh = begun(KEEP_APART, project, actor)
    if Apart.objects.filter(pk=apart, first__project=fresh).delete()[0]:
        note(fresh, "people_not_kept_apart", actor)
