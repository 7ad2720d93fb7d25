"""The pages of the working-day calendar and the monthly calculation index: public to read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ortaq.core import clock
from ortaq.core.models import CalendarDay, IndexValue
from ortaq.core.procedure import Procedure
from ortaq.faces.parts import Column
from ortaq.people.actor import ActorRequest
from ortaq.registry import policy, procedure, queries
from ortaq.registry.forms import DayForm, IndexForm
from ortaq.registry.procedure import CALENDAR, INDEX

from .shared import history, offers, reason

DAYS = [
    Column(gettext_lazy("Day")),
    Column(gettext_lazy("What it is")),
    Column(gettext_lazy("Source")),
    Column(gettext_lazy("Entry")),
]
VALUES = [
    Column(gettext_lazy("In force from")),
    Column(gettext_lazy("Value"), numeric=True),
    Column(gettext_lazy("Source")),
    Column(gettext_lazy("Entry")),
]
THRESHOLDS = [
    Column(gettext_lazy("Threshold")),
    Column(gettext_lazy("MCI"), numeric=True),
    Column(gettext_lazy("In tenge"), numeric=True),
    Column(gettext_lazy("Where it stands")),
]


@login_not_required
@require_safe
def calendar(request: ActorRequest) -> HttpResponse:
    """One year of working days: what is built in, what was entered, and what no longer holds."""
    years, asked = queries.years_kept(), request.GET.get("year", "")
    here = asked.isascii() and asked.isdigit() and len(asked) == 4
    year = int(asked) if here else clock.today().year
    if year not in years:
        raise Http404
    lines = queries.calendar_lines(year)
    context = {
        "year": year,
        "years": [(str(one), one == year) for one in years],
        "known": bool(lines),
        "weekdays": [date(2018, 1, day) for day in range(1, 8)],  # any week from its Monday
        "months": queries.months(year),
        "lines": lines,
        "columns": DAYS,
        "may_record": policy.keeps_law_data(request.actor),
    }
    return render(request, "registry/calendar.html", context)


@login_not_required
@require_safe
def index(request: ActorRequest) -> HttpResponse:
    """Every value of the index, and what the thresholds stated in it come to today."""
    context = {
        "lines": queries.index_lines(),
        "columns": VALUES,
        "thresholds": queries.thresholds(clock.today()),
        "threshold_columns": THRESHOLDS,
        "may_record": policy.keeps_law_data(request.actor),
    }
    return render(request, "registry/index.html", context)


@login_not_required
@require_safe
def day(request: ActorRequest, pk: int) -> HttpResponse:
    """One entry of the calendar: its act, by whom and when, and how to withdraw it."""
    found = get_object_or_404(CalendarDay.objects.select_related("entered_by"), pk=pk)
    back = f"{reverse('registry:calendar')}?year={found.day.year}"
    return _entry(request, CALENDAR, "registry:day_step", found, back)


@login_not_required
@require_safe
def index_value(request: ActorRequest, pk: int) -> HttpResponse:
    """One entry of the index, likewise."""
    found = get_object_or_404(IndexValue.objects.select_related("entered_by"), pk=pk)
    return _entry(request, INDEX, "registry:index_step", found, reverse("registry:index"))


def _entry(
    request: ActorRequest, procedure_: Procedure[Any], step: str, found: Any, back: str
) -> HttpResponse:
    context = {
        "entry": found,
        "is_day": isinstance(found, CalendarDay),
        "back": back,
        "body": queries.entered_by([found]).get(found.pk),
        # The officer's name is for colleagues; the public is told the organisation.
        "names_person": policy.keeps_law_data(request.actor),
        "offers": offers(procedure_, step, found, request.actor),
        "history": history(procedure_, found),
    }
    return render(request, "registry/law_entry.html", context)


def record_day(request: ActorRequest) -> HttpResponse:
    """Enter a holiday, a moved day off, a working Saturday."""
    if not policy.keeps_law_data(request.actor):
        raise Http404
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = procedure.record_day(form.save(commit=False), actor=request.actor)
        messages.success(request, _("Entered. Terms that begin from today on count with it."))
        return redirect("registry:day", row.pk)
    return render(request, "registry/record_law.html", {"form": form, "is_day": True})


def record_index(request: ActorRequest) -> HttpResponse:
    """Enter a value of the index."""
    if not policy.keeps_law_data(request.actor):
        raise Http404
    form = IndexForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = procedure.record_index(form.save(commit=False), actor=request.actor)
        messages.success(request, _("Entered. Thresholds are computed with it from now on."))
        return redirect("registry:index_value", row.pk)
    return render(request, "registry/record_law.html", {"form": form})


@require_POST
def day_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Withdraw an entry of the calendar."""
    return _step(request, CALENDAR, get_object_or_404(CalendarDay, pk=pk), step)


@require_POST
def index_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Withdraw a value of the index."""
    return _step(request, INDEX, get_object_or_404(IndexValue, pk=pk), step)


def _step(request: ActorRequest, procedure_: Procedure[Any], found: Any, step: str) -> HttpResponse:
    if step not in procedure_.steps or not policy.keeps_law_data(request.actor):
        raise Http404
    procedure_.take(step, found, actor=request.actor, reason=reason(request))
    messages.success(request, _("Withdrawn. The entry stays readable here."))
    name = "registry:day" if isinstance(found, CalendarDay) else "registry:index_value"
    return redirect(name, found.pk)
