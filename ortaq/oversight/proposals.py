"""What the records of a project propose to say of a year in annexes 5 and 9, in Kazakh and in Russian; the officer rewrites it.

It is made of the same facts as the NGO's own creative reports (`projects.reporting`), so the two cannot tell different numbers.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from ortaq.core import clock
from ortaq.oversight.annex5 import goals_of
from ortaq.projects.models import Event, Project, Report
from ortaq.projects.reporting import facts
from ortaq.projects.reporting.facts import Facts, Records
from ortaq.projects.reporting.words import LANGUAGES, Both, both, joined
from ortaq.projects.standard import people

Kind = Report.Kind
# As many events are named one by one; of more, only how many there were.
NAMED = 15


def proposed(project: Project, year: int) -> dict[str, Both]:
    """`goals`, `process`, `results`, each {"kk", "ru"}; of what the records do not say, "". The impact is a judgement, so nothing
    proposes it. A fixed number of queries.
    """
    today = clock.today()
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    within = Records.of(Report(project=project, kind=Kind.INTERIM_CREATIVE, period_from=first, period_to=max(first, last)))  # fmt: skip
    whole = Records(
        Report(project=project, kind=Kind.FINAL_CREATIVE, period_from=first, period_to=last),
        within.events,
        within.evidence,
        within.changes,
        within.consultations,
        within.progress,
    )
    return {
        "goals": goals_of(project.contract, None),
        "process": _process(within),
        "results": _results(facts.of(whole, [], [], {})),
    }


def _process(records: Records) -> Both:
    held = [one for one in records.events if one.state == Event.State.HELD]
    cancelled = sum(one.state == Event.State.CANCELLED for one in records.events)
    told = {"events": len(held), "people": sum(people(one) for one in held)}
    lines = []
    if held:
        lines.append(both(lambda: _("Events held: %(events)s, participants: %(people)s.") % told))
    if cancelled:
        number = {"events": cancelled}
        lines.append(both(lambda: _("Events called off: %(events)s.") % number))
    lines += [_event(one) for one in held[:NAMED]]
    if len(held) > NAMED:
        rest = {"events": len(held) - NAMED}
        lines.append(both(lambda: _("And %(events)s more events.") % rest))
    if records.consultations["number"]:
        given = {key: records.consultations[key] for key in ("number", "people")}
        lines.append(
            both(lambda: _("Consultations given: %(number)s, to people: %(people)s.") % given)
        )
    if records.changes:
        changed = {"changes": len(records.changes)}
        lines.append(both(lambda: _("Changes of the plan approved: %(changes)s.") % changed))
    return joined(lines)


def _event(one: Event) -> Both:
    on = f"{clock.day_of(one.starts_at):%d.%m.%Y}"
    titles = {"kk": one.title_kk, "ru": one.title_ru or one.title_kk}

    def say(language: str) -> str:
        return f"{on}: {titles[language].rstrip('.')}"

    told = {"people": people(one)}
    came = both(lambda: _("participants: %(people)s") % told)
    return {language: f"{say(language)} ({came[language]})." for language in LANGUAGES}


def _results(found: Facts) -> Both:
    rows = found.tables.get("goal_results/indicator_results", [])
    lines = [
        {
            language: f"{row['indicator'][language].rstrip('.:')}: {row['result']} "
            f"({row['level'][language]})."
            for language in LANGUAGES
        }
        for row in rows
    ]
    kept = found.lines.get("goal_results/text/satisfaction")
    return joined([*lines, *([kept] if kept else [])])
