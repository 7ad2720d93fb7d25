"""The project: running → final report accepted → closed, or ended before its time.

open       by the award: the last step of the contract opens it, with annex 3 as its living plan
accept     when both final reports are accepted
close      grants: by the body, after the final presentation; social orders: with the act of services (SO-E-21)
terminate  by the body, with the reason (GR-I-16: no source sets grounds)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core.procedure import Attempt, Procedure, Step, system_only
from ortaq.law.findings import Finding, Severity
from ortaq.law.standard.tables import ACT as STANDARD
from ortaq.projects import baseline, tally
from ortaq.projects.models import Contract, Project, Tranche
from ortaq.projects.policy.project import is_body
from ortaq.projects.spelling import spell_out

State = Project.State


def standard_of(contract: Contract) -> str:
    """The edition of the Standard that answers for the day on which the contract was concluded."""
    assert contract.concluded_on is not None  # a signed contract has its day
    return law.at(STANDARD, contract.concluded_on).key


def open_project(contract: Contract, attempt: Attempt) -> Project:
    """Open the project of a contract that is being signed, inside its step. Signed content is kept with its hash; the advance is the
    first tranche, the rest the second (further instalments are not in the sources, GR-K-05).
    """
    spell_out(contract)
    content = baseline.of(contract)
    project = Project(
        contract=contract,
        standard=standard_of(contract),
        baseline=content,
        baseline_sha256=baseline.sha256(content),
        opened_at=attempt.now,
    )
    PROJECT.begin(project, actor=attempt.actor, baseline=project.baseline_sha256)
    rest = contract.sum_tiyn - contract.advance_tiyn
    sums = [(contract.advance_tiyn, True), (rest, False)]
    Tranche.objects.bulk_create(
        Tranche(project=project, number=number, is_advance=advance, planned_tiyn=tiyn)
        for number, (tiyn, advance) in enumerate([s for s in sums if s[0]], 1)
    )
    tally.settle(project)
    return project


def reason_given(project: Project, attempt: Attempt) -> Iterable[Finding]:
    """Whoever ends a project before its time says why."""
    if not str(attempt.facts.get("reason") or "").strip():
        cite = law.edition(project.contract.act, project.contract.edition).cite("")
        yield Finding("no_reason", Severity.ERROR, _("Say why."), cite, about="reason")


def _closed(project: Project, attempt: Attempt) -> Mapping[str, Any]:
    project.closed_at = attempt.now
    project.ended_reason = str(attempt.facts.get("reason") or "")
    project.save(update_fields=["closed_at", "ended_reason"])
    return {"covered": project.covered, "admitted_tiyn": project.admitted_tiyn}


ACCEPT = Step(
    "accept",
    _("Final report accepted"),
    source=State.RUNNING,
    target=State.ACCEPTED,
    by=system_only,
    cite="GR-I-16",
)
CLOSE = Step(
    "close",
    _("Close the project"),
    source=State.ACCEPTED,
    target=State.CLOSED,
    by=is_body,
    effect=_closed,
    cite="GR-I-16",
    final=True,
)
TERMINATE = Step(
    "terminate",
    _("End before its time"),
    source=(State.RUNNING, State.ACCEPTED),
    target=State.TERMINATED,
    by=is_body,
    requires=(reason_given,),
    effect=_closed,
    cite="GR-I-16",
    final=True,
)
PROJECT: Procedure[Project] = Procedure(Project, (ACCEPT, CLOSE, TERMINATE))
