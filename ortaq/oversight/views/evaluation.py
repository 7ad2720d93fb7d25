"""Pages of the evaluation of a project: what waits for it, how far its members are, the notice, what it rests on, its steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core.procedure import Offer, Refused
from ortaq.documents.downloads import paper_download
from ortaq.documents.paper import Paper
from ortaq.documents.render import html
from ortaq.oversight.forms.monitoring import NoticeForm, as_typed
from ortaq.oversight.models import Evaluation
from ortaq.oversight.papers import notice as notices
from ortaq.oversight.papers import visit as visits
from ortaq.oversight.procedure import annex8, discovery
from ortaq.oversight.procedure import evaluation as evaluating
from ortaq.oversight.procedure.evaluation import EVALUATION, ROLE
from ortaq.oversight.procedure.notice import about as about_of
from ortaq.oversight.procedure.notice import cite_of
from ortaq.oversight.queries import evaluation as queries
from ortaq.people.actor import ActorRequest
from ortaq.people.policy import is_authorised_body, is_state_body
from ortaq.projects.models import Report
from ortaq.projects.papers import report as reports
from ortaq.projects.views.act import version_of
from ortaq.review import papers as sheets
from ortaq.review.evaluating import EVALUATING, signed_sheets
from ortaq.review.models import Seat
from ortaq.review.policy import may_open
from ortaq.review.procedure import statement

from .found import overseen, project_tab

GET_POST = ["GET", "HEAD", "POST"]
LONG = 20_000
TAKEN = ("complete", "join", "reopen", "discuss", "form", "post")


@require_safe
def evaluations(request: ActorRequest) -> HttpResponse:
    """The body's completed projects with their evaluations."""
    if not (is_state_body | is_authorised_body)(request.actor):
        raise Http404
    return render(
        request,
        "oversight/evaluations.html",
        {
            "page": queries.completed(request.actor, request.GET),
            "asked": {name: request.GET.get(name, "")[:200] for name in ("q", "state")},
            "states": [("none", _("not begun")), *Evaluation.State.choices],
        },
    )


@require_http_methods(GET_POST)
def project_evaluation(request: ActorRequest, pk: int) -> HttpResponse:
    """The evaluation of a project: what it still waits for, or the way to it."""
    project = overseen(request, pk)
    if found := Evaluation.objects.filter(project=project).first():
        return redirect("oversight:evaluation", found.pk)
    council = queries.council_in_office(project.contract.grantor_id)
    if request.method == "POST":
        made = evaluating.open_evaluation(project, council, actor=request.actor)
        messages.success(request, _("The evaluation is opened; the members have been written to."))
        return redirect("oversight:evaluation", made.pk)
    findings = evaluating.opening_findings(project, council)
    return project_tab(
        request,
        project,
        "oversight/evaluation_open.html",
        offer=Offer(evaluating.OPEN, findings),
        council=council,
        basis_cite=annex8.edition_now().rubric("evaluation").cite,
    )


# --- One evaluation --------------------------------------------------------------------------------------


def _found(request: ActorRequest, pk: int) -> Evaluation:
    return get_object_or_404(queries.evaluations_visible_to(request.actor), pk=pk)


def _of_body(request: ActorRequest, pk: int) -> Evaluation:
    """For the body alone: to a member the address is as good as absent."""
    row = _found(request, pk)
    if not annex8.of_body(request.actor, row):
        raise Http404
    return row


@require_http_methods(GET_POST)
def evaluation(request: ActorRequest, pk: int) -> HttpResponse:
    """The body's progress and steps, or the member's notice and sheet."""
    row = _found(request, pk)
    kept = statement.shown(request.actor.user, about_of(row.project, ROLE))
    sent = request.POST if request.method == "POST" else None
    form = NoticeForm(notices.form_of(ROLE, row.edition), sent, initial=as_typed(kept))
    if request.method != "POST":
        return _page(request, row, form)
    form.is_valid()
    try:
        evaluating.give_notice(
            row, conflict=form.conflict(), answers=form.answers(), actor=request.actor
        )
    except Refused as refused:
        if refused.has("not_yours", "moved_on"):
            raise
        if page := statement.signing_page(refused):
            messages.info(request, _("What you answered is kept. Sign it, then give the notice."))
            return redirect(page)
        for finding in refused.findings:
            about = finding.about if finding.code != "no_details" else f"{finding.about}-details"
            form.add_error(about if about in form.fields else None, str(finding.message))
        return _page(request, row, form, status=422)
    messages.success(request, _("The notice is signed."))
    return redirect("oversight:evaluation", pk)


