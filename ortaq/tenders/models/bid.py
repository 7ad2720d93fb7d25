"""Bids: sealed until the deadline, then opened all at once (SO-T-076..079)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq.core.frozen import WrittenOnce
from ortaq.core.money import TiynField
from ortaq.people.models import Organisation

from .tender import Lot


class Bid(models.Model):
    """An NGO's bid for a lot.

    While it is drafted its content is the NGO's own and lies encrypted too. `sealed` is what was
    submitted: nobody reads it before the opening. `content` (see `tenders.content.manifest`) and
    `price_tiyn` are empty until then.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted, sealed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        OPENED = "opened", _("opened")
        ADMITTED = "admitted", _("admitted")
        NOT_ADMITTED = "not_admitted", _("not admitted")

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="bids")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="bids")
    # Drawn by lot: a number that counts up would tell how many others have bid.
    number = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=2, default="kk")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")
    draft = models.BinaryField(default=bytes, help_text="the draft, encrypted for the NGO's pages")
    sealed = models.BinaryField(default=bytes, help_text="what was submitted, encrypted")
    # Where two persons open, the installation keeps no readable draft of what was handed in.
    put_away = models.BinaryField(
        default=bytes, help_text="the draft, encrypted under the NGO's own code"
    )
    # SHA-256 of the canonical content with a random seal: published at the deadline (architecture §5).
    commitment = models.CharField(max_length=64, blank=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    # From here on filled by the opening.
    content = models.JSONField(null=True)
    price_tiyn = TiynField(null=True)
    # From here on by the commission.
    scores = models.JSONField(default=dict, blank=True, help_text="{criterion: points} as adopted")
    findings = models.JSONField(default=list, blank=True)
    place = models.PositiveSmallIntegerField(null=True)
    market_experience_days = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "organisation"],
                condition=~Q(state="withdrawn"),
                name="one_bid_for_a_lot",
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="bid_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("draft", "submitted", "withdrawn"))
                | Q(price_tiyn=None, content=None),
                name="nothing_is_read_before_the_opening",
            ),
        ]
        indexes = [
            models.Index(fields=["lot", "state", "id"], name="bids_of_lot"),
            models.Index(fields=["organisation", "-id"], name="bids_of_ngo"),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    @property
    def known(self) -> Known:
        """Its state as the NGO and the public may know it: what the commission decided stays with it
        until the results are published. The bid comes with its lot and tender.
        """
        decided = self.state in (Bid.State.ADMITTED, Bid.State.NOT_ADMITTED)
        hidden = decided and self.lot.tender.published_at is None
        return Known(Bid.State.OPENED if hidden else Bid.State(self.state))


@dataclass(frozen=True, slots=True)
class Known:
    """A state to be shown in place of a row's own."""

    state: Bid.State

    def get_state_display(self) -> Any:
        return self.state.label


class BidFile(models.Model):
    """A file of a bid. Its content lies encrypted under a key of its own.

    Name and key are read from the draft by the NGO; here they stand from the opening on, since the
    name of a file can tell as much as its content.
    """

    bid = models.ForeignKey(Bid, on_delete=models.CASCADE, related_name="files")
    slot = models.CharField(max_length=40)
    token = models.CharField(
        max_length=40, unique=True, help_text="its name in content and storage"
    )
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, help_text="of the readable content")
    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=100, blank=True, help_text="media type found in the content")
    key = models.BinaryField(default=bytes)
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class BidReceipt(WrittenOnce):
    """The proof that a bid came in: number, instant, commitment. Kept for each submission."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="receipts")
    number = models.CharField(max_length=40)
    at = models.DateTimeField()
    commitment = models.CharField(max_length=64)
    files = models.JSONField(default=list, help_text="[SHA-256, …] of the files, without names")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.number
