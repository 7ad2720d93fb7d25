"""Who opens the bids of a tender, where no machine is to do it alone: any two of the persons named (decision 0024)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .tender import Tender


class OpeningKey(models.Model):
    """The public half of a person's key; the code that it is drawn from is on the person's paper alone.

    A key counts once its code was typed back. A later one takes its place for tenders to come; what was sealed for the earlier
    one is opened with its own code.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="opening_keys"
    )
    public = models.CharField(max_length=64, unique=True)
    salt = models.BinaryField()
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.public[:8]}…"


class Opener(models.Model):
    """A person named to open the bids of a tender, with their share of its key."""

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="openers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="openings"
    )
    named_at = models.DateTimeField()
    # From the announcement on: under which key the share lies, and the share.
    key = models.ForeignKey(OpeningKey, null=True, on_delete=models.PROTECT, related_name="+")
    share = models.BinaryField(default=bytes, help_text="sealed for this person")
    # The opened share lies in the folder of keys from then until the bids are opened.
    given_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "person"], name="opener_named_once")
        ]

    def __str__(self) -> str:
        return f"{self.tender} / {self.person}"
