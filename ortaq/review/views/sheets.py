"""The member's work: the list of dossiers, the scoring page, signing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ortaq import law
from ortaq.core import clock
from ortaq.core.procedure import Offer, Refused
from ortaq.faces.paging import key_page
from ortaq.faces.parts import Column, Conflict, Difference
from ortaq.law.findings import Finding
from ortaq.people.actor import ActorRequest
from ortaq.review import papers, queries, scoring
from ortaq.review.forms import RecuseForm, filled
from ortaq.review.models import Dossier, ScoreSheet, Seat
from ortaq.review.procedure import EVALUATING, PANEL, SHEET
from ortaq.review.procedure.sheet import SAVE, Saved, locked, save_draft, scoring_open

from .shared import context, find

DOSSIERS = [
    Column(gettext_lazy("Application")),
    Column(gettext_lazy("My sheet")),
    Column(gettext_lazy("Points given"), numeric=True),
]
SHOWN = [
    ("", gettext_lazy("all files")),
    ("open", gettext_lazy("not signed")),
    ("signed", gettext_lazy("signed")),
]
LARGEST_NUMBER = 2**31 - 1


@require_safe
def dossiers(request: ActorRequest, pk: int) -> HttpResponse:
    """My files: what is open to me, how far each sheet is, how much is left."""
    view = find(request, pk)
    if not view.has_dossiers or view.seat is None:
        raise Http404
    shown = request.GET.get("show", "")
    rows = queries.my_dossiers(request.actor, view.panel, shown)
    rubric = scoring.rubric_of(view.panel)
    page = key_page(rows, request.GET, order=("id",), size=25)
    lines = [(dossier, *_progress(rubric, dossier)) for dossier in page.rows]
    return render(
        request,
        "review/dossiers.html",
        context(
            view,
            page=page,
            lines=lines,
            columns=DOSSIERS,
            criteria=len(rubric.criteria),
            shown=shown,
            choices=SHOWN,
        ),
    )


def _progress(rubric: law.Rubric, dossier: Any) -> tuple[ScoreSheet | None, int]:
    """My sheet for a dossier and how many criteria have points on it."""
    sheet = dossier.own[0] if dossier.own else None
    return sheet, scoring.given(rubric, sheet.marks) if sheet else 0


# --- The scoring page ------------------------------------------------------------------------------


@dataclass(slots=True)
class Line:
    """One criterion as the page shows it."""

    criterion: law.Criterion
    mark: scoring.Mark
    proposed: int | None
    problem: Any = ""

    @property
    def key(self) -> str:
        return self.criterion.key

    @property
    def sub_items(self) -> list[tuple[int, Any, bool]]:
        """Number, wording and tick of each sub-item."""
        return [
            (n, text, n in self.mark["ticks"]) for n, text in enumerate(self.criterion.sub_items)
        ]

    @property
    def levels(self) -> tuple[tuple[law.Level, bool], ...]:
        points = self.mark["points"]
        return tuple((level, level.points == points) for level in self.criterion.levels)

    @property
    def asks_fully(self) -> bool:
        """Two levels ask for all sub-items; how fully they match tells them apart (GR-X-02)."""
        return any(level.fully is not None for level in self.criterion.levels)

    @property
    def matched(self) -> str:
        """For the script: points by number of ticks, "0:1 1:2 … 5:6/7" (partly/fully)."""
        return _matched(self.criterion)

    @property
    def level(self) -> law.Level | None:
        """The level that the points given stand for."""
        points = self.mark["points"]
        return None if points is None else self.criterion.level(points)

    @property
    def deviates(self) -> bool:
        return self.proposed is not None and self.mark["points"] not in (None, self.proposed)


@cache  # each proposal is a finding, with its words
def _matched(criterion: law.Criterion) -> str:
    if not criterion.sub_items:
        return ""
    return " ".join(
        f"{n}:{criterion.propose(range(n)).points}/{criterion.propose(range(n), fully=True).points}"
        for n in range(len(criterion.sub_items) + 1)
    )


def lines(rubric: law.Rubric, marks: Any, problems: list[Finding] | tuple[()] = ()) -> list[Line]:
    by_key = {finding.about: finding.message for finding in problems}
    return [
        Line(
            criterion,
            mark := scoring.mark_of(marks, criterion.key),
            scoring.proposed(criterion, mark),
            by_key.get(criterion.key, ""),
        )
        for criterion in rubric.criteria
    ]


def find_dossier(request: ActorRequest, pk: int) -> tuple[Dossier, Seat]:
    """The dossier, through the conflict gate, and the reader's seat on its panel; else 404."""
    dossier = get_object_or_404(
        queries.dossiers_open_to(request.actor).select_related("panel__organisation"), pk=pk
    )
    seat = queries.my_seat(dossier.panel, request.actor.user)
    if seat is None:
        raise Http404
    return dossier, seat


def dossier(request: ActorRequest, pk: int) -> HttpResponse:
    """The sheet beside the application; it saves itself while the expert ticks and types."""
    found, seat = find_dossier(request, pk)
    if request.method == "POST":
        return _save(request, found, seat)
    sheet = queries.own_sheet(found, seat)
    return _page(request, found, seat, sheet, sheet.marks if sheet else {})


