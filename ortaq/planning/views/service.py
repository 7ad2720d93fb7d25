"""Pages of one service of a specification: its kind, its values against the Standard while one types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ortaq.core.procedure import Refused, moved_on
from ortaq.law.findings import Finding
from ortaq.law.standard import standard as the_standard
from ortaq.people.actor import ActorRequest
from ortaq.planning import standard
from ortaq.planning.forms.merging import merged
from ortaq.planning.forms.specification import ServiceForm, field_name, stored_service
from ortaq.planning.models import Service, Specification
from ortaq.planning.procedure import specification as drafting
from ortaq.planning.procedure.specification import APPROVE
from ortaq.planning.queries import specification as queries

from .specification import conflict_of, draft

# What decides which values are asked.
HEAD = ("form", "format", "topic", "rows")


@require_safe
def choose(request: ActorRequest, pk: int) -> HttpResponse:
    """Which of the Standard's six services is added."""
    found = draft(request, pk)
    return render(
        request,
        "planning/service_choose.html",
        {
            "specification": found,
            "topic": found.topic,
            "kinds": list(the_standard(found.edition).services.items()),
        },
    )


def new(request: ActorRequest, pk: int, kind: str) -> HttpResponse:
    found = draft(request, pk)
    return _page(request, found, kind, None)


def edit(request: ActorRequest, pk: int) -> HttpResponse:
    service = _own(request, pk)
    return _page(request, service.specification, str(service.facts.get("service")), service)


def _page(
    request: ActorRequest, found: Specification, kind: str, service: Service | None
) -> HttpResponse:
    _known(found, kind)
    form = ServiceForm(_data(request, found, kind, service), **_parts(found, kind, service))
    conflict = None
    if request.method == "POST" and form.is_valid():
        values, differences = merged(form, stored_service(service) if service else {})
        if differences:
            conflict = conflict_of(found, differences)
        elif "check" not in request.POST:
            saved = service or Service(specification=found)
            for name in ("name_kk", "name_ru", "requirements_kk", "requirements_ru", "quantity"):
                setattr(saved, name, values[name])
            saved.facts = form.facts(values)
            drafting.write_service(saved, actor=request.actor)
            messages.success(request, _("The service is saved."))
            if drafting.stops_approval(found, saved):
                messages.warning(
                    request,
                    _("It does not meet the Standard yet: look at what stands beside its values."),
                )
                return redirect("planning:service", saved.pk)
            return redirect("planning:specification", found.pk)
    return render(
        request,
        "planning/service.html",
        {
            "specification": found,
            "topic": found.topic,
            "service": service,
            "form": form,
            "kind": the_standard(found.edition).services[kind],
            "conflict": conflict,
            "check": reverse("planning:service_check", args=[found.pk, kind]),
            **_said(form, service),
        },
        status=409 if conflict else 422 if form.errors else 200,
    )


def _parts(found: Specification, kind: str, service: Service | None) -> dict[str, Any]:
    return {"specification": found, "kind": kind, "service": service}


def _data(request: ActorRequest, found: Specification, kind: str, service: Service | None) -> Any:
    """What was sent; where somebody else chose another form meanwhile, and this reader did not,
    with theirs, so that their values are asked too.
    """
    if request.method != "POST":
        return None
    if service is None:
        return request.POST
    data = request.POST.copy()
    stored = stored_service(service)
    first = ServiceForm(request.POST, **_parts(found, kind, service))
    for name in HEAD:
        if name not in first.fields or name not in stored:
            continue
        chosen = data.get(f"keep-{name}")
        untouched = first.add_initial_prefix(name) in data and name not in first.changed_data
        if chosen == "theirs" or (untouched and chosen is None):
            theirs = stored[name]
            data.setlist(name, theirs if isinstance(theirs, list) else [theirs])
    return data


@require_POST
def check(request: ActorRequest, pk: int, kind: str) -> HttpResponse:
    """What the Standard says of what is being typed; saves nothing.

    A change of what decides on the questions (form, mode, topic, rows) brings the questions anew.
    """
    found = draft(request, pk)
    _known(found, kind)
    form = ServiceForm(request.POST, specification=found, kind=kind)
    form.is_valid()
    anew = "anew" in request.POST
    return render(
        request,
        "planning/service_values.html" if anew else "planning/service_said.html",
        {"specification": found, "form": form, "check": request.path, **_said(form, None)},
    )


def _said(form: ServiceForm, service: Service | None) -> dict[str, Any]:
    """What the Standard says, beside the values it is about; the rest apart.

    A value that is not given is not blamed here: its bounds stand beside the field.
    """
    findings: list[Finding] = []
    if form.is_bound:
        findings = getattr(form, "said", [])
    elif service is not None:
        siblings = list(service.specification.services.all())
        told = standard.of_specification(service.specification, siblings)
        findings = next((said for one, said in told if one.pk == service.pk), [])
    beside: dict[str, list[Finding]] = {}
    apart: list[Finding] = []
    names = _names(form)
    for one in findings:
        if one.code == "not_applicable":
            continue
        if name := names.get(one.about):
            if one.code != "no_data" or one.numbers.get("unit"):
                beside.setdefault(name, []).append(one)
        elif one.code != "no_data":
            apart.append(one)
    return {
        "values": [
            (asked, field, unit, beside.get(field_name(asked), []))
            for asked, field, unit in form.values()
        ],
        "apart": apart,
    }


def _names(form: ServiceForm) -> Mapping[str, str]:
    """The field of each asked value, by what findings are about."""
    found = {}
    listed, word = standard.LISTS.get(form.kind, ("", ""))
    rows = [row[word] for row in form.bare.get(listed, ())]
    for asked in form.asked:
        about = asked.field
        if asked.row:
            about = f"{listed}[{rows.index(asked.row)}].{asked.field}"
        found[about] = field_name(asked)
    return found


@require_POST
def move(request: ActorRequest, pk: int) -> HttpResponse:
    service = _own(request, pk)
    by = -1 if request.POST.get("by") == "up" else 1
    drafting.move_service(service, by, actor=request.actor)
    return redirect(
        f"{reverse('planning:specification', args=[service.specification_id])}#services"
    )


@require_POST
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    service = _own(request, pk)
    drafting.remove_service(service, actor=request.actor)
    messages.success(request, _("The service is removed."))
    return redirect("planning:specification", service.specification_id)


def _own(request: ActorRequest, pk: int) -> Service:
    """A service of a draft that the reader may change."""
    service = get_object_or_404(queries.services_of(request.actor), pk=pk)
    if service.specification.state != Specification.State.DRAFT:
        raise Refused(APPROVE, [moved_on(APPROVE, service.specification, "state")])
    return service


def _known(found: Specification, kind: str) -> None:
    if kind not in the_standard(found.edition).services:
        raise Http404
