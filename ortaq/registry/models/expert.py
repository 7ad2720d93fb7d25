"""The experts' register."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core.kazakh import SearchField, SortKeyField
from ortaq.law.text import Text
from ortaq.people.models import Organisation


class Expert(models.Model):
    """A person in the experts' register of the operator (GR-C-01..03)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        REGISTERED = "registered", _("in the register")
        DECLINED = "declined", _("not taken into the register")
        REMOVED = "removed", _("left the register")

    class Side(models.TextChoices):
        OPERATOR = "operator", _("proposed by the operator")
        NGO = "ngo", _("proposed by an NGO")

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="expert"
    )
    # Those who nominate themselves count on the side of the NGOs (GR-C-03, inferred).
    side = models.CharField(_("side"), max_length=10, choices=Side)
    # The NGO (or the operator) that proposed the expert; empty for those who nominated themselves.
    proposed_by = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proposed_experts",
    )
    employer = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    employer_name = models.CharField(_("place of work"), max_length=300, blank=True)
    region_code = models.CharField(_("region"), max_length=9, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    remarks = models.TextField(_("remarks"), blank=True)
    # The person's name, copied so that the register can be sorted and searched by index.
    name = models.CharField(max_length=250)
    sort = SortKeyField("name")
    search = SearchField("name", "employer_name")

    class Meta:
        indexes = [models.Index(fields=["state", "sort", "id"], name="experts_by_name")]

    def __str__(self) -> str:
        return self.name


class ExpertDirection(models.Model):
    """A direction in which an expert is competent: education, years, evidence (GR-C-01)."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="directions")
    direction = models.CharField(_("direction"), max_length=60)
    education = models.CharField(_("education"), max_length=300)
    years = models.PositiveSmallIntegerField(_("full years of work in the direction"))
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["expert", "direction"], name="one_entry_per_direction")
        ]

    def __str__(self) -> str:
        return f"{self.expert_id} {self.direction}"

    @property
    def text(self) -> Text:
        """The direction's name, as the law has it."""
        return law.field(self.direction).text
