"""What runs by itself: the schedule, long work of everybody, letters. Nothing here shows what people wrote."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ortaq.core.models import Job, Letter, Work
from ortaq.faces.paging import key_page
from ortaq.faces.parts import Column
from ortaq.operations.console import for_staff, page
from ortaq.operations.procedure import background
from ortaq.operations.queries import background as queries
from ortaq.people.actor import ActorRequest
from ortaq.people.second_factor import proof_wanted

ANY = ("", gettext_lazy("any"))
JOBS = [
    Column(gettext_lazy("What")),
    Column(gettext_lazy("How often")),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Last went well")),
    Column(gettext_lazy("Due next")),
    Column(gettext_lazy("Action")),
]
RUNS = [
    Column(gettext_lazy("What")),
    Column(gettext_lazy("Ended")),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("What it said")),
    Column(gettext_lazy("Server")),
]
WORKS = [
    Column(pgettext_lazy("work", "Work")),
    Column(gettext_lazy("Who asked")),
    Column(pgettext_lazy("work", "Asked for")),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Begun, times"), numeric=True),
    Column(gettext_lazy("Action")),
]
LETTERS = [
    Column(gettext_lazy("Letter")),
    Column(gettext_lazy("Address")),
    Column(gettext_lazy("Written")),
    Column(gettext_lazy("State")),
    Column(gettext_lazy("Tried, times"), numeric=True),
]


@require_safe
@for_staff
def schedule(request: ActorRequest) -> HttpResponse:
    """What recurs, how it went last, when it is due."""
    return page(
        request,
        "operations/schedule.html",
        console_title=_("Schedule"),
        console_lead=_(
            "What Ortaq does by itself. A worker does it (the command ortaq work); several workers share it. What fails is "
            "tried again with growing pauses and does not hold up the rest."
        ),
        lines=queries.schedule(),
        columns=JOBS,
        runs=queries.runs(),
        run_columns=RUNS,
    )


@require_POST
@for_staff
@proof_wanted
def run_now(request: ActorRequest, pk: int) -> HttpResponse:
    """Make a job due at once."""
    if background.run_now(get_object_or_404(Job, pk=pk), actor=request.actor):
        messages.success(request, _("A worker begins it within seconds."))
    else:
        messages.info(request, _("It is running just now."))
    return redirect("operations:schedule")


@require_safe
@for_staff
def works(request: ActorRequest) -> HttpResponse:
    """What people asked for that takes long: which kind, who, how it stands."""
    state, number = request.GET.get("state", ""), request.GET.get("number", "")
    return page(
        request,
        "operations/works.html",
        console_title=_("Long work"),
        console_lead=_(
            "Great tables and files that people asked for. What a work is about and what came of it only its asker sees."
        ),
        page=key_page(queries.works(state, number), request.GET, order=("-asked_at", "pk")),
        columns=WORKS,
        state=state,
        states=[ANY, *Work.State.choices],
        number=number,
    )


@require_POST
@for_staff
@proof_wanted
def cancel(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Cancel what somebody asked for."""
    if background.cancel(get_object_or_404(Work, pk=pk), actor=request.actor):
        messages.success(request, _("The work is cancelled: it stops at its next step."))
    else:
        messages.info(request, _("The work was over already."))
    return redirect("operations:works")


@require_safe
@for_staff
def letters(request: ActorRequest) -> HttpResponse:
    """Letters by state and address: first those that could not be sent."""
    state = request.GET.get("state", "" if "address" in request.GET else Letter.State.FAILED)
    address = request.GET.get("address", "")
    return page(
        request,
        "operations/letters.html",
        console_title=_("Letters"),
        console_lead=_(
            "Letters that Ortaq sends. What a letter says only its reader sees; the title of one that waits to be released "
            "is not shown either."
        ),
        page=key_page(queries.letters(state, address), request.GET, order=("-id",)),
        columns=LETTERS,
        state=state,
        states=[ANY, *Letter.State.choices],
        address=address,
        waiting=queries.waiting(),
    )


@require_safe
@for_staff
def letter(request: ActorRequest, pk: int) -> HttpResponse:
    """One letter: where it goes, how it stands, why it could not be sent."""
    found = get_object_or_404(queries.letters(), pk=pk)
    return page(
        request,
        "operations/letter.html",
        console_title=found.title if found.state != Letter.State.PREPARED else _("Letter"),
        console_lead="",
        letter=found,
        is_open=found.state in {Letter.State.RELEASED, Letter.State.FAILED},
        can_leave=found.state in {Letter.State.FAILED, Letter.State.GIVEN_UP}
        or (found.state == Letter.State.RELEASED and found.tries > 0),
    )


@require_POST
@for_staff
@proof_wanted
def send_again(request: ActorRequest, pk: int) -> HttpResponse:
    """Try a letter at once, and as often as a new one."""
    if background.send_again(get_object_or_404(Letter, pk=pk), actor=request.actor):
        messages.success(request, _("The letter leaves within a minute."))
    else:
        messages.info(request, _("The letter is sent already, or nobody has released it."))
    return redirect("operations:letter", pk)


@require_POST
@for_staff
@proof_wanted
def send_failed_again(request: ActorRequest) -> HttpResponse:
    """Try all that could not be sent, after the mail server was set right."""
    number = background.send_failed_again(actor=request.actor)
    told = ngettext(
        "One letter leaves within a minute.", "%(number)s letters leave within minutes.", number
    )
    messages.success(request, told % {"number": number})
    return redirect("operations:letters")


@require_POST
@for_staff
@proof_wanted
def give_up(request: ActorRequest, pk: int) -> HttpResponse:
    """Send a letter no more."""
    if background.give_up(get_object_or_404(Letter, pk=pk), actor=request.actor):
        messages.success(
            request, _("The letter is not sent any more. It stays here, and can be sent after all.")
        )
    else:
        messages.info(request, _("The letter is sent already, or is being sent just now."))
    return redirect("operations:letter", pk)
