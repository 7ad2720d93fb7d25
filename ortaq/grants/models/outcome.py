"""The outcome of each lot, prepared quietly and published in one step; the protocol."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq.core.models import StoredFile

from .application import Application
from .competition import Competition, Lot


class Outcome(models.Model):
    """A winner, or exactly one ground of failure with both counters (GR-S-14, GR-X-01)."""

    class Kind(models.TextChoices):
        WINNER = "winner", _("winner")
        F1 = "F1", _("failed: no application submitted")
        F2 = "F2", _("failed: one application submitted")
        F3 = "F3", _("failed: one application admitted")
        F4 = "F4", _("failed: no application admitted")
        F5 = "F5", _("failed: nobody above half of the maximum")
        TIE = "tie", _("equal highest score: the meeting decides")

    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="outcome")
    kind = models.CharField(max_length=6, choices=Kind)
    winner = models.OneToOneField(
        Application, null=True, on_delete=models.PROTECT, related_name="won"
    )
    submitted = models.PositiveIntegerField()
    admitted = models.PositiveIntegerField()
    # The winner's points, for the public page: sum of the sheets, how many, the most that one can give.
    points = models.PositiveIntegerField(null=True)
    sheets = models.PositiveSmallIntegerField(null=True)
    maximum = models.PositiveSmallIntegerField(null=True)
    findings = models.JSONField(default=list)
    prepared_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="winner", winner__isnull=False)
                | (~Q(kind="winner") & Q(winner=None)),
                name="a_winner_is_named",
            )
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.kind}"


class Protocol(models.Model):
    """The commission's protocol, frozen as content; rendered as docx and pdf in both languages."""

    competition = models.OneToOneField(
        Competition, on_delete=models.PROTECT, related_name="protocol"
    )
    number = models.CharField(max_length=40)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    scan = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.number
