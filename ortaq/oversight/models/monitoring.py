"""Monitoring of a project: the year's plan, who does it, each visit (SO-M-01..15)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.bilingual import Bilingual
from ortaq.core.money import TiynField
from ortaq.projects.models import Project
from ortaq.registry.models import Expert


class MonitoringPlan(models.Model):
    """Monitoring of one project in one calendar year: who does it and why, and its visits (SO-M-02, SO-M-09, SO-M-10).

    The sums that decided who monitors are kept beside the decision: a later change of the contract or of the index does not move it.
    """

    class Way(models.TextChoices):
        OWN = "own", _("by the state body itself")
        EXPERT = "independent_expert", _("by an independent expert")
        LOT = "separate_lot", _("as a lot of its own")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("monitoring plan", "being planned")
        APPROVED = "approved", pgettext_lazy("monitoring plan", "approved")
        ENDED = "ended", pgettext_lazy("monitoring plan", "the year is over")

    class Basis(models.TextChoices):
        """Which sum of the project is compared (SO-X-10)."""

        CONTRACT = "contract", _("sum of the contract")
        PLANNED = "planned", _("planned sum")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="monitoring_plans")
    year = models.PositiveSmallIntegerField(_("year"))
    act = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    way = models.CharField(_("who monitors"), max_length=20, choices=Way)
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.CONTRACT)
    amount_tiyn = TiynField(_("sum compared"))
    # Empty under an edition that sets no threshold.
    threshold_tiyn = TiynField(_("threshold"), null=True)
    index_tiyn = TiynField(_("monthly calculation index"), null=True)
    decided_at = models.DateTimeField()
    # Why fewer visits than the edition's least are enough (SO-X-09).
    reason = models.TextField(_("why fewer visits"), blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["project", "year"], name="one_monitoring_plan_a_year")
        ]
        indexes = [models.Index(fields=["year", "-id"], name="monitoring_of_year")]

    def __str__(self) -> str:
        return f"{self.project} {self.year}"


class Engagement(models.Model):
    """An independent expert of the register monitoring one project: at most one at a time (SO-M-10..14, SO-X-11)."""

    class State(models.TextChoices):
        INVITED = "invited", pgettext_lazy("independent expert", "asked for the notice")
        ACTIVE = "active", pgettext_lazy("independent expert", "monitors")
        # Until the body admits them with reasons, or ends the engagement (SO-X-12).
        BARRED = "barred", pgettext_lazy("independent expert", "barred by a conflict of interest")
        ENDED = "ended", pgettext_lazy("independent expert", "no longer monitors")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="engagements")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="engagements")
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    document = models.CharField(_("order or contract"), max_length=200, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    end_reason = models.TextField(_("why it ended"), blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(until=None), name="one_expert_on_a_project"
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(until__isnull=False),
                name="an_ended_engagement_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["expert"], name="running_engagements", condition=Q(until=None))
        ]

    def __str__(self) -> str:
        return f"{self.project} / {self.expert_id}"


class Visit(models.Model):
    """One monitoring of a project: two or more tools, what they showed, and a report (SO-M-03..08, SO-M-15)."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("monitoring visit", "planned")
        STARTED = "started", pgettext_lazy("monitoring visit", "under way")
        REPORTED = "reported", pgettext_lazy("monitoring visit", "reported")
        CALLED_OFF = "called_off", pgettext_lazy("monitoring visit", "called off")

    plan = models.ForeignKey(MonitoringPlan, on_delete=models.PROTECT, related_name="visits")
    number = models.PositiveSmallIntegerField(help_text="1, 2, 3 ... within the plan")
    once = models.UUIDField(unique=True)
    planned_on = models.DateField(_("planned for"))
    place = models.CharField(_("place"), max_length=500, blank=True)
    # Keys of the edition's tools that are to be used.
    tools = models.JSONField(_("tools"), default=list)
    # What drew attention to the project when the visit was planned, as findings.
    why = models.JSONField(default=list)
    # Who does it: an officer of the body, or the project's expert.
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("officer in charge"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    engagement = models.ForeignKey(
        Engagement, null=True, blank=True, on_delete=models.PROTECT, related_name="visits"
    )
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    started_at = models.DateTimeField(null=True)
    # {indicator of the edition: {"verdict": met | partly | not_met | not_applicable, "kk": text, "ru": text}}
    verdicts = models.JSONField(default=dict)
    conclusion_kk = models.TextField(_("conclusion in Kazakh"), blank=True)
    conclusion_ru = models.TextField(_("conclusion in Russian"), blank=True)
    conclusion = Bilingual("conclusion")
    called_off_reason = models.TextField(_("why it was called off"), blank=True)
    # The report as formed: everything its paper shows.
    content = models.JSONField(null=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    reported_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        ordering = ["planned_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="visit_numbered_once"),
            models.CheckConstraint(
                condition=~Q(state="reported")
                | Q(reported_at__isnull=False, content__isnull=False),
                name="a_reported_visit_has_its_report",
            ),
            models.CheckConstraint(
                condition=Q(started_at=None)
                | Q(reported_at=None)
                | Q(reported_at__gte=F("started_at")),
                name="visit_reported_after_it_began",
            ),
        ]
        indexes = [models.Index(fields=["state", "planned_on"], name="visits_ahead")]

    def __str__(self) -> str:
        return f"{self.plan} №{self.number}"