def _page(
    request: ActorRequest, row: Evaluation, form: NoticeForm, *, status: int = 200
) -> HttpResponse:
    panel = annex8.panel_of(row)
    contract = row.project.contract
    context: dict[str, Any] = {
        "evaluation": row,
        "statement": statement.shown(request.actor.user, about_of(row.project, ROLE)),
        "project": row.project,
        "contract": contract,
        "cite": cite_of(annex8.edition_of(row), ROLE),
        "rules": annex8.rubric_of(row).cite,
        "papers": notices.LANGUAGES,
        "discusses": annex8.discusses(row),
    }
    if annex8.of_body(request.actor, row):
        context |= _for_body(request, row)
        template = "oversight/evaluation.html"
    else:
        seat = panel.seats.filter(person=request.actor.user, role=Seat.Role.MEMBER).last()
        scoring = panel.state == panel.State.SCORING
        opens = may_open(request.actor, row.dossier)
        sits = seat is not None and seat.until is None
        context |= {
            "seat": seat,
            "opens": opens,
            "signs": scoring and sits and seat is not None and not seat.declarations.exists(),
            "may_discover": sits and seat is not None and seat.declarations.exists(),
            "barred": panel.conflicts.filter(person=request.actor.user).exists(),
            "form": form,
            "my_notices": queries.notices_of(row).filter(person=request.actor.user),
        }
        if opens and queries.is_closed(row):
            context |= _figures(row)
        template = "oversight/evaluation_member.html"
    return render(request, template, context, status=status)


def _figures(row: Evaluation) -> dict[str, Any]:
    """Points and means, once the scoring is over."""
    assert row.dossier is not None
    rows, results = list(signed_sheets(row.dossier)), annex8.results(row)
    edition = annex8.edition_of(row)
    return {
        "sheets": rows,
        "results": results,
        "grid": queries.grid_of(row, rows, results),
        "formula": edition.parameter("evaluation.combine.report"),
        "mean_formula": edition.parameter("evaluation.combine.publication"),
    }


def _for_body(request: ActorRequest, row: Evaluation) -> dict[str, Any]:
    """Who sits, how far each is, which steps are open. Points only once the scoring is over."""
    members, panel = queries.members_of(row), annex8.panel_of(row)
    found: dict[str, Any] = {
        "members": members,
        "offers": {one.step.name: one for one in EVALUATION.offers(row, request.actor)},
    }
    if "form" in found["offers"]:
        found |= annex8.progress_of(row)
    if posting := found["offers"].get("post"):
        posting.findings.clear()  # the address is asked for beside the button
    if queries.is_closed(row):
        return found | _figures(row)
    close = EVALUATING["close"]
    findings = EVALUATING.findings("close", panel, request.actor)
    found["close"] = Offer(close, [one for one in findings if one.about != "remark"])
    found["waiting"] = [one for one in findings if one.about == "remark"]
    seated = {one.person.pk for one in members}
    found["new"] = [one for one in evaluating.members_now(row) if one.pk not in seated]
    return found


