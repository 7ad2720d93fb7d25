"""Duties as the events of a calendar: a person's own, and those of an organisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ortaq.core.models import Duty
from ortaq.faces import say
from ortaq.faces.ical import Event

from .models import Organisation

# A feed is read by machines every hour: it carries what a calendar can show.
EVENTS = 500


def events(duties: Iterable[tuple[Duty, Organisation | None]]) -> Iterator[Event]:
    """An event for each duty that has a term; beside it the organisation that bears it, None for the person."""
    for duty, organisation in duties:
        if duty.due_at is None:
            continue
        about = [organisation.name] if organisation else []
        about += [say.cite(duty.cite)] if duty.cite else []
        yield Event(
            f"duty-{duty.pk}",
            duty.due_at,
            say.text(duty.title),
            " · ".join(about),
            duty.address,
        )
