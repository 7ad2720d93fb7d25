"""Rows of the state's procurement system, as they were read there."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.bilingual import Bilingual
from ortaq.core.money import TiynField
from ortaq.people.models import Organisation


class Kind(models.TextChoices):
    """What is read."""

    LOT = "lot", _("lot of state procurement")
    CONTRACT = "contract", _("contract of state procurement")
    UNFAIR = "unfair", _("unfair supplier")


class Cursor(models.Model):
    """How far one kind of rows has been read; the next reading goes on from there.

    `error` is the code of what stopped the last reading (`goszakup.TROUBLES`), "" when it came to its end.
    """

    kind = models.CharField(max_length=10, choices=Kind, unique=True)
    after = models.BigIntegerField(default=0, help_text="number of the last row that was read")
    # Of unfair suppliers the whole list is read each time: when the reading under way began, and what came of it so far.
    began_at = models.DateTimeField(null=True)
    came = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=20, blank=True)
    why = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.after}"


class Received(models.Model):
    """One row as the other system tells it, without anything about private persons.

    A supplier who is no legal person is not kept: their number would be an IIN. `raw_sha256` is that of the whole row as it
    came (canonical JSON), so that a change shows and a dispute can be settled; `on` is the day on which a lot was
    published, a contract signed, a supplier listed, as far as it is told.
    """

    kind = models.CharField(max_length=10, choices=Kind)
    external = models.BigIntegerField(help_text="its number there")
    number = models.CharField(_("number"), max_length=100, blank=True)
    title_kk = models.TextField(blank=True)
    title_ru = models.TextField(blank=True)
    title = Bilingual("title")
    customer_bin = models.CharField(_("BIN of the customer"), max_length=12, blank=True)
    supplier_bin = models.CharField(_("BIN of the supplier"), max_length=12, blank=True)
    sum_tiyn = TiynField(_("sum"), null=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True)
    on = models.DateField(_("day"), null=True)
    source = models.CharField(max_length=200, help_text="the address from which it came")
    raw_sha256 = models.CharField(max_length=64)
    first_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, help_text="no longer in the list there")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "external"], name="one_row_of_another_system")
        ]
        indexes = [
            models.Index(fields=["kind", "-id"], name="received_of_kind"),
            models.Index(fields=["supplier_bin", "kind"], name="received_of_supplier"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external}"


class Listing(models.Model):
    """An NGO of ours that stands in the register of unfair suppliers: a finding for an officer, and nothing more.

    No edition of the law that this house knows lets the listing by itself exclude anybody from grants, orders of the
    social kind or prizes; so it never makes a `people.Standing`. An officer who finds one of the facts that do exclude
    records it with its own source.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("listing", "waits for a decision")
        NOTED = "noted", pgettext_lazy("listing", "noted, nothing follows by itself")
        RECORDED = "recorded", pgettext_lazy("listing", "a fact that excludes is recorded")
        MISTAKEN = "mistaken", pgettext_lazy("listing", "mistaken")
        OVER = "over", pgettext_lazy("listing", "over: no longer listed")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="listings"
    )
    received = models.ForeignKey(Received, on_delete=models.PROTECT, related_name="listings")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    raised_at = models.DateTimeField()
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "received"], name="one_listing_of_an_organisation"
            )
        ]
        indexes = [models.Index(fields=["state", "-id"], name="listings_by_state")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.received_id}"
