"""Evaluation reports as everybody reads them; under the edition of 2018 their public discussion."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq import law
from ortaq.core.bilingual import pick
from ortaq.documents.downloads import paper_download
from ortaq.oversight.annex9 import fraction
from ortaq.oversight.forms.evaluation import CommentForm, DecisionForm
from ortaq.oversight.models import Evaluation
from ortaq.oversight.papers import evaluation as papers
from ortaq.oversight.procedure import annex8, discussion
from ortaq.oversight.queries import evaluation as queries
from ortaq.people.actor import ActorRequest
from ortaq.people.floods import is_flooding
from ortaq.projects import once

GET_POST = ["GET", "HEAD", "POST"]
MOST_AN_HOUR: int = settings.ORTAQ_COMMENTS_AN_HOUR


@login_not_required
@require_safe
def public_list(request: ActorRequest) -> HttpResponse:
    """All evaluation reports that are posted or discussed."""
    return render(
        request,
        "oversight/public_evaluations.html",
        {
            "page": queries.public_page(request.GET),
            "q": request.GET.get("q", "")[:200],
        },
    )


def _published(pk: int) -> Evaluation:
    return get_object_or_404(queries.published(), pk=pk)


@login_not_required
@require_http_methods(GET_POST)
def public(request: ActorRequest, pk: int) -> HttpResponse:
    """A report with its means; while it is discussed, a comment may be written."""
    row = _published(pk)
    if request.method == "POST":
        return _comment(request, row)
    return _page(request, row, CommentForm() if discussion.is_open(row) else None)


def _comment(request: ActorRequest, row: Evaluation) -> HttpResponse:
    if row.discussion_until is None:
        raise Http404
    form, token = CommentForm(request.POST), once.read(request.POST.get("once"))
    if not form.is_valid():
        return _page(request, row, form, token=token, status=422)
    done = redirect("oversight:public_evaluation", row.pk)
    if form.is_trap_sprung:  # a program is told what it wants to hear
        messages.success(request, _("Your comment is received."))
        return done
    if request.actor.user is None and is_flooding(request, "evaluation", MOST_AN_HOUR):
        message = _("Too many comments have come from your network within an hour. Send it later.")
        form.add_error(None, message)
        return _page(request, row, form, token=token, status=429)
    given = form.cleaned_data
    made = discussion.comment(row, token, author=given["author"], text=given["text"])
    if made.late:
        message = _("The discussion has ended: your comment is kept, but it is not considered.")
        messages.warning(request, message)
    else:
        messages.success(request, _("Your comment is received."))
    return done


def _page(
    request: ActorRequest,
    row: Evaluation,
    form: CommentForm | None,
    *,
    token: Any = None,
    status: int = 200,
) -> HttpResponse:
    content, edition = row.content or {}, annex8.edition_of(row)
    formed = row.state in (Evaluation.State.FORMED, Evaluation.State.POSTED)
    field, words = content.get("field"), content.get("recommendations", {})
    return render(
        request,
        "oversight/public_evaluation.html",
        {
            "evaluation": row,
            "contract": row.project.contract,
            "lines": queries.lines_of(row, content),
            "total": fraction(content.get("total")),
            "mean": fraction(content.get("mean")),
            "sheets": len(content.get("sheets", [])),
            "recommendations": pick(words.get("kk", ""), words.get("ru", "")),
            "field": law.field(field).text if field else "",
            "formula": edition.parameter("evaluation.combine.report"),
            "mean_formula": edition.parameter("evaluation.combine.publication"),
            "edition": edition,
            "cite": edition.rubric("evaluation").cite,
            "account": content.get("discussion"),
            # Words of comments are published with their decisions, without names.
            "decided": list(row.comments.exclude(accepted=None)) if formed else [],
            "form": form,
            "once": token or once.new(),
            "papers": papers.LANGUAGES,
        },
        status=status,
    )


@login_not_required
@require_safe
def public_paper(request: ActorRequest, pk: int, language: str, kind: str) -> FileResponse:
    """Annex 8 as a file."""
    row = _published(pk)
    if language not in papers.LANGUAGES or not row.content:
        raise Http404
    made = papers.annex_8(row, row.content, language)
    return paper_download(made, kind, f"annex-8-{pk}-{language}")


# --- The body decides -----------------------------------------------------------------------------------


def _of_body(request: ActorRequest, pk: int) -> Evaluation:
    row = get_object_or_404(queries.evaluations_visible_to(request.actor), pk=pk)
    if not annex8.of_body(request.actor, row) or not annex8.discusses(row):
        raise Http404
    return row


@require_safe
def comments(request: ActorRequest, pk: int) -> HttpResponse:
    """All comments on a preliminary report; those in time are decided one by one."""
    return _comments(request, _of_body(request, pk))


def _comments(
    request: ActorRequest,
    row: Evaluation,
    *,
    number: int = 0,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    decides = row.state == Evaluation.State.DISCUSSED
    rows = []
    for one in row.comments.all():
        chosen = "" if one.accepted is None else "yes" if one.accepted else "no"
        initial = {"accepted": chosen, "reason": one.reason}
        shown = (
            form if one.pk == number else DecisionForm(initial=initial, auto_id=f"id-{one.pk}-%s")
        )
        rows.append((one, shown if decides and not one.late else None))
    return render(
        request,
        "oversight/evaluation_comments.html",
        {
            "evaluation": row,
            "project": row.project,
            "contract": row.project.contract,
            "rows": rows,
            "decides": decides,
            "open": discussion.is_open(row),
        },
        status=status,
    )


@require_POST
def decide(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """Accept one comment or not."""
    row = _of_body(request, pk)
    found = get_object_or_404(row.comments.all(), pk=number)
    form = DecisionForm(request.POST, auto_id=f"id-{number}-%s")
    if not form.is_valid():
        return _comments(request, row, number=number, form=form, status=422)
    discussion.decide(found, actor=request.actor, **form.given())
    messages.success(request, _("The decision is saved."))
    return redirect("oversight:evaluation_comments", pk)
