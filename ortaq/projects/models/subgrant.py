"""Small grants that a grantee gives on from the money of its topic (GR-P-13, GR-I-13)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.bilingual import Bilingual
from ortaq.core.models import StoredFile
from ortaq.core.money import TiynField

from .money import Expense
from .project import Project


class SmallCompetition(models.Model):
    """The grantee's own competition: rules, announcement, applications, selection."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("small grants", "being prepared")
        OPEN = "open", pgettext_lazy("small grants", "accepting applications")
        SELECTING = "selecting", pgettext_lazy("small grants", "selecting")
        DECIDED = "decided", pgettext_lazy("small grants", "results published")

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="small_competitions"
    )
    number = models.PositiveSmallIntegerField(help_text="1, 2, 3 ... within the project")
    code = models.CharField(max_length=12, unique=True)
    title_kk = models.CharField(_("name in Kazakh"), max_length=500)
    title_ru = models.CharField(_("name in Russian"), max_length=500, blank=True)
    title = Bilingual("title")
    rules_kk = models.TextField(_("rules in Kazakh"))
    rules_ru = models.TextField(_("rules in Russian"), blank=True)
    rules = Bilingual("rules")
    # The limits of the topic, as its plan states them (GR-P-13), copied when the competition is made.
    limits = models.JSONField(default=dict)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(_("applications until"), null=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    decided_at = models.DateTimeField(null=True)
    protocol = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="small_competition_once")
        ]

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

    competition = models.ForeignKey(
        SmallCompetition, on_delete=models.CASCADE, related_name="grants"
    )
    once = models.UUIDField()
    number = models.PositiveIntegerField()
    applicant = models.CharField(_("applicant"), max_length=10, choices=Applicant)
    name = models.CharField(_("full name, or name of the group or NGO"), max_length=300)
    contact = models.CharField(_("telephone or e-mail"), max_length=200)
    identifier = models.CharField(_("IIN or BIN"), max_length=12, blank=True)
    region = models.CharField(_("region"), max_length=10, blank=True)
    title = models.CharField(_("what the money is for"), max_length=500)
    text = models.TextField(_("what will be done, for whom, and how the result will be seen"))
    asked_tiyn = TiynField(_("sum asked for"))
    given_tiyn = TiynField(_("sum given"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    reason = models.TextField(_("reason of the decision"), blank=True)
    submitted_at = models.DateTimeField()
    expense = models.OneToOneField(
        Expense, null=True, blank=True, on_delete=models.PROTECT, related_name="small_grant"
    )
    proof = models.TextField(_("how the use was proved"), blank=True)
    proof_file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "once"], name="small_grant_asked_once"),
            models.UniqueConstraint(fields=["competition", "number"], name="small_grant_numbered"),
            models.CheckConstraint(condition=Q(asked_tiyn__gt=0), name="small_grant_is_positive"),
        ]

    def __str__(self) -> str:
        return self.title[:60]
