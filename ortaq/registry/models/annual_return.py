"""Annual returns of the NGO database."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.people.models import Organisation


class AnnualReturn(models.Model):
    """An NGO's return on its activity of a past year in the NGO database (NG-001, GR-A-08)."""

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("annual return", "sent")
        RETURNED = "returned", pgettext_lazy("annual return", "returned for correction")
        APPROVED = "approved", pgettext_lazy("annual return", "approved")

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="returns",
    )
    year = models.PositiveSmallIntegerField(_("reporting year"))
    # A return sent again after correction keeps this day: it decides whether it is in time (NG-024).
    sent_on = models.DateField(_("day of the first sending"))
    approved_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    evidence = models.CharField(_("number or address of the extract"), max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="one_return_a_year")
        ]
        # The list of one year's returns, the latest first.
        indexes = [models.Index(fields=["year", "-sent_on", "-id"], name="returns_of_year")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}"
