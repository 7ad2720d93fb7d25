"""Whom a project reached beyond the people of its events: block IV of annex 3 (GR-I-10)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .project import Project


class Reach(models.Model):
    """An audience reached through the mass media, or an NGO covered: what no other record knows.

    A line is never edited: one written by mistake is struck out with the reason and counts no more.
    """

    class Kind(models.TextChoices):
        INDIRECT = "indirect", _("indirect beneficiaries through the mass media")
        NGO = "ngo", _("NGO covered")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="reach")
    once = models.UUIDField(help_text="of the form that made it, and the line of that form")
    number = models.PositiveIntegerField(help_text="1, 2, 3 ... within the project")
    kind = models.CharField(max_length=10, choices=Kind)
    day = models.DateField(_("date"))
    # Of an audience: by what it was reached and whose figure it is; of an NGO: its name.
    name = models.CharField(_("name"), max_length=500)
    people = models.PositiveIntegerField(_("people reached"), default=0)
    likeness = models.CharField(max_length=500, help_text="the name folded: an NGO counts once")
    struck = models.TextField(blank=True, help_text="why it counts no more")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "once"], name="reach_made_once"),
            models.UniqueConstraint(fields=["project", "number"], name="reach_numbered_once"),
            models.UniqueConstraint(
                fields=["project", "likeness"],
                condition=Q(kind="ngo", struck=""),
                name="an_ngo_counts_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="ngo", people=0) | Q(kind="indirect", people__gt=0),
                name="an_audience_has_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} №{self.number}"
