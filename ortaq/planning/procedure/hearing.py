"""The council: the Information before the budget, its recommendations, the list of topics (SO-F-12..18)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import Attempt
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.models import Organisation
from ortaq.planning.models import Council, Formation, Information, Recommendation, Topic

from . import annex3
from .editions import edition_of


def _cite(formation: Formation) -> Any:
    """Where the edition speaks of the councils; our own reading where it does not (2018)."""
    parameter = edition_of(formation).parameter("formation.local_to_council.month_day")
    return parameter.cite


def knows_councils(formation: Formation) -> bool:
    """Whether the edition sends the topics to a council: the 2018 one, as far as known, does not."""
    return edition_of(formation).parameter("formation.local_to_council.month_day").value is not None


def councils(formation: Formation) -> Any:
    """The councils that hear the topics, the likeliest first (SO-F-12).

    Topics of central bodies are heard by the Coordination Council; those of local ones by the
    council for interaction with NGOs at the body itself or at another body of the same region.
    """
    if formation.level == Formation.Level.CENTRAL:
        rows = Council.objects.filter(kind=Council.Kind.COORDINATION)
    else:
        near = Q(body=formation.body_id)
        if formation.body.region_code:
            near |= Q(region_code=formation.body.region_code)
        rows = Council.objects.filter(near, kind=Council.Kind.COOPERATION)
    own_first = Q(body=formation.body_id)
    return rows.select_related("body").annotate(own=own_first).order_by("-own", "id")


def addressee(formation: Formation, council: Council | None = None) -> Organisation | None:
    """To whom annex 3 goes: the authorised body, or the body at which the council sits."""
    if formation.level == Formation.Level.CENTRAL:
        return authorised_body()
    council = council or councils(formation).first()
    return council.body if council else None


def authorised_body() -> Organisation | None:
    """The body that coordinates the interaction with NGOs; None before it is registered."""
    bodies = Organisation.objects.filter(kind=Organisation.Kind.AUTHORISED_BODY)
    return bodies.order_by("id").first()


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
    """There is a council, or an authorised body, to submit to; a chosen council is a lawful one."""
    chosen = attempt.facts.get("council")
    if chosen is not None and not councils(formation).filter(pk=chosen.pk).exists():
        yield Finding(
            "other_council",
            Severity.ERROR,
            _("This council does not hear the topics of this state body."),
            _cite(formation),
            about="council",
        )
    if addressee(formation, chosen) is None:
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
        sent_to=addressee(formation, attempt.facts.get("council")),
        now=attempt.now,
    )
    return {"plan_year": information.plan_year, "content": information.sha256}


# --- The list ------------------------------------------------------------------------------------


def recommendations(formation: Formation) -> dict[int, Recommendation]:
    """The latest recommendation that the body was sent on each topic, by the topic's number; one query."""
    rows = Recommendation.objects.filter(topic__formation=formation, session__sent_at__isnull=False)
    rows = rows.select_related("session__council").order_by("session__held_on", "id")
    return {row.topic_id: row for row in rows}


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


def _reasons(attempt: Attempt, topic: Topic) -> tuple[str, str]:
    """Why a topic is left off or kept, in Kazakh and in Russian: {topic: (kk, ru)}."""
    kk, ru = dict(attempt.facts.get("reasons") or {}).get(topic.pk) or ("", "")
    return str(kk).strip(), str(ru).strip()


def departs(answer: str | None, advised: Recommendation | None) -> bool:
    """Whether the answer on a topic goes against what the council recommends (SO-F-18)."""
    dropped = answer == Topic.State.DROPPED
    return advised is not None and dropped == (advised.verdict != Recommendation.Verdict.EXCLUDE)


def departures_reasoned(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """Whoever departs from a recommendation, or drops a topic, says why in both languages."""
    answers, advice = _answers(attempt), recommendations(formation)
    for topic in formation.topics.all():
        answer = answers.get(topic.pk)
        must = answer == Topic.State.DROPPED or departs(answer, advice.get(topic.pk))
        if must and not all(_reasons(attempt, topic)):
            yield Finding(
                "no_reason",
                Severity.ERROR,
                _(
                    "Write in Kazakh and in Russian why topic %(number)s is left off the list "
                    "or why the recommendation is not followed."
                )
                % {"number": topic.position},
                _cite(formation),
                {"topic": topic.position},
                about=f"topic-{topic.pk}",
            )


def listed(formation: Formation, attempt: Attempt) -> Mapping[str, Any]:
    """Write down what became of each topic."""
    answers = _answers(attempt)
    topics = list(formation.topics.all())
    for topic in topics:
        topic.state = answers[topic.pk]
        topic.state_reason_kk, topic.state_reason_ru = _reasons(attempt, topic)
    Topic.objects.bulk_update(topics, ["state", "state_reason_kk", "state_reason_ru"])
    if not recommendations(formation):
        formation.without_council = str(attempt.facts.get("without_council") or "").strip()
        formation.save(update_fields=["without_council"])
    return {
        "listed": [t.position for t in topics if t.state == Topic.State.LISTED],
        "dropped": [t.position for t in topics if t.state == Topic.State.DROPPED],
        "without_council": bool(formation.without_council),
    }


FORM_LIST = Text(
    "Кеңестің ұсынымдары негізінде тақырыптар тізбесін қалыптастыру",
    "Сформировать перечень тем на основе рекомендаций совета",
    "Form the list of topics by the council's recommendations",
)


def owed(formation: Formation) -> Iterable[Owed]:
    """The list of topics, once the recommendations are there; no act sets a term (SO-X-16)."""
    if formation.state == Formation.State.COUNCIL and recommendations(formation):
        yield Owed(
            "form_list",
            organisation(formation.body_id),
            FORM_LIST,
            None,
            reverse("planning:list_form", args=[formation.pk]),
            _cite(formation).place,
        )
