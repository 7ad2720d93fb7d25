"""What records and tools propose to say about each indicator of monitoring; whoever does the visit decides (SO-M-03..06).

No source says when an indicator is met: the bounds are our proposal. Where the Standard measures no satisfaction it is "not
applicable" and never a failure (SO-X-03).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ortaq.faces.say import number
from ortaq.law.findings import Severity
from ortaq.oversight.models import Visit
from ortaq.projects import standard
from ortaq.projects.feedback import SATISFACTION
from ortaq.projects.models import Event, Project
from ortaq.projects.reporting.words import Both, both
from ortaq.projects.risks import ENOUGH_PEOPLE, HALF, time_passed

MET, PARTLY, NOT_MET, NOT_APPLICABLE = "met", "partly", "not_met", "not_applicable"
VERDICTS = {
    MET: gettext_lazy("met"),
    PARTLY: gettext_lazy("partly met"),
    NOT_MET: gettext_lazy("not met"),
    NOT_APPLICABLE: gettext_lazy("not applicable"),
}
# Which tools tell something about an indicator.
TOLD_BY = {
    "process": ("indicators", "documents"),
    "results": ("indicators", "documents"),
    "satisfaction": ("survey", "mystery_shopper", "networks"),
    "influence": ("survey", "networks"),
    "coverage": ("indicators", "documents"),
    "standard": ("mystery_shopper", "documents"),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A verdict ("" where the records say too little) and what the records say, in both languages."""

    verdict: str = ""
    words: Both = field(default_factory=dict)


NOTHING = Proposal()


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is counted once for all indicators. `measured` and `checked` are held events that the Standard measures and speaks of;
    `low` and `departing` those of them that fall short.
    """

    project: Project
    today: date
    expected: int
    came: int
    measured: int
    low: int
    checked: int
    departing: int
    asks: bool


def proposals(visit: Visit, keys: Sequence[str], today: date) -> dict[str, Proposal]:
    """A proposal for each of these indicators; seven queries, however many events the project has."""
    facts = _facts(visit.plan.project, today)
    return {key: _BY_INDICATOR.get(key, _silent)(facts) for key in keys}


def _facts(project: Project, today: date) -> _Facts:
    held = list(project.event_set.filter(state=Event.State.HELD).prefetch_related("trainers"))
    counts = standard.counts_of(held)
    measured = low = checked = departing = 0
    for event in held:
        found = standard.of_event(event, counts[event.pk]) if event.service else []
        bad = [one for one in found if one.severity in (Severity.WARNING, Severity.ERROR)]
        rated = [one for one in found if one.about == "satisfaction" and "value" in one.numbers]
        checked += bool(found)
        departing += bool(bad)
        measured += bool(rated)
        low += any(one in bad for one in rated)
    return _Facts(
        project,
        today,
        sum(event.expected_participants or 0 for event in held),
        sum(standard.people(event) for event in held),
        measured,
        low,
        checked,
        departing,
        asks=any(event.service in SATISFACTION for event in held) or project.consultations.exists(),
    )


def _graded(part: Fraction, whole: Fraction | int = 1) -> str:
    """Met when all of it is there, partly from a half on."""
    if part >= whole:
        return MET
    return PARTLY if part >= whole * HALF else NOT_MET


def _silent(_facts: _Facts) -> Proposal:
    return NOTHING


def _process(facts: _Facts) -> Proposal:
    """What is reached of the indicators is compared with the part of the term that has passed."""
    project = facts.project
    words = _both(
        lambda: _(
            "Events held: %(held)s of %(planned)s. Indicators reached: %(done)s of %(all)s, of them proved: %(proved)s."
        ),
        held=project.events_held,
        planned=project.events,
        done=project.indicators_done,
        all=project.indicators,
        proved=project.indicators_proved,
    )
    if not project.indicators:
        return Proposal("", words)
    reached = Fraction(project.indicators_done, project.indicators)
    return Proposal(_graded(reached, time_passed(project, facts.today)), words)


def _coverage(facts: _Facts) -> Proposal:
    words = _both(
        lambda: _(
            "Different people covered: %(covered)s. At the events held %(came)s came, %(expected)s were expected."
        ),
        covered=facts.project.covered,
        came=facts.came,
        expected=facts.expected,
    )
    if not facts.expected:
        return Proposal("", words)
    return Proposal(_graded(Fraction(facts.came, facts.expected), ENOUGH_PEOPLE), words)


def _satisfaction(facts: _Facts) -> Proposal:
    if not facts.asks:
        words = _both(
            lambda: _("The Standard measures no satisfaction for the services of this project.")
        )
        return Proposal(NOT_APPLICABLE, words)
    words = _both(
        lambda: _(
            "Events with satisfaction measured by the Standard: %(measured)s, below its level: %(low)s."
        ),
        measured=facts.measured,
        low=facts.low,
    )
    return Proposal(_short(facts.measured, facts.low), words)


def _standard(facts: _Facts) -> Proposal:
    """By the whole checker of the Standard, not only ¶8 (SO-X-23)."""
    if not facts.checked:
        words = _both(
            lambda: _("No event that was held is a service of which the Standard speaks.")
        )
        return Proposal(NOT_APPLICABLE, words)
    words = _both(
        lambda: _("Events compared with the Standard: %(checked)s, departing from it: %(bad)s."),
        checked=facts.checked,
        bad=facts.departing,
    )
    return Proposal(_short(facts.checked, facts.departing), words)


def _short(whole: int, bad: int) -> str:
    return _graded(Fraction(whole - bad, whole)) if whole else ""


def _both(text: Callable[[], str], **numbers: int) -> Both:
    return both(lambda: text() % {name: number(value) for name, value in numbers.items()})


_BY_INDICATOR: Mapping[str, Callable[[Any], Proposal]] = {
    "process": _process,
    "results": _process,
    "coverage": _coverage,
    "satisfaction": _satisfaction,
    "standard": _standard,
}
