"""What the commission decided, and the contract that follows (SO-T-101, SO-T-103..110)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ortaq.projects.models import Contract

from .tender import Lot, Tender


class Protocol(models.Model):
    """The commission's protocol of results, as frozen content: adopted once, never changed."""

    tender = models.OneToOneField(Tender, on_delete=models.PROTECT, related_name="protocol")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tender_id}"


class Order(models.Model):
    """The contract of a lot: what its winner promised, its requisites, who signed it.

    `promises` never change: they are what was scored (SO-T-106).
    """

    class Side(models.TextChoices):
        CUSTOMER = "customer", _("customer")
        SUPPLIER = "supplier", _("supplier")

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="order")
    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="order")
    promises = models.JSONField()
    # The supplier's own part: account, head or whoever has power of attorney (SO-T-104).
    requisites = models.JSONField(default=dict, blank=True)
    # Two people, one of each side: one brings the signed copy, the other one confirms it (SO-T-105).
    signed_side = models.CharField(max_length=10, choices=Side, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    remark = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.contract_id}"
