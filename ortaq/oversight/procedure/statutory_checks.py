"""What keeps annex 9 from being submitted, and what its reader will ask about: findings row by row (SO-R-03, SO-R-04)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.law.findings import Finding, Severity
from ortaq.oversight import annex9
from ortaq.oversight.models import StatutoryReport

Period = StatutoryReport.Period


def edition_of(report: StatutoryReport) -> law.Edition:
    return law.edition(report.act, report.edition)


def cite_of(report: StatutoryReport) -> law.Citation:
    """Where the day of this report stands."""
    name = "evaluation" if report.period == Period.EVALUATION else "monitoring"
    return edition_of(report).parameter(f"report.{name}.dates").cite


def missing(report: StatutoryReport, content: Mapping[str, Any]) -> list[Finding]:
    """All that keeps the report from being submitted (errors) and all that a reader will ask about (warnings), row by row."""
    cite = cite_of(report)
    fields = law.fields_of(str(edition_of(report).parameter("fields.set").value))
    known = {field.key for field in fields}
    found = list(_edition_findings(report))
    for section in content["sections"]:
        for row in section["rows"]:
            found += _row_findings(row, section["field"], report.period, cite)
            if section["field"] and section["field"] not in known:
                found.append(_of_row(row, Severity.WARNING, "other_field", OTHER_FIELD, cite))
    return found + list(_topic_findings(content, cite))


OTHER_FIELD = _("“{name}”: its field is not one of the edition by which the report is made.")


def _edition_findings(report: StatutoryReport) -> Iterable[Finding]:
    """Another edition came into force within the period, or since the report was opened: this report keeps its own."""
    before = law.at(report.act, annex9.bounds(report.year, report.period)[0])
    latest = annex9.edition_at(report.year, report.period)
    other = next((one for one in (before, latest) if one.key != report.edition), None)
    if other is not None:
        yield Finding(
            "edition_changed",
            Severity.WARNING,
            format_lazy(
                _(
                    "The edition of the rules changed within the period: the fields, the columns and the day are those of edition {edition}."
                ),
                edition=report.edition,
            ),
            cite_of(report),
            {"edition": report.edition, "other": other.key},
        )


def _topic_findings(content: Mapping[str, Any], cite: law.Citation) -> Iterable[Finding]:
    """The contracts of one topic together are not for more than its planned sum, which every row of them repeats."""
    topics: dict[str, list[Mapping[str, Any]]] = {}
    for section in content["sections"]:
        for row in section["rows"]:
            for key in row["planned"]["from"]:
                topics.setdefault(key, []).append(row)
    for rows in topics.values():
        planned = rows[0]["planned"]["tiyn"]
        contracted = sum(row["contracted"]["tiyn"] for row in rows)
        if len(rows) > 1 and planned is not None and contracted > planned:
            yield _of_row(
                rows[0],
                Severity.WARNING,
                "topic_overspent",
                _(
                    "“{name}”: the contracts of this topic together are for more than was planned for it."
                ),
                cite,
                planned_tiyn=planned,
                contracted_tiyn=contracted,
            )


def _of_row(
    row: Mapping[str, Any],
    severity: Severity,
    code: str,
    message: Any,
    cite: law.Citation,
    **numbers: Any,
) -> Finding:
    name = format_lazy(message, name=annex9.named(row))
    return Finding(code, severity, name, cite, numbers, row["project"])


def _row_findings(
    row: Mapping[str, Any], field: str, period: str, cite: law.Citation
) -> Iterable[Finding]:

    def say(severity: Severity, code: str, message: Any, **numbers: Any) -> Finding:
        return _of_row(row, severity, code, message, cite, **numbers)

    if not field:
        yield say(
            Severity.WARNING,
            "no_field",
            _("“{name}”: its field is not known, since it comes from no topic of the plan."),
        )
    for part in ASKED[Period(period)]:
        for language in ("kk", "ru"):
            if not row[part][language].strip():
                yield say(Severity.ERROR, f"no_{part}_{language}", LACKING[part, language])
    planned, contracted = row["planned"]["tiyn"], row["contracted"]["tiyn"]
    if planned is not None and contracted > planned:
        yield say(
            Severity.WARNING,
            "contract_above_plan",
            _("“{name}”: the contract is for more than was planned."),
            planned_tiyn=planned,
            contracted_tiyn=contracted,
        )
    if Period(period).scored and row["score"] is None:
        yield say(
            Severity.WARNING,
            "no_score",
            _("“{name}”: no evaluation report is formed, so column 8 stays empty."),
        )


# What is to be written of each project.
ASKED = {
    Period.HALF: ("process", "results"),
    Period.YEAR: ("process", "results", "impact"),
    Period.EVALUATION: (),
}
LACKING = {
    ("process", "kk"): _("“{name}”: the course of the project is not written in Kazakh."),
    ("process", "ru"): _("“{name}”: the course of the project is not written in Russian."),
    ("results", "kk"): _("“{name}”: the results are not written in Kazakh."),
    ("results", "ru"): _("“{name}”: the results are not written in Russian."),
    ("impact", "kk"): _("“{name}”: the positive impact is not written in Kazakh."),
    ("impact", "ru"): _("“{name}”: the positive impact is not written in Russian."),
}
