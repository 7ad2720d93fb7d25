"""A year: the dates that the law sets, and what really happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, terms
from ortaq.faces import parts, say
from ortaq.faces.tones import Tone
from ortaq.gazette.models import Publication
from ortaq.gazette.queries import published
from ortaq.law.findings import Citation
from ortaq.portal.asking import FIRST_YEAR, YEARS_AHEAD, Asked

from .money import address_of

Kind = Publication.Kind
# Acts whose yearly dates stand on the page; of the guide to tenders only the one date that the rules do not set anew.
GUIDE = "tender_scoring"
ACTS = ("rules_social_order", "prizes_rules", "ngo_database", GUIDE)
OF_THE_GUIDE = ("budget_request",)
# What happens on a day; an NGO or a body is there. Named, so that the index by kind and day is used.
DATED = [kind for kind in Kind if kind not in (Kind.NGO, Kind.BODY)]
# So many stretches of a line are drawn one by one.
APART = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the picture: `terms` are the law's yearly dates, `open` kinds with a time, `at` kinds that come out on a day."""

    label: Any
    terms: Sequence[str] = ()
    open: Sequence[str] = ()
    at: Sequence[str] = ()
    tone: Tone = Tone.INFO


ROWS = (
    Row(_("Topics are discussed"), open=(Kind.DISCUSSION,)),
    Row(
        _("Bodies tell what they plan and did"),
        ("information.central", "information.after_budget", "information.local"),
        at=(Kind.REPORT,),
    ),
    Row(_("Budget request"), ("budget_request",)),
    Row(_("Grants: applications are taken"), open=(Kind.COMPETITION,)),
    Row(_("Grants: results"), at=(Kind.GRANT,), tone=Tone.GOOD),
    Row(_("Tenders: bids are taken"), open=(Kind.TENDER,)),
    Row(_("Tenders: results"), at=(Kind.ORDER,), tone=Tone.GOOD),
    Row(_("Small grants: applications are taken"), open=(Kind.SMALL,)),
    Row(_("Results of projects"), at=(Kind.PROJECT,), tone=Tone.GOOD),
    Row(_("Reports on monitoring"), ("report.half_year", "report.year", "report.summer", "report.winter")),
    Row(_("Evaluations"), ("report.evaluation", "evaluation_report"), at=(Kind.EVALUATION,), tone=Tone.GOOD),
    Row(_("Information to the Government"), ("government_summary",)),
    Row(_("Prize: applications are taken"), ("prize.announce", "prize.apply"), open=(Kind.PRIZE,)),
    Row(_("Prize: results and payment"), ("prize.results", "prize.payment"), at=(Kind.LAUREATE,), tone=Tone.GOOD),
    Row(_("Expert councils seek members"), open=(Kind.COUNCIL,)),
    Row(_("NGOs report on the past year"), ("annual_return",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dated:
    """A yearly date of the law: `over` when it has passed."""

    key: str
    on: date
    label: Any
    cite: Citation
    over: bool


@dataclass(slots=True)
class Month:
    """What the law says and what happened in a month; `happened`: (kind in words, how many, address of the list)."""

    first: date
    dates: list[Dated] = field(default_factory=list)
    happened: list[tuple[Any, int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Year:
    """The page of a year; three queries, one of them the calendar of working days."""

    year: int
    begins: date
    ends: date
    rows: Sequence[parts.YearRow]
    months: Sequence[Month]
    before: int | None
    after: int | None


def is_known(year: int) -> bool:
    """Whether there is a page of this year."""
    return FIRST_YEAR <= year <= clock.today().year + YEARS_AHEAD


def statutory(year: int) -> list[Dated]:
    """The yearly dates of the law in a year, by the edition in force on each of them, the first one first."""
    today, calendar = clock.today(), terms.working_calendar()
    found: dict[str, Dated] = {}
    for one in sorted(law.editions(), key=lambda one: one.act == GUIDE):
        for key, term in one.terms.items() if one.act in ACTS else ():
            if term.unit != "fixed_date" or (one.act == GUIDE and key not in OF_THE_GUIDE):
                continue
            on = law.due(term, date(year, 1, 1), calendar).due_on
            if key not in found and _in_force(one, on):
                found[key] = Dated(key, on, term.label, term.cite, on < today)
    return sorted(found.values(), key=lambda one: one.on)


def _in_force(one: law.Edition, on: date) -> bool:
    try:
        return law.choice(one.act, on).edition is one
    except law.Refused:  # no edition answers for that day
        return False


def year_of(year: int) -> Year:
    """What the law sets for a year, and what was published in it."""
    begins, ends = date(year, 1, 1), date(year, 12, 31)
    dates = statutory(year)
    spans, days = _open(begins, ends), _published(begins, ends)
    months = [Month(date(year, number, 1)) for number in range(1, 13)]
    for one in dates:
        months[one.on.month - 1].dates.append(one)
    _count(months, days)
    return Year(
        year,
        begins,
        ends,
        [drawn for row in ROWS if (drawn := _row(row, dates, spans, days))],
        [month for month in months if month.dates or month.happened],
        year - 1 if is_known(year - 1) else None,
        year + 1 if is_known(year + 1) else None,
    )


Spans = Mapping[str, Sequence[parts.Span]]
Days = Mapping[str, Counter[date]]


def _open(begins: date, ends: date) -> Spans:
    """When things of each kind were open within the year; one query."""
    kinds = {kind for row in ROWS for kind in row.open}
    rows = (
        published()
        .filter(kind__in=kinds, opens_at__lte=clock.end_of(ends), closes_at__gte=clock.at(begins))
        .order_by()
        .values_list("kind", "opens_at", "closes_at")
        .distinct()
    )
    found: dict[str, set[tuple[date, date]]] = {}
    for kind, opens_at, closes_at in rows:
        if opens_at and closes_at:
            found.setdefault(kind, set()).add((clock.day_of(opens_at), clock.day_of(closes_at)))
    return {
        kind: [
            parts.Span(*one) for one in (_joined(spans) if len(spans) > APART else sorted(spans))
        ]
        for kind, spans in found.items()
    }


def _joined(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """The stretches in which at least one was open: thousands of bars over one another say no more."""
    joined: list[tuple[date, date]] = []
    for begins, ends in sorted(spans):
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((begins, ends))
    return joined


def _published(begins: date, ends: date) -> Days:
    """How much of each kind came out on which day of the year; one query."""
    rows = (
        published()
        .filter(
            kind__in=DATED,
            published_at__gte=clock.at(begins),
            published_at__lte=clock.end_of(ends),
        )
        .order_by()
        .values_list("kind", "published_at")
        .annotate(number=Count("pk"))
    )
    found: dict[str, Counter[date]] = {}
    for kind, at, number in rows:
        found.setdefault(kind, Counter())[clock.day_of(at)] += number
    return found


def _row(row: Row, dates: Iterable[Dated], spans: Spans, days: Days) -> parts.YearRow | None:
    """The line of the picture; None where the law sets nothing and nothing happened."""
    planned = [one for one in dates if one.key in row.terms]
    held = [span for kind in row.open for span in spans.get(kind, ())]
    points = sorted({day for kind in row.at for day in days.get(kind, ())})
    if not (planned or held or points):
        return None
    drawn = [parts.Span(one.on, one.on, planned=True) for one in planned]
    drawn += [*held, *(parts.Span(day, day) for day in points)]
    return parts.YearRow(row.label, drawn, _said(planned, held, points), tone=row.tone)


def _said(planned: Sequence[Dated], held: Sequence[parts.Span], points: Sequence[date]) -> str:
    """The days of a line in words: what happened, from the first day to the last; else what the law says."""
    days = [*(one.begins for one in held), *(one.ends for one in held), *points] or [
        one.on for one in planned
    ]
    first, last = say.day(min(days)), say.day(max(days))
    return first if first == last else f"{first} – {last}"


def _count(months: Sequence[Month], days: Days) -> None:
    """Put what happened into its months, kind by kind."""
    for kind, words in Kind.choices:
        by_month: Counter[int] = Counter()
        for day, number in days.get(kind, {}).items():
            by_month[day.month] += number
        for number, many in by_month.items():
            first = months[number - 1].first
            address = address_of(Asked(kind=kind, month=f"{first:%Y-%m}"))
            months[number - 1].happened.append((words, many, address))
