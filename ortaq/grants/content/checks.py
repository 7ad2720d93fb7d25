"""Everything that is missing or wrong in an application, each with its clause.

`about` of a finding is the place where it can be mended: "content/2020/basics/goal",
"files/charter", "details/ends_on".
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import money
from ortaq.core.kazakh import fold
from ortaq.documents.writing import checks, paths, values
from ortaq.documents.writing.checks import said
from ortaq.documents.writing.slots import Rows
from ortaq.faces import say
from ortaq.grants.models import Attachment
from ortaq.law import grants as rules
from ortaq.law.findings import Finding, Severity

from . import estimate, experience
from .parts import CAPACITY, QUESTIONNAIRE, file_parts
from .slots import EXPERIENCE
from .whole import Whole, Written

sum_of = lazy(money.show, str)
day_of = lazy(say.day, str)

TERMS = "announcement 2020 §5"
NOTES = "announcement 2020 §5, item 5, notes"
VIDEO = ("бейне", "видео", "video")
BANNER = ("баннер", "banner")
STAFF = ("staff_regular", "staff_invited", "volunteers")
Kind = Attachment.Kind


def everything(whole: Whole) -> list[Finding]:
    """All findings on an application, in the order of its parts; notices and warnings too."""
    return [
        *details(whole),
        *(finding for written in whole.written for finding in form(whole, written)),
        *staff(whole),
        *experience.findings(whole),
        *team(whole),
        *costs(whole),
        *activities(whole),
        *planned_lines(whole),
        *files(whole),
        *conflicts(whole),
    ]


# --- Name and term of the project ----------------------------------------------------------------


def details(whole: Whole) -> Iterator[Finding]:
    """The project's name, and a term that agrees with the plan and the competition (GR-A-20)."""
    application = whole.application
    cite = whole.edition.parameter("project.latest_end").cite
    if not application.title.strip():
        yield _error("no_title", _("Name the project."), whole.edition.cite(TERMS), "details/title")
    begins, ends = application.starts_on, application.ends_on
    if begins is None or ends is None:
        yield _error(
            "no_term",
            _("State the first and the last day of the project."),
            cite,
            "details/starts_on" if begins is None else "details/ends_on",
        )
        return
    if ends < begins:
        yield _error(
            "term_reversed",
            _("The project ends before it begins: check the two days."),
            cite,
            "details/ends_on",
        )
    first, last = allowed_term(whole)
    if first and begins < first:
        yield _error(
            "begins_too_early",
            format_lazy(
                _("By the plan the topic begins on {first}; the project may not begin earlier."),
                first=day_of(first),
            ),
            cite,
            "details/starts_on",
            {"first": first, "starts_on": begins},
        )
    if last and ends > last:
        yield _error(
            "ends_too_late",
            format_lazy(_("The project must end by {last}."), last=day_of(last)),
            cite,
            "details/ends_on",
            {"last": last, "ends_on": ends},
        )


def allowed_term(whole: Whole) -> tuple[date | None, date | None]:
    """First and last day that plan and competition allow; the competition's last day does not
    bind the years after its own (GR-X-13).
    """
    term, limit = whole.application.lot.topic.term, whole.application.competition.latest_project_end
    if not term:
        return None, limit
    (first_year, first_month, _end), (year, _start, month) = term[0], term[-1]
    last = date(year, month, calendar.monthrange(year, month)[1])
    if limit and last.year <= limit.year:
        last = min(last, limit)
    return date(first_year, first_month, 1), last


# --- Forms -----------------------------------------------------------------------------------------


def form(whole: Whole, written: Written) -> Iterator[Finding]:
    """What one form still lacks."""
    flat, cite = paths.flatten(written.data), written.part.cite
    for group in written.layout.groups:
        for slot in group.slots:
            about = f"{written.part.place}/{slot.path}"
            yield from checks.of_value(slot, flat.get(slot.path), cite, about)
        if group.rows:
            yield from _table(group.rows, group.section.title, flat, written)
    yield from _months(whole, written)


def _table(
    rows: Rows, title: law.Text, flat: Mapping[str, Any], written: Written
) -> Iterator[Finding]:
    cite, place = written.part.cite, f"{written.part.place}/{rows.path}"
    shown = title if any(title) else written.part.title
    yield from checks.of_table(rows, shown, flat, cite, place)
    if rows.path in EXPERIENCE and not flat.get(f"{rows.path}/{paths.ORDER}"):
        message = format_lazy(
            _(
                "“{title}” is empty. The commission gives points for experience of the last three "
                "years; leave it empty only if there is none."
            ),
            title=said(title),
        )
        yield Finding("no_experience", Severity.WARNING, message, cite, about=place)


