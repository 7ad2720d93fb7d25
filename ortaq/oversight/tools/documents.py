"""Study of documents, financial ones included: whether what the NGO reported is true (SO-M-08).

The checklist is drawn from the contract when the visit begins: the papers that every project keeps, each activity with its evidence,
the largest expenses with their documents. What is asked for during the visit joins it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Sum
from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, money
from ortaq.faces import say as show
from ortaq.oversight.models import DocumentRequest, Instrument, Visit
from ortaq.oversight.sheets import CLOSING, Field, Part, Row, texts_of
from ortaq.projects.models import Activity, Evidence, Expense
from ortaq.projects.policy.evidence import PERSONAL

from .asked import groups, keys

JUDGEMENTS = (
    ("true", _("seen and true")),
    ("untrue", _("seen and not true")),
    ("missing", _("missing")),
    ("none", _("not asked of this project")),
)
# A visit cannot look at thousands of papers: the largest expenses, and so many pieces of each activity's evidence.
MOST_EXPENSES, MOST_PIECES = 100, 30
GONE = (Evidence.State.WITHDRAWN, Evidence.State.REFUSED)


def prefill(visit: Visit, day: date) -> dict[str, Any]:
    """What is to be looked at; four queries."""
    project = visit.plan.project
    spent = Expense.objects.filter(project=project).exclude(state=Expense.State.VOIDED)
    total = spent.order_by().aggregate(count=Count("pk"), sum=Sum("sum_tiyn"))
    return {
        "day": day.isoformat(),
        "activities": _activities(project.pk, project.contract_id),
        "expenses": [_expense(one) for one in spent.order_by("-sum_tiyn", "pk")[:MOST_EXPENSES]],
        "expenses_count": total["count"],
        "expenses_tiyn": total["sum"] or 0,
    }


def _activities(project: int, contract: int) -> list[dict[str, Any]]:
    pieces: dict[int | None, list[dict[str, Any]]] = {}
    rows = Evidence.objects.filter(project=project).exclude(state__in=GONE).order_by("number")
    for one in rows.only("activity", "number", "kind", "day", "file", "link"):
        pieces.setdefault(one.activity_id, []).append(
            {"number": one.number, "kind": one.kind, "day": one.day.isoformat()}
        )
    return [
        {
            "key": str(one.pk),
            "text": one.text,
            "count": len(pieces.get(one.pk, ())),
            "pieces": pieces.get(one.pk, [])[:MOST_PIECES],
        }
        for one in Activity.objects.filter(contract=contract)
    ]


def _expense(one: Expense) -> dict[str, Any]:
    """Without the payee, who may be a person: the document itself says who it is."""
    return {
        "number": one.number,
        "document": one.document,
        "document_number": one.document_number,
        "day": one.spent_on.isoformat(),
        "tiyn": one.sum_tiyn,
        "what_for": Truncator(one.what_for).chars(200),
        "scan": one.scan_id is not None,
    }


def _fields(key: str) -> tuple[Field, ...]:
    return (
        Field(f"judgement-{key}", _("Judgement"), JUDGEMENTS),
        Field(f"remark-{key}", _("Remark"), area=True),
    )


def parts(row: Instrument) -> list[Part]:
    """The checklist; one query for what was asked of the NGO at this visit."""
    facts = row.content["facts"]
    papers = [
        Part(
            heading,
            tuple(Row(one.key, one.label, _fields(f"paper-{one.key}")) for one in rows),
        )
        for heading, rows in groups("SO-MD", "papers")
    ]
    activities = Part(
        _("Evidence of the activities"), tuple(_activity(one) for one in facts["activities"])
    )
    expenses = Part(
        _("Expenses and their documents"),
        tuple(_spent(one) for one in facts["expenses"]),
        note=gettext("The largest %(taken)s of %(count)s expenses, together %(sum)s of %(total)s.")
        % {
            "taken": len(facts["expenses"]),
            "count": facts["expenses_count"],
            "sum": money.show(sum(one["tiyn"] for one in facts["expenses"])),
            "total": money.show(facts["expenses_tiyn"]),
        },
    )
    asked = Part(
        _("What was asked for at this visit"), tuple(_request(one) for one in _requests(row))
    )
    return [*papers, *(one for one in (activities, expenses, asked) if one.rows), CLOSING]


def _activity(one: Mapping[str, Any]) -> Row:
    key = f"activity-{one['key']}"
    kinds = dict(Evidence.Kind.choices)
    links = tuple(
        (f"№ {piece['number']} {kinds[piece['kind']]}", f"evidence-{piece['number']}")
        for piece in one["pieces"]
    )
    notes = [format_lazy(_("Pieces of evidence: {count}"), count=one["count"])]
    return Row(key, one["text"], _fields(key), tuple(notes), links)


def _spent(one: Mapping[str, Any]) -> Row:
    key = f"expense-{one['number']}"
    document = dict(Expense.Document.choices)[one["document"]]
    day = show.day(date.fromisoformat(one["day"]))
    text = f"№ {one['number']}: {document} {one['document_number']}, {day}"
    notes = tuple(filter(None, (money.show(one["tiyn"]), one["what_for"])))
    if not one["scan"]:
        notes = (*notes, gettext("No copy of the document is attached."))
    links = ((gettext("Copy of the document"), key),) if one["scan"] else ()
    return Row(key, text, _fields(key), notes, links)


def _requests(row: Instrument) -> Iterable[DocumentRequest]:
    return row.visit.requests.exclude(state=DocumentRequest.State.WITHDRAWN)


def _request(one: DocumentRequest) -> Row:
    key = f"request-{one.number}"
    day = show.day(clock.day_of(one.asked_at))
    notes = (gettext("Asked on %(day)s") % {"day": day}, one.get_state_display())
    return Row(key, one.what, _fields(key), notes)


def _names(row: Instrument) -> list[str]:
    facts = row.content["facts"]
    return [
        *(f"paper-{key}" for key in keys("SO-MD", "papers")),
        *(f"activity-{one['key']}" for one in facts["activities"]),
        *(f"expense-{one['number']}" for one in facts["expenses"]),
        *(f"request-{one.number}" for one in _requests(row)),
    ]


def figures(row: Instrument) -> dict[str, Any]:
    """Rows by judgement, and the sum of expenses that were found untrue or without a document; one query."""
    texts = texts_of(row.content)
    judged = {name: texts.get(f"judgement-{name}", "") for name in _names(row)}
    given = list(judged.values())
    doubtful = [
        one["tiyn"]
        for one in row.content["facts"]["expenses"]
        if judged[f"expense-{one['number']}"] in ("untrue", "missing")
    ]
    return {
        "rows": len(given),
        **{value: given.count(value) for value, _label in JUDGEMENTS},
        "open": [name for name, value in judged.items() if not value],
        "doubtful_tiyn": sum(doubtful),
    }


def said(figures: Mapping[str, Any]) -> str:
    return gettext(
        "Documents looked at: %(rows)s; true %(true)s, not true %(untrue)s, missing %(missing)s. Expenses in doubt: %(sum)s."
    ) % {
        "rows": figures["rows"] - figures["none"],
        "true": figures["true"],
        "untrue": figures["untrue"],
        "missing": figures["missing"],
        "sum": money.show(figures["doubtful_tiyn"]),
    }


def lacks(row: Instrument, figures: Mapping[str, Any]) -> Iterable[tuple[Any, str]]:
    """Every row is judged; what is not true or missing has a remark."""
    texts = texts_of(row.content)
    if figures["open"]:
        message = format_lazy(_("Rows without a judgement: {count}."), count=len(figures["open"]))
        yield message, f"judgement-{figures['open'][0]}"
    for name in _names(row):
        wrong = texts.get(f"judgement-{name}") in ("untrue", "missing")
        if wrong and not texts.get(f"remark-{name}"):
            yield (
                _("Say beside each row that is not true or missing what is wrong."),
                f"remark-{name}",
            )
            break


def naming_people(row: Instrument) -> set[str]:
    """The files of the checklist that open only for those who may see participants (IM-039)."""
    return {
        f"evidence-{piece['number']}"
        for one in row.content["facts"]["activities"]
        for piece in one["pieces"]
        if piece["kind"] in (*PERSONAL, Evidence.Kind.STORY)
    }


def file_of(row: Instrument, key: str) -> Evidence | Expense | None:
    """The piece of evidence or the expense that a row of the checklist names ("evidence-12", "expense-5"); None for what is not in
    it. One query.
    """
    kind, _dash, number = key.partition("-")
    facts, project = row.content["facts"], row.visit.plan.project_id
    if not (number.isascii() and number.isdigit() and len(number) < 8):
        return None
    if kind == "evidence" and any(
        piece["number"] == int(number) for one in facts["activities"] for piece in one["pieces"]
    ):
        pieces = Evidence.objects.filter(project=project, number=int(number))
        return pieces.select_related("file").first()
    if kind == "expense" and any(one["number"] == int(number) for one in facts["expenses"]):
        spent = Expense.objects.filter(project=project, number=int(number))
        return spent.select_related("scan").first()
    return None
