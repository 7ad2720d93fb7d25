"""What has to be there before the body closes a project: the final public presentation, or the signed act of services."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from ortaq.core.procedure import Attempt
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity

from .gates import CLAUSE
from .models import Act, Activity, Contract, Event, Project

PRESENTATION = "contract 2024 annex 3, block III"


def may_close(project: Project, attempt: Attempt) -> Iterable[Finding]:
    """Grants: the final public presentation was held (GR-K-11). Social orders: both have signed the act (SO-E-21)."""
    if project.contract.instrument == Contract.Instrument.SOCIAL_ORDER:
        if not Act.objects.filter(project=project, state=Act.State.SIGNED).exists():
            yield Finding(
                "no_act",
                Severity.ERROR,
                _("The act of services is not signed by both sides yet."),
                citing.read(CLAUSE),
            )
    elif promised(project) and not held(project):
        yield Finding(
            "no_presentation",
            Severity.ERROR,
            _("The final public presentation of the results is not recorded as held."),
            citing.read(PRESENTATION),
        )


def promised(project: Project) -> bool:
    """Whether the plan has a final public presentation."""
    return Activity.objects.filter(
        contract=project.contract_id, section=Activity.Section.PRESENTATION
    ).exists()


def held(project: Project) -> bool:
    """Whether an event of it is recorded as held."""
    return Event.objects.filter(
        project=project,
        activity__section=Activity.Section.PRESENTATION,
        state=Event.State.HELD,
    ).exists()
