"""The civic (resource) centre that a project runs (Standard ¶23, ¶24, ¶43-46, table 9)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ortaq.core.bilingual import Bilingual

from .project import Project


class Centre(models.Model):
    """What the centre tells of itself (¶46: five items), and what it works with (table 9)."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="centre")
    name_kk = models.CharField(_("name in Kazakh"), max_length=500, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=500, blank=True)
    name = Bilingual("name")
    activities = models.TextField(_("list of activities"), blank=True)
    working_hours = models.TextField(_("working hours"), blank=True)
    contacts = models.TextField(_("contacts of the staff"), blank=True)
    feedback = models.TextField(_("feedback: complaints and proposals"), blank=True)
    # Row of table 9; the user picks it (ST-A-09).
    level = models.CharField(_("level by table 9"), max_length=20, blank=True)
    premises_m2 = models.DecimalField(
        _("premises, m²"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    equipment = models.JSONField(_("equipment"), default=list, blank=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    def __str__(self) -> str:
        return self.name_kk[:60]
