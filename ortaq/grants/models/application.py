"""An application: its parts while it is written, its receipt, its check."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq.core.frozen import Frozen, WrittenOnce
from ortaq.core.kazakh import SearchField, SortKeyField
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
        EMAIL = "email", _("by e-mail")

    competition = models.ForeignKey(
        Competition, on_delete=models.PROTECT, related_name="applications"
    )
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="applications"
    )
    number = models.CharField(max_length=40, blank=True, help_text="given at submission")
    language = models.CharField(max_length=2, default="kk")
    title = models.CharField(max_length=500, blank=True, help_text="name of the project")
    method = models.CharField(max_length=8, choices=Method, default=Method.PORTAL)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
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
    applicant_sort = SortKeyField("applicant_name")
    search = SearchField("number", "title", "applicant_name")
    # All its content where it is loaded already (`content.whole.Whole`): a page shows and signs the same.
    whole: Any = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="number_once")
        ]
        indexes = [
            # The operator's list of one competition, which never shows drafts: by number (as
            # they came in), by name, by sum; of one state.
            models.Index(
                fields=["competition", "number", "id"],
                name="applications_by_number",
                condition=~Q(state="draft"),
            ),
            models.Index(
                fields=["competition", "applicant_sort", "id"],
                name="applications_by_name",
                condition=~Q(state="draft"),
            ),
            models.Index(
                fields=["competition", "grant_tiyn", "id"],
                name="applications_by_sum",
                condition=~Q(state="draft"),
            ),
            models.Index(fields=["competition", "state", "id"], name="applications_by_state"),
            models.Index(fields=["lot", "state"], name="applications_of_lot"),
            models.Index(fields=["organisation", "-id"], name="applications_of_ngo"),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"


class ContentQuerySet(models.QuerySet[Any]):
    """Rows of an application's content. Changed one by one through `save`, which looks at the
    state of the application; `update` would pass it by.
    """

    def update(self, **kwargs: Any) -> NoReturn:
        raise Frozen("Content is changed by save(), which refuses when it is frozen.")


class Content(models.Model):
    """What an application consists of: it changes while the application is a draft, never after."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_when_frozen()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_when_frozen()
        return super().delete(*args, **kwargs)

    def _refuse_when_frozen(self) -> None:
        pk: int = self.application_id  # type: ignore[attr-defined]
        if not Application.objects.filter(pk=pk, state=Application.State.DRAFT).exists():
            raise Frozen(f"Application {pk} is submitted: its content does not change any more.")


class ApplicationPart(Content):
    """One part of an application as its form holds it: annexes 2-5, the last two per year.

    `data` is the filled form, keyed as in `documents/forms/grants`; rows of tables carry a
    stable `id`, so that a budget line keeps its identity all the way to the report. `version`
    grows with each save and makes an edit conflict visible (two people, one part).
    Annex 1, the letter, has no part of its own: it is written from the others.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="parts")
    form = models.CharField(max_length=12, help_text="GRANT-A2 ... GRANT-A5")
    year = models.PositiveSmallIntegerField(
        default=0, help_text="0 where there is one copy for all years"
    )
    data = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField(null=True)

    objects = ContentQuerySet.as_manager()

    class Meta:
        ordering = ["form", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "form", "year"], name="one_part_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.form} {self.year or ''}"


class PartChange(models.Model):
    """One save of a part: what stood there before, by path, so that a page opened earlier can
    still be merged (and an overwritten text be found again).
    """

    part = models.ForeignKey(ApplicationPart, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField(help_text="of the part after this save")
    before = models.JSONField(help_text="{path: value before; null: nothing stood there}")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "version"], name="a_version_is_made_once")
        ]

    def __str__(self) -> str:
        return f"{self.part_id} v{self.version}"


class PartConflict(models.Model):
    """What somebody typed where another had changed the same field meanwhile: shown, never lost."""

    part = models.ForeignKey(ApplicationPart, on_delete=models.CASCADE, related_name="conflicts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    base_version = models.PositiveIntegerField()
    data = models.JSONField(help_text="{path: what the person typed}")
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["part", "person"],
                condition=Q(settled_at=None),
                name="one_open_conflict_each",
            )
        ]

    def __str__(self) -> str:
        return f"{self.part_id} v{self.base_version}"


class Attachment(Content):
    """A file of parts 6-9 (GR-A-13), or a signed scan of the whole."""

    class Kind(models.TextChoices):
        CHARTER = "charter", _("copy of the charter")
        BALANCE = "balance", _("balance sheet")
        CONSENT = "consent", _("consent of a partner or specialist")
        OWN_MONEY = "own_money", _("letter on the applicant's own contribution")
        OTHER_MONEY = "other_money", _("letter on other co-financing")
        SIGNED = "signed", _("signed and sealed scan")
        OTHER = "other", _("other")

    # What a commission needs for its points. Consents of specialists and signed scans are read by the
    # operator alone: they add nothing but personal data.
    EVIDENCE = frozenset({Kind.CHARTER, Kind.BALANCE, Kind.OWN_MONEY, Kind.OTHER_MONEY})

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="attachments"
    )
    kind = models.CharField(_("what it is"), max_length=12, choices=Kind)
    about = models.CharField(_("whom or what it is about"), max_length=200, blank=True)
    # The row of annex 3 or 4 that names the partner or specialist: a renamed one keeps its consent.
    row = models.CharField(max_length=40, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = ContentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_id}"

    def open_to(self, *, personal: bool) -> bool:
        """Whether somebody opens it who reads the application with personal data or without."""
        return personal or self.kind in self.EVIDENCE


class Receipt(WrittenOnce):
    """Proof of what arrived when: number, instant, SHA-256 of the content and of each file.

    `position` counts the receipts of a competition without gaps; it is given under a lock.
    """

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="receipt"
    )
    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="receipts")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=40, unique=True)
    received_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64, help_text="of the canonical content")
    content = models.BinaryField(help_text="the canonical content itself, as hashed")
    files = models.JSONField(default=list, help_text="[{kind, about, name, size, sha256}]")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["competition", "position"], name="receipts_count_up")
        ]

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
    scan = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

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
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
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
