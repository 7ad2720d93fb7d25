"""The budget: requests for the topics of the list, the approved sums, the Information after it
(SO-F-19..21).

Topics stay within the expenditures of the budget (SO-G-08).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, duties, terms
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import Attempt
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.models import Organisation
from ortaq.planning.models import (
    BudgetRequest,
    EstimateLine,
    Formation,
    Information,
    Specification,
    Topic,
)

from . import annex3
from .editions import edition_of
from .specification import owed as revision_owed

PLACE = "№18-2022 ¶7(4)"
# The questions of the sample, by its sections (form SO-BR).
QUESTIONS = {
    "relevance": ("planning_documents", "tasks", "expected_result"),
    "content": ("activities", "target_group"),
}
# Levels of the budget in the words of the sample; the republican one is for central bodies.
LEVELS = {
    "republic": Text("республикалық", "республиканский", "republican"),
    "oblast": Text("облыс", "области", "oblast"),
    "republican_city": Text(
        "республикалық мәндегі қала, астана",
        "города республиканского значения, столицы",
        "city of republican significance, capital",
    ),
    "oblast_city": Text(
        "облыстық мәндегі қала", "города областного значения", "city of oblast significance"
    ),
    "district": Text("аудан", "района", "district"),
    "district_city": Text(
        "аудандық мәндегі қала", "города районного значения", "city of district significance"
    ),
    "village": Text("ауыл, ауылдық округ", "села, сельского округа", "village, rural okrug"),
}


def _listed(formation: Formation) -> Any:
    return formation.topics.filter(state=Topic.State.LISTED)


def _guide(place: str) -> law.Citation:
    return law.edition("tender_scoring", "2019").cite(place)


# --- Drafting a request --------------------------------------------------------------------------


def total_of(lines: Iterable[EstimateLine]) -> int:
    """The total of an estimate in tiyn: each line counted, then added."""
    return sum(line.total_tiyn for line in lines)


# --- Into the request ----------------------------------------------------------------------------


def specifications_approved(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """The technical specifications are drafted before the topics go into the request (SO-F-20)."""
    for topic in _listed(formation).prefetch_related("specifications"):
        approved = Specification.State.APPROVED
        if not any(one.state == approved for one in topic.specifications.all()):
            yield Finding(
                "specification_missing",
                Severity.ERROR,
                _("Topic %(number)s has no approved technical specification yet.")
                % {"number": topic.position},
                edition_of(formation).cite(PLACE),
                {"topic": topic.position},
                f"specification-{topic.pk}",
            )


def estimates_complete(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """Each topic of the list has a request whose questions are answered and whose estimate has lines.

    A total above the planned volume is pointed out: it is for the budget to decide.
    """
    for topic in (
        _listed(formation)
        .select_related("budget_request")
        .prefetch_related("budget_request__lines")
    ):
        yield from request_findings(topic, getattr(topic, "budget_request", None))


def request_findings(topic: Topic, request: BudgetRequest | None) -> Iterable[Finding]:
    """What the budget request of one topic lacks (SO-T-057, sample of the guide)."""
    cite = _guide("guide, SO annex 2")
    about, numbers = f"topic-{topic.pk}", {"topic": topic.position}
    said = {"number": topic.position}
    lines = list(request.lines.all()) if request else []
    if request is None or not lines:
        yield Finding(
            "estimate_missing",
            Severity.ERROR,
            _("Topic %(number)s has no estimate of expenses yet.") % said,
            cite,
            numbers,
            about,
        )
        return
    if any(not (line.item_kk and line.item_ru) for line in lines):
        yield Finding(
            "expense_untold",
            Severity.ERROR,
            _("Topic %(number)s: an expense of the estimate is not named in both languages.")
            % said,
            cite,
            numbers,
            about,
        )
    unanswered = [
        key
        for keys in QUESTIONS.values()
        for key in keys
        if not all((request.content.get(key) or {}).get(language) for language in ("kk", "ru"))
    ]
    if unanswered or not topic.programme or not (request.content.get("level") or {}).get("key"):
        yield Finding(
            "request_unanswered",
            Severity.ERROR,
            _(
                "Topic %(number)s: some questions of the budget request are not answered in both "
                "languages, or the programme or the level of the budget is missing."
            )
            % said,
            cite,
            {**numbers, "questions": unanswered},
            about,
        )
    total = total_of(lines)
    if total > topic.planned_tiyn:
        yield Finding(
            "above_planned",
            Severity.WARNING,
            _("Topic %(number)s: the estimate asks for more than the planned volume of funding.")
            % said,
            edition_of(topic.formation).cite(PLACE),
            {**numbers, "planned": topic.planned_tiyn, "requested": total},
            about,
        )


def requested(formation: Formation, attempt: Attempt) -> Mapping[str, Any]:
    """Submit the requests; the sum asked for is the estimate's total."""
    total = 0
    topics = _listed(formation).select_related("budget_request")
    for topic in topics.prefetch_related("budget_request__lines"):
        request = topic.budget_request
        topic.requested_tiyn = total_of(request.lines.all())
        topic.save(update_fields=["requested_tiyn"])
        request.state, request.submitted_at = BudgetRequest.State.SUBMITTED, attempt.now
        request.save(update_fields=["state", "submitted_at"])
        total += topic.requested_tiyn
    return {"requested": total}


