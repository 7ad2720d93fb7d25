"""What a report still lacks, and what in it does not fit: everything at once, each with its clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ortaq.core import clock
from ortaq.documents.writing.checks import said
from ortaq.law import citing
from ortaq.law.findings import Citation, Finding, Severity
from ortaq.law.text import Text
from ortaq.projects.models import Event, Evidence, Expense, Report
from ortaq.projects.spending import live

from .annexes import referred_to
from .content import Assembled
from .layout import ANSWERS, CREATIVE

Kind = Report.Kind
SOURCES = {
    Kind.INTERIM_CREATIVE: "guide, SO annex 3",
    Kind.FINAL_CREATIVE: "guide, SO annex 4",
    Kind.INTERIM_FINANCIAL: "guide, SO annex 5",
    Kind.FINAL_FINANCIAL: "guide, SO annex 6",
}
# "A limited number" of photographs (IM-047 ff.): ten of one event is our reading.
PHOTOS = 10
QUESTIONNAIRES = range(2, 4)
# Where the records say the figures and a person all the same what they mean.
JUDGED = ("work_done/", "goal_results/text/planned_vs_actual")
NAMED = 5  # examples in one finding
NAME = 120  # characters of a label that a finding quotes


def cite_of(report: Report) -> Citation | None:
    """The clause that asks for this report; for grants it is our reading that the same form serves."""
    return citing.read(SOURCES[Kind(report.kind)])


def findings_of(made: Assembled) -> list[Finding]:
    """All that stands in the way of submitting, and all that only warns; at most five queries."""
    report = made.report
    found = [*_unwritten(made), *_references(made), *_days(report)]
    if report.kind in CREATIVE:
        found += [*_events(report), *_attachments(made), *_sexes(made)]
    elif report.kind == Kind.FINAL_FINANCIAL:
        found += [*_documents(report), *_pay(report)]
    return found


def _short(label: Text) -> Text:
    """The label of a place without what the form explains in brackets."""
    return Text(*(text.partition(" (")[0][:NAME].rstrip(" .:,;") for text in label))


def _finding(
    report: Report, code: str, severity: Severity, message: Any, about: str = "", **numbers: Any
) -> Finding:
    return Finding(code, severity, message, cite_of(report), numbers, about)


def _unwritten(made: Assembled) -> Iterator[Finding]:
    """Every judgement that the form asks for is written; what the records say for themselves is not asked again."""
    texts, lines = made.content["texts"], made.content["lines"]
    tasks = {task.key: task.text for task in made.tasks}
    for group in made.layout.groups:
        for slot in group.slots:
            if not slot.required or texts.get(slot.path, "").strip():
                continue
            if slot.path in lines and not slot.path.startswith(JUDGED):
                continue
            task = next((tasks[step] for step in slot.path.split("/") if step in tasks), "")
            message = format_lazy(_("“{label}” is not written."), label=said(_short(slot.label)))
            if task:
                message = format_lazy(
                    _("Task “{task}”: “{label}” is not written."),
                    task=task[:80],
                    label=said(_short(slot.label)),
                )
            elif slot.path.startswith(ANSWERS):
                message = _("A remark has no answer yet: say what was done about it.")
            yield _finding(made.report, "missing", Severity.ERROR, message, slot.path)


def _references(made: Assembled) -> Iterator[Finding]:
    """Each reference leads to an annex; each annex is referred to, by the tables or by the text (IM-047)."""
    numbers = {one["number"]: one for one in made.content["annexes"]}
    typed = referred_to(made.content["texts"])
    for number, path in sorted(typed.items()):
        if number not in numbers:
            message = format_lazy(
                _("The text refers to annex {number}, and there is no such annex."), number=number
            )
            yield _finding(
                made.report, "no_such_annex", Severity.WARNING, message, path, number=number
            )
    shown = _shown(made)
    for number, one in numbers.items():
        if number not in typed and one["key"] not in shown:
            message = format_lazy(
                _("Nothing in the text refers to annex {number}: write, for example, “№{number} қосымша”."),
                number=number,
            )  # fmt: skip
            yield _finding(
                made.report, "annex_not_referred_to", Severity.WARNING, message, "attachments",
                number=number,
            )  # fmt: skip


def _shown(made: Assembled) -> set[str]:
    """Annexes whose number stands in a table or a sentence made from the records."""
    keys = {one["key"] for one in made.content["annexes"]}
    if made.report.kind not in CREATIVE:
        return keys  # the table of documents is their reference
    shown = {key for key in keys if key.startswith("event:") or key == "consultations"}
    return shown | (
        {"publications"} if "goal_results/text/media" in made.content["lines"] else set()
    )


def _days(report: Report) -> Iterator[Finding]:
    today = clock.today()
    if today < report.period_to:
        yield _finding(
            report,
            "period_not_over",
            Severity.WARNING,
            _("The period of this report is not over yet: what happens until then is not in it."),
            until=report.period_to,
        )
    if days := days_late(report, today):
        message = format_lazy(
            ngettext_lazy(
                "The report is late by {days} day.", "The report is late by {days} days.", days
            ),
            days=days,
        )
        yield _finding(report, "late", Severity.NOTICE, message, due=report.due_on, days=days)


def days_late(report: Report, today: date) -> int:
    """Days since the report was due, 0 when it is not."""
    return max(0, (today - report.due_on).days) if report.due_on else 0


def _events(report: Report) -> Iterator[Finding]:
    """Events of the period that nobody has recorded as held or cancelled are not in the report."""
    end = min(clock.end_of(report.period_to), clock.now())
    open_ones = list(
        Event.objects.filter(
            project=report.project,
            state=Event.State.PLANNED,
            starts_at__gte=clock.at(report.period_from),
            ends_at__lte=end,
        ).only("title_kk", "title_ru")[: NAMED + 1]
    )
    if open_ones:
        names = "; ".join(one.title for one in open_ones[:NAMED])
        message = format_lazy(
            _("These events are over and recorded neither as held nor as cancelled: {names}."),
            names=names + (" …" if len(open_ones) > NAMED else ""),
        )
        about = "activities" if report.kind == Kind.FINAL_CREATIVE else "work_done"
        yield _finding(report, "events_not_recorded", Severity.WARNING, message, about)


def _attachments(made: Assembled) -> Iterator[Finding]:
    """A limited number of photographs; 2-3 filled questionnaires where people were asked (interim)."""
    answers = {}
    if made.report.kind == Kind.INTERIM_CREATIVE:
        pks = [one["event"] for one in made.content["annexes"] if one["event"]]
        answers = dict(Event.objects.filter(pk__in=pks).values_list("pk", "answers"))
    many, few = [], []
    for one in made.content["annexes"]:
        kinds = Counter(file["kind"] for file in one["files"])
        if kinds[Evidence.Kind.PHOTO] > PHOTOS:
            many.append(one["number"])
        if answers.get(one["event"]) and kinds[Evidence.Kind.FEEDBACK] not in QUESTIONNAIRES:
            few.append(one["number"])
    if many:
        message = format_lazy(
            _("Photographs are attached in a limited number. More than {limit} stand in annexes {numbers}."),
            limit=PHOTOS, numbers=_listed(many),
        )  # fmt: skip
        yield _finding(made.report, "many_photos", Severity.WARNING, message, "attachments")
    if few:
        message = format_lazy(
            _("Participants were asked: attach 2-3 filled questionnaires to annexes {numbers}."),
            numbers=_listed(few),
        )
        yield _finding(made.report, "questionnaires", Severity.WARNING, message, "attachments")


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:NAMED]))
    return shown + (" …" if len(numbers) > NAMED else "")


def _sexes(made: Assembled) -> Iterator[Finding]:
    for row in made.content["tables"].get("goal_results/by_sex", ()):
        if row["recipients"] != row["men"] + row["women"]:
            message = format_lazy(
                _(
                    "Men and women together are {sum}, recipients {recipients}: "
                    "complete the numbers at the events."
                ),
                sum=row["men"] + row["women"],
                recipients=row["recipients"],
            )
            yield _finding(made.report, "sexes", Severity.WARNING, message, "goal_results")


def _documents(report: Report) -> Iterator[Finding]:
    """Copies of all confirming documents go with the final financial report (IM-067 d)."""
    rows = Expense.objects.filter(
        live(), project=report.project, spent_on__lte=report.period_to, scan=None
    ).order_by("number")
    numbers = list(rows.values_list("number", flat=True)[: NAMED + 1])
    if numbers:
        message = format_lazy(
            _("These expenses have no copy of their document: No. {numbers}."),
            numbers=_listed(numbers),
        )
        yield _finding(report, "no_copy", Severity.ERROR, message, "copies")


def _pay(report: Report) -> Iterator[Finding]:
    """Pay on the lines of salaries that names neither person nor month is in no breakdown (IM-070)."""
    sheets = Expense.objects.filter(
        live(),
        project=report.project,
        document=Expense.Document.PAYROLL,
        person=None,
        spent_on__lte=report.period_to,
    ).order_by("number")
    numbers = list(sheets.values_list("number", flat=True)[: NAMED + 1])
    if numbers:
        message = format_lazy(
            _("These payroll sheets say neither for whom nor for which month they pay: No. {numbers}."),
            numbers=_listed(numbers),
        )  # fmt: skip
        yield _finding(report, "pay_of_nobody", Severity.WARNING, message, "salary")
