"""Pages of the independent expert of a project: who it is, the notice, what the body decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core.procedure import Refused
from ortaq.documents.downloads import paper_download
from ortaq.oversight.forms.monitoring import NoticeForm, as_typed
from ortaq.oversight.models import Engagement, Notice, Visit
from ortaq.oversight.papers import notice as papers
from ortaq.oversight.procedure import engagement as engaging
from ortaq.oversight.procedure.engagement import ENGAGEMENT, ROLE, edition_now
from ortaq.oversight.procedure.notice import about as about_of
from ortaq.oversight.procedure.notice import cite_of
from ortaq.oversight.queries.engagement import engagements_visible_to
from ortaq.people.actor import ActorRequest
from ortaq.review.procedure import statement

GET_POST = ["GET", "HEAD", "POST"]
TAKEN = ("admit", "end")
NEXT = {"clear", "declare"}


def _found(request: ActorRequest, pk: int) -> Engagement:
    return get_object_or_404(engagements_visible_to(request.actor), pk=pk)


@require_http_methods(GET_POST)
def engagement(request: ActorRequest, pk: int) -> HttpResponse:
    """The engagement; for the expert, the notice to be signed."""
    row = _found(request, pk)
    sent = request.POST if request.method == "POST" else None
    kept = statement.shown(request.actor.user, about_of(row.project, ROLE))
    form = NoticeForm(papers.form_of(ROLE, edition_now().key), sent, initial=as_typed(kept))
    if request.method != "POST":
        return _page(request, row, form)
    if not engaging.is_expert(request.actor, row):
        raise Http404
    form.is_valid()
    try:
        engaging.sign(row, conflict=form.conflict(), answers=form.answers(), actor=request.actor)
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
    return redirect("oversight:engagement", pk)


def _page(
    request: ActorRequest, row: Engagement, form: NoticeForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    offers = {one.step.name: one for one in ENGAGEMENT.offers(row, request.actor)}
    for name in TAKEN:
        if name in offers:
            offers[name].findings[:] = [
                one for one in offers[name].findings if one.about != "remark"
            ]
    if row.state == Engagement.State.ACTIVE:
        form.only_conflict()
    notices = Notice.objects.filter(project=row.project, person=row.expert.person)
    return render(
        request,
        "oversight/engagement.html",
        {
            "engagement": row,
            "statement": statement.shown(request.actor.user, about_of(row.project, ROLE)),
            "project": row.project,
            "contract": row.project.contract,
            "offers": offers,
            "signs": bool(NEXT & set(offers)),
            "form": form,
            "cite": cite_of(edition_now(), ROLE),
            "my_notices": notices.select_related("admission__decided_by").order_by("-id"),
            "papers": papers.LANGUAGES,
            "oversees": engaging.of_body(request.actor, row),
            "visits": row.visits.exclude(state=Visit.State.CALLED_OFF)
            if row.state == Engagement.State.ACTIVE
            else [],
            **context,
        },
        status=status,
    )


@require_POST
def take(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """The body admits or ends; the expert may end too."""
    if step not in TAKEN:
        raise Http404
    row = _found(request, pk)
    remark = request.POST.get("remark", "").replace("\0", "")[:20_000]
    ENGAGEMENT.take(step, row, actor=request.actor, remark=remark)
    messages.success(request, _("Done: %(step)s.") % {"step": str(ENGAGEMENT[step].title)})
    return redirect("oversight:engagement", pk)


@require_safe
def notice(request: ActorRequest, pk: int, number: int, language: str, kind: str) -> FileResponse:
    """A notice on its form, for the expert and the body."""
    row = _found(request, pk)
    found = get_object_or_404(
        Notice.objects.select_related("person", "project__contract__grantor"),
        pk=number,
        project=row.project,
        person=row.expert.person,
    )
    if language not in papers.LANGUAGES:
        raise Http404
    return paper_download(papers.notice(found, language), kind, f"notice-{number}-{language}")