@require_POST
def take(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """The body's steps, from the end of the scoring to the posting."""
    if step not in TAKEN:
        raise Http404
    row = _of_body(request, pk)
    if step == "complete":
        evaluating.complete(row, remark=_words(request, "remark"), actor=request.actor)
    elif step == "join":
        evaluating.join(row, actor=request.actor)
        messages.success(request, _("The new members have been written to."))
        return redirect("oversight:evaluation", pk)
    elif step == "reopen":
        evaluating.reopen(row, actor=request.actor)
    else:
        facts: dict[str, Any] = {"version": version_of(request)} if step != "post" else {}
        if step == "post":
            facts["portal_link"] = _words(request, "portal_link")
        EVALUATION.take(step, row, actor=request.actor, **facts)
    messages.success(request, _("Done: %(step)s.") % {"step": str(EVALUATION[step].title)})
    return redirect("oversight:evaluation", pk)


def _words(request: ActorRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "")[:LONG]


@require_POST
def admit(request: ActorRequest, pk: int, person: int) -> HttpResponse:
    """The body's reasoned decision on a conflict that a member stated."""
    row = _of_body(request, pk)
    members = (one for one in queries.members_of(row) if one.person.pk == person)
    member = next(members, None)
    if member is None:
        raise Http404
    EVALUATING.take(
        "admit",
        annex8.panel_of(row),
        actor=request.actor,
        person=member.person,
        remark=_words(request, "remark"),
    )
    messages.success(request, _("The member is admitted all the same."))
    return redirect("oversight:evaluation", pk)


@require_POST
def conflict(request: ActorRequest, pk: int) -> HttpResponse:
    """A conflict that a member knows of only now."""
    row = _found(request, pk)
    discovery.discover(row, explanation=_words(request, "explanation"), actor=request.actor)
    messages.success(request, _("The conflict of interest is recorded. Thank you for saying so."))
    return redirect("oversight:evaluation", pk)


# --- What it rests on ---------------------------------------------------------------------------------------


def _readable(request: ActorRequest, pk: int) -> Evaluation:
    """For the body, and for a member only past the gate of the notice (SO-E-11)."""
    row = _found(request, pk)
    if not (annex8.of_body(request.actor, row) or may_open(request.actor, row.dossier)):
        raise Http404
    return row


@require_safe
def content(request: ActorRequest, pk: int) -> HttpResponse:
    """Conclusions of monitoring and reports, beside the sheet as a fragment without a page (SO-E-12)."""
    row = _readable(request, pk)
    fragment = request.headers.get("HX-Request") == "true"
    name = "evaluation_content_fragment" if fragment else "evaluation_content"
    return render(
        request,
        f"oversight/{name}.html",
        {
            "evaluation": row,
            "project": row.project,
            "contract": row.project.contract,
            "basis": queries.basis_of(row),
        },
    )


@require_safe
def report(request: ActorRequest, pk: int, report: int) -> HttpResponse:
    """A report of the project as it was accepted."""
    row = _readable(request, pk)
    rows: list[Report] = queries.basis_of(row).reports
    found = next((one for one in rows if one.pk == report), None)
    submission = queries.submitted(found) if found else None
    if found is None or submission is None:
        raise Http404
    found.project = row.project
    return _paper(request, row, reports.make(found, submission.content, _language()))


@require_safe
def visit(request: ActorRequest, pk: int, visit: int) -> HttpResponse:
    """The report of a visit of monitoring as it was formed."""
    row = _readable(request, pk)
    rows = (one.visit for one in queries.basis_of(row).visits if one.visit.pk == visit)
    found = next(rows, None)
    if found is None or found.content is None:
        raise Http404
    found.plan.project = row.project
    return _paper(request, row, visits.report(found, found.content, _language()))


def _language() -> str:
    """Papers are in Kazakh or Russian; readers of English get the Kazakh one."""
    return "ru" if get_language() == "ru" else "kk"


def _paper(request: ActorRequest, row: Evaluation, made: Paper) -> HttpResponse:
    context = {"evaluation": row, "contract": row.project.contract, "paper": made}
    context["html"] = html(made)
    return render(request, "oversight/evaluation_paper.html", context)


@require_safe
def notice(request: ActorRequest, pk: int, number: int, language: str, kind: str) -> FileResponse:
    """A member's notice on its form, for the member and the body."""
    row = _found(request, pk)
    rows = queries.notices_of(row).select_related("person", "project__contract__grantor")
    if not annex8.of_body(request.actor, row):
        rows = rows.filter(person=request.actor.user)
    found = get_object_or_404(rows, pk=number)
    if language not in notices.LANGUAGES:
        raise Http404
    return paper_download(notices.notice(found, language), kind, f"notice-{number}-{language}")


@require_safe
def sheet(request: ActorRequest, pk: int, sheet: int, language: str, kind: str) -> FileResponse:
    """A member's sheet, annex 7, for the body once the scoring is over. Members print their own from the sheet's page."""
    row = _of_body(request, pk)
    if not queries.is_closed(row) or row.dossier is None or language not in sheets.LANGUAGES:
        raise Http404
    rows = signed_sheets(row.dossier).select_related("dossier__panel", "dossier__organisation")
    found = get_object_or_404(rows, pk=sheet)
    return paper_download(sheets.score_sheet(found, language), kind, f"sheet-{sheet}-{language}")
