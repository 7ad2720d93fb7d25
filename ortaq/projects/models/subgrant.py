"""Small grants that a grantee gives on from the money of its topic (GR-P-13, GR-I-13)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.bilingual import Bilingual
from ortaq.core.models import StoredFile
from ortaq.core.money import TiynField

from .event import short_code
from .money import Expense
from .project import Project


class SmallCompetition(models.Model):
    """The grantee's own competition: rules, announcement, applications, selection."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("small grants", "being prepared")
        OPEN = "open", pgettext_lazy("small grants", "accepting applications")
        SELECTING = "selecting", pgettext_lazy("small grants", "selecting")
        DECIDED = "decided", pgettext_lazy("small grants", "results published")
        CANCELLED = "cancelled", pgettext_lazy("small grants", "cancelled")

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="small_competitions"
    )
    once = models.UUIDField(help_text="of the form that made it")
    number = models.PositiveSmallIntegerField(help_text="1, 2, 3 ... within the project")
    code = models.CharField(max_length=12, unique=True, default=short_code)
    title_kk = models.CharField(_("name in Kazakh"), max_length=500)
    title_ru = models.CharField(_("name in Russian"), max_length=500, blank=True)
    title = Bilingual("title")
    rules_kk = models.TextField(_("rules in Kazakh"))
    rules_ru = models.TextField(_("rules in Russian"), blank=True)
    rules = Bilingual("rules")
    announcement_kk = models.TextField(_("announcement in Kazakh"))
    announcement_ru = models.TextField(_("announcement in Russian"), blank=True)
    announcement = Bilingual("announcement")
    # The limits of the topic, as its plan states them (GR-P-13), copied when the competition is made.
    limits = models.JSONField(default=dict)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(_("applications until"), null=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save of the draft")
    # Another sum than the one that the topic states needs the body's consent (GR-X-12).
    consent_reason = models.TextField(blank=True)
    consent_asked_at = models.DateTimeField(null=True)
    consent_remark = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    cancel_reason = models.TextField(blank=True)
    protocol = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="small_competition_once"),
            models.UniqueConstraint(fields=["project", "once"], name="small_competition_made_once"),
        ]
        # The public list: what accepts applications, what is decided, the latest first.
        indexes = [models.Index(fields=["state", "-id"], name="small_competitions_public")]

    def __str__(self) -> str:
        return self.title_kk[:60]


class SmallGrant(models.Model):
    """An application of a citizen, an initiative group or an NGO for a small grant, and what became of it."""

    class Applicant(models.TextChoices):
        CITIZEN = "citizen", _("citizen")
        GROUP = "group", _("initiative group")
        NGO = "ngo", _("NGO")

    class State(models.TextChoices):
        SUBMITTED = "submitted", pgettext_lazy("small grant", "submitted")
        SELECTED = "selected", pgettext_lazy("small grant", "selected")
        REFUSED = "refused", pgettext_lazy("small grant", "not selected")
        PAID = "paid", pgettext_lazy("small grant", "paid")
        PROVED = "proved", pgettext_lazy("small grant", "use proved")
        RETURNED = "returned", pgettext_lazy("small grant", "returned")
        WITHDRAWN = "withdrawn", pgettext_lazy("small grant", "withdrawn by the applicant")

    competition = models.ForeignKey(
        SmallCompetition, on_delete=models.CASCADE, related_name="grants"
    )
    once = models.UUIDField(help_text="of the form that made it; its receipt stands under it")
    number = models.PositiveIntegerField(help_text="1, 2, 3 ... within the competition")
    on_paper = models.BooleanField(default=False, help_text="typed from paper by the grantee")
    applicant = models.CharField(_("applicant"), max_length=10, choices=Applicant)
    name = models.CharField(_("full name, or name of the group or NGO"), max_length=300)
    contact = models.CharField(_("telephone or e-mail"), max_length=200)
    identifier = models.CharField(_("IIN or BIN"), max_length=12, blank=True)
    region = models.CharField(_("region"), max_length=10, blank=True)
    title = models.CharField(_("what the money is for"), max_length=500)
    text = models.TextField(_("what will be done, for whom, and how the result will be seen"))
    consented = models.BooleanField(_("consent to the processing of personal data"), default=False)
    asked_tiyn = TiynField(_("sum asked for"))
    given_tiyn = TiynField(_("sum given"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    # Whoever selects has looked whether the money is for nothing that the topic forbids (GR-P-13).
    purpose_checked = models.BooleanField(_("the purpose is permitted"), default=False)
    reason = models.TextField(_("reason of the decision"), blank=True)
    consented_tiyn = TiynField(null=True, blank=True, help_text="sum that the body consented to")
    language = models.CharField(max_length=2, default="kk", help_text="of letters to the applicant")
    version = models.PositiveIntegerField(default=1, help_text="grows with each amendment")
    submitted_at = models.DateTimeField(help_text="of this version")
    withdrawn_at = models.DateTimeField(null=True)
    expense = models.OneToOneField(
        Expense, null=True, blank=True, on_delete=models.PROTECT, related_name="small_grant"
    )
    proof = models.TextField(_("how the use was proved"), blank=True)
    returned_tiyn = TiynField(_("sum returned"), null=True, blank=True)
    return_reason = models.TextField(_("why it was returned"), blank=True)
    proof_file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "once"], name="small_grant_asked_once"),
            models.UniqueConstraint(fields=["competition", "number"], name="small_grant_numbered"),
            models.CheckConstraint(condition=Q(asked_tiyn__gt=0), name="small_grant_is_positive"),
            models.CheckConstraint(
                condition=Q(returned_tiyn=None)
                | Q(returned_tiyn__gt=0, returned_tiyn__lte=F("given_tiyn")),
                name="returned_at_most_what_was_given",
            ),
        ]

    def __str__(self) -> str:
        return self.title[:60]


class SmallGrantVersion(models.Model):
    """An application as it was sent at one time: what its receipt proves. Amending adds one and changes none.

    Only the applicant reads the earlier ones, by the link of the receipt: whoever selects judges the last.
    """

    grant = models.ForeignKey(SmallGrant, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    # With the secret of the receipt among it, so that nobody finds out by the hash what stood there.
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["grant", "number"], name="small_grant_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.grant_id}/{self.number}"
