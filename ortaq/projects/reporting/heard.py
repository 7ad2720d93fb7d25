"""What participants said, as the final report tells it (IM-054): by kind of service, by the Standard's own formulas, with the sample.

Each event is a survey of its own (`feedback`); those of one kind are put together: points, answers and people are added up before
anything is divided, and the answers that have to be there are those of each event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ortaq.faces import say
from ortaq.law.standard import standard
from ortaq.law.text import Text
from ortaq.projects import feedback
from ortaq.projects.feedback import APPLICATION, SATISFACTION, Feedback
from ortaq.projects.models import Event, Project
from ortaq.projects.queries.consultation import journal_of

from .words import Both, both

JOURNAL = Text("Консультация журналы", "Журнал консультаций", "Consultation journal")


def lines(
    project: Project, held: Sequence[Event], told: Mapping[int, tuple[int, int]], *, journal: bool
) -> list[Both]:
    """Sentences on satisfaction and practical application. `told`: how many of each event said whether they apply it, and how many do
    (`told_of`). No query, but two for the journal of consultations.
    """
    kinds: dict[str, list[Feedback]] = defaultdict(list)
    for event in held:
        event.project = project
        said = feedback.of(event, *told.get(event.pk, (0, 0)))
        if said.people:
            kinds[event.service if event.service in SATISFACTION else ""].append(said)
    found = [line for kind in (*SATISFACTION, "") for line in _kind(kind, kinds.get(kind, []))]
    return found + (_journal(project) if journal else [])


def _kind(kind: str, said: Sequence[Feedback]) -> Iterable[Both]:
    if not said:
        return
    people, answers = sum(one.people for one in said), sum(one.answers for one in said)
    required = sum(one.required or 0 for one in said)
    measured = any(one.required is not None for one in said)
    points = sum(one.points for one in said)
    divisor = people if measured and kind == "training" else answers
    facts = {"people": people, "answers": answers, "required": required}
    percent = Fraction(points * 100, divisor * 5) if answers else None
    yield _satisfaction(kind, facts if measured else {**facts, "required": None}, percent)
    if measured and (few := sum(one.is_too_small for one in said)):
        yield both(lambda: _few(few))
    for question in ("applied", "involved"):
        asked = [one for one in said if one.question == question]
        if asked:
            yield _application(kind, question, asked)


def _label(kind: str) -> str:
    names = {**standard().services, "journal": JOURNAL}
    return say.text(names[kind]) if kind in names else _("Other events")


def _satisfaction(kind: str, facts: Mapping[str, Any], percent: Fraction | None) -> Both:
    def sentence() -> str:
        told = {**facts, "service": _label(kind), "table": SATISFACTION.get(kind, "2")}
        told["percent"] = say.points(percent)
        if percent is None:
            return _("%(service)s: none of %(people)s participants has answered.") % told
        if facts["required"] is None:
            return (
                _("%(service)s: satisfaction %(percent)s %%; answered: %(answers)s of %(people)s. No formula of the Standard applies to it.")
                % told
            )  # fmt: skip
        return (
            _("%(service)s: satisfaction %(percent)s %% by table %(table)s of the Standard; answered: %(answers)s of %(people)s, required: at least %(required)s.")
            % told
        )  # fmt: skip

    return both(sentence)


def _few(number: int) -> str:
    return ngettext(
        "At %(number)s event of this kind fewer people answered than the Standard requires.",
        "At %(number)s events of this kind fewer people answered than the Standard requires.",
        number,
    ) % {"number": number}


def _application(kind: str, question: str, asked: Sequence[Feedback]) -> Both:
    told, applied = sum(one.told for one in asked), sum(one.applied for one in asked)
    required = [one.required for one in asked if one.required is not None]
    return _applied(
        kind, question, Fraction(applied * 100, told) if told else None,
        {"told": told, "applied": applied, "required": sum(required) if required else None},
    )  # fmt: skip


def _applied(kind: str, question: str, percent: Fraction | None, facts: Mapping[str, Any]) -> Both:
    def sentence() -> str:
        told = {**facts, "service": _label(kind), "table": APPLICATION.get(kind, "2")}
        told["percent"] = say.points(percent)
        told["what"] = _("involvement") if question == "involved" else _("practical application")
        if percent is None:
            return _("%(service)s: nobody has answered the question on %(what)s.") % told
        if facts["required"] is None:
            return (
                _("%(service)s: %(what)s %(percent)s %%: %(applied)s of %(told)s who answered.")
                % told
            )
        return (
            _("%(service)s: %(what)s %(percent)s %% by table %(table)s of the Standard: %(applied)s of %(told)s who answered, required answers: at least %(required)s.")
            % told
        )  # fmt: skip

    return both(sentence)


def _journal(project: Project) -> list[Both]:
    """The journal is one survey of all its consumers; applied is counted against all consultations (table 2)."""
    kept = journal_of(project)
    measured = kept.measured
    if measured is None:
        return []
    required, percent = measured.required_answers, measured.percent
    if percent is None and kept.asked:  # an edition without a text
        percent = Fraction(measured.points_total * 100, kept.asked * 5)
    facts = {"people": kept.consumers, "answers": kept.asked, "required": required}
    found = [_satisfaction("journal", facts, percent)]
    if kept.asked < (required or 0):
        found.append(
            both(lambda: _("Fewer consumers of consultations answered than the Standard requires."))
        )
    if (applied := measured.application_percent) is not None:
        found.append(both(lambda: _after_consultations(kept.consultations, kept.applied, applied)))
    return found


def _after_consultations(number: int, applied: int, percent: Fraction) -> str:
    told = {"number": number, "applied": applied, "percent": say.points(percent)}
    return (
        _("Advice applied after %(applied)s of %(number)s consultations: %(percent)s %% by table 2 of the Standard.")
        % told
    )  # fmt: skip
