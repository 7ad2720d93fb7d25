"""What the procedures of a project ask and do alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, journal
from ortaq.core.procedure import Attempt, Refused, Step, clock_behind, locked, not_yours
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity
from ortaq.projects import completeness
from ortaq.projects.models import Project

CHANGED = "changed_meanwhile"


def said(attempt: Attempt, name: str) -> str:
    """The words that a step was given under a name; "" where there are none."""
    return str(attempt.facts.get(name) or "").strip()


def nobody_was_faster(row: Any, attempt: Attempt) -> Iterable[Finding]:
    """What has a `version` is still as the page showed it. A step that was told of no version asks nothing."""
    seen = attempt.facts.get("version")
    if seen is not None and seen != row.version:
        yield Finding(
            CHANGED,
            Severity.ERROR,
            _(
                "Somebody else changed this while you were writing. What you typed stands below and is not saved yet: "
                "compare it with what holds now, then save again."
            ),
            numbers={"seen": seen, "now": row.version},
        )


def remark_given(_row: Any, attempt: Attempt) -> Iterable[Finding]:
    """Whoever returns, refuses or declines says why."""
    if not said(attempt, "remark"):
        yield Finding(
            "no_remark", Severity.ERROR, _("Say why, so that it can be mended."), about="remark"
        )


def by_its_act(row: Any, place: str) -> str:
    """A clause in the act that the contract of `row` is under: grants and social orders leave different things open
    under the same number (GR-I-16). As it is where that act has no such rule.
    """
    project = row if isinstance(row, Project) else row.project
    own = completeness.cite(project.contract, place, inferred=True)
    return str(own) if citing.rule(own) else place


def begun(step: Step, project: Project, actor: Any) -> Project:
    """The project, locked for a step that is none of its own procedure; raises `Refused` for whoever may not take it,
    and while the clock is behind the journal.
    """
    fresh = locked(Project, project.pk)
    if late := clock_behind(clock.now()):
        raise Refused(step, [late])
    if not step.by(actor, fresh):
        raise Refused(step, [not_yours(step)])
    return fresh


def note(project: Project, name: str, actor: Any, facts: Mapping[str, Any] | None = None) -> None:
    """Write into the project's journal what was done; without an actor the system did it."""
    key, behalf = (actor.key, actor.behalf) if actor else ("", "")
    journal.append(project, name, actor=key, behalf=behalf, facts=facts)
