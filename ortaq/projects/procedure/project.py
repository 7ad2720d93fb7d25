"""The project: running → final report accepted → closed, or ended before its time.

open       by the award: the last step of the contract opens it, with annex 3 as its living plan
settings   by either party: manager, level, civic centre, special social services
annotate   by either party: level, source and scale of an indicator, which annex 3 has no place for
places     by either party: region and number of events of a place, as far as its text leaves them open
accept     when both final reports are accepted
close      grants: by the body, after the final presentation; social orders: with the act of services (SO-E-21)
terminate  by the body, with the reason (GR-I-16: no source sets grounds)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, duties
from ortaq.core.keys import key_of, person
from ortaq.core.procedure import Attempt, Procedure, Step, system_only
from ortaq.law.findings import Finding, Severity
from ortaq.law.standard.tables import ACT as STANDARD
from ortaq.people.models import User
from ortaq.projects import baseline, completeness, retention, tally
from ortaq.projects.closing import may_close
from ortaq.projects.models import Contract, Indicator, Place, Project, Tranche
from ortaq.projects.policy.project import is_body, may_set
from ortaq.projects.queries.risks import reckon
from ortaq.projects.spelling import spell_out

from .shared import by_its_act, nobody_was_faster, said

State = Project.State


def standard_of(contract: Contract) -> str:
    """The edition of the Standard that answers for the day on which the contract was concluded."""
    assert contract.concluded_on is not None  # a signed contract has its day
    return law.at(STANDARD, contract.concluded_on).key


def open_project(contract: Contract, attempt: Attempt) -> Project:
    """Open the project of a contract that is being signed, inside its step. Signed content is kept with its hash; the advance is the
    first tranche, the rest the second (further instalments are not in the sources, GR-K-05).
    """
    spell_out(contract)
    content = baseline.of(contract)
    project = Project(
        contract=contract,
        standard=standard_of(contract),
        baseline=content,
        baseline_sha256=baseline.sha256(content),
        opened_at=attempt.now,
    )
    PROJECT.begin(project, actor=attempt.actor, baseline=project.baseline_sha256)
    rest = contract.sum_tiyn - contract.advance_tiyn
    sums = [(contract.advance_tiyn, True), (rest, False)]
    Tranche.objects.bulk_create(
        Tranche(project=project, number=number, is_advance=advance, planned_tiyn=tiyn)
        for number, (tiyn, advance) in enumerate([s for s in sums if s[0]], 1)
    )
    tally.settle(project)
    return project


def reason_given(project: Project, attempt: Attempt) -> Iterable[Finding]:
    """Whoever ends a project before its time says why."""
    if not said(attempt, "reason"):
        cite = law.edition(project.contract.act, project.contract.edition).cite("")
        yield Finding("no_reason", Severity.ERROR, _("Say why."), cite, about="reason")


def _closed(project: Project, attempt: Attempt) -> Mapping[str, Any]:
    project.closed_at = attempt.now
    project.ended_reason = said(attempt, "reason")
    project.keep_personal_until = retention.keep_until(clock.day_of(attempt.now))
    project.save(update_fields=["closed_at", "ended_reason", "keep_personal_until"])
    for report in project.reports.all():  # nobody owes a report of a project that has ended
        duties.keep(report, (), now=attempt.now)
    return {"covered": project.covered, "admitted_tiyn": project.admitted_tiyn}


SETTINGS_FIELDS = ("manager", "level", "is_civic_centre", "special_social_services")


def _set(project: Project, attempt: Attempt) -> Mapping[str, Any]:
    """Put the values in; the journal says what changed, a person by their key only."""
    changed: dict[str, Any] = {}
    for name in SETTINGS_FIELDS:
        value = attempt.facts["values"][name]
        if getattr(project, name) != value:
            setattr(project, name, value)
            changed[name] = person(value.pk) if isinstance(value, User) else value
    project.version += 1
    project.save(update_fields=[*SETTINGS_FIELDS, "version"])
    return {"changed": changed}


ANNOTATION = ("level", "set_by", "source", "scale")


def _annotated(project: Project, attempt: Attempt) -> Mapping[str, Any]:
    """What is noted of an indicator changes nothing that was promised; a scale changes how proofs add up."""
    indicator: Indicator = attempt.facts["indicator"]
    for name in ANNOTATION:
        setattr(indicator, name, attempt.facts["values"][name])
    indicator.save(update_fields=ANNOTATION)
    tally.settle(project)
    return {
        "indicator": key_of(indicator),
        "level": indicator.level,
        "set_by": indicator.set_by,
        "levels": len(indicator.scale),
    }


def numbers_stand(project: Project, attempt: Attempt) -> Iterable[Finding]:
    """A number of events that the plan's text says, or that was given before, is changed by a request (IM-041); the body may mend
    one that was given.
    """
    cite = completeness.cite(project.contract, "GR-I-16", inferred=True)
    values = attempt.facts.get("values")
    if not values:  # only asked whether the step is offered
        return
    rows = attempt.facts["rows"] = Place.objects.in_bulk(values)
    for pk, place in rows.items():
        _region, events = values[pk]
        if place.events is None or place.events == events:
            continue
        about = f"p{pk}-events"
        if not place.by_hand:
            message = _("The text of the plan says this number: ask for a change of the place.")
            yield Finding("number_in_the_text", Severity.ERROR, message, cite, about=about)
        elif not is_body(attempt.actor, project):
            message = _(
                "This number is given already. Ask for a change of the place, or let the body mend it."
            )
            yield Finding("number_given", Severity.ERROR, message, cite, about=about)


def _placed(project: Project, attempt: Attempt) -> Mapping[str, Any]:
    """Where the places lie and how many events are planned there: what their text leaves open is given by a person."""
    given = {}
    for pk, place in attempt.facts.get("rows", {}).items():
        region, events = attempt.facts["values"][pk]
        if (place.region, place.events) == (region, events):
            continue
        if place.events != events:
            place.events, place.by_hand = events, events is not None
        place.region = region
        place.save(update_fields=["region", "events", "by_hand"])
        given[str(pk)] = events
    if given:
        tally.settle(project)  # an indicator "from each event" asks for more
    return {"activity": key_of(attempt.facts["activity"]), "events": given}


SETTINGS = Step(
    "settings",
    _("Settings of the project changed"),
    source=(State.RUNNING, State.ACCEPTED),
    target=None,
    by=may_set,
    requires=(nobody_was_faster,),
    effect=_set,
)
ANNOTATE = Step(
    "annotate",
    _("Note on an indicator changed"),
    source=State.RUNNING,
    target=None,
    by=may_set,
    effect=_annotated,
)
PLACES = Step(
    "places",
    _("Places of an activity described"),
    source=State.RUNNING,
    target=None,
    by=may_set,
    requires=(numbers_stand,),
    effect=_placed,
    cite="GR-I-16",
)
ACCEPT = Step(
    "accept",
    _("Final report accepted"),
    source=State.RUNNING,
    target=State.ACCEPTED,
    by=system_only,
    cite="GR-I-16",
)
CLOSE = Step(
    "close",
    _("Close the project"),
    source=State.ACCEPTED,
    target=State.CLOSED,
    by=is_body,
    requires=(may_close,),
    effect=_closed,
    cite="GR-I-16",
    final=True,
)
TERMINATE = Step(
    "terminate",
    _("End before its time"),
    source=(State.RUNNING, State.ACCEPTED),
    target=State.TERMINATED,
    by=is_body,
    requires=(reason_given,),
    effect=_closed,
    cite="GR-I-16",
    final=True,
)
PROJECT: Procedure[Project] = Procedure(
    Project, (SETTINGS, ANNOTATE, PLACES, ACCEPT, CLOSE, TERMINATE), cites=by_its_act
)


# --- How projects stand, day by day ------------------------------------------------------------------

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Projects that stand otherwise than the day before; nothing is ever refused."""

    closed: Sequence[Project]
    refused: Sequence[Exception] = ()


def reckon_due() -> Reckoned:
    """Reckon how running projects stand today, some at a time: `ortaq tick` goes on where it stopped a minute ago.

    Days pass without a step being taken: terms end, reports fall due. Safe to run at any time and by several at once.
    """
    today = clock.today()
    due = Project.objects.filter(state__in=(State.RUNNING, State.ACCEPTED))
    due = due.filter(Q(reckoned_on__lt=today) | Q(reckoned_on=None))
    rows = list(due.select_related("contract").defer("baseline").order_by("pk")[:AT_ONCE])
    return Reckoned(reckon(rows) if rows else [])
