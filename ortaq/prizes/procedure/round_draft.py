"""The prize of a year while it is prepared: its texts, its directions and their sums (PR-004, PR-010, PR-034)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, journal, terms
from ortaq.core.procedure import SYSTEM, Refused, moved_on, not_yours
from ortaq.law import fields
from ortaq.law.findings import Finding, Severity
from ortaq.people.models import Organisation
from ortaq.people.policy import is_authorised_body
from ortaq.prizes.models import Direction, Round
from ortaq.prizes.models.round import ACT
from ortaq.prizes.policy.round import organises

from .round import ANNOUNCE, ROUND
from .round_announcing import ends_of, new_year


def rules_of(year: int) -> law.Edition:
    """The edition in force when the prize of a year is announced; `law.Refused` where there is none."""
    return law.at(ACT, date(year, 1, 1))


def is_time(today: date) -> bool:
    """Whether the prize of this year is to be prepared by now, and can still be announced."""
    edition, start = rules_of(today.year), new_year(today.year)
    opens = terms.due_at(edition, "prize.prepare", start)
    return (
        clock.day_of(opens)
        <= today
        <= clock.day_of(terms.due_at(edition, "prize.announce", start)).replace(month=8)
    )


@transaction.atomic
def begin(organiser: Organisation, year: int, *, actor: Any) -> Round:
    """Begin a draft quietly, with all directions of the edition at the least sum of today; sent twice it is one round.

    `PermissionDenied` for anybody but the authorised body's people and the system; `Refused` for a year whose prize is over.
    """
    if actor is not SYSTEM and not (is_authorised_body(actor) and actor.acting_for == organiser):
        raise PermissionDenied
    if there := Round.objects.filter(year=year).first():
        return there
    edition = rules_of(year)
    found = Round(
        organiser=organiser,
        year=year,
        edition=edition.key,
        addressee_kk=organiser.name_kk,
        addressee_ru=organiser.name_ru,
        announce_due=terms.due_at(edition, "prize.announce", new_year(year)),
    )
    if clock.now() > ends_of(found):
        message = _("Applications for the prize of this year cannot be taken any more.")
        raise Refused(
            ANNOUNCE,
            [
                Finding(
                    "too_late",
                    Severity.ERROR,
                    message,
                    edition.term("prize.apply").cite,
                    about="year",
                )
            ],
        )
    ROUND.begin(found, actor=actor, year=year, edition=f"{ACT}/{edition.key}")
    least = least_sum(edition)
    Direction.objects.bulk_create(
        Direction(round=found, position=position, field=one.key, amount_tiyn=least)
        for position, one in enumerate(directions_of(edition), 1)
    )
    return found


def directions_of(edition: law.Edition) -> list[fields.Field]:
    """The directions of the edition, in its order (PR-004)."""
    return fields.fields_of(str(edition.parameter("prize.fields").value))


def least_sum(edition: law.Edition) -> int:
    """The least prize today, in tiyn; 0 where the index of the year is not known (PR-034)."""
    try:
        found = terms.threshold("prize.amount_min", clock.today(), edition=edition)
    except law.Refused:
        return 0
    return int(found[0].numbers["amount_tiyn"])


@transaction.atomic
def edit(found: Round, texts: Mapping[str, str], *, actor: Any) -> None:
    """Save those of `texts` (by name of the column) that differ from what is stored."""
    row = _own_draft(found, actor)
    changed = sorted(name for name, text in texts.items() if getattr(row, name) != text)
    for name in changed:
        setattr(row, name, texts[name])
    if changed:
        row.version += 1
        row.save(update_fields=[*changed, "version"])
        _note(row, "edit", actor, {"fields": changed, "version": row.version})
    found.refresh_from_db()


@transaction.atomic
def choose_directions(found: Round, sums: Mapping[str, int], *, actor: Any) -> None:
    """Make the directions exactly those of `sums` ({key of the direction: tiyn}), in the order of the edition.

    `ValueError` for a direction that the edition does not have.
    """
    row = _own_draft(found, actor)
    known = [one.key for one in directions_of(row.rules)]
    if not set(sums) <= set(known):
        raise ValueError("a direction that the edition does not have")
    kept = {one.field: one for one in row.directions.all()}
    row.directions.exclude(field__in=sums).delete()
    for position, key in enumerate(known, 1):
        if key not in sums:
            continue
        one = kept.get(key) or Direction(round=row, field=key)
        one.position, one.amount_tiyn = position, sums[key]
        one.save()
    row.version += 1
    row.save(update_fields=["version"])
    _note(row, "choose_directions", actor, {"sums": dict(sums), "version": row.version})
    found.refresh_from_db()


def _own_draft(found: Round, actor: Any) -> Round:
    """The row, locked; `Refused` when it is no longer a draft or not the actor's to change."""
    row = ROUND.lock(found.pk)
    if not organises(actor, row):
        raise Refused(ANNOUNCE, [not_yours(ANNOUNCE)])
    if row.state != Round.State.DRAFT:
        raise Refused(ANNOUNCE, [moved_on(ANNOUNCE, row, "state")])
    return row


def _note(found: Round, step: str, actor: Any, facts: Mapping[str, Any]) -> None:
    journal.append(found, step, actor=actor.key, behalf=actor.behalf, facts=facts)


def texts() -> Iterable[str]:
    """The texts of an announcement, by the names of their columns."""
    return ("text_kk", "text_ru", "contacts_kk", "contacts_ru", "addressee_kk", "addressee_ru")
