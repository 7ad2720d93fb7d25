"""Whether an NGO's data stand in the NGO database in time (GR-A-08, NG-024, NG-032)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.faces import say
from ortaq.law.findings import Finding, Severity
from ortaq.people.models import Organisation

from .models import AnnualReturn

CITE = "Law No. 36-III art. 6-1(3); guide, grants"


def edition() -> law.Edition:
    """The rules of the NGO database; the sources know one edition."""
    return law.edition("ngo_database", "2018")


def due_on(year: int) -> date:
    """The last day for the return on `year`: 31 March of the next year (NG-001)."""
    return law.due(edition().term("annual_return"), date(year + 1, 1, 1)).due_on


def in_time(organisation: Organisation, on: date) -> Finding:
    """Whether the organisation's data were in the database in time for a competition on `on`.

    Codes: `return_in_time` (ok), `return_in_review` and `return_not_due` (warnings: an officer
    decides), `return_late`, `return_absent`, `not_an_ngo` (errors). The dates compared stand in
    `numbers`. One query.
    """
    return in_time_of([organisation], on)[organisation.pk]


def in_time_of(organisations: Iterable[Organisation], on: date) -> dict[int, Finding]:
    """`in_time` for many organisations, by their number; one query whatever their number."""
    asked = list(organisations)
    answers = answers_of(asked, on)
    return {one.pk: _judge(one, answers[one.pk], on) for one in asked}


@dataclass(frozen=True, slots=True)
class Answer:
    """The return that answers for an NGO on some day: the year it is on, its last day, and the return, if any."""

    year: int
    due_on: date
    row: AnnualReturn | None

    @property
    def filed_on(self) -> date | None:
        """The day by which it is judged (NG-024); None where there is no return."""
        return filed_on(self.row) if self.row else None


def filed_on(row: AnnualReturn) -> date | None:
    """The day that decides whether a return is in time: of its first sending, or of its approval where the edition says so."""
    return row.sent_on if _by_sending() else row.approved_on


@cache
def _by_sending() -> bool:
    """What the edition says, once: a register that is read in asks for 25 000 returns."""
    return bool(edition().parameter("return.judged_by").value == "first_sending")


def answers_of(organisations: Iterable[Organisation], on: date) -> dict[int, Answer]:
    """The return that counts for each organisation on a day, by its number; one query (NG-032).

    Until the newest return is due, the one before answers for the NGO (inferred).
    """
    asked = [organisation.pk for organisation in organisations]
    rows: dict[int, dict[int, AnnualReturn]] = {pk: {} for pk in asked}
    known = AnnualReturn.objects.filter(
        organisation__in=asked,
        year__in=(on.year - 1, on.year - 2),
        sent_on__lte=on,  # what was sent later was not there yet
    )
    for row in known:
        if (day := filed_on(row)) and day <= on:
            rows[row.organisation_id][row.year] = row
    return {pk: _answering(rows[pk], on) for pk in asked}


def _answering(rows: Mapping[int, AnnualReturn], on: date) -> Answer:
    year = on.year - 1
    if year not in rows and on <= due_on(year):
        year -= 1
    return Answer(year, due_on(year), rows.get(year))


# Not NGOs in the sense of the law on social orders, grants and prizes: they file no return (NG-003).
NO_NGOS = frozenset(
    {
        Organisation.LegalForm.POLITICAL_PARTY,
        Organisation.LegalForm.TRADE_UNION,
        Organisation.LegalForm.RELIGIOUS,
    }
)


def obliged() -> Q:
    """Which organisations file returns at all (NG-001, NG-003)."""
    return Q(kind=Organisation.Kind.NGO) & ~Q(legal_form__in=NO_NGOS)


def obliged_for(year: int) -> Q:
    """Which organisations file for a year: those that were there in it (NG-005, inferred)."""
    there = Q(registered_on=None) | Q(registered_on__year__lte=year)
    return obliged() & there


def is_obliged(organisation: Organisation, year: int | None = None) -> bool:
    """`obliged_for` (or `obliged`) for one organisation."""
    files = organisation.kind == Organisation.Kind.NGO and organisation.legal_form not in NO_NGOS
    since = organisation.registered_on
    return files and (year is None or since is None or since.year <= year)


def is_late(row: AnnualReturn) -> bool:
    """Whether a return that was sent came after its last day."""
    day = filed_on(row)
    return day is not None and day > due_on(row.year)


def is_approved(row: AnnualReturn) -> bool:
    """Whether a version of the return was approved, even while a correction of it is under way (NG-025)."""
    return row.state == AnnualReturn.State.APPROVED or row.approved_on is not None


def liability() -> str:
    """What not filing brings, in the reader's language (NG-035..037); no fine is computed."""
    first, fine, pause = (
        say.text(edition().parameter(f"sanction.{name}").said)
        for name in ("first", "repeat_fine", "repeat_suspension")
    )
    return gettext(
        "Who does not file is liable under article 489-1 of the Code on Administrative Offences: "
        "%(first)s; when repeated, a fine %(fine)s or suspension of activity %(pause)s."
    ) % {"first": first, "fine": fine, "pause": pause}


def _judge(organisation: Organisation, answer: Answer, on: date) -> Finding:
    if not is_obliged(organisation):
        return _finding(
            "not_an_ngo",
            Severity.ERROR,
            _("This organisation is not an NGO: only NGOs take part in grant competitions."),
        )
    year = answer.year
    due, row = answer.due_on, answer.row
    numbers: dict[str, object] = {"year": year, "due_on": due, "on": on}
    if row is None:
        if organisation.registered_on and organisation.registered_on.year > year:
            return _finding(
                "return_not_due",
                Severity.WARNING,
                format_lazy(
                    _(
                        "The NGO was registered after {year}, so its first return is not due yet. "
                        "The rules are silent on new NGOs: the operator decides."
                    ),
                    year=year,
                ),
                numbers | {"registered_on": organisation.registered_on},
                inferred=True,
            )
        return _finding(
            "return_absent",
            Severity.ERROR,
            format_lazy(
                _("The NGO database holds no return of this organisation on {year}."), year=year
            ),
            numbers,
        )
    numbers |= {"sent_on": row.sent_on, "approved_on": row.approved_on, "evidence": row.evidence}
    if is_late(row):
        return _finding(
            "return_late",
            Severity.ERROR,
            format_lazy(
                _("The return on {year} was sent after its last day, so it is not in time."),
                year=year,
            ),
            numbers,
        )
    if not row.is_approved:
        return _finding(
            "return_in_review",
            Severity.WARNING,
            format_lazy(
                _("The return on {year} was sent in time but is not approved yet."), year=year
            ),
            numbers,
            inferred=True,
        )
    return _finding(
        "return_in_time",
        Severity.OK,
        format_lazy(_("The return on {year} was sent in time and is approved."), year=year),
        numbers,
    )


def _finding(
    code: str,
    severity: Severity,
    message: object,
    numbers: dict[str, object] | None = None,
    *,
    inferred: bool = False,
) -> Finding:
    cite = edition().cite(CITE, inferred=inferred)
    return Finding(code, severity, message, cite, numbers or {}, about="annual_return")
