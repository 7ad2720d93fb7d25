"""Everything that an application lacks, each lack with its clause (PR-014..017, 022, 023).

`about` of a finding is the place where it can be mended: "questionnaire/questionnaire/bin", "files/bank".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock
from ortaq.core.identifiers import validate_account
from ortaq.documents.writing import checks, values
from ortaq.documents.writing.slots import Layout
from ortaq.faces import say
from ortaq.law import prizes as rules
from ortaq.law.findings import Finding, Severity
from ortaq.prizes.models import Attachment

from .parts import OWN, PROJECTS, RECOMMENDATIONS, Part, papers_asked
from .whole import Whole

said = lazy(say.text, str)
Kind = Attachment.Kind
# A telephone of at least six digits, or an e-mail.
CONTACTS = re.compile(r"(\d[ ()-]*){6}|\S@\S+\.\S")
BIC = re.compile(r"[A-Z]{6}[0-9A-Z]{2}([0-9A-Z]{3})?")

# Files of the six kinds of papers; each one that is missing is one finding.
NEEDED = (
    (Kind.MATERIAL, _("Materials that confirm the activity are missing: photos, publications, acts, letters of thanks.")),
    (Kind.CHARTER, _("A copy of the founding documents is missing.")),
    (Kind.REGISTRATION, _("A copy of the certificate (reference) of state registration is missing.")),
    (Kind.BANK, _("The certificate of the bank account is missing.")),
)  # fmt: skip


def everything(whole: Whole) -> list[Finding]:
    """All findings on an application, in the order of its parts; warnings too."""
    return [
        *(finding for part, layout in whole.layouts for finding in of_part(whole, part, layout)),
        *account(whole),
        *experience(whole),
        *recommendations(whole),
        *files(whole),
        *conflicts(whole),
    ]


def of_part(whole: Whole, part: Part, layout: Layout) -> Iterator[Finding]:
    """What one page still lacks."""
    cite = whole.edition.cite(part.cite)
    for group in layout.groups:
        for slot in group.slots:
            about = f"{part.key}/{slot.path}"
            yield from checks.of_value(slot, whole.flat.get(slot.path), cite, about)
        if rows := group.rows:
            place = f"{part.key}/{rows.path}"
            yield from checks.of_table(rows, group.section.title, whole.flat, cite, place)


def account(whole: Whole) -> Iterator[Finding]:
    """Rows 10 and 11 of annex 2 can be the code of a bank and an account in it (PR-019)."""
    answers = whole.questionnaire
    place, cite = "questionnaire/questionnaire", whole.edition.cite("guide, prize annex 2")
    if (bic := answers.get("bic")) and not BIC.fullmatch(str(bic).replace(" ", "").upper()):
        message = _("A bank identification code has 8 or 11 Latin letters and digits.")
        yield Finding("not_a_bic", Severity.ERROR, message, cite, about=f"{place}/bic")
    if iban := answers.get("iban"):
        try:
            validate_account(str(iban))
        except ValidationError as error:
            yield Finding(
                "not_an_account", Severity.ERROR, error.messages[0], cite, about=f"{place}/iban"
            )


def experience(whole: Whole) -> Iterator[Finding]:
    """Which projects of annex 3 count: the NGO's own of the last three years, running ones included (PR-023). The others stay
    in the table as written, and the scorers see why they do not count.
    """
    counted = 0
    for number, row, judged in experience_of(whole):
        if judged.severity is Severity.OK:
            counted += 1
            continue
        message: Any = format_lazy(
            _("Project {number} “{name}” does not count. {reason}"),
            number=number,
            name=str(row.get("project") or "—")[:80],
            reason=said(judged.message),
        )
        if judged.code == "term_reversed":
            message = format_lazy(_("Project {number} ends before it begins."), number=number)
        yield replace(judged, message=message)
    if whole.projects and not counted:
        message = _("None of the projects counts as experience of the last three years.")
        cite = whole.edition.parameter("prize.experience_years").cite
        yield Finding(
            "nothing_counts", Severity.WARNING, message, cite, about=f"description/{PROJECTS}"
        )


def experience_of(whole: Whole) -> Iterator[tuple[int, dict[str, Any], Finding]]:
    """The projects of annex 3, each with the finding on whether it counts; rows without months are left out."""
    on = clock.day_of(whole.application.submitted_at or clock.now())
    for number, row in enumerate(whole.projects, 1):
        first, last = values.month(row.get("first")), values.month(row.get("last"))
        about = f"description/{PROJECTS}/{row['id']}"
        if first is None or (last is None and row.get("last")) or not row.get("carried_out"):
            continue  # the form's own check says what is missing
        if last is not None and last < first:
            cite = whole.edition.cite("guide, prize annex 3")
            yield number, row, Finding("term_reversed", Severity.ERROR, "", cite, about=about)
            continue
        own = row.get("carried_out") == OWN
        yield (
            number,
            row,
            rules.experience(whole.edition, first=first, last=last, on=on, own=own, about=about),
        )


def recommendations(whole: Whole) -> Iterator[Finding]:
    """Each recommendation has contact data and its letter; any two will do (PR-015, PR-016)."""
    cite = whole.edition.parameter("prize.recommendations_min").cite
    letters = {one.row for one in whole.of_kind(Kind.RECOMMENDATION)}
    for number, row in enumerate(whole.recommendations, 1):
        who = row.get("organisation") or "—"
        place = f"recommendations/{RECOMMENDATIONS}/{row['id']}"
        if (said_contacts := row.get("contacts")) and not CONTACTS.search(str(said_contacts)):
            message = format_lazy(
                _("Recommendation {number} ({who}) has no contact data: add a telephone or an e-mail."),
                number=number,
                who=who,
            )  # fmt: skip
            yield Finding("no_contacts", Severity.ERROR, message, cite, about=f"{place}/contacts")
        if row["id"] not in letters:
            message = format_lazy(
                _("The letter of recommendation {number} ({who}) is not attached."),
                number=number,
                who=who,
            )
            yield Finding(
                "no_letter", Severity.ERROR, message, cite, about=f"files/letter-{row['id']}"
            )


def files(whole: Whole) -> Iterator[Finding]:
    """Materials, founding documents, certificate of registration, original certificate of the bank (PR-014)."""
    cite = whole.edition.cite("guide, prizes")
    for kind, message in NEEDED:
        if not whole.of_kind(kind):
            yield Finding(
                f"no_{kind.value}", Severity.ERROR, message, cite, about=f"files/{kind.value}"
            )
    bank = whole.of_kind(Kind.BANK)
    if bank and not any(one.original for one in bank):
        message = _(
            "The certificate of the bank account must be the original; a copy was attached. Add the bank's own electronic "
            "certificate or a scan of the paper original that you can show."
        )
        yield Finding("bank_not_original", Severity.ERROR, message, cite, about="files/bank")


def conflicts(whole: Whole) -> Iterator[Finding]:
    """Edits of two people that nobody has settled: what was saved first stands in the application."""
    if whole.conflicts:
        message = _("Two people changed the same fields and nobody has chosen between them yet.")
        yield Finding("open_conflict", Severity.WARNING, message)


def asked(whole: Whole) -> int:
    """How many things an application needs at least: what its progress is measured by."""
    return len(NEEDED) + sum(
        sum(slot.required for slot in group.slots) + (group.rows.least if group.rows else 0)
        for _part, layout in whole.layouts
        for group in layout.groups
    )


def lacks(edition: law.Edition, delivered: dict[str, Any]) -> Iterator[Finding]:
    """Which of the six papers a delivery on paper lacks: `delivered` is {key: sheets or None} (PR-014)."""
    for row in papers_asked(edition):
        if not delivered.get(row["key"]):
            message = format_lazy(
                _("Not in the delivery: {paper}."),
                paper=said(law.Text(row["kk"], row["ru"], row["en"])),
            )
            yield Finding("paper_missing", Severity.WARNING, message, edition.cite("guide, prizes"))
