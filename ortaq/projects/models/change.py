"""Changes of a running project: a typed request with reason, effect and approval, never an edit of the past (IM-041)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.models import StoredFile

from .project import Project


class Change(models.Model):
    """One request to change the plan, the team, the estimate or the terms.

    `rows` says what changes, as `ortaq.projects.changing.Row`: `[{"model": "line", "key": "…", "field": "grant_tiyn", "before": 100,
    "after": 80}, …]`; a new row has no `before`, a row that ends has no `after`. Approved, it is applied in one transaction, provided that
    `before` still holds.
    """

    class Kind(models.TextChoices):
        TEAM = "team", _("team")
        DATES = "dates", _("dates")
        PLACE = "place", _("place")
        LINE = "line", _("lines of the estimate")
        PARTNER = "partner", _("partner")
        TARGET_GROUP = "target_group", _("target group")
        INDICATOR = "indicator", _("indicator")
        ACTIVITY = "activity", _("activity")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("change", "being drafted")
        ASKED = "asked", pgettext_lazy("change", "asked for")
        APPROVED = "approved", pgettext_lazy("change", "approved")
        REFUSED = "refused", pgettext_lazy("change", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("change", "withdrawn")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="changes")
    once = models.UUIDField(help_text="of the form that made it")
    number = models.PositiveIntegerField(help_text="1, 2, 3 ... within the project")
    kind = models.CharField(_("what changes"), max_length=12, choices=Kind)
    rows = models.JSONField(default=list)
    # Which form asked for it (`ortaq.projects.forms.change.FORMS`) and what was typed there, so that a draft can be gone on with.
    form = models.CharField(max_length=20)
    typed = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save of the draft")
    reason = models.TextField(_("reason"), blank=True)
    effect = models.TextField(_("effect on tasks, indicators and money"), blank=True)
    letter = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    asked_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    remark = models.TextField(_("remark"), blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "once"], name="change_made_once"),
            models.UniqueConstraint(fields=["project", "number"], name="change_numbered_once"),
        ]

    def __str__(self) -> str:
        return f"{self.project} №{self.number}"