def _page(
    request: ActorRequest,
    dossier: Dossier,
    seat: Seat,
    sheet: ScoreSheet | None,
    marks: Any,
    *,
    problems: list[Finding] | tuple[()] = (),
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    rubric = scoring.rubric_of(dossier.panel)
    signed = sheet is not None and sheet.state != ScoreSheet.State.DRAFT
    closed = scoring_open(dossier, clock.now())
    return render(
        request,
        "review/dossier.html",
        {
            "dossier": dossier,
            "panel": dossier.panel,
            "sheet": sheet,
            "rubric": rubric,
            "lines": lines(rubric, marks, problems),
            "given": scoring.given(rubric, marks),
            "subtotal": scoring.subtotal(rubric, marks),
            "locked": signed or bool(closed),
            "closed": [] if signed else closed,
            "version": sheet.version if sheet else 0,
            "window": request.POST.get("window") or secrets.token_hex(8),
            "conflict": conflict,
            "limit": scoring.COMMENT_LIMIT,
            "keys": _keys(rubric),
            "recuse_form": RecuseForm(),
            "printed": dossier.panel.act in papers.SHEETS,
        },
        status=status,
    )


def _keys(rubric: law.Rubric) -> str:
    """The digits that give points: "0-5"."""
    least = min(one.minimum for one in rubric.criteria)
    return f"{least}-{max(one.maximum for one in rubric.criteria)}"


def _save(request: ActorRequest, dossier: Dossier, seat: Seat) -> HttpResponse:
    if request.POST.get("action") == "recuse":
        return _recuse(request, dossier)
    rubric = scoring.rubric_of(dossier.panel)
    before = queries.own_sheet(dossier, seat)
    marks = scoring.read(rubric, request.POST, before.marks if before else {})
    by_script = request.headers.get("HX-Request") == "true"
    try:
        saved = save_draft(
            dossier,
            seat,
            before,
            marks,
            version=_number(request.POST.get("version")),
            window=request.POST.get("window", "")[:32],
        )
    except Refused as refused:
        if by_script or not any(finding.about in rubric.keys for finding in refused.findings):
            raise
        # What is too long to be kept stays in its field, with the reason beside it.
        return _page(request, dossier, seat, before, marks, problems=refused.findings, status=422)
    if by_script:
        return _fragment(request, dossier, rubric, saved, marks)
    if saved.stale:
        found = _conflict(rubric, saved.sheet, marks)
        return _page(request, dossier, seat, saved.sheet, marks, conflict=found, status=409)
    if request.POST.get("action") == "sign":
        return redirect("review:sign", dossier.pk)
    messages.success(request, _("The sheet is saved. It is not signed yet."))
    return redirect("review:dossier", dossier.pk)


def _fragment(
    request: ActorRequest, dossier: Dossier, rubric: law.Rubric, saved: Saved, marks: Any
) -> HttpResponse:
    """What an autosave changes on the page: the saved line, the total, a conflict if there is one."""
    return render(
        request,
        "review/saved.html",
        {
            "sheet": saved.sheet,
            "stale": saved.stale,
            "conflict": _conflict(rubric, saved.sheet, marks) if saved.stale else None,
            "given": scoring.given(rubric, marks),
            "criteria": len(rubric.criteria),
            "subtotal": scoring.subtotal(rubric, marks),
            "maximum": rubric.maximum,
        },
    )


def _conflict(rubric: law.Rubric, sheet: ScoreSheet, marks: Any) -> Conflict:
    """Where this window's marks differ from those that another window of mine saved."""
    differences = []
    for criterion in rubric.criteria:
        mine, theirs = marks[criterion.key], scoring.mark_of(sheet.marks, criterion.key)
        if mine != theirs:
            differences.append(Difference(criterion.label, _said(mine), _said(theirs)))
    return Conflict(gettext_lazy("Another window of yours"), sheet.updated_at, tuple(differences))


def _said(mark: scoring.Mark) -> str:
    points = "—" if mark["points"] is None else mark["points"]
    ticks = ", ".join(str(n + 1) for n in mark["ticks"]) or "—"
    text = _("Points: %(points)s. Sub-items: %(ticks)s.") % {"points": points, "ticks": ticks}
    return f"{text}\n{mark['comment']}".strip()


def _number(text: str | None) -> int:
    value = text or ""
    number = int(value) if value.isascii() and value.isdigit() and len(value) <= 10 else 0
    return min(number, LARGEST_NUMBER)


def _recuse(request: ActorRequest, dossier: Dossier) -> HttpResponse:
    """A conflict that the expert sees only now, the application before their eyes."""
    procedure = EVALUATING if dossier.panel.evaluates else PANEL
    procedure.take(
        "recuse",
        dossier.panel,
        actor=request.actor,
        organisation=dossier.organisation,
        explanation=filled(RecuseForm(request.POST))["explanation"],
    )
    messages.success(request, _("You are recused from this applicant. Thank you for saying so."))
    return redirect(dossier.panel.address or reverse("review:dossiers", args=[dossier.panel_id]))


def sign(request: ActorRequest, pk: int) -> HttpResponse:
    """Look at the whole sheet once more, then sign and lock it."""
    found, seat = find_dossier(request, pk)
    sheet = queries.own_sheet(found, seat)
    if sheet is None:
        raise Http404
    if request.method == "POST":
        SHEET.take("sign", sheet, actor=request.actor, version=_number(request.POST.get("version")))
        messages.success(request, _("The sheet is signed."))
        rest = f"{reverse('review:dossiers', args=[found.panel_id])}?show=open"
        return redirect(found.panel.address or rest)
    if sheet.state != ScoreSheet.State.DRAFT:
        raise Refused(SAVE, [locked(sheet)])
    rubric = scoring.rubric_of(found.panel)
    findings = SHEET.findings("sign", sheet, request.actor)
    return render(
        request,
        "review/sign.html",
        {
            "dossier": found,
            "panel": found.panel,
            "sheet": sheet,
            "rubric": rubric,
            "lines": lines(rubric, sheet.marks, findings),
            "subtotal": scoring.subtotal(rubric, sheet.marks),
            "offer": Offer(SHEET["sign"], findings),
            "deviations": scoring.deviations(rubric, sheet.marks),
        },
    )
