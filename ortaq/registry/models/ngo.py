"""The public register of NGOs: what is searched, sorted and chosen by."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.law.text import Text
from ortaq.people.models import Organisation

LONGEST_WORD = 60


class Ngo(models.Model):
    """An NGO in the public register: a narrow row, since a search goes through all of them.

    Name, region and legal form are the organisation's, `filed_*` those of its newest return, copied
    by `procedure.ngo.enter`; figures and directions are what an approved return or the state's
    register told last (`procedure.ngo.learn`).
    """

    organisation = models.OneToOneField(
        Organisation, primary_key=True, on_delete=models.CASCADE, related_name="ngo"
    )
    # Both names, the words of the legal form and the BIN in the one spelling: see `registry.naming`.
    key = models.TextField()
    sort = models.CharField(max_length=160)
    region_code = models.CharField(max_length=9, blank=True)
    legal_form = models.CharField(max_length=20)
    # The newest year on which a return was sent, the day of its first sending, and whether it is approved.
    filed_year = models.PositiveSmallIntegerField(null=True)
    filed_on = models.DateField(null=True)
    filed_approved = models.BooleanField(default=False)
    # The year that the figures tell of; None: nothing is known.
    figures_year = models.PositiveSmallIntegerField(null=True)
    staff = models.PositiveIntegerField(_("members of staff"), null=True)
    volunteers = models.PositiveIntegerField(_("volunteers"), null=True)
    turnover_tiyn = models.BigIntegerField(_("income of the year"), null=True)

    class Meta:
        # With all that a list is narrowed by, so that no row is read before it is known to be shown.
        indexes = [
            models.Index(
                fields=[
                    *("sort", "organisation", "region_code", "legal_form", "staff"),
                    *("filed_year", "filed_approved", "filed_on"),
                ],
                name="ngos_by_name_narrowed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.key}"


class NgoDirection(models.Model):
    """A direction in which an NGO works, by what it reported."""

    ngo = models.ForeignKey(Ngo, on_delete=models.CASCADE, related_name="directions")
    direction = models.CharField(_("direction"), max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["direction", "ngo"], name="one_row_per_ngo_direction")
        ]

    def __str__(self) -> str:
        return f"{self.ngo_id} {self.direction}"

    @property
    def text(self) -> Text:
        """The direction's name, as the law has it."""
        return law.field(self.direction).text


class NgoWord(models.Model):
    """A word of some NGO's name: a search for what begins none of these finds nothing, and the nearest is tried."""

    word = models.CharField(max_length=LONGEST_WORD, primary_key=True)

    def __str__(self) -> str:
        return self.word
