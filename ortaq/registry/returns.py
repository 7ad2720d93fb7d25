"""Whether an NGO's data stand in the NGO database in time (GR-A-08, NG-024, NG-032)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
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
    rows: dict[int, dict[int, AnnualReturn]] = {}
    known = AnnualReturn.objects.filter(
        organisation__in=[organisation.pk for organisation in asked],
        year__in=(on.year - 1, on.year - 2),
        sent_on__lte=on,  # what was sent later was not there yet
    )
    for row in known:
        rows.setdefault(row.organisation_id, {})[row.year] = row
    return {
        organisation.pk: _judge(organisation, rows.get(organisation.pk, {}), on)
        for organisation in asked
    }


def _judge(organisation: Organisation, rows: dict[int, AnnualReturn], on: date) -> Finding:
    if organisation.kind != Organisation.Kind.NGO:
        return _finding(
            "not_an_ngo",
            Severity.ERROR,
            _("This organisation is not an NGO: only NGOs take part in grant competitions."),
        )
    # Until the newest return is due, the one before answers for the NGO (NG-032, inferred).
    year = on.year - 1
    if year not in rows and on <= due_on(year):
        year -= 1
    due, row = due_on(year), rows.get(year)
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
    if row.sent_on > due:
        return _finding(
            "return_late",
            Severity.ERROR,
            format_lazy(
                _("The return on {year} was sent after its last day, so it is not in time."),
                year=year,
            ),
            numbers,
        )
    if row.state != AnnualReturn.State.APPROVED:
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
