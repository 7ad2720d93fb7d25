"""Grants, orders and prizes of the years before this system."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.bilingual import Bilingual
from ortaq.core.money import TiynField
from ortaq.registry.models import TableImport


class PastAward(models.Model):
    """Public money that an NGO got before this system, as a table of the state tells it.

    Both organisations are kept by BIN and by the name that the table gives: an NGO of that time may no longer exist, and
    nobody enters the register because an old table names them. `identity` is what makes two rows the same award.
    """

    class Instrument(models.TextChoices):
        GRANT = "grant", _("state grant")
        SOCIAL_ORDER = "social_order", _("state social order")
        PRIZE = "prize", _("prize")

    class State(models.TextChoices):
        PUBLIC = "public", pgettext_lazy("past award", "public")
        WITHDRAWN = "withdrawn", pgettext_lazy("past award", "withdrawn")

    identity = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.PUBLIC)
    instrument = models.CharField(_("instrument"), max_length=15, choices=Instrument)
    year = models.PositiveSmallIntegerField(_("year"))
    body_bin = models.CharField(_("BIN of the state body"), max_length=12)
    body_name = models.CharField(_("state body"), max_length=300, blank=True)
    ngo_bin = models.CharField(_("BIN of the NGO"), max_length=12)
    ngo_name = models.CharField(_("organisation"), max_length=300, blank=True)
    title_kk = models.TextField(_("title in Kazakh"), blank=True)
    title_ru = models.TextField(_("title in Russian"), blank=True)
    title = Bilingual("title")
    field = models.CharField(_("field"), max_length=60, blank=True)
    region_code = models.CharField(_("region"), max_length=9, blank=True)
    sum_tiyn = TiynField(_("sum"))
    number = models.CharField(_("number of the contract"), max_length=100, blank=True)
    concluded_on = models.DateField(_("day of the contract"), null=True)
    result = models.TextField(_("result"), blank=True)
    source = models.ForeignKey(TableImport, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    reason = models.TextField(blank=True, help_text="why it was withdrawn")

    class Meta:
        indexes = [
            models.Index(fields=["ngo_bin", "-year"], name="past_awards_of_ngo"),
            models.Index(fields=["body_bin", "-year"], name="past_awards_of_body"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.title_kk or self.title_ru}"
