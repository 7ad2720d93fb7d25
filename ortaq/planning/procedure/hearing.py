"""The council: the Information before the budget, its recommendations, the list of topics (SO-F-12..18)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core.procedure import Attempt
from ortaq.law.findings import Finding, Severity
from ortaq.people.models import Organisation
from ortaq.planning.models import Council, Formation, Information, Recommendation, Session, Topic

from . import annex3
from .editions import edition_of


def _cite(formation: Formation) -> Any:
    """Where the edition speaks of the councils; our own reading where it does not (2018)."""
    parameter = edition_of(formation).parameter("formation.local_to_council.month_day")
    return parameter.cite


def knows_councils(formation: Formation) -> bool:
    """Whether the edition sends the topics to a council: the 2018 one, as far as known, does not."""
    return edition_of(formation).parameter("formation.local_to_council.month_day").value is not None


def addressee(formation: Formation) -> Organisation | None:
    """To whom annex 3 goes: the authorised body, or the body at which the council of its level sits."""
    if formation.level == Formation.Level.CENTRAL:
        bodies = Organisation.objects.filter(kind=Organisation.Kind.AUTHORISED_BODY)
        return bodies.order_by("id").first()
    council = Council.objects.filter(body=formation.body_id).select_related("body").first()
    return council.body if council else None


# --- Submitting ----------------------------------------------------------------------------------


def year_stated(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """The planned year of the Information is entered, not computed (SO-X-08)."""
    if not attempt.facts.get("plan_year"):
        yield Finding(
            "no_plan_year",
            Severity.ERROR,
            _("State for which year the Information is."),
            edition_of(formation).cite("SO-X-08", inferred=True),
            about="plan_year",
        )


def addressee_known(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """There is a council, or an authorised body, to submit to."""
    if addressee(formation) is None:
        yield Finding(
            "no_council",
            Severity.ERROR,
            _("Nobody is known to whom the Information could go. Enter the council first."),
            _cite(formation),
        )


def submitted(formation: Formation, attempt: Attempt) -> Mapping[str, Any]:
    """Issue annex 3 before the budget and hand it over."""
    information = annex3.issue(
        formation,
        Information.Issue.BEFORE,
        plan_year=attempt.facts["plan_year"],
        sent_to=addressee(formation),
        now=attempt.now,
    )
    return {"plan_year": information.plan_year, "content": information.sha256}


# --- The list ------------------------------------------------------------------------------------


def recommendations(formation: Formation) -> dict[int, Recommendation]:
    """The latest recommendation of a held session on each topic, by the topic's number."""
    rows = Recommendation.objects.filter(
        session__formation=formation, session__state=Session.State.HELD
    )
    return {row.topic_id: row for row in rows.order_by("session__held_on", "id")}


def council_heard(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """The list rests on the council's recommendations (SO-F-18); skipping a stage needs a reason (SO-G-10)."""
    if not knows_councils(formation) or recommendations(formation):
        return
    reason = str(attempt.facts.get("without_council") or "").strip()
    yield Finding(
        "council_not_heard",
        Severity.WARNING if reason else Severity.ERROR,
        _(
            "The council has not given its recommendations. Submit the topics to it, "
            "or write why the list is formed without them."
        ),
        _cite(formation),
        about="without_council",
    )


def _answers(attempt: Attempt) -> Mapping[int, str]:
    """What becomes of each topic: {number of the topic: "listed" | "dropped"}."""
    return dict(attempt.facts.get("topics") or {})


def every_topic_answered(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """Each topic is put on the list or left off; at least one is on it."""
    answers = _answers(attempt)
    lawful = {Topic.State.LISTED, Topic.State.DROPPED}
    open_ones = [t.position for t in formation.topics.all() if answers.get(t.pk) not in lawful]
    if open_ones:
        yield Finding(
            "topics_open",
            Severity.ERROR,
            _("Decide for each topic whether it is on the list."),
            _cite(formation),
            {"topics": open_ones},
        )
    elif Topic.State.LISTED not in answers.values():
        yield Finding(
            "list_empty",
            Severity.ERROR,
            _("No topic is on the list."),
            _cite(formation),
        )


def departures_reasoned(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """Whoever departs from a recommendation, or drops a topic, says why."""
    answers, advice = _answers(attempt), recommendations(formation)
    reasons = dict(attempt.facts.get("reasons") or {})
    for topic in formation.topics.all():
        advised = advice.get(topic.pk)
        dropped = answers.get(topic.pk) == Topic.State.DROPPED
        against = advised is not None and (
            dropped == (advised.verdict != Recommendation.Verdict.EXCLUDE)
        )
        if (dropped or against) and not str(reasons.get(topic.pk) or "").strip():
            yield Finding(
                "no_reason",
                Severity.ERROR,
                _(
                    "Write why this topic is left off the list or why the recommendation is not followed."
                ),
                _cite(formation),
                {"topic": topic.position},
                about=f"topic-{topic.pk}",
            )


def listed(formation: Formation, attempt: Attempt) -> Mapping[str, Any]:
    """Write down what became of each topic."""
    answers, reasons = _answers(attempt), dict(attempt.facts.get("reasons") or {})
    topics = list(formation.topics.all())
    for topic in topics:
        topic.state = answers[topic.pk]
        topic.state_reason = str(reasons.get(topic.pk) or "").strip()
    Topic.objects.bulk_update(topics, ["state", "state_reason"])
    return {
        "listed": [t.position for t in topics if t.state == Topic.State.LISTED],
        "dropped": [t.position for t in topics if t.state == Topic.State.DROPPED],
        "without_council": bool(attempt.facts.get("without_council")),
    }
