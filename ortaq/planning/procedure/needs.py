"""A needs assessment: draft → approved. The next one is due two years after (SO-F-02).

approve    three distinct sources behind each conclusion, the questions answered, kk and ru
discard    a draft that is not to be finished is deleted; its journal stays
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, duties, terms
from ortaq.core.canonical import sha256
from ortaq.core.duties import Owed
from ortaq.core.kazakh import fold
from ortaq.core.keys import organisation
from ortaq.core.procedure import Attempt, Procedure, Step
from ortaq.law import needs
from ortaq.law.findings import Citation, Finding, Severity
from ortaq.law.text import Text
from ortaq.people.models import Organisation
from ortaq.planning.models import Assessment, Baseline, Source
from ortaq.planning.policy import assesses

from .editions import edition_of

ACT = "rules_social_order"
TERM = "needs_assessment"
State = Assessment.State


# --- Requirements --------------------------------------------------------------------------------


def _guide() -> Citation:
    """Where the method of assessments is told."""
    return needs.method().parameter("needs.sources_min").cite


def _missing(code: str, message: Any, cite: Citation, about: str, **numbers: Any) -> Finding:
    return Finding(code, Severity.ERROR, message, cite, numbers, about)


def _doubt(code: str, message: Any, cite: Citation, about: str, **numbers: Any) -> Finding:
    return Finding(code, Severity.WARNING, message, cite, numbers, about)


def sources_known(assessment: Assessment, attempt: Attempt) -> Iterable[Finding]:
    """There are sources, each of a kind that the edition names (SO-F-03)."""
    kinds = needs.sources(edition_of(assessment))
    cite = next(iter(kinds.values())).cite
    rows = list(assessment.sources.all())
    if not rows:
        yield _missing("no_sources", _("No source of information is named yet."), cite, "sources")
    for number, source in enumerate(rows, 1):
        if source.kind not in kinds:
            yield _missing(
                "source_kind_unknown",
                _("Source %(number)s: choose its kind anew; this edition does not name it.")
                % {"number": number},
                cite,
                "sources",
                source=number,
            )


def concluded(assessment: Assessment, attempt: Attempt) -> Iterable[Finding]:
    """There are conclusions, and each rests on at least three distinct sources (SO-T-026)."""
    rows = list(assessment.conclusions.prefetch_related("sources"))
    if not rows:
        yield _missing(
            "no_conclusions", _("No conclusion on needs is written yet."), _guide(), "conclusions"
        )
    for number, conclusion in enumerate(rows, 1):
        if few := needs.triangulated(number, distinct(conclusion.sources.all())):
            yield Finding(few.code, few.severity, few.message, few.cite, few.numbers, "conclusions")


def distinct(sources: Iterable[Source]) -> int:
    """How many sources these are: one entered twice is one."""
    return len({(fold(source.title), fold(source.publisher)) for source in sources})


def questions_answered(assessment: Assessment, attempt: Attempt) -> Iterable[Finding]:
    """Each of the guide's questions has an answer (SO-T-028)."""
    left = [
        number
        for number, key in enumerate(needs.questions(), 1)
        if not answer(assessment, key, "kk").strip()
    ]
    if left:
        yield _missing(
            "question_open",
            _("Questions without an answer in Kazakh: %(numbers)s.") % {"numbers": _listed(left)},
            next(iter(needs.questions().values())).cite,
            "answers",
            questions=left,
        )


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def answer(assessment: Assessment, key: str, language: str) -> str:
    """What is written on a question in that language; empty where nothing is."""
    return str(assessment.answers.get(key, {}).get(language, ""))


def both_languages(assessment: Assessment, attempt: Attempt) -> Iterable[Finding]:
    """The public page stands in Kazakh and Russian (our requirement: the act names no languages)."""
    # Our reading of where the edition speaks of assessments.
    kinds = needs.sources(edition_of(assessment))
    cite = replace(next(iter(kinds.values())).cite, inferred=True)
    if not assessment.title_ru.strip():
        yield _missing("russian_missing", _("The title has no Russian wording."), cite, "head")
    left = [
        number
        for number, key in enumerate(needs.questions(), 1)
        if answer(assessment, key, "kk").strip() and not answer(assessment, key, "ru").strip()
    ]
    if left:
        yield _missing(
            "russian_missing",
            _("Questions without an answer in Russian: %(numbers)s.") % {"numbers": _listed(left)},
            cite,
            "answers",
            questions=left,
        )
    lists = (
        ("conclusions", "text_ru", _("Conclusion %(number)s has no Russian wording.")),
        ("baselines", "indicator_ru", _("Value %(number)s has no Russian wording.")),
    )
    for name, column, message in lists:
        for number, row in enumerate(getattr(assessment, name).all(), 1):
            if not getattr(row, column).strip():
                yield _missing(
                    "russian_missing", message % {"number": number}, cite, name, number=number
                )