def _months(whole: Whole, written: Written) -> Iterator[Finding]:
    """The calendar plan stays within the term of the project."""
    months = whole.months(written.part.year)
    if not months:
        return
    for number, row in enumerate(written.data.get("calendar_plan") or [], 1):
        if any(month > len(months) for month in row.get("months") or []):
            message = format_lazy(
                _("Calendar plan, row {number}: it goes on after the project ends."), number=number
            )
            about = f"{written.part.place}/calendar_plan/{row['id']}"
            yield _error("after_the_end", message, written.part.cite, about)


def staff(whole: Whole) -> Iterator[Finding]:
    """The total of human resources is the sum of its parts; a part left empty is a nought."""
    for written in whole.of(QUESTIONNAIRE):
        answers = written.data.get("questionnaire") or {}
        total, *counted = (answers.get(key) for key in ("staff_total", *STAFF))
        parts = [count or 0 for count in counted]
        if total is None or any(values.trouble("int", count) for count in (total, *parts)):
            continue  # the form's own check says what is missing
        if total != sum(parts):
            message = format_lazy(
                _(
                    "Human resources: {total} in total, yet staff, engaged specialists and "
                    "volunteers make {parts}."
                ),
                total=total,
                parts=sum(parts),
            )
            yield Finding(
                "staff_differs",
                Severity.WARNING,
                message,
                replace(written.part.cite, inferred=True),
                {"total": total, "parts": sum(parts)},
                f"{written.part.place}/questionnaire/staff_total",
            )


def team(whole: Whole) -> Iterator[Finding]:
    """The team has a public relations specialist, the first head and an accountant (GR-K-10)."""
    wanted = {
        "head": _("The project team lacks the first head."),
        "accountant": _("The project team lacks an accountant."),
        "pr": _("The project team lacks a public relations specialist."),
    }
    present = {member.get("role") for member in whole.team}
    for role, message in wanted.items():
        if role not in present:
            yield _error(
                f"no_{role}", message, whole.edition.cite(NOTES), f"{CAPACITY}/0/project_team"
            )


# --- Cost estimate -----------------------------------------------------------------------------------


def costs(whole: Whole) -> Iterator[Finding]:
    """Sums of the estimate of each year (GR-K-06, 07)."""
    for written, one in whole.estimates:
        yield from estimate_findings(whole, written, one)


def estimate_findings(whole: Whole, written: Written, one: estimate.Estimate) -> Iterator[Finding]:
    """Whether lines add up, the grant stays within the topic's amount and MTS within its share."""
    place, cite = f"{written.part.place}/budget", written.part.cite
    for line in one.lines:
        yield from _line(line, f"{place}/lines/{line.id}", cite)
    sums, amount = one.sums(), whole.amount_of(written.part.year)
    if sums.grant == 0:
        yield _error("no_grant_money", _("The estimate asks for no grant money."), cite, place)
        return
    if sums.grant > amount:
        message = format_lazy(
            _("The estimate asks for {asked} of grant money; the topic allots {amount}."),
            asked=sum_of(sums.grant),
            amount=sum_of(amount),
        )
        numbers = {"asked_tiyn": sums.grant, "amount_tiyn": amount}
        yield _error("above_the_topic", message, cite, place, numbers)
    support = one.sums(estimate.MATERIAL_SUPPORT).grant
    found = rules.material_support(
        whole.edition, grant_tiyn=sums.grant, project_tiyn=sums.total, material_tiyn=support
    )
    yield Finding(found.code, found.severity, found.message, found.cite, found.numbers, place)


def _line(line: estimate.Line, about: str, cite: law.Citation) -> Iterator[Finding]:
    exact = line.exact_total
    if exact is None:
        return  # the form's own check says what is missing
    if exact.denominator != 1:
        message = format_lazy(
            _("“{item}”: quantity × unit cost gives no whole number of tiyn. Change one of them."),
            item=line.item or "—",
        )
        yield _error("not_whole", message, cite, about)
    elif not line.adds_up:
        sums = line.sums
        given = sums.own_contribution + sums.other_cofinancing + sums.grant
        message = format_lazy(
            _("“{item}”: the sources make {given}, the total is {total}."),
            item=line.item or "—",
            given=sum_of(given),
            total=sum_of(sums.total),
        )
        numbers = {"given_tiyn": given, "total_tiyn": sums.total}
        yield _error("sources_differ", message, cite, about, numbers)


