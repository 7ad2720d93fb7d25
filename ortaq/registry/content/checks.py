"""Everything that a return lacks or that does not fit, each with its clause.

`about` of a finding is the place where it is mended: "money/income/opening", "projects/projects/~a1/to". Errors stop the
sending (NG-013, NG-014); what only does not fit warns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ortaq import law
from ortaq.core import money
from ortaq.core.identifiers import validate_bin, validate_iin
from ortaq.documents.writing import checks, paths
from ortaq.documents.writing.checks import said
from ortaq.documents.writing.slots import Layout, Slot
from ortaq.law.findings import Finding, Severity
from ortaq.registry import returns

from .parts import PARTS, Part, layout, paper_rows, stem_of
from .whole import Whole

sum_of = lazy(money.show, str)
PATH, PICTURE = "guide, NGO database, path", "guide, NGO database, picture"
# Papers that everybody has; the diploma and the bank's details are at discretion (NG-012), the others "if any".
EVERYBODY = ("charter", "head", "registration", "balance")


def everything(whole: Whole) -> list[Finding]:
    """All findings on a return, in the order of its pages; warnings too."""
    return [
        *(finding for part in PARTS for finding in of_part(whole, part, layout(part))),
        *identity(whole),
        *founders(whole),
        *projects(whole),
        *sums(whole),
        *paid(whole),
        *papers(whole),
        *conflicts(whole),
    ]


def of_part(whole: Whole, part: Part, asked: Layout) -> Iterator[Finding]:
    """What one page still lacks."""
    cite = returns.edition().cite(PATH)
    for group in asked.groups:
        for slot in group.slots:
            about = f"{part.key}/{slot.path}"
            if one_sided(slot, whole.flat):
                yield _one_language(slot, about)
            else:
                yield from checks.of_value(slot, whole.flat.get(slot.path), cite, about)
        if rows := group.rows:
            place = f"{part.key}/{rows.path}"
            yield from checks.of_table(rows, group.section.title, whole.flat, cite, place)


def one_sided(slot: Slot, flat: Mapping[str, Any]) -> bool:
    """Whether a text stands in the other language and not in this one (NG-013)."""
    stem, language = stem_of(slot.path)
    if not language or not paths.is_empty(flat.get(slot.path)):
        return False
    other = f"{stem}_{'ru' if language == 'kk' else 'kk'}"
    return not paths.is_empty(flat.get(other))


def _one_language(slot: Slot, about: str) -> Finding:
    message = _(
        "“{label}” is empty, and the other language is filled in: a return in one language only "
        "is not accepted."
    )
    cite = returns.edition().cite(PATH)
    message = format_lazy(message, label=said(slot.label))
    return Finding("one_language", Severity.ERROR, message, cite, about=about)


def identity(whole: Whole) -> Iterator[Finding]:
    """The return is that of this very organisation."""
    written, own = whole.flat.get("identity/bin"), whole.annual_return.organisation.bin
    if written and written != own:
        message = format_lazy(
            _("The BIN {written} is not that of your organisation, which is {own}."),
            written=written,
            own=own,
        )
        about = "organisation/identity/bin"
        yield Finding("bin_differs", Severity.ERROR, message, returns.edition().cite(PATH), about=about)  # fmt: skip


def founders(whole: Whole) -> Iterator[Finding]:
    """Identification numbers that cannot be."""
    for number, row in enumerate(whole.rows("founders"), 1):
        written = str(row.get("number") or "")
        try:
            if written:
                (validate_bin if row.get("kind") == "legal" else validate_iin)(written)
        except ValidationError:
            message = format_lazy(
                _("Founder {number}: check the 12 digits of the identification number."),
                number=number,
            )
            yield _warning("founder_number", message, f"founders/founders/{row['id']}/number")


def projects(whole: Whole) -> Iterator[Finding]:
    """Terms that cannot be or lie outside the year, and what Ortaq holds besides."""
    year = whole.annual_return.year
    for number, row in enumerate(whole.rows("projects"), 1):
        about = f"projects/projects/{row['id']}/to"
        first, last = _day(row.get("from")), _day(row.get("to"))
        if first and last and last < first:
            message = format_lazy(_("Project {number} ends before it begins."), number=number)
            yield Finding("project_reversed", Severity.ERROR, message, returns.edition().cite(PATH), about=about)  # fmt: skip
        elif (first and first.year > year) or (last and last.year < year):
            message = format_lazy(
                _("Project {number} was not in force in {year}: the table is on that year."),
                number=number,
                year=year,
            )
            yield _warning("project_of_another_year", message, about)
    if missing := len(whole.not_taken):
        message = ngettext_lazy(
            "Ortaq holds %(number)s contract of the year that is not in your table.",
            "Ortaq holds %(number)s contracts of the year that are not in your table.",
            "number",
        )
        yield _warning("contracts_not_taken", message % {"number": missing}, "projects/projects")


def sums(whole: Whole) -> Iterator[Finding]:
    """What was there and came in is what was spent and is left."""
    opening, closing = whole.flat.get("income/opening"), whole.flat.get("spending/closing")
    if not isinstance(opening, int) or not isinstance(closing, int):
        return
    had, used = whole.sum_of("income"), whole.sum_of("spending")
    if had != used:
        message = format_lazy(
            _(
                "The money does not add up: at the beginning of the year and received {had}, spent "
                "and left {used}; the difference is {difference}. The return can be sent, but the "
                "authorised body will ask."
            ),
            had=sum_of(had),
            used=sum_of(used),
            difference=sum_of(abs(had - used)),
        )
        numbers = {"had_tiyn": had, "used_tiyn": used}
        yield _warning("sums_differ", message, "money/spending/closing", numbers)
    for section in ("income", "spending"):
        other = whole.flat.get(f"{section}/other")
        told = any(whole.flat.get(f"{section}/other_{language}") for language in ("kk", "ru"))
        if isinstance(other, int) and other and not told:
            message = _("Say what the other receipts or expenses were.")
            yield _warning("other_not_said", message, f"money/{section}/other_kk")


def paid(whole: Whole) -> Iterator[Finding]:
    """Beside what Ortaq has on record as paid in the year."""
    for source, row in (("social_order", "social_order"), ("grant", "grants"), ("prize", "prizes")):
        known = sum(one.paid_tiyn for one in whole.held if one.source == source)
        written = whole.flat.get(f"income/{row}") or 0
        if known and isinstance(written, int) and written < known:
            message = format_lazy(
                _("By the records here {known} were paid to you in the year; {written} is stated."),
                known=sum_of(known),
                written=sum_of(written),
            )
            numbers = {"known_tiyn": known, "written_tiyn": written}
            yield _warning("less_than_paid", message, f"money/income/{row}", numbers)


def papers(whole: Whole) -> Iterator[Finding]:
    """Papers of the checklist that are neither attached nor marked (NG-009)."""
    attached = {one.paper for one in whole.papers}
    wanted = [*EVERYBODY, *(["contracts"] if whole.rows("projects") else [])]
    for row in paper_rows():
        marked = whole.flat.get(f"attached/{row.key}/there") == "yes"
        if row.key in wanted and row.key not in attached and not marked:
            message = format_lazy(
                _("“{paper}”: attach it or mark that it is there."), paper=said(row.label)
            )
            cite = returns.edition().cite(PICTURE)
            about = f"papers/attached/{row.key}/there"
            yield Finding("paper_not_there", Severity.WARNING, message, cite, about=about)


def conflicts(whole: Whole) -> Iterator[Finding]:
    """Edits of two people that nobody has settled: what was saved first stands in the return."""
    if whole.draft.conflicts:
        message = _("Two people changed the same fields and nobody has chosen between them yet.")
        yield Finding("open_conflict", Severity.WARNING, message)


def asked() -> int:
    """How many things a return needs at least: what its progress is measured by."""
    groups = [group for part in PARTS for group in layout(part).groups]
    return sum(
        sum(slot.required for slot in group.slots) + (group.rows.least if group.rows else 0)
        for group in groups
    )


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _warning(
    code: str, message: Any, about: str, numbers: Mapping[str, Any] | None = None
) -> Finding:
    cite: law.Citation = returns.edition().cite("guide, NGO database", inferred=True)
    return Finding(code, Severity.WARNING, message, cite, numbers or {}, about)
