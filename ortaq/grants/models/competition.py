"""A competition: one announcement for one or many topics; each topic in it is a lot."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core.bilingual import Bilingual
from ortaq.core.kazakh import SearchField
from ortaq.core.models import StoredFile
from ortaq.core.money import TiynField
from ortaq.people.models import Organisation
from ortaq.review.models import Panel

from .plan import PlanVersion, Topic


class Competition(models.Model):
    """What the operator announces: window, documents, terms, lots. Pins the edition it began under."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being prepared")
        ANNOUNCED = "announced", _("applications are accepted")
        CHECKING = "checking", _("applications are checked")
        SCORING = "scoring", _("experts are scoring")
        MEETING = "meeting", _("the commission decides")
        PUBLISHED = "published", _("results are published")

    class Kind(models.TextChoices):
        FIRST = "first", _("competition")
        REPEAT = "repeat", _("repeat competition")
        ADDITIONAL = "additional", _("additional competition")

    operator = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="competitions"
    )
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="competitions")
    edition = models.CharField(max_length=20, help_text="edition of the grants rules")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.FIRST)
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    title_kk = models.CharField(max_length=500)
    title_ru = models.CharField(max_length=500, blank=True)
    title = Bilingual("title")
    text_kk = models.TextField(blank=True)
    text_ru = models.TextField(blank=True)
    text = Bilingual("text")
    contacts_kk = models.TextField(blank=True)
    contacts_ru = models.TextField(blank=True)
    contacts = Bilingual("contacts")
    announced_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    latest_project_end = models.DateField(null=True, blank=True)
    balance_date = models.DateField(null=True, blank=True)
    check_days = models.PositiveSmallIntegerField(null=True, blank=True)
    check_due_at = models.DateTimeField(null=True)
    by_portal = models.BooleanField(default=True)
    by_post = models.BooleanField(default=True)
    by_hand = models.BooleanField(default=True)
    by_email = models.BooleanField(default=True)
    panel = models.OneToOneField(
        Panel, null=True, blank=True, on_delete=models.PROTECT, related_name="competition"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    published_at = models.DateTimeField(null=True)
    search = SearchField("title_kk", "title_ru")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(announced_at=None) | Q(closes_at__gt=F("announced_at")),
                name="acceptance_ends_after_it_begins",
            )
        ]
        indexes = [
            # The end of acceptance is looked for every few minutes; the public list shows the newest first.
            models.Index(
                fields=["closes_at"], name="acceptance_open", condition=Q(state="announced")
            ),
            models.Index(fields=["-announced_at", "-id"], name="competitions_newest"),
        ]

    def __str__(self) -> str:
        return self.title_kk

    @property
    def rules(self) -> law.Edition:
        """The edition of the grants rules under which the competition began."""
        return law.edition("grants_rules", self.edition)

    @property
    def methods(self) -> list[str]:
        """How applications are accepted, by the names of `Application.Method` (GR-X-06)."""
        names = ("portal", "post", "hand", "email")
        return [name for name in names if getattr(self, f"by_{name}")]


class Lot(models.Model):
    """A topic in a competition: it has its own applications and its own outcome (GR-S-14)."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="lots")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="lots")
    position = models.PositiveSmallIntegerField()
    # The failed lot that this one repeats (GR-P-14).
    repeats = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="repeated_by"
    )
    # Sum of the topic's years, copied so that lists need not add up.
    amount_tiyn = TiynField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "topic"], name="a_topic_is_announced_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.topic)


class Extension(models.Model):
    """A decision that moved the end of acceptance, taken before the old end passed (GR-A-06)."""

    competition = models.ForeignKey(
        Competition, on_delete=models.PROTECT, related_name="extensions"
    )
    decided_on = models.DateField()
    number = models.CharField(max_length=40)
    reason = models.TextField()
    old_closes_at = models.DateTimeField()
    new_closes_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    scan = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(new_closes_at__gt=F("old_closes_at")), name="extension_moves_later"
            )
        ]

    def __str__(self) -> str:
        return f"{self.competition_id}: {self.new_closes_at}"


class Question(models.Model):
    """A question on an announcement and its answer, visible to everybody (GR-A-07)."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="questions")
    lot = models.ForeignKey(
        Lot, null=True, blank=True, on_delete=models.CASCADE, related_name="questions"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(max_length=3000)
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True, max_length=6000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return self.text[:60]
