"""The tender of a social order: documentation, lots, announcement, questions (SO-T-043..064)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ortaq.core.bilingual import Bilingual
from ortaq.core.kazakh import SearchField
from ortaq.core.models import StoredFile
from ortaq.core.money import TiynField
from ortaq.people.models import Organisation
from ortaq.planning.models import Specification, Topic
from ortaq.review.models import Panel


class Tender(models.Model):
    """A competition by which a state body buys the services of an NGO."""

    class State(models.TextChoices):
        DRAFT = "draft", _("documentation being drafted")
        APPROVED = "approved", _("documentation approved")
        ANNOUNCED = "announced", _("bids being accepted")
        OPENED = "opened", _("bids opened, under review")
        DECIDED = "decided", _("winners decided")
        PUBLISHED = "published", _("results published")
        ENDED = "ended", _("contracts concluded")

    class Opening(models.TextChoices):
        """Who opens the bids once the deadline has passed."""

        ONE = "one", _("Ortaq, by the clock")
        TWO = "two", _("two of the persons named")

    customer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tenders")
    # A single organiser works for many customers and needs a larger commission (SO-T-068).
    organiser = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="organised_tenders"
    )
    single_organiser = models.BooleanField(_("single organiser"), default=False)
    act = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    number = models.CharField(max_length=40, blank=True)
    title_kk = models.CharField(_("title in Kazakh"), max_length=500)
    title_ru = models.CharField(_("title in Russian"), max_length=500, blank=True)
    title = Bilingual("title")
    conditions_kk = models.TextField(_("conditions in Kazakh"), blank=True)
    conditions_ru = models.TextField(_("conditions in Russian"), blank=True)
    conditions = Bilingual("conditions")
    contact = models.CharField(_("who answers questions"), max_length=300, blank=True)
    # What the sources leave to the organiser, with the rule it rests on (GAP-T-07, GAP-T-08):
    # {"single_bid": {"value": "winner", "cite": "…"}, …}
    choices = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    approved_at = models.DateTimeField(null=True)
    # Stored when computed: a later change of the calendar does not move them (architecture §4).
    announce_by = models.DateTimeField(null=True)
    announced_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(_("last instant for bids"), null=True, blank=True)
    opened_at = models.DateTimeField(null=True)
    review_by = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    # The separate commission of this tender (SO-T-065).
    panel = models.OneToOneField(Panel, null=True, on_delete=models.PROTECT, related_name="tender")
    # Public half of the key under which bids are sealed; the other half is not in the database.
    seal_key = models.CharField(max_length=64, blank=True)
    # Settled at the announcement by the installation (`ORTAQ_OPENING`).
    opening = models.CharField(max_length=3, choices=Opening, default=Opening.ONE)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")
    search = SearchField("number", "title_kk", "title_ru")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organiser", "number"], condition=~Q(number=""), name="tender_number_once"
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None)
                | Q(announced_at=None)
                | Q(closes_at__gt=F("announced_at")),
                name="tender_closes_after_announcement",
            ),
        ]
        indexes = [
            models.Index(fields=["organiser", "-id"], name="tenders_of_organiser"),
            # The public list, and the automatic opening.
            models.Index(fields=["state", "closes_at", "id"], name="tenders_by_deadline"),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"


class Lot(models.Model):
    """What is bought: the approved specification of one topic, within the sum allocated to it."""

    class Result(models.TextChoices):
        NONE = "", _("not decided yet")
        WINNER = "winner", _("a winner")
        TIE = "tie", _("equal: a decision is needed")
        NOT_HELD = "did_not_take_place", _("did not take place")

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="lots")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="lots")
    specification = models.ForeignKey(Specification, on_delete=models.PROTECT, related_name="lots")
    position = models.PositiveSmallIntegerField()
    allocated_tiyn = TiynField(_("allocated sum"))
    starts_on = models.DateField(_("services from"), null=True, blank=True)
    ends_on = models.DateField(_("services until"), null=True, blank=True)
    advance_percent = models.PositiveSmallIntegerField(_("advance, %"), default=0)
    result = models.CharField(max_length=20, choices=Result, blank=True, default=Result.NONE)
    result_findings = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "position"], name="lot_in_its_place"),
            models.CheckConstraint(condition=Q(allocated_tiyn__gt=0), name="lot_has_a_sum"),
            models.CheckConstraint(
                condition=Q(advance_percent__lte=50), name="advance_at_most_half"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tender} / {self.position}"


class TenderQuestion(models.Model):
    """A question on the documentation and its public, dated clarification."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="questions")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("question"), max_length=3000)
    asked_at = models.DateTimeField()
    answer_kk = models.TextField(_("clarification in Kazakh"), blank=True)
    answer_ru = models.TextField(_("clarification in Russian"), blank=True)
    answer = Bilingual("answer")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class TenderFile(models.Model):
    """A part of the documentation that is a file: draft contract, forms of reports (SO-T-044)."""

    class Part(models.TextChoices):
        CONTRACT = "contract", _("draft contract")
        REPORTS = "reports", _("forms of interim and final reports")
        CONSENT = "consent", _("form of the letter of consent")
        OTHER = "other", _("another part")

    tender = models.ForeignKey(Tender, on_delete=models.CASCADE, related_name="files")
    part = models.CharField(_("what it is"), max_length=10, choices=Part, default=Part.OTHER)
    title_kk = models.CharField(_("name in Kazakh"), max_length=300)
    title_ru = models.CharField(_("name in Russian"), max_length=300, blank=True)
    title = Bilingual("title")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title_kk
