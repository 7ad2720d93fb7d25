"""Formation of a year's social order: topics, their public discussion, how it was decided (SO-F-04..11)."""

from __future__ import annotations

import secrets
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq.core import regions
from ortaq.core.bilingual import Bilingual
from ortaq.core.kazakh import SearchField
from ortaq.core.money import TIYN, TiynField
from ortaq.law.text import Text
from ortaq.people.models import AddressField, Organisation

from .needs import Assessment

THOUSAND_TENGE = 1000 * TIYN


def in_thousands(tiyn: int) -> int | Decimal:
    """A sum in thousand tenge, as the annexes print it; exact."""
    whole, rest = divmod(tiyn, THOUSAND_TENGE)
    return Decimal(tiyn) / THOUSAND_TENGE if rest else whole


class Formation(models.Model):
    """One list of topics of a state body for a year, from its first draft to the approved budget.

    A body may form several in one year; each pins the edition it began under (SO-X-19).
    """

    class Level(models.TextChoices):
        CENTRAL = "central", _("central state body")
        LOCAL = "local", _("local executive body")

    class State(models.TextChoices):
        DRAFT = "draft", _("topics being drafted")
        DISCUSSION = "discussion", _("public discussion")
        DECIDING = "deciding", _("comments being considered")
        REPORTED = "reported", _("report on the discussion published")
        COUNCIL = "council", _("before the council")
        LISTED = "listed", _("list of topics formed")
        REQUESTED = "requested", _("in the budget request")
        BUDGETED = "budgeted", _("budget approved")

    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="formations")
    level = models.CharField(_("level"), max_length=10, choices=Level)
    plan_year = models.PositiveSmallIntegerField(_("year of the social order"))
    number = models.PositiveSmallIntegerField(default=1, help_text="of the body in the year")
    act = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    # Why an edition other than the one in force was chosen (SO-X-19).
    edition_reason = models.TextField(blank=True)
    introduction_kk = models.TextField(_("introduction in Kazakh"), blank=True)
    introduction_ru = models.TextField(_("introduction in Russian"), blank=True)
    introduction = Bilingual("introduction")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    # Stored when computed: a later change of the calendar does not move them (architecture §4).
    published_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True, help_text="last instant of the discussion")
    decide_by = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    # Why the list of topics was formed although no council was heard (SO-G-10).
    without_council = models.TextField(blank=True)
    # How many comments count; kept by the steps, so that the public page counts nothing.
    comments = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["body", "plan_year", "number"], name="formation_numbered_once"
            )
        ]
        indexes = [
            models.Index(fields=["body", "-plan_year", "-id"], name="formations_of_body"),
            # The public list: what can be discussed now, and what was decided.
            models.Index(fields=["state", "-closes_at", "-id"], name="formations_in_discussion"),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.plan_year}/{self.number}"

    @property
    def title(self) -> str:
        """What pages and letters call it: the year, and the number where the body has several."""
        words = _("Topics of the social order for %(year)s") % {"year": self.plan_year}
        return f"{words} (№ {self.number})" if self.number > 1 else words


