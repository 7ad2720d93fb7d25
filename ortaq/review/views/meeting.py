"""Elections, progress without points, and the meeting with them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from ortaq import law
from ortaq.core import clock
from ortaq.faces.paging import key_page
from ortaq.faces.parts import Column, Conflict, Difference, ScoreGrid, ScoreRow
from ortaq.people.actor import ActorRequest
from ortaq.review import composition, queries, scoring
from ortaq.review.forms import BallotForm, ChangeForm, MinutesForm, TieForm, filled
from ortaq.review.models import (
    MarkChange,
    Meeting,
    Panel,
    ScoreSheet,
    Seat,
)
from ortaq.review.procedure import PANEL, SHEET
from ortaq.review.procedure.meeting import OFFICES, save_attendance, save_minutes, tally

from .shared import View, context, find, offer

PROGRESS = [
    Column(gettext_lazy("Application")),
    Column(gettext_lazy("Signed sheets"), numeric=True),
    Column(gettext_lazy("Members who score it"), numeric=True),
]
WORK = [Column(gettext_lazy("Member")), Column(gettext_lazy("Work"))]
RANKING = [
    Column(gettext_lazy("Application")),
    Column(gettext_lazy("Applicant")),
    Column(gettext_lazy("Sheets"), numeric=True),
    Column(gettext_lazy("Sum of points"), numeric=True),
    Column(gettext_lazy("Mean"), numeric=True),
]


# --- Chair and deputy ------------------------------------------------------------------------------


def election(request: ActorRequest, pk: int) -> HttpResponse:
    """Members elect their chair and deputy (GR-C-09)."""
    view = find(request, pk)
    if not view.elects:
        raise Http404
    if request.method == "POST":
        facts = filled(BallotForm(view.panel, request.POST))
        PANEL.take("vote", view.panel, actor=request.actor, **facts)
        messages.success(request, _("Your vote is kept."))
        return redirect("review:election", pk)
    members = composition.members_of(view.panel)
    own = queries.own_votes(view.seat)
    votes_now = view.is_member and view.panel.state in PANEL["vote"].sources
    offices = [
        {
            "office": office,
            "title": Seat.Office(office).label,
            "holder": next((seat for seat in members if seat.office == office), None),
            "cast": sum(tally(view.panel, office).values()),
            "own": own.get(office),
            "votes_now": votes_now,
        }
        for office in OFFICES
    ]
    more = {"offices": offices, "members": members, "needed": len(members) // 2 + 1}
    return render(request, "review/election.html", context(view, **more))


# --- Progress, without points ------------------------------------------------------------------------


@require_safe
def progress(request: ActorRequest, pk: int) -> HttpResponse:
    """How far scoring is. Counts of signed sheets and nothing that somebody gave (GR-S-01).

    Of a member only "finished" or not is said: with counts by member and counts by dossier side
    by side, one could tell who signed what.
    """
    view = find(request, pk)
    if not view.shows_progress:
        raise Http404
    members = composition.members_of(view.panel)
    page = key_page(queries.without_points(view.panel), request.GET, order=("id",), size=25)
    organisations = {dossier.organisation_id for dossier in page.rows}
    recused = queries.recused_from(view.panel, organisations, members)
    return render(
        request,
        "review/progress.html",
        context(
            view,
            page=page,
            lines=[
                (dossier, len(members) - recused.get(dossier.organisation_id, 0))
                for dossier in page.rows
            ],
            columns=PROGRESS,
            members=[(seat, seat.signed >= seat.dossiers) for seat in members],
            finished=sum(seat.signed >= seat.dossiers for seat in members),
            work_columns=WORK,
        ),
    )


# --- The meeting -----------------------------------------------------------------------------------


def find_meeting(request: ActorRequest, pk: int) -> tuple[View, Meeting]:
    view = find(request, pk)
    if not view.discusses:
        raise Http404
    return view, get_object_or_404(Meeting.objects.select_related("panel"), panel=view.panel)


def meeting(request: ActorRequest, pk: int) -> HttpResponse:
    """Attendance, minutes, ties, the end of the meeting."""
    view, found = find_meeting(request, pk)
    # A member reads here; organiser and secretary write.
    writes = view.runs and view.panel.state == Panel.State.MEETING
    conflict: Conflict | None = None
    form = MinutesForm(request.POST or None, instance=found)
    if request.method == "POST":
        if not writes:
            raise Http404
        action = request.POST.get("action", "")
        if action == "close":
            PANEL.take("close_meeting", view.panel, actor=request.actor)
            messages.success(request, _("The meeting is closed."))
            return redirect("review:meeting", pk)
        if action == "attendance":
            save_attendance(found, request.POST.getlist("present"))
            messages.success(request, _("The attendance is kept."))
            return redirect("review:meeting", pk)
        if action == "tie":
            return _decide(request, view)
        if form.is_valid():
            conflict = _write(found, form)
            if request.headers.get("HX-Request") == "true":
                more = {"meeting": found, "conflict": conflict, "now": clock.now()}
                return render(request, "review/minutes_saved.html", more)
            if conflict is None:
                messages.success(request, _("The minutes are saved."))
                return redirect("review:meeting", pk)
    tied = queries.ties(view.panel)
    decided = queries.decisions(view.panel, tied)
    lapsed = queries.lapsed_decisions(found, decided.values())
    if not view.runs:
        tied, lapsed = queries.known_to(request.actor, tied, lapsed)
    seats = composition.seats_of(view.panel)
    present = set(found.present.values_list("pk", flat=True))
    return render(
        request,
        "review/meeting.html",
        context(
            view,
            meeting=found,
            writes=writes,
            form=form,
            conflict=conflict,
            seats=[(seat, seat.pk in present) for seat in seats],
            ties=[
                (contest, rows, decided.get(contest), TieForm(rows))
                for contest, rows in tied.items()
            ],
            lapsed=lapsed,
            close=offer(view, request, "close_meeting") if view.runs else None,
            close_address=request.path,
        ),
        status=409 if conflict else 200,
    )


def _write(meeting: Meeting, form: MinutesForm) -> Conflict | None:
    """Save the minutes; where another window was faster, both texts."""
    typed = form.cleaned_data
    if save_minutes(
        meeting,
        place=typed["place"],
        minutes_kk=typed["minutes_kk"],
        minutes_ru=typed["minutes_ru"],
        version=typed["version"] or 0,
    ):
        return None
    return Conflict(
        gettext_lazy("Another window"),
        clock.now(),
        tuple(
            Difference(form[name].label, typed[name], getattr(meeting, name))
            for name in ("place", "minutes_kk", "minutes_ru")
            if typed[name] != getattr(meeting, name)
        ),
    )


def _decide(request: ActorRequest, view: View) -> HttpResponse:
    contest = request.POST.get("contest", "")
    tied = queries.ties(view.panel).get(contest, [])
    facts = filled(TieForm(tied, request.POST))
    PANEL.take("decide_tie", view.panel, actor=request.actor, **facts)
    messages.success(request, _("The decision is minuted."))
    return redirect("review:meeting", view.panel.pk)


@require_safe
def ranking(request: ActorRequest, pk: int) -> HttpResponse:
    """The points of the dossiers that the reader may discuss, contest by contest."""
    view, _found = find_meeting(request, pk)
    page = queries.points_page(view.panel, request.actor, request.GET)
    groups: dict[str, list[queries.Points]] = {}
    for one in page.rows:
        groups.setdefault(one.contest, []).append(one)
    return render(
        request,
        "review/ranking.html",
        context(
            view,
            page=page,
            groups=list(groups.items()),
            columns=RANKING,
            maximum=scoring.rubric_of(view.panel).maximum,
            threshold=scoring.threshold(view.panel),
        ),
    )


def points(request: ActorRequest, pk: int) -> HttpResponse:
    """All sheets of one dossier, hints on those far from the others, the author's own changes."""
    dossier = get_object_or_404(queries.points_visible_to(request.actor), pk=pk)
    view = find(request, dossier.panel_id)
    rubric = scoring.rubric_of(dossier.panel)
    sheets = list(queries.signed_sheets(dossier))
    own = next((sheet for sheet in sheets if view.seat and sheet.seat_id == view.seat.pk), None)
    changes_now = own is not None and view.panel.state == Panel.State.MEETING
    form = ChangeForm(rubric, request.POST or None)
    if request.method == "POST":
        if own is None:
            raise Http404
        if form.is_valid():
            SHEET.take("change", own, actor=request.actor, **form.cleaned_data)
            messages.success(request, _("The points are changed; both values are kept."))
            return redirect("review:points", pk)
    return render(
        request,
        "review/points.html",
        context(
            view,
            dossier=dossier,
            grid=_grid(rubric, sheets),
            sheets=[(sheet, found) for sheet in sheets if (found := _comments(rubric, sheet))],
            far=queries.far_from_others(rubric, sheets),
            changes=_changes(rubric, sheets),
            mean=Fraction(dossier.points, dossier.sheets) if dossier.sheets else None,
            form=form if changes_now else None,
        ),
    )


