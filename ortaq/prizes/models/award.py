"""The prize of one recipient: share, diploma, payment (PR-033..039)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq.core.money import TiynField

from .application import Application
from .round import Direction


class Award(models.Model):
    """A recipient in a direction, its equal share, its diploma and its payment. Nobody but the
    organiser knows of it before `round.published_at`.
    """

    direction = models.ForeignKey(Direction, on_delete=models.PROTECT, related_name="awards")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="award")
    share_tiyn = TiynField(_("share of the prize"))
    diploma_number = models.CharField(_("number of the diploma"), max_length=40, blank=True)
    diploma_on = models.DateField(_("diploma handed over on"), null=True, blank=True)
    # The day of the payment starts the three years without a new nomination (PR-006, PR-039).
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    paid_tiyn = TiynField(_("sum paid"), null=True, blank=True)
    bank = models.CharField(_("bank"), max_length=300, blank=True)
    bic = models.CharField(_("bank identification code"), max_length=11, blank=True)
    account = models.CharField(_("account"), max_length=34, blank=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")
    once = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        ordering = ["direction__position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(share_tiyn__gte=0), name="prize_share_not_negative"),
            models.UniqueConstraint(
                fields=["diploma_number"],
                condition=~Q(diploma_number=""),
                name="prize_diploma_number_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.share_tiyn}"
