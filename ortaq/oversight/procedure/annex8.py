"""The report on an evaluation, annex 8: its exact figures, what it must say, and writing it (SO-E-19, SO-E-22, SO-X-06).

It is written by anybody responsible in the body, as often as a key is pressed: no step, since nothing legal happens. What is formed is
frozen by the steps of `evaluation`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock
from ortaq.core.keys import key_of
from ortaq.core.procedure import Attempt, Refused, Step, locked, moved_on, not_yours
from ortaq.faces import say
from ortaq.law.findings import Finding, Severity, plain
from ortaq.oversight.annex9 import field_of
from ortaq.oversight.models import Evaluation
from ortaq.oversight.policy.project import oversees
from ortaq.people.actor import Actor
from ortaq.projects.procedure.shared import said
from ortaq.projects.reporting.content import mark_of
from ortaq.review import evaluating
from ortaq.review.models import Panel

State = Evaluation.State
LANGUAGES = ("kk", "ru")
LONGEST, LONGEST_LINK = 20_000, 500
RECOMMENDATIONS = "recommendations"
worded = lazy(say.text, str)
# While it is in these states the report is written.
WRITTEN_IN = (State.COMPLETED, State.DISCUSSED)


def edition_of(evaluation: Evaluation) -> law.Edition:
    """The edition that the evaluation pins (SO-X-19)."""
    return law.edition(evaluation.act, evaluation.edition)


def edition_now() -> law.Edition:
    """The edition that governs an evaluation opened today."""
    return law.at("rules_social_order", clock.today())


def discusses(evaluation: Evaluation) -> bool:
    """Whether the edition discusses the preliminary report in public (SO-E-23, SO-18-09)."""
    return edition_of(evaluation).parameter("evaluation.public_discussion").value is True


def rubric_of(evaluation: Evaluation) -> law.Rubric:
    return edition_of(evaluation).rubric("evaluation")


def panel_of(evaluation: Evaluation) -> Panel:
    assert evaluation.dossier is not None
    return evaluation.dossier.panel


def error(
    edition: law.Edition, code: str, message: Any, about: str = "", **numbers: Any
) -> Finding:
    return Finding(code, Severity.ERROR, message, edition.rubric("evaluation").cite, numbers, about)


def of_body(actor: Actor, evaluation: Evaluation) -> bool:
    return oversees(actor, evaluation.project)


# --- The report -------------------------------------------------------------------------------------


def results(evaluation: Evaluation) -> dict[str, Any]:
    """Means by criterion, their sum and mean, exact, as the formulas of the edition combine them (SO-X-06); empty without sheets."""
    assert evaluation.dossier is not None
    means = evaluating.means(evaluation.dossier)
    if not means:
        return {}
    total = sum(means.values(), Fraction(0))
    return {"means": means, "total": total, "mean": total / len(means)}


def scored(evaluation: Evaluation, _attempt: Attempt) -> Iterable[Finding]:
    """The panel has completed the scoring."""
    if panel_of(evaluation).state != Panel.State.CLOSED:
        message = _("The members of the council are still scoring.")
        yield error(edition_of(evaluation), "not_scored", message)


def is_written(evaluation: Evaluation, _attempt: Attempt) -> Iterable[Finding]:
    """There are sheets to report on, and the report says something beside each mean and gives recommendations, in both languages
    (SO-E-01, SO-E-22).
    """
    edition = edition_of(evaluation)
    if not results(evaluation):
        message = _("No sheet counts any more: open the scoring anew.")
        yield error(edition, "no_sheets_left", message)
    yield from lacking_words(evaluation)


def lacking_words(evaluation: Evaluation) -> Iterable[Finding]:
    """The texts that are still to be written, each once for both languages."""
    edition = edition_of(evaluation)
    for criterion in rubric_of(evaluation).criteria:
        said_of = evaluation.remarks.get(criterion.key, {})
        if not all(said_of.get(language, "").strip() for language in LANGUAGES):
            message = _("Say in Kazakh and in Russian what explains the mean of “{criterion}”.")
            yield error(
                edition,
                "no_remark_on_criterion",
                format_lazy(message, criterion=worded(criterion.label)),
                criterion.key,
            )
    if not all(
        getattr(evaluation, f"{RECOMMENDATIONS}_{language}").strip() for language in LANGUAGES
    ):
        message = _("Write the recommendations in Kazakh and in Russian.")
        yield error(edition, "no_recommendations", message, RECOMMENDATIONS)


def progress_of(evaluation: Evaluation) -> dict[str, Any]:
    """What lacks of the texts (`lacking`), and how many of them (`total`) are `done`."""
    lacking, total = list(lacking_words(evaluation)), len(rubric_of(evaluation).keys) + 1
    return {"lacking": lacking, "done": total - len(lacking), "total": total}


def link_given(evaluation: Evaluation, attempt: Attempt) -> Iterable[Finding]:
    """The address under which the report stands on the portal of state procurement (SO-E-20)."""
    link = said(attempt, "portal_link")
    try:
        URLValidator(schemes=["https", "http"])(link)
        kept = len(link) <= LONGEST_LINK
    except ValidationError:
        kept = False
    if not kept:
        message = _("Write the address of the report on the portal of state procurement.")
        cite = edition_of(evaluation).cite("№18-2022 ¶19", inferred=evaluation.edition == "2018")
        yield Finding("no_link", Severity.ERROR, message, cite, about="portal_link")


def content_of(evaluation: Evaluation) -> dict[str, Any]:
    """Annex 8 as it would be formed now; fractions as "numerator/denominator"."""
    assert evaluation.dossier is not None
    contract, found = evaluation.project.contract, results(evaluation)
    sheets = evaluating.signed_sheets(evaluation.dossier)
    return {
        "edition": evaluation.edition,
        "field": field_of(evaluation.project),
        "project": {"kk": contract.title_kk, "ru": contract.title_ru},
        "means": {key: plain(value) for key, value in found.get("means", {}).items()},
        "total": plain(found.get("total")),
        "mean": plain(found.get("mean")),
        "sheets": [key_of(sheet) for sheet in sheets],
        "remarks": evaluation.remarks,
        "recommendations": {
            language: getattr(evaluation, f"recommendations_{language}") for language in LANGUAGES
        },
    }


# --- Writing it -------------------------------------------------------------------------------------

TEXTS = ("remarks", "recommendations_kk", "recommendations_ru", "version")
WRITE = Step("write", _("Write the report"), source=WRITTEN_IN, target=None, by=of_body)


def texts_of(evaluation: Evaluation) -> dict[str, str]:
    """The texts of the report by the names of their fields: `<criterion>_<language>` and `recommendations_<language>`."""
    found = {
        f"{key}_{language}": str(evaluation.remarks.get(key, {}).get(language, ""))
        for key in rubric_of(evaluation).keys
        for language in LANGUAGES
    }
    for language in LANGUAGES:
        found[f"recommendations_{language}"] = getattr(evaluation, f"recommendations_{language}")
    return found


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a save: the names of texts that were written, and those that a colleague changed first, with what was typed."""

    changed: list[str]
    conflicts: dict[str, str]


