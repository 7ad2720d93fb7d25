"""The public discussion of a list of topics: what publishing, closing and reporting ask for.

SO-F-04..11; the guide says the same of it (SO-T-039..041, SO-T-053..055).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, journal, terms
from ortaq.core.canonical import sha256
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.money import show
from ortaq.core.procedure import Attempt
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.planning.models import Assessment, Comment, Formation, Topic
from ortaq.planning.models.formation import THOUSAND_TENGE

from . import letters
from .editions import edition_of

# The columns of annex 1 that a person fills in, in Kazakh and in Russian (SO-F-06, SO-T-040).
COLUMNS = {
    "title": _("planned topic"),
    "justification": _("justification"),
    "target_group": _("target group"),
    "result": _("expected result"),
}
# A topic that asks for less was probably typed in thousand tenge.
LEAST_LIKELY = 100 * THOUSAND_TENGE


def _finding(formation: Formation, code: str, message: Any, place: str, about: str = "") -> Finding:
    cite = edition_of(formation).cite(place)
    return Finding(code, Severity.ERROR, message, cite, about=about)


def _place(formation: Formation) -> str:
    """Where the edition speaks of the discussion."""
    return edition_of(formation).term("discussion").cite.place


# --- Publishing ----------------------------------------------------------------------------------


def _told(topic: Topic, columns: Iterable[str] = ()) -> dict[str, Any]:
    """The number of a topic and the names of its columns, for a sentence."""
    names = ", ".join(str(COLUMNS[column]) for column in columns)
    return {"number": topic.position, "columns": names}


def has_topics(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """There is something to discuss."""
    if not formation.topics.exists():
        yield _finding(
            formation,
            "no_topics",
            _("The list has no topics yet. Add at least one."),
            _place(formation),
            about="topics",
        )


def annex_complete(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """Every column of annex 1 is filled in Kazakh; the justification names a source (SO-F-06)."""
    annex = edition_of(formation).parameter("form.annex1.columns").cite
    for topic in formation.topics.all():
        empty = [name for name in COLUMNS if not getattr(topic, f"{name}_kk").strip()]
        if empty:
            yield Finding(
                "column_empty",
                Severity.ERROR,
                _("Topic %(number)s lacks in Kazakh: %(columns)s.") % _told(topic, empty),
                annex,
                {"topic": topic.position, "columns": empty},
                about=f"topic-{topic.pk}",
            )
        if not topic.sources and not topic.assessments.exists():
            yield Finding(
                "no_source",
                Severity.ERROR,
                _("The justification of topic %(number)s must name its source of information.")
                % _told(topic),
                annex,
                {"topic": topic.position},
                about=f"topic-{topic.pk}",
            )


def both_languages(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """The public page stands in Kazakh and Russian (our requirement; the act names no languages)."""
    for topic in formation.topics.all():
        missing = [name for name in COLUMNS if not getattr(topic, f"{name}_ru").strip()]
        if missing:
            yield Finding(
                "russian_missing",
                Severity.ERROR,
                _("Topic %(number)s lacks in Russian: %(columns)s.") % _told(topic, missing),
                edition_of(formation).cite("SO-F-05", inferred=True),
                {"topic": topic.position, "columns": missing},
                about=f"topic-{topic.pk}",
            )


def sums_plausible(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """Annex 1 prints thousand tenge, so sums get typed in thousands: a warning, no bar."""
    for topic in formation.topics.filter(planned_tiyn__lt=LEAST_LIKELY):
        yield Finding(
            "sum_in_thousands",
            Severity.WARNING,
            _(
                "Topic %(number)s asks for %(sum)s in all. "
                "If you meant thousand tenge, write the sum in whole tenge."
            )
            % {"number": topic.position, "sum": show(topic.planned_tiyn)},
            edition_of(formation).cite("SO-F-06", inferred=True),
            {"topic": topic.position},
            about=f"topic-{topic.pk}",
        )


def fields_of_edition(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """Each topic stands in exactly one field of the edition: 17 in 2018, 19 in 2022 (SO-G-09)."""
    parameter = edition_of(formation).parameter("fields.set")
    known = {one.key for one in law.fields_of(str(parameter.value))}
    for topic in formation.topics.exclude(field__in=known):
        yield Finding(
            "field_unknown",
            Severity.ERROR,
            _("The field of topic %(number)s is not one of this edition's fields.") % _told(topic),
            parameter.cite,
            {"topic": topic.position},
            about=f"topic-{topic.pk}",
        )


def needs_assessed(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """The body assessed the needs within the last two years (SO-F-02): a warning, no bar."""
    last = last_assessment(formation.body_id)
    due = next_assessment_due(formation, last)
    parameter = edition_of(formation).parameter("formation.needs_assessment.max_interval_years")
    if parameter.value is None:
        return
    if last is None or (due is not None and attempt.now > due):
        yield Finding(
            "needs_not_assessed",
            Severity.WARNING,
            _(
                "The needs of the population have not been assessed within the last two years. "
                "Plan an assessment; the topics can be published all the same."
            ),
            parameter.cite,
            {"last": last.approved_on if last else None},
            about="needs",
        )


def last_assessment(body: int) -> Assessment | None:
    """The latest approved assessment of a body, or None."""
    done = Assessment.objects.filter(body=body, state=Assessment.State.APPROVED)
    return done.order_by("-approved_on", "-id").first()


def next_assessment_due(formation: Formation, last: Assessment | None) -> datetime | None:
    """By when the next assessment is due; None where nothing was assessed or no interval is set."""
    edition = edition_of(formation)
    if last is None or last.approved_on is None or "needs_assessment" not in edition.terms:
        return None
    return terms.due_at(edition, "needs_assessment", clock.at(last.approved_on))


def term_of(formation: Formation, start: datetime) -> datetime:
    """The last instant of the shortest lawful discussion that begins at `start` (SO-F-07, SO-X-25)."""
    return terms.due_at(edition_of(formation), "discussion", start)


def published(formation: Formation, attempt: Attempt) -> Mapping[str, Any]:
    """Open the discussion; a longer term may be given as `closes_on`, a shorter one is lengthened."""
    formation.published_at = attempt.now
    shortest = term_of(formation, attempt.now)
    chosen = attempt.facts.get("closes_on")
    formation.closes_at = max(shortest, clock.end_of(chosen)) if chosen else shortest
    formation.save(update_fields=["published_at", "closes_at"])
    topics = list(formation.topics.all())
    return {
        "topics": len(topics),
        "closes_at": journal.instant(formation.closes_at),
        "content": sha256([printed(topic) for topic in topics]),
    }


def printed(topic: Topic) -> dict[str, Any]:
    """What annex 1 says of a topic, in both languages."""
    words = {f"{c}_{lang}": getattr(topic, f"{c}_{lang}") for c in COLUMNS for lang in ("kk", "ru")}
    return {**words, "field": topic.field, "planned": topic.planned_tiyn, "sources": topic.sources}


# --- The end of the discussion -------------------------------------------------------------------


def term_over(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """Not less than ten full working days have passed (SO-F-07)."""
    if formation.closes_at is None or attempt.now <= formation.closes_at:
        term = edition_of(formation).term("discussion")
        yield Finding(
            "discussion_open",
            Severity.ERROR,
            _("The public discussion is still open."),
            term.cite,
            {"closes_at": formation.closes_at, "working_days": term.amount},
        )


def closed(formation: Formation, attempt: Attempt) -> Mapping[str, Any]:
    """Three working days to consider the comments begin with the end of the term."""
    assert formation.closes_at is not None
    edition = edition_of(formation)
    formation.decide_by = terms.due_at(edition, "discussion.decision", formation.closes_at)
    formation.save(update_fields=["decide_by"])
    return {"comments": formation.comments, "decide_by": journal.instant(formation.decide_by)}


# --- The report ----------------------------------------------------------------------------------


def counted(formation: Formation) -> Any:
    """The comments that annex 2 lists: in time, hidden ones too, by topic and number."""
    rows = Comment.objects.filter(formation=formation, state=Comment.State.RECEIVED)
    return rows.order_by("topic__position", "number")


def all_decided(formation: Formation, attempt: Attempt) -> Iterable[Finding]:
    """Every comment that came in time is decided, with reasons (SO-F-09)."""
    unreasoned = Q(reasons_kk="") | Q(reasons_ru="")
    open_ones = counted(formation).filter(Q(decision=Comment.Decision.NONE) | unreasoned)
    numbers = list(open_ones.values_list("number", flat=True)[:100])
    if numbers:
        yield Finding(
            "comments_undecided",
            Severity.ERROR,
            _("Some comments have no decision with reasons in both languages yet."),
            edition_of(formation).term("discussion.decision").cite,
            {"comments": numbers, "how_many": open_ones.count()},
        )


def reported(formation: Formation, attempt: Attempt) -> Mapping[str, Any]:
    """Publish annex 2; whoever commented gets a letter with the decision."""
    late = is_late(formation, attempt.now)
    formation.reported_at = attempt.now
    formation.save(update_fields=["reported_at"])
    letters.decided(formation, counted(formation))
    decisions = list(counted(formation).values_list("decision", flat=True))
    return {
        "comments": len(decisions),
        "accepted": sum(one in {"accepted", "partly"} for one in decisions),
        "in_time": not late,
    }


def is_late(formation: Formation, now: datetime) -> bool:
    """Whether a decision was taken, or still waits, after the three working days (SO-F-09).

    Where the edition sets a term for the report too (2018), a report that is not out by then is late.
    """
    due = formation.decide_by
    if due is None:
        return False
    if now > due and report_due(formation):
        return True
    waiting = Q(decision=Comment.Decision.NONE) if now > due else Q(pk__in=[])
    return bool(counted(formation).filter(waiting | Q(decided_at__gt=due)).exists())


def report_due(formation: Formation) -> datetime | None:
    """By when the report is published; None where the edition sets no term, as that of 2022 (SO-X-16)."""
    edition = edition_of(formation)
    if formation.closes_at is None or "discussion.report" not in edition.terms:
        return None
    return terms.due_at(edition, "discussion.report", formation.closes_at)


# --- Duties --------------------------------------------------------------------------------------

LOOK_THROUGH = Text(
    "Жария талқылау аяқталады: ескертулер мен ұсыныстарды қараңыз",
    "Публичное обсуждение завершается: просмотрите замечания и предложения",
    "The public discussion ends: look through the comments and proposals",
)
DECIDE = Text(
    "Ескертулер мен ұсыныстар бойынша негіздемесімен шешім қабылдау",
    "Решить по замечаниям и предложениям с обоснованием",
    "Decide on the comments and proposals with reasons",
)
PUBLISH_REPORT = Text(
    "Жария талқылаудың аяқталуы туралы есепті жариялау",
    "Опубликовать отчёт о завершении публичного обсуждения",
    "Publish the report on the completion of the public discussion",
)


def owed(formation: Formation) -> Iterable[Owed]:
    """What the discussion asks of its body in the present state."""
    state, edition = formation.state, edition_of(formation)
    bearer = organisation(formation.body_id)
    page = reverse("planning:formation", args=[formation.pk])
    if state == Formation.State.DISCUSSION:
        place = edition.term("discussion").cite.place
        yield Owed("close_discussion", bearer, LOOK_THROUGH, formation.closes_at, page, place)
    if state == Formation.State.DECIDING:
        if counted(formation).filter(decision=Comment.Decision.NONE).exists():
            place = edition.term("discussion.decision").cite.place
            yield Owed("decide", bearer, DECIDE, formation.decide_by, page, place)
        place = edition.parameter("form.annex2.columns").cite.place
        yield Owed("report", bearer, PUBLISH_REPORT, report_due(formation), page, place)
