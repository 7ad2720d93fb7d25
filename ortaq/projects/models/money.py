"""Expenses: each on one line of the estimate, proved by a document (IM-067..071, GR-K-07)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.kazakh import SearchField
from ortaq.core.models import StoredFile
from ortaq.core.money import TiynField

from .contract import Activity, BudgetLine, TeamMember
from .event import Event
from .project import Project


class Expense(models.Model):
    """Money spent on a line of the estimate. What was recorded is never edited: it is voided with a reason and recorded anew."""

    class State(models.TextChoices):
        RECORDED = "recorded", _("recorded")
        ADMITTED = "admitted", pgettext_lazy("expense", "admitted")
        PARTLY = "partly", _("admitted in part")
        REFUSED = "refused", pgettext_lazy("expense", "not admitted")
        VOIDED = "voided", _("voided")

    class Source(models.TextChoices):
        GRANT = "grant", _("money of the contract")
        OWN = "own", _("own contribution")
        OTHER = "other", _("other sources")

    class Document(models.TextChoices):
        INVOICE = "invoice", _("invoice")
        RECEIPT = "receipt", _("fiscal receipt")
        PAYMENT_ORDER = "payment_order", _("payment order")
        ACT = "act", _("act of work done")
        PAYROLL = "payroll", _("payroll sheet")
        TRAVEL = "travel", _("travel report")
        OTHER = "other", pgettext_lazy("kind of document", "other")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="expenses")
    once = models.UUIDField(help_text="of the form that made it")
    number = models.PositiveIntegerField(help_text="1, 2, 3 ... within the project")
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="expenses")
    source = models.CharField(
        _("source of the money"), max_length=5, choices=Source, default=Source.GRANT
    )
    event = models.ForeignKey(
        Event, null=True, blank=True, on_delete=models.PROTECT, related_name="expenses"
    )
    activity = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.PROTECT, related_name="expenses"
    )
    document = models.CharField(_("document"), max_length=15, choices=Document)
    document_number = models.CharField(_("document number"), max_length=100)
    spent_on = models.DateField(_("date of the document"))
    payee = models.CharField(_("payee"), max_length=300)
    payee_number = models.CharField(_("BIN or IIN of the payee"), max_length=12, blank=True)
    payee_is_organisation = models.BooleanField(default=True)
    # ¶ general requirements 3 of the guide: holding events may not be handed to third persons (IM-026).
    for_holding_event = models.BooleanField(_("paid for holding an event"), default=False)
    what_for = models.TextField(_("what for"), blank=True)
    sum_tiyn = TiynField(_("sum"))
    scan = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Pay of one person for one month: salary or civil-law contract (IM-067, IM-070).
    person = models.ForeignKey(
        TeamMember, null=True, blank=True, on_delete=models.PROTECT, related_name="pay"
    )
    month = models.CharField(_("month of pay"), max_length=7, blank=True, help_text="2020-07")
    # Of the sum: each tax and contribution by its key in `payroll.KEYS`; the rest is what the person got.
    taxes = models.JSONField(default=dict, blank=True, help_text="{key: tiyn}")
    # What was said against it when it was recorded, and why it was recorded all the same.
    warned = models.JSONField(default=list, blank=True, help_text="codes of warnings")
    reason = models.TextField(_("reason"), blank=True)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    state = models.CharField(max_length=10, choices=State, default=State.RECORDED)
    admitted_tiyn = TiynField(_("admitted sum"), null=True, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    void_reason = models.TextField(blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    search = SearchField("document_number", "payee", "payee_number", "what_for")

    class Meta:
        ordering = ["-spent_on", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "once"], name="expense_made_once"),
            models.UniqueConstraint(fields=["project", "number"], name="expense_numbered_once"),
            models.CheckConstraint(condition=Q(sum_tiyn__gt=0), name="expense_is_positive"),
            models.CheckConstraint(
                condition=Q(admitted_tiyn=None) | Q(admitted_tiyn__lte=F("sum_tiyn")),
                name="admitted_at_most_what_was_spent",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-spent_on"], name="expenses_of_project"),
            # The same document recorded twice, in this project or in another of the same NGO.
            models.Index(fields=["document_number", "payee_number"], name="expenses_by_document"),
        ]

    def __str__(self) -> str:
        return f"{self.project} №{self.number}"


class WorkingEstimate(models.Model):
    """The estimate of a project whose contract came without lines, as social orders do (IM-035, IM-071).

    The supplier writes the lines once, their sum is that of the contract, the body agrees; only then is money recorded. The lines
    are rows of `BudgetLine` like any others, changed afterwards by change requests.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("estimate", "being drafted")
        ASKED = "asked", pgettext_lazy("estimate", "waits for the body")
        AGREED = "agreed", pgettext_lazy("estimate", "agreed")

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, related_name="working_estimate"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")
    remark = models.TextField(_("remark"), blank=True)

    def __str__(self) -> str:
        return str(self.project)
