"""What everybody may read of a project's results: written by the NGO, published by its head, taken back by the same."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core import clock
from ortaq.core.procedure import Refused, Step
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity
from ortaq.projects.closing import PRESENTATION
from ortaq.projects.models import Presentation, Project
from ortaq.projects.policy import project as policy

from .shared import begun, note

writes = policy.writes & policy.is_open
publishes = policy.heads & policy.is_open
WRITE = Step("write_results", _("Write the results"), (), None, writes)
PUBLISH = Step(
    "publish_results", pgettext_lazy("project", "Publish the results"), (), None, publishes
)
TAKE_BACK = Step("take_back_results", _("Take the published results back"), (), None, publishes)


def of(project: Project) -> Presentation:
    """The results of a project; nothing is saved where nothing was written."""
    return Presentation.objects.filter(project=project).first() or Presentation(project=project)


@transaction.atomic
def write(
    project: Project, *, summary_kk: str, summary_ru: str, version: int, actor: Any
) -> Presentation:
    """Save what the results say. Raises `Refused` when somebody else was faster than the page of this `version`."""
    fresh = begun(WRITE, project, actor)
    row = of(fresh)
    if row.version != version:
        changed = _(
            "Somebody else changed this while you were writing. What you typed stands below and is not saved yet: "
            "compare it with what holds now, then save again."
        )
        raise Refused(WRITE, [Finding("results_changed", Severity.ERROR, changed)])
    row.summary_kk, row.summary_ru, row.version = summary_kk, summary_ru, version + 1
    row.save()
    note(fresh, WRITE.name, actor)
    return row


@transaction.atomic
def publish(project: Project, *, actor: Any) -> None:
    """Let everybody read the results. Raises `Refused` when nothing is written in Kazakh."""
    fresh = begun(PUBLISH, project, actor)
    row = of(fresh)
    if not row.summary_kk.strip():
        empty = _("Write the results in Kazakh first.")
        cite = citing.read(PRESENTATION)
        raise Refused(PUBLISH, [Finding("no_results", Severity.ERROR, empty, cite)])
    if row.published_at is None:
        row.published_at = clock.now()
        row.save(update_fields=["published_at"])
        note(fresh, PUBLISH.name, actor)


@transaction.atomic
def take_back(project: Project, *, actor: Any) -> None:
    """Show the results to nobody but the parties any more."""
    fresh = begun(TAKE_BACK, project, actor)
    if Presentation.objects.filter(project=fresh, published_at__isnull=False).update(
        published_at=None
    ):
        note(fresh, TAKE_BACK.name, actor)