def _grid(rubric: law.Rubric, sheets: list[ScoreSheet]) -> ScoreGrid:
    rows = [
        ScoreRow(
            sheet.seat.person.short_name,
            [scoring.mark_of(sheet.marks, key)["points"] for key in rubric.keys],
            sheet.total,
        )
        for sheet in sheets
    ]
    totals = [sheet.total or 0 for sheet in sheets]
    mean = (
        ScoreRow(
            gettext_lazy("Mean"),
            [
                law.mean([scoring.mark_of(sheet.marks, key)["points"] for sheet in sheets])
                for key in rubric.keys
            ],
            law.mean(totals),
        )
        if sheets
        else None
    )
    columns = [(criterion.label, criterion.maximum) for criterion in rubric.criteria]
    return ScoreGrid(columns, rows, mean, gettext_lazy("Points of all members"))


def _comments(rubric: law.Rubric, sheet: ScoreSheet) -> list[tuple[Any, scoring.Mark]]:
    """The criteria on which the member wrote something."""
    marks = [(c.label, scoring.mark_of(sheet.marks, c.key)) for c in rubric.criteria]
    return [(label, mark) for label, mark in marks if mark["comment"].strip()]


def _changes(rubric: law.Rubric, sheets: list[ScoreSheet]) -> list[tuple[MarkChange, Any]]:
    """The changes of points at the meeting, each with the name of its criterion."""
    return [(row, rubric.criterion(row.criterion).label) for row in queries.changes_of(sheets)]
