"""Pages of the tools of a visit: the working sheet of each, answers, mentions, files that a checklist names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq.core import clock
from ortaq.core.procedure import Offer, Refused
from ortaq.documents.downloads import paper_download, stored_download
from ortaq.faces.parts import Conflict, Difference
from ortaq.oversight.forms.instrument import InterviewForm, MentionForm, OpenForm
from ortaq.oversight.models import Answer, Instrument, Visit
from ortaq.oversight.papers import instrument as papers
from ortaq.oversight.policy.visit import of_body, works_at
from ortaq.oversight.procedure import instrument as procedure
from ortaq.oversight.procedure.instrument import INSTRUMENT
from ortaq.oversight.procedure.plan import edition_of
from ortaq.oversight.queries import instrument as queries
from ortaq.oversight.sheets import Field, Merged, fields_of, texts_of
from ortaq.oversight.tools import documents, heading, survey, tool_of
from ortaq.oversight.tools.asked import exact, groups
from ortaq.people.actor import ActorRequest
from ortaq.projects import once
from ortaq.projects.models import Evidence
from ortaq.projects.policy import evidence as of_evidence
from ortaq.projects.policy import project as of_project
from ortaq.projects.procedure.participant import note_reading
from ortaq.projects.reporting.content import mark_of

GET_POST = ["GET", "HEAD", "POST"]
# Interviews shown to be struck out, the last ones first: a mistake is seen at once.
ENTERED = 50
MARK, KEEP = "v:", "keep-"


def _found(request: ActorRequest, pk: int, tool: str) -> Instrument:
    """One tool of a visit for those who do the visit: nobody else knows which tools there are."""
    row = queries.instrument_of(request.actor, pk, tool)
    if row is None or not works_at(request.actor, row.visit):
        raise Http404
    return row


def _about(request: ActorRequest, row: Instrument) -> dict[str, Any]:
    """What every page about the visit shows; only who does it comes here."""
    project = row.visit.plan.project
    return {
        "visit": row.visit,
        "project": project,
        "contract": project.contract,
        "works": True,
        "is_body": of_body(request.actor, row.visit),
        "in_tools": True,
    }


def _address(row: Instrument) -> str:
    return reverse("oversight:tool", args=[row.visit_id, row.tool])


# --- The sheet ---------------------------------------------------------------------------------------


@require_http_methods(GET_POST)
def tool(request: ActorRequest, pk: int, tool: str) -> HttpResponse:
    """The working sheet. A post saves what was typed: by htmx while somebody types, or whole by its button."""
    row = _found(request, pk, tool)
    if request.method == "POST":
        return _save(request, row)
    return _page(request, row)


def _save(request: ActorRequest, row: Instrument) -> HttpResponse:
    fields = {one.name: one for one in fields_of(tool_of(row).parts(row))}
    sent = {name: request.POST[name] for name in fields if name in request.POST}
    marks = {
        name: int(mark)
        for name in fields
        if (mark := request.POST.get(f"{MARK}{name}", "")).isascii()
        and mark.isdigit()
        and len(mark) < 10
    }
    chosen = {
        name: request.POST[f"{KEEP}{name}"] for name in fields if f"{KEEP}{name}" in request.POST
    }
    settled = chosen if "do" in request.POST else {}
    typed = {name: text for name, text in sent.items() if settled.get(name) != "theirs"}
    insist = [name for name, choice in settled.items() if choice == "mine"]
    merged = procedure.write(row, typed, marks, actor=request.actor, insist=insist)
    conflict = _conflict(fields, row, merged)
    status = 409 if conflict else 200
    if request.headers.get("HX-Request") == "true":
        found = tool_of(row)
        figures = found.figures(row)
        context = {
            "row": row,
            "said": found.said(figures),
            "marks": [(name, mark_of(merged.texts.get(name, ""))) for name in merged.changed],
            "conflict": conflict,
            "findings": procedure.lacks(row, figures),
            "links": _links(found.parts(row)),
            "saved_at": clock.now(),
        }
        return render(request, "oversight/visit_tool_saved.html", context, status=status)
    if conflict:
        return _page(request, row, typed=merged.conflicts, conflict=conflict, status=409)
    if request.POST.get("do") == "finish":
        return _finish(request, row)
    messages.success(request, _("Saved."))
    return redirect(_address(row))


def _conflict(fields: dict[str, Field], row: Instrument, merged: Merged) -> Conflict | None:
    if not merged.conflicts:
        return None
    return Conflict(
        _("A colleague"),
        clock.now(),
        [
            Difference(
                fields[name].label,
                _words(fields[name], mine),
                _words(fields[name], merged.texts.get(name, "")),
                name,
            )
            for name, mine in merged.conflicts.items()
        ],
    )


def _words(field: Field, value: str) -> Any:
    return dict(field.choices).get(value, value) or "—"


def _finish(request: ActorRequest, row: Instrument) -> HttpResponse:
    try:
        INSTRUMENT.take("finish", row.visit, actor=request.actor, tool=row.tool)
    except Refused as refused:
        if not refused.has("sheet_lacks"):
            raise
        messages.warning(request, _("Saved, but not finished yet: look at what is missing."))
        return redirect(f"{_address(row)}#missing")
    messages.success(request, _("The tool is finished; the report will say what it showed."))
    return redirect("oversight:visit", row.visit_id)


def _page(
    request: ActorRequest,
    row: Instrument,
    *,
    typed: dict[str, str] | None = None,
    conflict: Conflict | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    visit, found = row.visit, tool_of(row)
    writes = visit.state == Visit.State.STARTED and row.done_at is None
    figures = row.content.get("figures") or found.figures(row)
    texts = {**texts_of(row.content), **(typed or {})}
    stored = texts_of(row.content)
    parts = found.parts(row)
    ground = edition_of(visit.plan).grounds("monitoring_tools")[row.tool]

    def cells(fields: Iterable[Field]) -> list[dict[str, Any]]:
        return [
            {
                "field": one,
                "value": texts.get(one.name, ""),
                "shown": _words(one, texts.get(one.name, "")),
                "mark": mark_of(stored.get(one.name, "")),
            }
            for one in fields
        ]

    context |= {
        **_about(request, row),
        "row": row,
        "ground": ground,
        "heading": heading(ground),
        "parts": [
            {
                "title": part.title,
                "note": part.note,
                "rows": [{"row": one, "cells": cells(one.fields)} for one in part.rows],
                "cells": cells(part.fields),
            }
            for part in parts
            if writes or part.rows or part.note or any(texts.get(f.name) for f in part.fields)
        ],
        "writes": writes,
        "conflict": conflict,
        "findings": procedure.lacks(row, figures) if writes else [],
        "links": _links(parts),
        "figures": figures,
        "said": found.said(figures),
        "take_up": Offer(INSTRUMENT["take_up"], [])
        if row.done_at and visit.state == Visit.State.STARTED
        else None,
    }
    if row.tool == "documents" and not of_project.sees_people(request.actor, visit.plan.project):
        context["closed"] = documents.naming_people(row)
    if row.tool == "survey":
        context |= _heard(request, row, figures)
    if row.tool == "networks":
        context |= {
            "mentions": row.mentions.select_related("screenshot"),
            "mention_form": context.get("mention_form") or MentionForm(),
            "once": context.get("once") or once.new(),
        }
    return render(request, "oversight/visit_tool.html", context, status=status)


def _links(parts: Any) -> dict[str, str]:
    return {one.name: f"#id-{one.name}" for one in fields_of(parts)} | {"answers": "#answers"}


def _heard(request: ActorRequest, row: Instrument, figures: dict[str, Any]) -> dict[str, Any]:
    """What the page of a questionnaire shows beside its sheet."""
    asked = {one.key: one.label for _heading, rows in groups("SO-MQ", "points") for one in rows}
    return {
        "is_open": procedure.is_open(row, clock.now()),
        "link": settings.SITE_URL + reverse("oversight:questionnaire", args=[row.code]),
        "open_form": OpenForm(),
        "questions": [
            {
                "label": asked[key],
                "answers": one["answers"],
                "marks": one["marks"],
                "mean": exact(one["mean"]),
            }
            for key, one in figures["questions"].items()
        ],
        "satisfaction": exact(figures["satisfaction"]),
        "dynamics": queries.dynamics(row, figures),
        "words": [
            one.content
            for one in row.answers.filter(struck_at=None).order_by("-pk")[:30]
            if any(one.content.get(name) for name in survey.OPEN_QUESTIONS)
        ],
        "entered": row.answers.exclude(way=Answer.Way.LINK).order_by("-pk")[:ENTERED],
    }


@require_POST
def take(request: ActorRequest, pk: int, tool: str, step: str) -> HttpResponse:
    """Take a finished tool up again."""
    if step != "take_up":
        raise Http404
    row = _found(request, pk, tool)
    INSTRUMENT.take(step, row.visit, actor=request.actor, tool=row.tool)
    return redirect(_address(row))


@require_safe
def paper(request: ActorRequest, pk: int, tool: str, language: str, kind: str) -> FileResponse:
    """The sheet on paper."""
    row = _found(request, pk, tool)
    if language not in papers.LANGUAGES:
        raise Http404
    return paper_download(papers.sheet(row, language), kind, f"visit-{pk}-{tool}-{language}")


# --- The questionnaire -------------------------------------------------------------------------------


@require_POST
def open_survey(request: ActorRequest, pk: int) -> HttpResponse:
    """Open the questionnaire by its link until a day, or close it."""
    row = _found(request, pk, "survey")
    if "close" in request.POST:
        procedure.open_until(row, None, actor=request.actor)
        messages.success(request, _("The questionnaire is closed."))
        return redirect(_address(row))
    form = OpenForm(request.POST)
    if form.is_valid():
        try:
            procedure.open_until(row, form.cleaned_data["open_until"], actor=request.actor)
        except Refused as refused:
            if not refused.has("day_outside"):
                raise
            form.add_error("open_until", str(refused.findings[0].message))
    if form.errors:
        messages.error(request, " ".join(str(each) for each in form.errors["open_until"]))
        return redirect(f"{_address(row)}#answers")
    messages.success(request, _("The questionnaire is open: hand out its link."))
    return redirect(_address(row))


@require_http_methods(GET_POST)
def interview(request: ActorRequest, pk: int) -> HttpResponse:
    """Enter what a beneficiary said by telephone or in an interview."""
    row = _found(request, pk, "survey")
    form = InterviewForm(request.POST if request.method == "POST" else None)
    token = once.read(request.POST.get("once")) if request.method == "POST" else once.new()
    if request.method == "POST" and form.is_valid():
        kept = procedure.answer(
            row, token, form.answers(), way=form.cleaned_data["way"], actor=request.actor
        )
        if kept is None:
            form.add_error(None, _("No more answers are taken by this questionnaire."))
        else:
            messages.success(request, _("The answers are counted."))
            again = "another" in request.POST
            return redirect("oversight:interview", pk) if again else redirect(_address(row))
    return render(
        request,
        "oversight/visit_interview.html",
        {**_about(request, row), "form": form, "once": token},
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def strike_out(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """An interview that was entered by mistake counts no more."""
    row = _found(request, pk, "survey")
    answer = get_object_or_404(row.answers.exclude(way=Answer.Way.LINK), pk=number)
    try:
        procedure.strike_out(row, answer.pk, request.POST.get("why", ""), actor=request.actor)
    except Refused as refused:
        if not refused.has("no_reason"):
            raise
        messages.error(request, str(refused.findings[0].message))
    return redirect(f"{_address(row)}#entered")


# --- Mentions ----------------------------------------------------------------------------------------


@require_POST
def mention(request: ActorRequest, pk: int) -> HttpResponse:
    """Add a mention."""
    row = _found(request, pk, "networks")
    form, token = MentionForm(request.POST, request.FILES), once.read(request.POST.get("once"))
    if form.is_valid():
        try:
            file = form.stored(request.actor.user)
            values = {name: form.cleaned_data[name] for name in MentionForm.Meta.fields}
            procedure.mention(row, token, values, file, actor=request.actor)
        except ValidationError as error:
            form.add_error("picture", error)
        except Refused as refused:
            if not refused.has("twice"):
                raise
            form.add_error("link", str(refused.findings[0].message))
    if form.errors:
        return _page(request, row, mention_form=form, once=token, status=422)
    messages.success(request, _("The mention is added."))
    return redirect(f"{_address(row)}#mentions")


@require_POST
def drop_mention(request: ActorRequest, pk: int, number: int) -> HttpResponse:
    """Take a mention out that was entered by mistake."""
    row = _found(request, pk, "networks")
    procedure.drop_mention(row, number, actor=request.actor)
    messages.success(request, _("The mention is taken out."))
    return redirect(f"{_address(row)}#mentions")


@require_safe
def screenshot(request: ActorRequest, pk: int, number: int) -> FileResponse:
    """The screenshot of a mention."""
    row = _found(request, pk, "networks")
    found = get_object_or_404(
        row.mentions.select_related("screenshot").exclude(screenshot=None), pk=number
    )
    assert found.screenshot is not None
    return stored_download(found.screenshot)


# --- Documents ---------------------------------------------------------------------------------------


@require_safe
def document(request: ActorRequest, pk: int, key: str) -> FileResponse | HttpResponse:
    """A file that the checklist names. Lists of participants open only for those who may see people; each reading is written down."""
    row = _found(request, pk, "documents")
    found, project = documents.file_of(row, key), row.visit.plan.project
    if isinstance(found, Evidence):
        if not of_evidence.opens(request.actor, project, found):
            raise Http404
        if found.kind in of_evidence.PERSONAL:
            note_reading(project, request.actor)
        if found.file is None and found.link:
            return redirect(found.link)
        file = found.file
    else:
        file = found.scan if found else None
    if file is None:
        raise Http404
    return stored_download(file)
