"""Public pages: discussions, their topics and comments, the report; comments are written here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ortaq.documents.downloads import kept_download, paper_download
from ortaq.documents.render import html
from ortaq.people.actor import ActorRequest
from ortaq.people.floods import is_flooding
from ortaq.planning.forms.comment import CommentForm
from ortaq.planning.models import Comment, Formation, Topic
from ortaq.planning.papers.discussion import PAPERS, annex_2
from ortaq.planning.policy import forms
from ortaq.planning.procedure import comment as procedure
from ortaq.planning.queries import formation as queries
from ortaq.planning.queries.specification import approved_of

LANGUAGES = ("kk", "ru", "en")
# Letters that guests' comments of one network may cause. (Per person: `procedure.comment`.)
MOST_AN_HOUR: int = settings.ORTAQ_COMMENTS_AN_HOUR
State = Formation.State


@login_not_required
@require_safe
def discussions(request: ActorRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:200]
    return render(
        request,
        "planning/discussion_list.html",
        {
            "list": queries.discussions(query, request.GET),
            "query": query,
            "may_start": queries.bodies_of(request.actor).exists()
            if request.actor.is_signed_in
            else False,
        },
    )


@login_not_required
@require_safe
def discussion(request: ActorRequest, pk: int) -> HttpResponse:
    """Annex 1 with its comments; the body sees a draft as the public will."""
    found = _formation(request, pk)
    return _page(request, found, _form(request, found))


@login_not_required
@require_safe
def topic(request: ActorRequest, pk: int) -> HttpResponse:
    """A topic with all its columns and its own comments."""
    found = get_object_or_404(queries.topics_visible_to(request.actor), pk=pk)
    return _page(request, found.formation, _form(request, found.formation, found), found)


@login_not_required
@require_POST
def write(request: ActorRequest, pk: int) -> HttpResponse:
    """A comment: received at once from whoever is signed in, by a letter from everybody else."""
    found = get_object_or_404(
        Formation.objects.exclude(state=State.DRAFT).select_related("body"), pk=pk
    )
    form = _form(request, found)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    given = form.cleaned_data
    here = reverse("planning:discussion", args=[pk])
    if given["topic"]:
        here = reverse("planning:topic", args=[given["topic"].pk])
    if form.is_trap_sprung:  # a program is told what it wants to hear
        messages.success(request, _asked(given["email"]))
        return redirect(here)
    if request.actor.user is None and is_flooding(request, "comments", MOST_AN_HOUR):
        form.add_error(
            None,
            _(
                "Too many comments have come from your network within an hour. Sign in, or send "
                "yours later; your text is kept below."
            ),
        )
        return _page(request, found, form, status=429)
    try:
        comment = procedure.write(
            found,
            given["text"],
            actor=request.actor,
            topic=given["topic"],
            name=given.get("name", ""),
            email=given.get("email", ""),
            organisation=given.get("organisation"),
            language=get_language() or "kk",
        )
    except ValidationError as refused:
        form.add_error(None, refused)
        return _page(request, found, form, status=422)
    if comment.state == Comment.State.UNCONFIRMED:
        messages.success(request, _asked(comment.email))
    elif comment.state == Comment.State.LATE:
        messages.warning(
            request,
            _("The discussion has ended: your comment is kept, but it is not considered."),
        )
    else:
        messages.success(
            request,
            _("Your comment is received. Its number is %(number)s.") % {"number": comment.number},
        )
    return redirect(f"{here}#comments")


def _asked(email: str) -> str:
    return _(
        "We have sent a letter to %(email)s. Open its link while the discussion lasts: "
        "only then does your comment count."
    ) % {"email": email}


@login_not_required
@never_cache
def confirm(request: ActorRequest, token: str) -> HttpResponse:
    """The page that a guest's letter leads to. Opening it changes nothing: programs open links."""
    found = get_object_or_404(
        Comment.objects.select_related("formation__body", "topic"), token=token
    )
    error = ""
    if request.method == "POST":
        try:
            procedure.confirm(token)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            return redirect("planning:comment_confirm", token)
    return render(
        request,
        "planning/comment_confirm.html",
        {
            "comment": found,
            "formation": found.formation,
            "open": queries.is_open(found.formation),
            "next_year": queries.late_serves_next_year(found.formation),
            "error": error,
        },
        status=409 if error else 200,
    )


@login_not_required
@require_safe
def report(request: ActorRequest, pk: int) -> HttpResponse:
    """Annex 2 page by page; its body sees it before it is published."""
    found = _reported(request, pk)
    return render(
        request,
        "planning/report.html",
        {
            "formation": found,
            "page": queries.report_page(found, request.GET),
            "totals": queries.report_totals(found),
            "named": queries.names_authors(found),
            "cite": queries.edition_of(found).parameter("form.annex2.columns").cite,
        },
    )


@login_not_required
@require_safe
def paper(request: ActorRequest, pk: int, name: str, language: str, kind: str) -> HttpResponseBase:
    """Annex 1 or 2 as a file, or as a page with `kind` html."""
    if name not in PAPERS or language not in LANGUAGES:
        raise Http404
    make = PAPERS[name]
    found = _reported(request, pk) if make is annex_2 else _formation(request, pk)
    title = f"{name}-{found.plan_year}-{language}"
    if make is annex_2 and found.reported_at and kind != "html":
        return kept_download(
            lambda: make(found, language),
            kind,
            title,
            key=f"annex-2-{found.pk}-{language}",
            mark=queries.report_mark(found),
        )
    made = make(found, language)
    if kind != "html":
        return paper_download(made, kind, title)
    return render(
        request, "planning/paper.html", {"formation": found, "paper": made, "html": html(made)}
    )


def _formation(request: ActorRequest, pk: int) -> Formation:
    return get_object_or_404(queries.formations_visible_to(request.actor), pk=pk)


def _reported(request: ActorRequest, pk: int) -> Formation:
    """A discussion whose report is out, or is its body's to see before."""
    found = _formation(request, pk)
    if found.reported_at is None and not (
        forms(request.actor, found) and found.state == State.DECIDING
    ):
        raise Http404
    return found


def _form(request: ActorRequest, found: Formation, topic: Topic | None = None) -> CommentForm:
    return CommentForm(
        request.POST if request.method == "POST" else None,
        actor=request.actor,
        ngos=queries.spoken_for(request.actor),
        topics=found.topics.only("position", "title_kk", "title_ru", "formation_id"),
        initial={"topic": topic},
    )


def _page(
    request: ActorRequest,
    found: Formation,
    form: CommentForm,
    topic: Topic | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A discussion, or one topic of it, with a comment being written."""
    comments = queries.comment_page(found, request.GET, topic)
    context: dict[str, Any] = {
        "formation": found,
        "topic": topic,
        "comments": comments,
        "comments_mark": queries.comments_mark(comments, found),
        "own": queries.own_comments(found, request.actor, topic),
        "form": form,
        "open": queries.is_open(found),
        "takes": found.state in {State.DISCUSSION, State.DECIDING},
        "next_year": queries.late_serves_next_year(found),
        "manages": forms(request.actor, found),
    }
    if topic is None:
        context |= {"annex": queries.annex1(found), "timeline": queries.timeline(found)}
        return render(request, "planning/discussion.html", context, status=status)
    context["line"] = queries.lines_of(found, [topic])[0]
    if found.state == State.BUDGETED:
        context["specification"] = approved_of(topic)
    return render(request, "planning/topic.html", context, status=status)
