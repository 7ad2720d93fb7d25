"""The officer's pages of comments: looked through, decided one by one or together, hidden."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ortaq.people.actor import ActorRequest
from ortaq.planning.forms.comment import HideForm, ManyDecisionsForm, OneDecisionForm
from ortaq.planning.models import Comment, Formation
from ortaq.planning.procedure import comment as procedure
from ortaq.planning.queries import formation as queries

from .formation import managed

DECIDABLE = {Formation.State.DISCUSSION, Formation.State.DECIDING}


def comments(request: ActorRequest, pk: int) -> HttpResponse:
    """Comments as they came; those that are alike are ticked and decided together."""
    found = managed(request, pk)
    if found.published_at is None:
        raise Http404
    which = request.GET.get("which", "")
    asked_topic = request.GET.get("topic", "")
    topic = int(asked_topic) if asked_topic.isdecimal() and len(asked_topic) < 10 else None
    page = queries.desk_comments(
        found, request.GET, which=which if which in queries.FILTERS else "", topic=topic
    )
    decides = found.state in DECIDABLE and which != "late"
    numbers = [row.number for row in page.rows if row.number and not row.decision]
    form = ManyDecisionsForm(request.POST or None, numbers=numbers)
    if request.method == "POST" and form.is_valid():
        try:
            done = _decide_many(request, found, form)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(
                request,
                ngettext("%(count)s comment is decided.", "%(count)s comments are decided.", done)
                % {"count": done},
            )
            return redirect(request.get_full_path())
    return render(
        request,
        "planning/comments.html",
        {
            "formation": found,
            "page": page,
            "form": form,
            "which": which,
            "topic": topic,
            "topics": found.topics.only("position", "title_kk", "title_ru", "formation_id"),
            "filters": queries.FILTERS.items(),
            "counts": queries.counts(found),
            "decides": (decides and bool(numbers)) or bool(form.errors),
            "ticked": set(request.POST.getlist("comments")),
        },
        status=422 if form.errors else 200,
    )


def _decide_many(request: ActorRequest, found: Formation, form: ManyDecisionsForm) -> int:
    given = form.cleaned_data
    return procedure.decide_many(
        found,
        given["comments"],
        given["decision"],
        reasons_kk=given["reasons_kk"],
        reasons_ru=given["reasons_ru"],
        actor=request.actor,
    )


def decide(request: ActorRequest, pk: int) -> HttpResponse:
    """One comment with its decision."""
    found = _comment(request, pk)
    form = OneDecisionForm(
        request.POST or None,
        initial={
            "summary": found.summary,
            "decision": found.decision,
            "reasons_kk": found.reasons_kk,
            "reasons_ru": found.reasons_ru,
        },
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            procedure.decide(
                found,
                given["decision"],
                reasons_kk=given["reasons_kk"],
                reasons_ru=given["reasons_ru"],
                summary=given["summary"],
                seen=given["seen"],
                actor=request.actor,
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The decision is saved."))
            following = queries.next_undecided(found)
            if "next" in request.POST and following:
                return redirect("planning:comment", following.pk)
            address = reverse("planning:comments", args=[found.formation_id])
            return redirect(f"{address}?which=undecided")
    return _page(request, found, form, HideForm(), status=422 if form.errors else 200)


@require_POST
def hide(request: ActorRequest, pk: int) -> HttpResponse:
    """Hide an insult from the public page, or show it again."""
    found = _comment(request, pk)
    form = HideForm(request.POST)
    if "show" in request.POST:
        procedure.hide(found, "", actor=request.actor)
        messages.success(request, _("The public page shows the comment again."))
        return redirect("planning:comment", found.pk)
    if form.is_valid():
        try:
            procedure.hide(found, form.cleaned_data["reason"], actor=request.actor)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The comment is hidden; its record and its number stay."))
            return redirect("planning:comment", found.pk)
    return _page(request, found, OneDecisionForm(), form, status=422)


def _page(
    request: ActorRequest,
    found: Comment,
    form: OneDecisionForm,
    hiding: HideForm,
    *,
    status: int = 200,
) -> HttpResponse:
    found.refresh_from_db()
    return render(
        request,
        "planning/comment.html",
        {
            "comment": found,
            "formation": found.formation,
            "form": form,
            "hiding": hiding,
            "seen": found.decided_at.isoformat() if found.decided_at else "",
            "decides": found.state == Comment.State.RECEIVED and found.formation.state in DECIDABLE,
            "late": found.state == Comment.State.LATE,
            "next_year": queries.late_serves_next_year(found.formation),
        },
        status=status,
    )


def _comment(request: ActorRequest, pk: int) -> Comment:
    return get_object_or_404(queries.comments_of(request.actor), pk=pk)
