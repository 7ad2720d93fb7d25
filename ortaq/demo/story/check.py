"""5 to 17 June: the operator checks every application, item by item, and admits or refuses it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ortaq.core import clock
from ortaq.demo import cast
from ortaq.grants.models import AdmissibilityCheck, Application
from ortaq.grants.procedure import admissibility
from ortaq.grants.procedure.admissibility import CHECK
from ortaq.grants.queries.application import whole_of
from ortaq.people.models import Standing
from ortaq.people.procedure import record_standing

from . import data, found
from .beat import Beat, beat
from .data import Entry

Result = AdmissibilityCheck.Result
BEGINS = clock.at(date(2020, 6, 9), 9, 30)
A_DAY = 5  # applications
OFFICERS = ("gulnara", "timur")
COMPARED = "Өтініммен және жоспармен салыстырылды."


def beats() -> Iterator[Beat]:
    yield beat(clock.at(date(2020, 6, 5), 12), learn_of_standing)
    submitted = [entry for entry in data.entries() if entry.submitted]
    for number, entry in enumerate(submitted):
        day, turn = divmod(number, A_DAY)
        # 13 and 14 June are a Saturday and a Sunday.
        days = day + (2 if day > 3 else 0)
        yield beat(BEGINS + timedelta(days=days, minutes=75 * turn), check, entry)


def learn_of_standing() -> None:
    """An attachment of property becomes known after the NGO has applied."""
    told = dict(data.competition()["standing"])
    organisation = cast.body(told.pop("ngo"))
    record_standing(Standing(organisation=organisation, **told), actor=cast.actor("timur"))


def check(entry: Entry) -> None:
    """Fail what the story fails, confirm what the records show with one press, look at the rest, decide.

    The only application for a topic is not checked: its competition has failed already (GR-S-15).
    """
    application = found.application(entry, Application.State.SUBMITTED)
    if application is None or is_alone(application):
        return
    officer = cast.actor(OFFICERS[entry.number % len(OFFICERS)])
    listed = admissibility.items(application.competition.rules)

    def unchecked() -> list[admissibility.Item]:
        done = set(application.checks.values_list("item", flat=True))
        return [item for item in listed if item.key not in done]

    failing = [item for item in unchecked() if item.key in entry.fails]
    shown = admissibility.proposals(whole_of(application)) if failing else {}
    for item in failing:
        proposed = shown.get(item.key, admissibility.Proposal())
        admissibility.record(
            application,
            item.key,
            Result.FAILED,
            actor=officer,
            reason=entry.fails[item.key],
            evidence=str(proposed.evidence or COMPARED)[:300],
        )
    admissibility.confirm_proposed(application, actor=officer)
    for item in unchecked():
        admissibility.record(application, item.key, Result.PASSED, actor=officer, evidence=COMPARED)
    failed = application.checks.filter(result=Result.FAILED).exists()
    CHECK.take("refuse" if failed else "admit", application, actor=officer)


def is_alone(application: Application) -> bool:
    """Whether nobody else has handed in an application for the same topic."""
    others = Application.objects.filter(lot=application.lot_id, submitted_at__isnull=False)
    return not (
        others.exclude(pk=application.pk).exclude(state=Application.State.WITHDRAWN).exists()
    )
