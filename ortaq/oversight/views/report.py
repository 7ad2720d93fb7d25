"""The report of a visit: verdicts and conclusion while they are written, the report as it was formed, its paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ortaq import law
from ortaq.core import clock
from ortaq.documents import render as renderers
from ortaq.documents.downloads import paper_download
from ortaq.faces.parts import Conflict, Difference
from ortaq.law.findings import Finding
from ortaq.oversight.models import Instrument, Observation, Visit
from ortaq.oversight.papers import visit as papers
from ortaq.oversight.policy.visit import works_at
from ortaq.oversight.procedure import report as reporting
from ortaq.oversight.procedure.plan import edition_of
from ortaq.oversight.procedure.report import LANGUAGES, texts_of
from ortaq.oversight.procedure.visit import VISIT
from ortaq.oversight.queries import followup as queries
from ortaq.oversight.verdicts import TOLD_BY, VERDICTS, Proposal, proposals
from ortaq.people.actor import ActorRequest
from ortaq.projects.views.act import version_of

from .found import visit_at_work, visit_of, visit_tab

GET_POST = ["GET", "HEAD", "POST"]
NAMES = {"kk": gettext_lazy("in Kazakh"), "ru": gettext_lazy("in Russian")}
CONCLUSION, OBSERVATION = "conclusion", "observation-"


@dataclass(frozen=True, slots=True)
class Place:
    """An indicator of the edition on the page: what is written, what records and tools say, what was seen."""

    key: str
    label: str
    cite: law.Citation | None
    verdict: str
    texts: list[tuple[str, str, Any, str]]
    proposal: Proposal | None
    told: list[tuple[str, str]]
    seen: list[Observation]

    @property
    def proposed(self) -> Any:
        """The proposed verdict in words; "" where there is none."""
        return VERDICTS.get(self.proposal.verdict, "") if self.proposal else ""

    @property
    def takes_over(self) -> bool:
        """Something is proposed of which nothing is written yet."""
        return bool(self.proposal and self.proposal.words) and not any(one[3] for one in self.texts)


@require_http_methods(GET_POST)
def report(request: ActorRequest, pk: int) -> HttpResponse:
    """The report. While the visit is under way it is written here: a post saves it, by htmx while somebody types or whole by the
    button; once it is formed, everybody who knows of the visit reads it.
    """
    visit = visit_of(request, pk)
    if visit.state == Visit.State.REPORTED:
        return _read(request, visit)
    if visit.started_at is None or not works_at(request.actor, visit):
        raise Http404
    if request.method != "POST":
        return _write(request, visit, texts_of(visit))
    typed = {name: request.POST.get(name, "") for name in texts_of(visit)}
    if request.POST.get("take-over"):
        typed = _taken_over(visit, typed, request.POST["take-over"])
    saved = reporting.write(visit, typed, version=version_of(request), actor=request.actor)
    conflict = None if saved else _conflict(visit, typed)
    if request.headers.get("HX-Request") == "true":
        context = {
            "visit": visit,
            "conflict": conflict,
            "saved_at": clock.now(),
            "version": request.POST.get("version") if conflict else visit.version,
            **_lacks(visit),
        }
        return render(
            request, "oversight/visit_report_saved.html", context, status=409 if conflict else 200
        )
    if conflict:
        return _write(request, visit, typed, conflict=conflict, status=409)
    messages.success(request, _("Saved."))
    return redirect("oversight:visit_report", pk)


def _taken_over(visit: Visit, typed: Mapping[str, str], key: str) -> dict[str, str]:
    """What is typed, with the proposal for one indicator in its empty places."""
    proposal = proposals(visit, [key], clock.today())[key]
    found = dict(typed)
    for language, words in proposal.words.items():
        name = f"{key}_{language}"
        if name in found and not found[name].strip():
            found[name] = words
    if f"{key}_verdict" in found and not found[f"{key}_verdict"]:
        found[f"{key}_verdict"] = proposal.verdict
    return found


def _lacks(visit: Visit) -> dict[str, Any]:
    """What the report still lacks, and the place of each lack on the page."""
    findings = list(reporting.lacks(visit))
    breaches = visit.observations.filter(weight=Observation.Weight.SERIOUS, withdrawn_at=None)
    return {
        "findings": findings,
        "links": {one.about: _link(visit, one) for one in findings},
        # Each indicator, both conclusions, the tools, each breach.
        "total": len(edition_of(visit.plan).grounds("monitoring_indicators"))
        + len(LANGUAGES)
        + 1
        + breaches.count(),
    }


def _link(visit: Visit, finding: Finding) -> str:
    """Where a lack is mended: at a place of this page, at the tools, at an observation."""
    about = finding.about
    if about == "tools":
        return reverse("oversight:visit", args=[visit.pk])
    if about.startswith(OBSERVATION):
        return reverse("oversight:observation", args=[visit.pk, int(about[len(OBSERVATION) :])])
    return f"#at-{about.removesuffix('_kk').removesuffix('_ru')}"


def _write(
    request: ActorRequest,
    visit: Visit,
    texts: Mapping[str, str],
    *,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    return visit_tab(
        request,
        visit,
        "oversight/visit_report.html",
        status=status,
        places=_places(visit, texts),
        conclusion=[
            (name, language, NAMES[language], texts.get(name, ""))
            for language in LANGUAGES
            for name in [f"{CONCLUSION}_{language}"]
        ],
        verdicts=list(VERDICTS.items()),
        conflict=conflict,
        limit=reporting.LONGEST,
        **_lacks(visit),
    )


def _places(visit: Visit, texts: Mapping[str, str]) -> list[Place]:
    edition, language = edition_of(visit.plan), get_language() or "kk"
    grounds, tools = edition.grounds("monitoring_indicators"), edition.grounds("monitoring_tools")
    proposed = proposals(visit, list(grounds), clock.today())
    done = [one for one in visit.instruments.all() if one.done_at]
    seen = [one for one in queries.seen_at(visit) if one.withdrawn_at is None]
    return [
        Place(
            key,
            ground.text.say(language),
            ground.cite,
            texts.get(f"{key}_verdict", ""),
            [(f"{key}_{one}", one, NAMES[one], texts.get(f"{key}_{one}", "")) for one in LANGUAGES],
            proposed[key],
            [
                (tools[one.tool].text.say(language), _summary(one, language))
                for one in done
                if one.tool in TOLD_BY.get(key, ()) and one.tool in tools
            ],
            [one for one in seen if one.indicator == key],
        )
        for key, ground in grounds.items()
    ]


def _summary(row: Instrument, language: str) -> str:
    found: Mapping[str, str] = row.content.get("summary") or {}
    return str(found.get(language) or found.get("kk") or "")


def _conflict(visit: Visit, typed: Mapping[str, str]) -> Conflict:
    """Where this window's texts differ from those that a colleague saved meanwhile."""
    language = get_language() or "kk"
    labels: dict[str, Any] = {
        key: ground.text.say(language)
        for key, ground in edition_of(visit.plan).grounds("monitoring_indicators").items()
    }
    labels[CONCLUSION] = gettext_lazy("General conclusion")
    differences = []
    for name, theirs in texts_of(visit).items():
        mine = typed[name].replace("\r\n", "\n").strip()
        if mine != theirs:
            label = labels[name.rpartition("_")[0]]
            said: Sequence[Any] = [VERDICTS.get(one, one) or "—" for one in (mine, theirs)]
            differences.append(Difference(label, *said))
    return Conflict(gettext_lazy("A colleague"), clock.now(), tuple(differences))


