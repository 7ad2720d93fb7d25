"""An application for the prize: what it says while it is written, its files, its receipt (PR-012..025)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.canonical import Unescaped
from ortaq.core.frozen import WrittenOnce
from ortaq.core.models import StoredFile
from ortaq.people.models import Organisation
from ortaq.review.models import Dossier

from .round import Direction, Round


class Application(models.Model):
    """An NGO's nomination of itself in one direction of one year.

    `content` is what annexes 2 and 3 and the recommendations say, keyed as the forms of
    `documents/forms/prizes` (decision 0005): `questionnaire`, `contribution`, `experience`,
    `innovation`, `recommendations`; rows of tables carry a stable `id`. Frozen once submitted. What
    the panel or the organiser decides is known when the round is published.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ADMITTED = "admitted", _("admitted")
        REFUSED = "refused", _("refused")
        AWARDED = "awarded", pgettext_lazy("prize", "prize awarded")
        NOT_AWARDED = "not_awarded", pgettext_lazy("prize", "no prize")

    # One NGO is nominated in one direction a year: these count (PR-005).
    NOMINATED = (
        State.SUBMITTED,
        State.ADMITTED,
        State.REFUSED,
        State.AWARDED,
        State.NOT_AWARDED,
    )

    class Way(models.TextChoices):
        PORTAL = "portal", _("on this site")
        POST = "post", _("by post")
        HAND = "hand", _("by hand")

    class Ground(models.TextChoices):
        NONE = "", _("no ground")
        NOT_NGO = "not_ngo", pgettext_lazy("prize", "the applicant is not an NGO")
        BARRED = "barred", pgettext_lazy("prize", "three years have not passed since its prize")
        PAPERS = "papers", pgettext_lazy("prize", "the papers are not complete")
        OTHER = "other", pgettext_lazy("prize", "another ground")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="applications")
    direction = models.ForeignKey(Direction, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="prize_applications"
    )
    number = models.CharField(max_length=40, blank=True, help_text="given at submission")
    language = models.CharField(_("language of the application"), max_length=2, default="kk")
    way = models.CharField(_("way of receipt"), max_length=8, choices=Way, default=Way.PORTAL)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    content = models.JSONField(default=dict, encoder=Unescaped)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")
    once = models.UUIDField(unique=True, default=uuid.uuid4)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    # Name of the organisation when submitted, as it stands in the lists.
    applicant_name = models.CharField(max_length=500, blank=True)
    # The organiser's look before the list of applicants: a refusal has its ground and its reason.
    ground = models.CharField(
        _("ground"), max_length=10, choices=Ground, blank=True, default=Ground.NONE
    )
    reason = models.TextField(_("reason"), blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    looked_at = models.DateTimeField(null=True)
    # The organiser may ask for the paper original of the bank certificate (PR-017).
    original_asked_at = models.DateTimeField(null=True)
    original_seen_on = models.DateField(_("original seen on"), null=True, blank=True)
    dossier = models.OneToOneField(
        Dossier, null=True, blank=True, on_delete=models.PROTECT, related_name="prize_application"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="prize_number_once"
            ),
            models.UniqueConstraint(
                fields=["round", "organisation"],
                condition=Q(
                    state__in=["submitted", "admitted", "refused", "awarded", "not_awarded"]
                ),
                name="one_direction_a_year",
            ),
            models.UniqueConstraint(
                fields=["round", "organisation"],
                condition=Q(state="draft", way="portal"),
                name="one_prize_draft_a_year",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | (~Q(ground="") & ~Q(reason="")),
                name="prize_refusal_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["round", "state", "id"], name="prize_apps_of_round"),
            models.Index(fields=["direction", "state", "id"], name="prize_apps_of_direction"),
            models.Index(fields=["organisation", "-id"], name="prize_apps_of_ngo"),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    @property
    def known(self) -> Known:
        """Its state as the NGO may know it: the officer's look until the list is published, the award until the results are.
        The application comes with its round.
        """
        state = Application.State(self.state)
        if state in (self.State.AWARDED, self.State.NOT_AWARDED):
            if self.round.published_at is None:
                state = self.State.ADMITTED
        elif state in (self.State.ADMITTED, self.State.REFUSED) and self.round.listed_at is None:
            state = self.State.SUBMITTED
        return Known(state)


@dataclass(frozen=True, slots=True)
class Known:
    """A state to be shown in place of a row's own."""

    state: Application.State

    def get_state_display(self) -> Any:
        return self.state.label


class ApplicationChange(models.Model):
    """One save of a draft: what stood there before, by path, so that a page opened earlier can still be merged."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField(help_text="of the application after this save")
    before = models.JSONField(help_text="{path: value before; null: nothing stood there}")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "version"], name="prize_version_made_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} v{self.version}"


class ApplicationConflict(models.Model):
    """What somebody typed where another had changed the same field meanwhile: shown, never lost."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="conflicts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    base_version = models.PositiveIntegerField()
    data = models.JSONField(help_text="{path: what the person typed}")
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "person"],
                condition=Q(settled_at=None),
                name="one_open_prize_conflict_each",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} v{self.base_version}"


class Attachment(models.Model):
    """A file of an application: one of the six kinds of papers, or a scan of what came on paper (PR-014)."""

    class Kind(models.TextChoices):
        MATERIAL = "material", _("material that confirms the activity")
        RECOMMENDATION = "recommendation", _("recommendation")
        CHARTER = "charter", _("founding documents")
        REGISTRATION = "registration", _("certificate of state registration")
        BANK = "bank", _("certificate of the bank account")
        SIGNED = "signed", _("signed and sealed scan")
        OTHER = "other", _("other")

    # What a scorer needs; certificates and signed scans are the organiser's.
    EVIDENCE = frozenset({Kind.MATERIAL, Kind.RECOMMENDATION})

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="attachments"
    )
    kind = models.CharField(_("what it is"), max_length=14, choices=Kind)
    # The row of the recommendation that the file belongs to.
    row = models.CharField(max_length=40, blank=True)
    # Of the bank certificate the original is asked for, not a copy (PR-014, GAP-P-09): whoever adds it says so.
    original = models.BooleanField(default=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_id}"

    @property
    def for_scorers(self) -> bool:
        """A scorer needs it. What came on paper says everything in its scans: nothing of it was typed."""
        on_paper = self.application.way != Application.Way.PORTAL
        return self.kind in self.EVIDENCE or (on_paper and self.kind == self.Kind.SIGNED)


class Receipt(WrittenOnce):
    """Proof of what arrived when: number, instant, SHA-256 of the content and of each file.

    `position` counts the receipts of a round without gaps; it is given under a lock.
    """

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="receipt"
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="receipts")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=40, unique=True)
    received_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, help_text="of the canonical content")
    content = models.BinaryField(help_text="the canonical content itself, as hashed")
    files = models.JSONField(default=list, help_text="[{kind, name, size, sha256}]")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="prize_receipts_count_up")
        ]

    def __str__(self) -> str:
        return self.number


class PaperDelivery(models.Model):
    """What came on paper, registered by the organiser: when, how, and which of the papers were in it (PR-013)."""

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="paper_delivery"
    )
    received_at = models.DateTimeField(_("received at"))
    carrier = models.CharField(_("medium with the electronic copy"), max_length=200, blank=True)
    # {key of the paper: number of sheets; null: it is missing}
    papers = models.JSONField(default=dict)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application_id} {self.received_at}"
