"""Notices of conflict of interest of those who monitor and evaluate (SO-M-12, SO-E-11, SO-X-05, SO-X-12)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq.core.frozen import WrittenOnce
from ortaq.projects.models import Project


class Notice(WrittenOnce):
    """A signed notice about one project; a later one of the same person takes its place, and both stay (SO-X-12)."""

    class Role(models.TextChoices):
        """Whose notice it is; the form of the second speaks of an independent expert too (SO-X-05)."""

        EXPERT = "expert", _("independent expert")
        MEMBER = "member", _("member of the expert council")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="notices")
    role = models.CharField(max_length=10, choices=Role)
    act = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    conflict = models.BooleanField()
    # {key of the question: {"yes": bool, "details": {key: text}}}; personal data, restricted.
    answers = models.JSONField(default=dict)
    signed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["project", "person", "-id"], name="notices_of_person")]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.person_id}"


class Admission(WrittenOnce):
    """The state body's reasoned decision that somebody with a declared conflict goes on all the same (SO-X-12)."""

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="admission")
    reason = models.TextField(_("reason"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="admission_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.notice}"