def activities(whole: Whole) -> Iterator[Finding]:
    """Direct costs and the calendar plan name the same activities (GR-K-09)."""
    for written, one in whole.estimates:
        planned = {row["id"]: row.get("activity", "") for row in whole.calendar(written.part.year)}
        cite = whole.edition.cite("413-rules via announcement 2020 annex 5, note", inferred=True)
        for number, (row, name) in enumerate(planned.items(), 1):
            if row not in one.activities:
                message = format_lazy(
                    _("Activity {number} “{name}” of the calendar plan has no direct costs."),
                    number=number,
                    name=name,
                )
                about = f"{written.part.place}/activity-{row}"
                yield Finding("no_costs", Severity.WARNING, message, cite, about=about)
        if lost := one.activities - set(planned):
            stray = sum((one.sums(estimate.DIRECT, row) for row in lost), estimate.Sums())
            message = format_lazy(
                _("Costs of {total} belong to activities that are no longer in the calendar plan."),
                total=sum_of(stray.total),
            )
            about = f"{written.part.place}/budget"
            yield Finding("stray_costs", Severity.WARNING, message, cite, about=about)


def planned_lines(whole: Whole) -> Iterator[Finding]:
    """The estimate plans the video overview and the banner (GR-K-10)."""
    items = [fold(line.item) for _written, one in whole.estimates for line in one.lines]
    cite = whole.edition.cite(NOTES, inferred=True)
    wanted = (
        ("no_video", VIDEO, _("No line of the estimate mentions the obligatory video overview.")),
        (
            "no_banner",
            BANNER,
            _("No line of the estimate mentions a banner with the logos for public events."),
        ),
    )
    for written, _one in whole.estimates[:1]:
        for code, words, message in wanted:
            if not any(word in item for item in items for word in words):
                about = f"{written.part.place}/budget"
                yield Finding(code, Severity.WARNING, message, cite, about=about)


# --- Files -----------------------------------------------------------------------------------------


def files(whole: Whole) -> Iterator[Finding]:
    """The files of parts 6-9 (GR-A-13, GR-A-18)."""
    cites = {part.key: part.cite for part in file_parts(whole.edition)}
    if not whole.files_of(Kind.CHARTER):
        yield _error(
            "no_charter", _("Add a copy of the charter."), cites["charter"], "files/charter"
        )
    if not whole.files_of(Kind.BALANCE):
        message = format_lazy(
            _("Add the balance sheet as of {day}."),
            day=day_of(whole.application.competition.balance_date),
        )
        yield _error("no_balance", message, cites["balance_sheet"], "files/balance")
    consents = {one.row for one in whole.files_of(Kind.CONSENT)}
    for row, name in consents_needed(whole):
        if row not in consents:
            message = format_lazy(_("Add the consent of {name}."), name=name)
            yield _error("no_consent", message, cites["consents"], f"files/consent/{row}")
    sums = sum((one.sums() for _written, one in whole.estimates), estimate.Sums())
    if sums.own_contribution and not whole.files_of(Kind.OWN_MONEY):
        message = format_lazy(
            _("Own contribution of {total} is planned: add the organisation's letter on it."),
            total=sum_of(sums.own_contribution),
        )
        yield _error("no_own_letter", message, cites["co_financing"], "files/own_money")
    if sums.other_cofinancing and not whole.files_of(Kind.OTHER_MONEY):
        message = format_lazy(
            _("Co-financing of {total} is planned: add the letter of whoever gives it."),
            total=sum_of(sums.other_cofinancing),
        )
        yield _error("no_other_letter", message, cites["co_financing"], "files/other_money")


def consents_needed(whole: Whole) -> list[tuple[str, str]]:
    """(row, name) of every partner and engaged specialist that the project names."""
    people = [
        (member["id"], str(member.get("member_name") or ""))
        for member in whole.team
        if member.get("engaged")
    ]
    partners = [(row["id"], str(row.get("partner") or "")) for row in whole.partners]
    return [(row, name) for row, name in (*people, *partners) if name]


def conflicts(whole: Whole) -> Iterator[Finding]:
    """Edits of two people that nobody has settled yet. What was saved first stands in the form,
    so this does not stop the submission.
    """
    for written in whole.written:
        if whole.open_conflicts.get(written.row.pk):
            message = _(
                "Two people changed the same fields and nobody has chosen between them yet."
            )
            about = f"{written.part.place}/"
            yield Finding("open_conflict", Severity.WARNING, message, about=about)


def _error(
    code: str,
    message: Any,
    cite: law.Citation | None,
    about: str,
    numbers: Mapping[str, Any] | None = None,
) -> Finding:
    return Finding(code, Severity.ERROR, message, cite, numbers or {}, about)


def asked(whole: Whole) -> int:
    """How many things an application needs at least: what its progress is measured by."""
    forms_ask = sum(
        sum(slot.required for slot in group.slots) + (group.rows.least if group.rows else 0)
        for written in whole.written
        for group in written.layout.groups
    )
    named, roles, enclosed = 3, 3, 2  # title and term; head, accountant, public relations; files
    return forms_ask + named + roles + enclosed + len(consents_needed(whole))
