"""Pages of pay: breakdown by month and person (IM-067), the pay of a month in one grid."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ortaq.core import money as tenge
from ortaq.core.procedure import Refused
from ortaq.documents.downloads import table_download
from ortaq.law.findings import Finding, Severity
from ortaq.people.actor import ActorRequest
from ortaq.projects import months, once
from ortaq.projects.forms.pay import PayForm
from ortaq.projects.models import TeamMember
from ortaq.projects.papers import payroll as papers
from ortaq.projects.procedure.money import record_pay

from .found import recording, seeing_people
from .money import money_tab

GET_POST = ["GET", "HEAD", "POST"]


@require_safe
def payroll(request: ActorRequest, pk: int) -> HttpResponse:
    """Salaries, civil-law contracts and taxes, by month and person."""
    project = seeing_people(request, pk)
    return money_tab(
        request, project, "projects/money_payroll.html", "pay", tables=papers.tables(project)
    )


@require_safe
def table(request: ActorRequest, pk: int) -> FileResponse:
    """The three breakdowns as a workbook."""
    project = seeing_people(request, pk)
    return table_download(papers.sheets(project), f"payroll-{project.pk}")


@require_http_methods(GET_POST)
def new(request: ActorRequest, pk: int) -> HttpResponse:
    """The pay of one month for everybody of a table of the team."""
    project = recording(request, pk)
    asked = request.GET.get("table", "")
    kind = asked if asked in TeamMember.Table.values else TeamMember.Table.STAFF
    month = request.GET.get("month", "")[:7]
    sent = once.new()
    findings: list[Finding] = []
    status = 200
    if request.method == "POST":
        form = PayForm(request.POST, request.FILES, project=project, table=kind, month=month)
        sent, status = once.read(request.POST.get("once")), 422
        valid = form.is_valid()
        form.keep(request.actor.user)
        if valid and form.is_valid():
            try:
                made = record_pay(project, form.pay(), sent, actor=request.actor)
            except Refused as refused:
                findings = refused.findings
                if all(one.severity is Severity.WARNING for one in findings):
                    form.add_error("reason", _("Look at what is said above, then say why."))
            else:
                total = sum(one.sum_tiyn for one in made)
                text = ngettext(
                    "%(count)s expense is recorded: %(sum)s.",
                    "%(count)s expenses are recorded: %(sum)s.",
                    len(made),
                )
                messages.success(request, text % {"count": len(made), "sum": tenge.show(total)})
                return redirect("projects:payroll", project.pk)
    else:
        form = PayForm(project=project, table=kind, month=month)
    return money_tab(
        request,
        project,
        "projects/money_pay_new.html",
        "pay",
        status=status,
        form=form,
        kind=kind,
        months=[(one, months.said([one], get_language() or "kk")) for one in form.months],
        once=sent,
        findings=findings,
    )