@require_POST
def form_report(request: ActorRequest, pk: int) -> HttpResponse:
    """Form the report: what it says is frozen, the NGO reads it."""
    visit = visit_at_work(request, pk)
    VISIT.take("report", visit, actor=request.actor, version=version_of(request))
    messages.success(
        request, _("The report is formed. The NGO has been told and sees what is to be mended.")
    )
    return redirect("oversight:visit_report", pk)


def _read(request: ActorRequest, visit: Visit) -> HttpResponse:
    content = visit.content or {}
    language = get_language() or "kk"
    actions = (
        queries.actions_visible_to(request.actor)
        .filter(observation__visit=visit)
        .order_by("due_on", "id")
    )
    shown = papers.report(visit, content, "ru" if language == "ru" else "kk")
    return visit_tab(
        request,
        visit,
        "oversight/visit_report_read.html",
        html=renderers.html(shown),
        actions=list(actions),
        photos=[one["number"] for one in content.get("observations", ()) if one["photo"]],
        papers=papers.LANGUAGES,
        today=clock.today(),
    )


@require_safe
def paper(request: ActorRequest, pk: int, language: str, kind: str) -> FileResponse:
    """The report as a paper: as formed; before that only for whoever writes it, and its foot says so."""
    visit = visit_of(request, pk)
    if language not in papers.LANGUAGES or kind not in ("pdf", "docx"):
        raise Http404
    if visit.state != Visit.State.REPORTED and not (
        visit.started_at and works_at(request.actor, visit)
    ):
        raise Http404
    content = visit.content or reporting.content_of(visit)
    return paper_download(
        papers.report(visit, content, language), kind, f"monitoring-{pk}-{language}"
    )