def looked_back(assessment: Assessment, attempt: Attempt) -> Iterable[Finding]:
    """The first assessment keeps values, a final one measures them again: warnings, no bar (SO-T-027)."""
    if assessment.kind == Assessment.Kind.PRELIMINARY:
        if not assessment.baselines.exists():
            yield _doubt(
                "no_baseline",
                _("No measured value is kept: later results could not be compared with anything."),
                _guide(),
                "baselines",
            )
        return
    base = assessment.baseline_of
    if base is None:
        if assessment.kind == Assessment.Kind.FINAL:
            yield _doubt(
                "nothing_to_compare",
                _("The assessment that this one looks back at is not named."),
                _guide(),
                "head",
            )
        return
    left = unmeasured(assessment).count()
    if left and assessment.kind == Assessment.Kind.FINAL:
        yield _doubt(
            "not_measured_again",
            _("Values of the baseline that have not been measured again: %(count)s.")
            % {"count": left},
            _guide(),
            "baselines",
            count=left,
        )


def unmeasured(assessment: Assessment) -> QuerySet[Baseline]:
    """The values of the baseline that this assessment has not measured again."""
    again = assessment.baselines.exclude(earlier=None).values("earlier")
    return Baseline.objects.filter(assessment=assessment.baseline_of_id).exclude(pk__in=again)


# --- Steps ---------------------------------------------------------------------------------------


def approved(assessment: Assessment, attempt: Attempt) -> Mapping[str, Any]:
    """Freeze the day and the content; the duty of the assessment before this one is done."""
    # The body's row is the lock: of two approved at once the later one sees the earlier.
    Organisation.objects.select_for_update().get(pk=assessment.body_id)
    assessment.approved_on = clock.day_of(attempt.now)
    assessment.save(update_fields=["approved_on"])
    for earlier in Assessment.objects.filter(body=assessment.body_id, state=State.APPROVED):
        duties.keep(earlier, (), now=attempt.now)
    return {
        "approved_on": assessment.approved_on.isoformat(),
        "content": sha256(content(assessment)),
    }


def content(assessment: Assessment) -> dict[str, Any]:
    """What the public page says, for its hash in the journal."""
    return {
        "kind": assessment.kind,
        "title": [assessment.title_kk, assessment.title_ru],
        "answers": {
            key: [answer(assessment, key, language) for language in ("kk", "ru")]
            for key in needs.questions()
        },
        "sources": [
            [one.kind, one.title, one.publisher, str(one.dated_on or ""), one.link, one.finding]
            for one in assessment.sources.all()
        ],
        "conclusions": [
            [one.text_kk, one.text_ru, [source.title for source in one.sources.all()]]
            for one in assessment.conclusions.prefetch_related("sources")
        ],
        "values": [
            [one.indicator_kk, one.indicator_ru, str(one.value), one.unit, str(one.measured_on)]
            for one in assessment.baselines.all()
        ],
    }


APPROVE = Step(
    "approve",
    _("Approve the assessment"),
    source=State.DRAFT,
    target=State.APPROVED,
    by=assesses,
    requires=(sources_known, concluded, questions_answered, both_languages, looked_back),
    effect=approved,
    cite="№18-2022 ¶7(1)",
    final=True,
)
DISCARD = Step(
    "discard",
    _("Discard the draft"),
    source=State.DRAFT,
    target=None,
    by=assesses,
    final=True,
    removes=True,
)


def owed(assessment: Assessment) -> Iterable[Owed]:
    """After its approval the body owes the next one within two years."""
    if assessment.state == State.APPROVED and (due := next_due(assessment)):
        yield Owed(
            "next_assessment",
            organisation(assessment.body_id),
            Text(
                "Халықтың мұқтаждықтары мен қажеттіліктеріне келесі бағалауды жүргізу",
                "Провести следующую оценку нужд и потребностей населения",
                "Carry out the next assessment of the population's needs",
            ),
            due,
            reverse("planning:assessments"),
            edition_of(assessment).term(TERM).cite.place,
        )


ASSESSMENT: Procedure[Assessment] = Procedure(Assessment, (APPROVE, DISCARD), duties=owed)


# --- The interval --------------------------------------------------------------------------------


def edition_on(day: date) -> law.Edition:
    """The edition that an assessment begun on `day` is made under; `law.Refused` if there is none."""
    return law.at(ACT, day)


def next_due(
    assessment: Assessment,
    edition: law.Edition | None = None,
    calendar: law.WorkingCalendar | None = None,
) -> datetime | None:
    """By when the next assessment is due after this approved one.

    By its own edition, or by `edition`; None where that sets no interval (2018). One query,
    none with `calendar`.
    """
    edition, day = edition or edition_of(assessment), assessment.approved_on
    if day is None or TERM not in edition.terms:
        return None
    ends = law.due(edition.term(TERM), day, calendar or terms.working_calendar(day))
    return clock.end_of(ends.due_on)
