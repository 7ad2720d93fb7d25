"""An application: its parts while it is written, its receipt, its check."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq.core.kazakh import SearchField
from ortaq.core.models import StoredFile
from ortaq.core.money import TiynField
from ortaq.people.models import Organisation
from ortaq.review.models import Dossier

from .competition import Competition, Lot


class Application(models.Model):
    """An NGO's application for one lot (GR-A-12). After submission its content is frozen (GR-A-19).

    While a competition runs `state` says nothing about points: `AWARDED` and `NOT_AWARDED`
    are set for all by the one step that publishes the results.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        WITHDRAWN = "withdrawn", _("withdrawn")
        NOT_ACCEPTED = "not_accepted", _("not accepted: late")
        ADMITTED = "admitted", _("admitted")
        REFUSED = "refused", _("refused")
        AWARDED = "awarded", _("grant awarded")
        NOT_AWARDED = "not_awarded", _("no grant")
        LOT_FAILED = "lot_failed", _("competition on the topic failed")

    class Method(models.TextChoices):
        PORTAL = "portal", _("on this site")
        POST = "post", _("by post")
        HAND = "hand", _("by hand")

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="applications")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    number = models.CharField(max_length=40, blank=True, help_text="given at submission")
    language = models.CharField(max_length=2, default="kk")
    title = models.CharField(max_length=500, blank=True, help_text="name of the project")
    method = models.CharField(max_length=8, choices=Method, default=Method.PORTAL)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    grant_tiyn = TiynField(default=0)
    total_tiyn = TiynField(default=0)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    dossier = models.OneToOneField(
        Dossier, null=True, blank=True, on_delete=models.PROTECT, related_name="application"
    )
    # Name of the organisation when submitted: what the operator searches and sorts by.
    applicant_name = models.CharField(max_length=500, blank=True)
    search = SearchField("number", "title", "applicant_name")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="number_once")
        ]
        indexes = [
            # The operator's list: one competition, by state, newest first.
            models.Index(fields=["competition", "state", "-id"], name="applications_by_state"),
            models.Index(fields=["lot", "state"], name="applications_of_lot"),
            models.Index(fields=["organisation", "-id"], name="applications_of_ngo"),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"


class ApplicationPart(models.Model):
    """One part of an application as its form holds it: annexes 1-5, the last two per year.

    `data` is the filled form, keyed as in `documents/forms/grants`; rows of tables carry a
    stable `id`, so that a budget line keeps its identity all the way to the report. `version`
    grows with each save and makes an edit conflict visible (two people, one part).
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="parts")
    form = models.CharField(max_length=12, help_text="GRANT-A1 ... GRANT-A5")
    year = models.PositiveSmallIntegerField(default=0, help_text="0 where there is one copy for all years")
    data = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "form", "year"], name="one_part_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.form} {self.year or ''}"


class PartConflict(models.Model):
    """What somebody typed into a part that another had changed meanwhile: shown, never lost."""

    part = models.ForeignKey(ApplicationPart, on_delete=models.CASCADE, related_name="conflicts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    base_version = models.PositiveIntegerField()
    data = models.JSONField()
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.part} v{self.base_version}"


class Attachment(models.Model):
    """A file of parts 6-9 (GR-A-13): charter, balance sheet, consents, proof of own contribution; or a scan."""

    class Kind(models.TextChoices):
        CHARTER = "charter", _("copy of the charter")
        BALANCE = "balance", _("balance sheet")
        CONSENT = "consent", _("consent of a partner or specialist")
        FINANCING = "financing", _("proof of own contribution or other financing")
        SIGNED = "signed", _("signed and sealed scan")
        OTHER = "other", _("other")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=10, choices=Kind)
    about = models.CharField(max_length=200, blank=True, help_text="partner, specialist or source named")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.file}"


class Receipt(models.Model):
    """Proof of what arrived when: number, instant, SHA-256 of the content and of each file."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="receipt")
    number = models.CharField(max_length=40, unique=True)
    received_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, help_text="of the canonical content")
    content = models.BinaryField(help_text="the canonical content itself, as hashed")
    files = models.JSONField(default=list, help_text="[{name, size, sha256}]")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.number


class PaperDelivery(models.Model):
    """A delivery by post or by hand, registered by the operator's desk (GR-A-05, GR-A-15)."""

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="paper_delivery"
    )
    received_at = models.DateTimeField()
    carrier = models.CharField(max_length=200, blank=True, help_text="USB stick, CD, paper")
    bound_and_signed = models.BooleanField(default=False)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    scan = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.application_id} {self.received_at}"


class AdmissibilityCheck(models.Model):
    """One item of the operator's check with its evidence (GR-A-23, 24, 26)."""

    class Result(models.TextChoices):
        PASSED = "passed", _("meets the requirement")
        FAILED = "failed", _("does not meet the requirement")
        NOT_APPLICABLE = "not_applicable", _("does not apply")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="checks")
    item = models.CharField(max_length=40)
    ground = models.CharField(max_length=2, help_text="R1 ... R4")
    result = models.CharField(max_length=15, choices=Result)
    reason = models.TextField(blank=True)
    evidence = models.CharField(max_length=300, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "item"], name="an_item_is_checked_once"),
            models.CheckConstraint(
                condition=~Q(result="failed") | ~Q(reason=""), name="a_refusal_has_its_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.item} {self.result}"
