"""What is seen at a visit: noted while it is under way, taken back with a reason (SO-M-15)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, journal
from ortaq.core.models import StoredFile
from ortaq.core.procedure import Refused, Step
from ortaq.oversight.models import Observation, Visit
from ortaq.oversight.policy.visit import works_at
from ortaq.people.actor import Actor

from .action import ACTION, OPEN_ACTIONS
from .plan import edition_of
from .request import at_work, error

NOTE = Step("note", _("Note what was seen"), Visit.State.STARTED, None, by=works_at)
TAKE_BACK = Step(
    "take_back", _("Take the observation back"), Visit.State.STARTED, None, by=works_at
)


@transaction.atomic
def note(
    visit: Visit,
    once: uuid.UUID,
    *,
    indicator: str,
    weight: str,
    text: str,
    seen_at: datetime,
    place: str = "",
    photo: StoredFile | None = None,
    actor: Actor,
) -> Observation:
    """An observation more; the form `once` makes one. Raises `Refused` for strangers, while the visit is not under way, for an
    indicator that the edition does not have, without words, and for an instant in the future.
    """
    fresh = at_work(NOTE, visit, actor)
    if made := Observation.objects.filter(once=once, visit=fresh).first():
        return made
    found = []
    if indicator not in edition_of(fresh.plan).grounds("monitoring_indicators"):
        found.append(
            error("unknown_indicator", _("Choose an indicator of the edition."), "indicator")
        )
    if weight not in Observation.Weight.values:
        found.append(error("unknown_weight", _("Say how much it weighs."), "weight"))
    if not text.strip():
        found.append(error("no_words", _("Write what was seen."), "text"))
    if seen_at > clock.now():
        found.append(error("in_future", _("This lies in the future."), "seen_at"))
    if found:
        raise Refused(NOTE, found)
    last = max((one.number for one in fresh.observations.all()), default=0)
    made = Observation.objects.create(
        visit=fresh,
        number=last + 1,
        once=once,
        indicator=indicator,
        weight=weight,
        text=text.strip(),
        place=place.strip(),
        seen_at=seen_at,
        photo=photo,
    )
    facts = {"number": made.number, "indicator": indicator, "weight": weight}
    _write(fresh, NOTE, actor, facts | {"sha256": photo.sha256 if photo else ""})
    return made


@transaction.atomic
def take_back(observation: Observation, *, reason: str, actor: Actor) -> None:
    """The observation counts no more, and what was to be mended after it is no longer asked for. Raises `Refused` for strangers,
    without a reason, when it was taken back before, and once the report is formed.
    """
    fresh = at_work(TAKE_BACK, observation.visit, actor)
    row = Observation.objects.get(pk=observation.pk)
    if not reason.strip():
        message = _("Say why, so that it can be understood afterwards.")
        raise Refused(TAKE_BACK, [error("no_remark", message, "remark")])
    if row.withdrawn_at is not None:
        message = _("This observation was taken back before.")
        raise Refused(TAKE_BACK, [error("taken_back", message)])
    row.withdrawn_at, row.withdrawn_reason = clock.now(), reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    for action in row.actions.filter(state__in=OPEN_ACTIONS):
        ACTION.take("drop", action, actor=actor, remark=reason)
    _write(fresh, TAKE_BACK, actor, {"number": row.number})
    observation.refresh_from_db()


def _write(visit: Visit, step: Step, actor: Actor, facts: Mapping[str, Any]) -> None:
    journal.append(visit, step.name, actor=actor.key, behalf=actor.behalf, facts=facts)