class Topic(models.Model):
    """A planned topic of the social order: a row of annex 1 (SO-F-06)."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        LISTED = "listed", _("on the list of topics")
        DROPPED = "dropped", _("not on the list of topics")

    formation = models.ForeignKey(Formation, on_delete=models.CASCADE, related_name="topics")
    position = models.PositiveSmallIntegerField()
    field = models.CharField(_("field"), max_length=60, help_text="key of the field in law")
    title_kk = models.TextField(_("planned topic in Kazakh"))
    title_ru = models.TextField(_("planned topic in Russian"), blank=True)
    title = Bilingual("title")
    planned_tiyn = TiynField(_("planned volume of funding"))
    justification_kk = models.TextField(_("justification in Kazakh"), blank=True)
    justification_ru = models.TextField(_("justification in Russian"), blank=True)
    justification = Bilingual("justification")
    # Keys of the kinds of sources that the justification names (SO-F-03).
    sources = models.JSONField(_("sources of information"), default=list, blank=True)
    assessments = models.ManyToManyField(Assessment, related_name="topics", blank=True)
    target_group_kk = models.TextField(_("target group in Kazakh"), blank=True)
    target_group_ru = models.TextField(_("target group in Russian"), blank=True)
    target_group = Bilingual("target_group")
    result_kk = models.TextField(_("expected result in Kazakh"), blank=True)
    result_ru = models.TextField(_("expected result in Russian"), blank=True)
    result = Bilingual("result")
    region_code = models.CharField(_("region"), max_length=9, blank=True)
    # More than one asks for the requirements of tables 8 and 9 of the Standard (SO-T-048).
    financial_years = models.PositiveSmallIntegerField(_("financial years"), default=1)
    programme = models.CharField(_("budget programme"), max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    # Why it is left off the list, or on it against the council's recommendation.
    state_reason_kk = models.TextField(blank=True)
    state_reason_ru = models.TextField(blank=True)
    state_reason = Bilingual("state_reason")
    requested_tiyn = TiynField(null=True, blank=True)
    approved_tiyn = TiynField(null=True, blank=True)
    comments = models.PositiveIntegerField(default=0, help_text="how many count")
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")
    search = SearchField("title_kk", "title_ru", "target_group_kk")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(planned_tiyn__gt=0), name="planned_topic_has_a_sum"),
            models.CheckConstraint(
                condition=Q(financial_years__range=(1, 3)), name="topic_of_one_to_three_years"
            ),
        ]

    def __str__(self) -> str:
        return self.title_kk[:80]

    @property
    def planned_thousand(self) -> int | Decimal:
        """The planned sum in thousand tenge, as annex 1 prints it."""
        return in_thousands(self.planned_tiyn)

    @property
    def region(self) -> Text:
        """The name of its region; empty where it has none."""
        found = regions.find(self.region_code) if self.region_code else None
        return found.name if found else Text()


def new_token() -> str:
    """The secret of a link that confirms a comment."""
    return secrets.token_urlsafe(24)


class Comment(models.Model):
    """A comment or proposal on the topics under discussion. Kept for good; late ones do not count (SO-F-08)."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("e-mail not confirmed yet")
        RECEIVED = "received", _("received")
        LATE = "late", _("not considered: late")

    class Decision(models.TextChoices):
        NONE = "", _("not decided yet")
        ACCEPTED = "accepted", _("accepted")
        PARTLY = "partly", _("accepted in part")
        DECLINED = "declined", _("not accepted")

    formation = models.ForeignKey(Formation, on_delete=models.PROTECT, related_name="all_comments")
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.PROTECT, related_name="all_comments"
    )
    number = models.PositiveIntegerField(null=True, help_text="in the discussion, once it counts")
    author_name = models.CharField(_("your name"), max_length=250)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    email = AddressField(_("e-mail"), blank=True)
    language = models.CharField(max_length=2, default="kk", help_text="of letters to a guest")
    text = models.TextField(_("comment or proposal"), max_length=5000)
    # Short content for annex 2, written by the officer; empty: the text itself.
    summary = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.UNCONFIRMED)
    written_at = models.DateTimeField()
    # When it was confirmed, or sent by a signed-in person: this instant decides whether it is late.
    received_at = models.DateTimeField(null=True)
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    # Moderation hides an insult from the page; the record and its decision stay.
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.CharField(max_length=500, blank=True)
    decision = models.CharField(max_length=10, choices=Decision, blank=True, default=Decision.NONE)
    reasons_kk = models.TextField(blank=True)
    reasons_ru = models.TextField(blank=True)
    reasons = Bilingual("reasons")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["formation", "number"],
                condition=Q(number__isnull=False),
                name="comment_numbered_once",
            ),
            models.CheckConstraint(
                condition=Q(state="received", number__isnull=False)
                | (~Q(state="received") & Q(number=None)),
                name="what_counts_is_numbered",
            ),
            models.CheckConstraint(
                condition=Q(decision="") | ~(Q(reasons_kk="") & Q(reasons_ru="")),
                name="a_decision_has_reasons",
            ),
            models.CheckConstraint(
                condition=~Q(state="late") | Q(decision=""), name="late_is_never_decided"
            ),
        ]
        indexes = [
            # The public page reads by topic, the newest first; the officer's list by formation.
            models.Index(fields=["formation", "topic", "-number"], name="comments_of_topic"),
            models.Index(fields=["formation", "state", "-id"], name="comments_of_formation"),
        ]

    def __str__(self) -> str:
        return f"{self.formation_id}: {self.author_name}"

    @property
    def who(self) -> str:
        """In whose name it is written; its e-mail is nobody's to read."""
        return self.organisation.name if self.organisation else self.author_name

    @property
    def tone(self) -> str:
        """How its decision looks."""
        tones = {"accepted": "good", "partly": "info", "declined": "neutral"}
        return tones.get(self.decision, "progress")


class TopicProposal(models.Model):
    """A topic that an NGO proposes to a state body, at any time of the year (SO-T-042)."""

    class State(models.TextChoices):
        SENT = "sent", _("sent")
        TAKEN = "taken", _("became a planned topic")
        ANSWERED = "answered", _("answered")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="topic_proposals"
    )
    body = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="received_proposals"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(_("field"), max_length=60)
    title = models.TextField(_("topic"), max_length=2000)
    problem = models.TextField(_("what problem it solves, and how that is known"), max_length=5000)
    target_group = models.TextField(_("target group"), max_length=2000, blank=True)
    result = models.TextField(_("expected result"), max_length=2000, blank=True)
    amount_tiyn = TiynField(_("sum needed"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    sent_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals"
    )
    search = SearchField("title", "problem", "target_group")

    class Meta:
        indexes = [
            models.Index(fields=["body", "-id"], name="proposals_to_body"),
            models.Index(fields=["organisation", "-id"], name="proposals_of_ngo"),
        ]

    def __str__(self) -> str:
        return self.title[:80]
