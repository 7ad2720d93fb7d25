"""Annual returns of the NGO database: status, what is being written, what was sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.frozen import Kept
from ortaq.core.models import StoredFile
from ortaq.people.models import Organisation


class AnnualReturn(models.Model):
    """An NGO's return on its activity of a past year in the NGO database (NG-001, GR-A-08).

    A status may stand alone: recorded with evidence, or imported. What the NGO fills in here lies in its
    `draft`, what it sent in `versions`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("annual return", "being filled in")
        SENT = "sent", pgettext_lazy("annual return", "sent")
        RETURNED = "returned", pgettext_lazy("annual return", "returned for correction")
        APPROVED = "approved", pgettext_lazy("annual return", "approved")
        CORRECTING = "correcting", pgettext_lazy("annual return", "approved, being corrected")

    class Way(models.TextChoices):
        RECORDED = "recorded", pgettext_lazy("annual return", "status recorded by evidence")
        PORTAL = "portal", pgettext_lazy("annual return", "filled in here")
        PAPER = "paper", pgettext_lazy("annual return", "on paper")

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="returns",
    )
    year = models.PositiveSmallIntegerField(_("reporting year"))
    # A return sent again after correction keeps this day: it decides whether it is in time (NG-024).
    sent_on = models.DateField(_("day of the first sending"), null=True)
    # The day of the first approval stands while a correction is under way (NG-025).
    approved_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    way = models.CharField(max_length=8, choices=Way, default=Way.RECORDED)
    evidence = models.CharField(_("number or address of the extract"), max_length=300, blank=True)

    reminded_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="one_return_a_year"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(sent_on__isnull=False),
                name="a_return_has_a_day_once_it_is_sent",
            ),
        ]
        indexes = [
            # The list of one year's returns, the latest first; drafts are their NGO's alone.
            models.Index(
                fields=["year", "-sent_on", "-id"],
                name="returns_of_year",
                condition=~Q(state="draft"),
            ),
            # Those who are to be reminded.
            models.Index(
                fields=["year", "id"], name="returns_not_sent", condition=Q(state="draft")
            ),
            # The queue of the authorised body: the oldest first.
            models.Index(
                fields=["sent_on", "id"], name="returns_to_check", condition=Q(state="sent")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}"

    @property
    def is_approved(self) -> bool:
        """Whether an approved version stands, be it under correction."""
        return self.approved_on is not None or self.state == self.State.APPROVED


class ReturnDraft(models.Model):
    """What is being written of a return, by several people of the NGO at once (`documents.writing.draft`)."""

    annual_return = models.OneToOneField(
        AnnualReturn, primary_key=True, on_delete=models.CASCADE, related_name="draft"
    )
    content = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.annual_return_id}"


class ReturnPaper(models.Model):
    """A paper of the checklist (NG-009) attached to a return; never deleted once it was sent."""

    annual_return = models.ForeignKey(AnnualReturn, on_delete=models.CASCADE, related_name="papers")
    paper = models.CharField(_("paper"), max_length=20, help_text="row of the form's checklist")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.annual_return_id} {self.paper}"


class ReturnVersion(Kept):
    """What was sent, once for each sending: frozen with its hash, which the receipt names (NG-018, NG-025)."""

    annual_return = models.ForeignKey(
        AnnualReturn, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveSmallIntegerField(help_text="1, 2, 3 … of this return")
    receipt = models.CharField(max_length=40, unique=True)
    content = models.JSONField(
        help_text="{edition, sections, papers: [{paper, name, sha256, size}]}"
    )
    sha256 = models.CharField(max_length=64, help_text="of the canonical content")
    reason = models.CharField(_("reason of the correction"), max_length=1000, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    remark = models.TextField(_("remark on the whole"), blank=True)
    remarks = models.JSONField(default=dict, help_text="{path: text} of whoever returned it")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["annual_return", "number"], name="one_version_of_a_number"
            )
        ]

    def __str__(self) -> str:
        return self.receipt


class PaperReturn(models.Model):
    """How a return on paper came in (NG-028); its data are entered by an officer from it."""

    annual_return = models.ForeignKey(
        AnnualReturn, on_delete=models.PROTECT, related_name="on_paper"
    )
    posted_on = models.DateField(_("day of posting"), null=True, blank=True)
    received_on = models.DateField(_("day of receipt"))
    letter_number = models.CharField(_("number of the cover letter"), max_length=60)
    scan = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.annual_return_id} {self.letter_number}"