# --- The approved budget -------------------------------------------------------------------------


def sums_stated(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """An approved sum, perhaps zero, for each topic of the list: `sums` = {number of the topic: tiyn}."""
    sums = dict(attempt.facts.get("sums") or {})
    topics = list(_listed(formation))
    missing = [topic.position for topic in topics if sums.get(topic.pk) is None]
    if missing:
        yield Finding(
            "sum_missing",
            Severity.ERROR,
            _("Enter the approved sum of each topic; zero where the budget gives nothing."),
            edition_of(formation).cite(PLACE),
            {"topics": missing},
        )
    for topic in topics:
        given = sums.get(topic.pk)
        if given and topic.requested_tiyn is not None and given < topic.requested_tiyn:
            yield Finding(
                "less_approved",
                Severity.WARNING,
                _(
                    "Less is approved than was requested: the technical specification must be "
                    "revised before the tender is announced."
                ),
                _guide("guide, stage 5"),
                {"requested": topic.requested_tiyn, "approved": given},
                about=f"topic-{topic.pk}",
            )


def act_stated(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """The act that approves the budget is named, with its day."""
    if not (attempt.facts.get("decision") and attempt.facts.get("decided_on")):
        yield Finding(
            "no_act",
            Severity.ERROR,
            _("State the act that approved the budget and its day."),
            edition_of(formation).cite(PLACE),
            about="decision",
        )


def approved(formation: Formation, attempt: Attempt) -> Mapping[str, Any]:
    """Write the approved sums beside the requested ones."""
    facts = attempt.facts
    for topic in _listed(formation).select_related("budget_request"):
        topic.approved_tiyn = facts["sums"][topic.pk]
        topic.save(update_fields=["approved_tiyn"])
        request = topic.budget_request
        request.state, request.approved_tiyn = BudgetRequest.State.DECIDED, topic.approved_tiyn
        request.decided_on, request.decision = facts["decided_on"], facts["decision"]
        request.save(update_fields=["state", "approved_tiyn", "decided_on", "decision"])
        for specification in topic.specifications.filter(state=Specification.State.APPROVED):
            specification.topic = topic
            duties.keep(specification, revision_owed(specification), now=attempt.now)
    return {
        "approved": sum(facts["sums"].values()),
        "decided_on": facts["decided_on"].isoformat(),
        "decision": facts["decision"],
    }


def not_published_before(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """The Information after the budget is issued once (SO-F-21)."""
    if formation.informations.filter(issue=Information.Issue.AFTER).exists():
        yield Finding(
            "published_already",
            Severity.ERROR,
            _("The Information after the budget is published already."),
            edition_of(formation).cite(PLACE),
        )


def published(formation: Formation, attempt: Attempt) -> Mapping[str, Any]:
    """Post annex 3 and send it to the authorised body at one instant (SO-F-21)."""
    bodies = Organisation.objects.filter(kind=Organisation.Kind.AUTHORISED_BODY)
    information = annex3.issue(
        formation,
        Information.Issue.AFTER,
        plan_year=formation.plan_year,
        sent_to=bodies.order_by("id").first(),
        now=attempt.now,
        publish=True,
    )
    return {"plan_year": information.plan_year, "content": information.sha256}


# --- Duties --------------------------------------------------------------------------------------

REQUEST_IT = Text(
    "Техникалық ерекшеліктерді әзірлеп, тақырыптарды бюджеттік өтінімге енгізу",
    "Разработать технические спецификации и включить темы в бюджетную заявку",
    "Draft the technical specifications and include the topics in the budget request",
)
ENTER_IT = Text(
    "Бекітілген бюджеттің сомаларын енгізу",
    "Внести суммы утверждённого бюджета",
    "Enter the sums of the approved budget",
)


def owed(formation: Formation) -> Iterable[Owed]:
    """What the body owes between the list and the budget (SO-F-20, SO-T-057)."""
    bearer = organisation(formation.body_id)
    page = reverse("planning:budget", args=[formation.pk])
    if formation.state == Formation.State.LISTED:
        due = request_due(formation)
        yield Owed("request", bearer, REQUEST_IT, due, page, "guide, stage 5")
    if formation.state == Formation.State.REQUESTED:
        yield Owed("budget", bearer, ENTER_IT, None, page, PLACE)


def request_due(formation: Formation) -> datetime | None:
    """The guide's 15 May of the year before (GAP-T-18); None for a list formed later, which no source
    rules (SO-X-24).
    """
    edition = law.edition("tender_scoring", "2019")
    before = clock.at(date(formation.plan_year - 2, 12, 31))
    due = terms.due_at(edition, "budget_request", before)
    return due if clock.now() <= due else None
