"""The budget: requests for the topics of the list, the approved sums, the Information after it (SO-F-19..21)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core.procedure import Attempt
from ortaq.law.findings import Finding, Severity
from ortaq.people.models import Organisation
from ortaq.planning.models import BudgetRequest, Formation, Information, Topic

from . import annex3
from .editions import edition_of

PLACE = "№18-2022 ¶7(4)"


def _listed(formation: Formation) -> Any:
    return formation.topics.filter(state=Topic.State.LISTED)


def specifications_approved(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """The technical specifications are drafted before the topics go into the request (SO-F-20)."""
    missing = [
        topic.position
        for topic in _listed(formation).prefetch_related("specifications")
        if not any(s.state == "approved" for s in topic.specifications.all())
    ]
    if missing:
        yield Finding(
            "specification_missing",
            Severity.ERROR,
            _("Some topics of the list have no approved technical specification yet."),
            edition_of(formation).cite(PLACE),
            {"topics": missing},
        )


def estimates_complete(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """Each topic of the list has a budget request with an estimate (form of the budget request)."""
    missing = []
    for topic in (
        _listed(formation)
        .select_related("budget_request")
        .prefetch_related("budget_request__lines")
    ):
        request: BudgetRequest | None = getattr(topic, "budget_request", None)
        if request is None or not request.lines.all():
            missing.append(topic.position)
    if missing:
        yield Finding(
            "estimate_missing",
            Severity.ERROR,
            _("Some topics of the list have no estimate of expenses yet."),
            edition_of(formation).cite(PLACE),
            {"topics": missing},
        )


def requested(formation: Formation, attempt: Attempt) -> Mapping[str, Any]:
    """Submit the requests; the sum asked for is the estimate's total."""
    total = 0
    for topic in _listed(formation).select_related("budget_request"):
        request = topic.budget_request
        topic.requested_tiyn = sum(line.total_tiyn for line in request.lines.all())
        topic.save(update_fields=["requested_tiyn"])
        request.state, request.submitted_at = BudgetRequest.State.SUBMITTED, attempt.now
        request.save(update_fields=["state", "submitted_at"])
        total += topic.requested_tiyn
    return {"requested": total}


# --- The approved budget -------------------------------------------------------------------------


def sums_stated(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """An approved sum, perhaps zero, for each topic of the list: `sums` = {number of the topic: tiyn}."""
    sums = dict(attempt.facts.get("sums") or {})
    missing = [topic.position for topic in _listed(formation) if sums.get(topic.pk) is None]
    if missing:
        yield Finding(
            "sum_missing",
            Severity.ERROR,
            _("Enter the approved sum of each topic; zero where the budget gives nothing."),
            edition_of(formation).cite(PLACE),
            {"topics": missing},
        )
    for topic in _listed(formation):
        given = sums.get(topic.pk)
        if given and topic.requested_tiyn is not None and given < topic.requested_tiyn:
            yield Finding(
                "less_approved",
                Severity.WARNING,
                _(
                    "Less is approved than was requested: the technical specification must be "
                    "revised before the tender is announced."
                ),
                edition_of(formation).cite("SO-T-058", inferred=True),
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