@transaction.atomic
def write(
    evaluation: Evaluation,
    texts: Mapping[str, str],
    *,
    seen: Mapping[str, int],
    actor: Actor,
    insist: Collection[str] = (),
) -> Written:
    """Keep what was typed of `texts` (named as by `texts_of`), each by itself: `seen` are the marks of the texts that the page showed.

    A text that a colleague changed since is not written, unless it is among `insist`; one that was not touched here stays as the
    colleague wrote it. Raises `Refused` for strangers and once the report is formed. `evaluation` is refreshed in place.
    """
    fresh = locked(Evaluation, evaluation.pk)
    if not of_body(actor, fresh):
        raise Refused(WRITE, [not_yours(WRITE)])
    if fresh.state not in WRITTEN_IN:
        raise Refused(WRITE, [moved_on(WRITE, fresh, "state")])
    now = texts_of(fresh)
    changed: dict[str, str] = {}
    conflicts: dict[str, str] = {}
    for name, theirs in now.items():
        mine = clean(texts.get(name, theirs))
        if mine == theirs:
            continue
        if name in insist or seen.get(name) == mark_of(theirs):
            changed[name] = mine
        elif seen.get(name) != mark_of(mine):
            conflicts[name] = mine
    if changed:
        kept = {**now, **changed}
        fresh.remarks = {
            key: {language: kept[f"{key}_{language}"] for language in LANGUAGES}
            for key in rubric_of(fresh).keys
        }
        for language in LANGUAGES:
            setattr(fresh, f"{RECOMMENDATIONS}_{language}", kept[f"{RECOMMENDATIONS}_{language}"])
        fresh.version += 1
        fresh.save(update_fields=TEXTS)
    evaluation.refresh_from_db(fields=["state", *TEXTS])
    return Written(list(changed), conflicts)


def clean(text: str) -> str:
    """A text as it is kept: plain line ends, no NUL, nothing around it, not endless."""
    return text.replace("\0", "").replace("\r\n", "\n").strip()[:LONGEST]
