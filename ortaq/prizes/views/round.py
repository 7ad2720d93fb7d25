"""Public pages of prizes: the years, one year, its list of applicants."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ortaq.faces import say
from ortaq.law.text import Text
from ortaq.people.actor import ActorRequest
from ortaq.people.policy import is_authorised_body, is_ngo
from ortaq.prizes.content.parts import ANNEXES, papers_asked
from ortaq.prizes.models import Round
from ortaq.prizes.policy.application import accepts, may_begin
from ortaq.prizes.policy.round import organises
from ortaq.prizes.procedure.closing import closed_if_due
from ortaq.prizes.queries import application as applications
from ortaq.prizes.queries import round as queries


def said(papers: list[dict[str, str]]) -> list[dict[str, str]]:
    """The list of documents with the words in the reader's language."""
    return [{**one, "text": say.text(Text(one["kk"], one["ru"], one["en"]))} for one in papers]


def found(request: ActorRequest, year: int) -> Round:
    """The round of a year if this person may know of it; the same 404 for a draft and for none."""
    return closed_if_due(get_object_or_404(queries.page_of(request.actor), year=year))


@login_not_required
@require_safe
def rounds(request: ActorRequest) -> HttpResponse:
    """The prizes of all years, the newest first."""
    rows = [closed_if_due(one) for one in queries.page_of(request.actor).order_by("-year")]
    return render(
        request,
        "prizes/rounds.html",
        {
            "rounds": [(one, accepts(one), organises(request.actor, one)) for one in rows],
            "may_start": is_authorised_body(request.actor),
            "is_ngo": is_ngo(request.actor),
        },
    )


@login_not_required
@require_safe
def page(request: ActorRequest, year: int) -> HttpResponse:
    """The announcement and the course of a year; the organiser sees it before the public does."""
    one, actor = found(request, year), request.actor
    mine = None
    if actor.acting_for is not None and not organises(actor, one):
        mine = applications.of_ngo(actor).filter(round=one).first()
    return render(
        request,
        "prizes/round.html",
        {
            "round": one,
            "directions": one.directions.all(),
            "papers": said(one.papers or papers_asked(one.rules)),
            "division": one.rules.cite("guide, prizes"),
            "annexes": dict(
                zip(("application", "questionnaire", "description"), ANNEXES, strict=True)
            ),
            "timeline": queries.timeline(one),
            "accepting": accepts(one),
            "organises": organises(actor, one),
            "may_begin": may_begin(actor, one),
            "mine": mine,
            "grounds": list(one.rules.grounds("bars").values()),
            "bar": one.rules.parameter("prize.bar_years"),
            "one_direction": one.rules.parameter("prize.directions_per_ngo"),
            "criteria": one.rules.rubric("prize-criteria").criteria,
        },
    )


@login_not_required
@require_safe
def applicants(request: ActorRequest, year: int) -> HttpResponse:
    """The list of applicants, once it is published: NGO and direction (PR-026, PR-027)."""
    one = found(request, year)
    if one.listed_at is None:
        raise Http404
    listed = queries.applicants(one)
    return render(
        request,
        "prizes/applicants.html",
        {
            "round": one,
            "listed": [row for row in listed if row.applicants],
            "without": [row.direction for row in listed if not row.applicants],
            "number": sum(len(row.applicants) for row in listed),
            "cite": one.rules.term("prize.applicants_list").cite,
        },
    )
