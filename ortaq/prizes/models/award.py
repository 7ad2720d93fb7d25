"""What is decided on a direction, and the prize of each recipient: share, diploma, payment (PR-033..040)."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core import clock
from ortaq.core.bilingual import Bilingual
from ortaq.core.money import TiynField

from .application import Application
from .round import Direction


class Decision(models.Model):
    """What the organiser decides on one direction: its recipients are the awards of the direction; without any the prize is not given
    (PR-033, PR-040). Known to nobody else before `round.published_at`.
    """

    class Remainder(models.TextChoices):
        NONE = "", pgettext_lazy("remainder", "nothing is left over")
        BUDGET = "budget", _("stays in the budget")
        FIRST = "first", _("goes to the first recipient by name")

    direction = models.OneToOneField(Direction, on_delete=models.PROTECT, related_name="decision")
    reason_kk = models.TextField(_("reason in Kazakh"))
    reason_ru = models.TextField(_("reason in Russian"), blank=True)
    reason = Bilingual("reason")
    # What equal parts leave over, less than a tiyn for each recipient (PR-036).
    remainder_tiyn = TiynField(_("what is left over"), default=0)
    remainder = models.CharField(
        _("what becomes of what is left over"),
        max_length=8,
        choices=Remainder,
        blank=True,
        default=Remainder.NONE,
    )
    # {number of the application: its mean as "27/2"} when it was decided: where a sheet was set aside since, it is decided anew.
    means = models.JSONField(default=dict)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        ordering = ["direction__position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(remainder_tiyn=0) | ~Q(remainder=""),
                name="prize_remainder_is_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction_id}: {self.decided_at}"


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
    # Why the account of the certificate is not that of annex 2, where they differ (PR-021).
    account_remark = models.TextField(_("why the accounts differ"), blank=True)
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

    @property
    def handed(self) -> bool:
        """The diploma is handed over."""
        return self.diploma_on is not None

    @property
    def handed_late(self) -> bool:
        """The diploma was handed over after 20 December (PR-038)."""
        return self._late(self.diploma_on)

    @property
    def paid_late(self) -> bool:
        """The prize was transferred after 20 December (PR-038)."""
        return self._late(self.paid_on)

    def _late(self, day: date | None) -> bool:
        due = self.direction.round.payment_due
        return day is not None and due is not None and day > clock.day_of(due)

    @property
    def account_masked(self) -> str:
        """The account as the public sees it: its first and its last four signs."""
        return f"{self.account[:4]} •••• {self.account[-4:]}" if self.account else ""

    @property
    def paid(self) -> bool:
        """The prize is transferred."""
        return self.paid_on is not None
