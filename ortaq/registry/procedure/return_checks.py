"""What the steps of an annual return ask before they are taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.procedure import Attempt
from ortaq.documents.writing import paths
from ortaq.documents.writing.draft import Draft
from ortaq.law.findings import Finding, Severity, stops
from ortaq.registry import returns
from ortaq.registry.content import checks
from ortaq.registry.content.parts import whole_layout
from ortaq.registry.content.whole import Whole, load
from ortaq.registry.models import AnnualReturn, ReturnVersion
from ortaq.signing import requirement

Way = AnnualReturn.Way
OCCASION = "registry.annual_return"
GUIDE = "guide, NGO database"


def loaded(row: AnnualReturn, attempt: Attempt) -> Whole:
    """The return with its content, loaded once for each attempt."""
    found = attempt.facts.get("whole")
    if not isinstance(found, Whole):
        found = attempt.facts["whole"] = load(row)
    return found


def complete(row: AnnualReturn, attempt: Attempt) -> Iterable[Finding]:
    """Every required field in both languages (NG-013, NG-014)."""
    return checks.everything(loaded(row, attempt))


def declared(row: AnnualReturn, attempt: Attempt) -> Iterable[Finding]:
    """Whoever sends says that it is true."""
    if not attempt.facts.get("declared"):
        yield Finding(
            "not_declared",
            Severity.ERROR,
            _("Confirm that the data are complete and true."),
            returns.edition().cite(GUIDE, inferred=True),
            about="declared",
        )


def signed(row: AnnualReturn, attempt: Attempt) -> Iterable[Finding]:
    """The electronic signature of the legal person, where it is required (NG-015)."""
    return requirement.missing(OCCASION, row)


def ended(row: AnnualReturn, attempt: Attempt) -> Iterable[Finding]:
    """A return is on a year that has ended."""
    if row.year >= clock.day_of(attempt.now).year:
        message = _("A return is on a past year.")
        yield Finding("year_runs", Severity.ERROR, message, returns.edition().cite(GUIDE))


def remarked(row: AnnualReturn, attempt: Attempt) -> Iterable[Finding]:
    """Whoever returns it says what is to be mended: by field, or on the whole."""
    remarks: Mapping[str, str] = attempt.facts.get("remarks") or {}
    if not remarks and not str(attempt.facts.get("reason", "")).strip():
        yield Finding(
            "no_remark",
            Severity.ERROR,
            _("Write at least one remark: beside a field, or on the whole return."),
            returns.edition().cite(GUIDE, inferred=True),
            about="reason",
        )
    content = latest(row)
    places = remark_places(content.content if content else {})
    for path in sorted(set(remarks) - places):
        message = _(
            "There is no such field in this return. Open it anew and write the remark again."
        )
        yield Finding("no_such_field", Severity.ERROR, message, numbers={"field": path[:60]})


def entered(row: AnnualReturn, attempt: Attempt) -> Iterable[Finding]:
    """The data of a return on paper are entered before it is approved, and complete (NG-014)."""
    if row.way == Way.RECORDED:
        return
    version = latest(row)
    if version is None or (row.way == Way.PAPER and not _paper_entered(row)):
        message = _("The data of the paper return are not entered yet.")
        yield Finding("not_entered", Severity.ERROR, message, about="entered")
        return
    draft = Draft(dict(version.content.get("sections", {})))
    yield from stops(checks.everything(Whole(row, draft)))


def remark_places(content: Mapping[str, Any]) -> set[str]:
    """The fields of what was sent, rows as they are: where a remark may stand."""
    flat = paths.flatten(content.get("sections", {}))
    fields = {slot.path for group in whole_layout().groups for slot in group.slots}
    tables = {group.rows.path for group in whole_layout().groups if group.rows}
    return fields | tables | {paths.unit_of(path) for path in flat if paths.table_of(path)}


def latest(row: AnnualReturn) -> ReturnVersion | None:
    """What was sent last."""
    return row.versions.order_by("-number").first()


def _paper_entered(row: AnnualReturn) -> bool:
    last = row.on_paper.order_by("-id").first()
    return last is None or last.entered_at is not None
