"""The project: what the NGO does under a signed contract, day by day (IM-036, GR-I).

Annex 3 of the contract (activities, indicators, team, budget lines) is the project's living plan. What was signed
is kept apart as `baseline`; every later difference is an approved change (`change.py`), never an edit of the past.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq.core.money import TiynField

from .contract import Contract


class Project(models.Model):
    """What follows a signed contract. Opened by the award, closed when the last report is accepted.

    The whole numbers below `covered` and the sums are kept by the steps in the same transaction as the rows they count
    (`tally.py`), so that a list of 20 000 projects counts nothing; `ortaq check` compares them with the rows every night.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        ACCEPTED = "accepted", _("final report accepted")
        CLOSED = "closed", _("closed")
        TERMINATED = "terminated", _("ended before its time")

    class Level(models.TextChoices):
        REPUBLICAN = "republican", _("republican level")
        REGIONAL = "regional", _("regional level")

    class Trouble(models.IntegerChoices):
        """How the project stands, as its risks say (`risks.py`)."""

        NONE = 0, _("on course")
        SOME = 1, _("needs attention")
        DEEP = 2, _("in trouble")

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="project")
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    # Edition of the Standard that answers for the day on which the contract was concluded.
    standard = models.CharField(max_length=20)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.REGIONAL)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("project manager"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="managed_projects",
    )
    is_civic_centre = models.BooleanField(_("civic (resource) centre"), default=False)
    # ¶45 of the Standard: centres of special social services are not measured by it.
    special_social_services = models.BooleanField(_("special social services"), default=False)
    # Annex 3 and the estimate as signed, and the SHA-256 of their canonical form.
    baseline = models.JSONField(default=dict)
    baseline_sha256 = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True)
    # The last day on which participants' personal data are kept; set when the project closes.
    keep_personal_until = models.DateField(null=True)
    erased_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save of settings")
    # Kept by the steps and, since days pass, by the nightly tick; pages of one project reckon it anew.
    trouble = models.PositiveSmallIntegerField(choices=Trouble, default=Trouble.NONE)
    reckoned_on = models.DateField(null=True, help_text="day of which `trouble` is")

    events = models.PositiveIntegerField(default=0, help_text="planned or held, not cancelled")
    events_held = models.PositiveIntegerField(default=0)
    attendances = models.PositiveIntegerField(default=0, help_text="people × events attended")
    covered = models.PositiveIntegerField(default=0, help_text="different people who attended")
    answers = models.PositiveIntegerField(default=0, help_text="ratings 1-5 given")
    points = models.PositiveIntegerField(default=0, help_text="sum of the ratings")
    indicators = models.PositiveIntegerField(default=0)
    indicators_done = models.PositiveIntegerField(
        default=0, help_text="reached by what is attached"
    )
    indicators_proved = models.PositiveIntegerField(
        default=0, help_text="reached by what is accepted"
    )
    paid_tiyn = TiynField(default=0, help_text="tranches paid")
    spent_tiyn = TiynField(default=0, help_text="expenses of the body's money, not voided")
    admitted_tiyn = TiynField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["state", "-id"], name="projects_by_state"),
            models.Index(fields=["-trouble", "-id"], name="projects_by_trouble"),
            # What the nightly tick has still to reckon.
            models.Index(fields=["state", "reckoned_on"], name="projects_to_reckon"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="closed_has_a_day"
            )
        ]

    def __str__(self) -> str:
        return str(self.contract)


class Tranche(models.Model):
    """A part of the contract's sum that the body pays: the advance first (GR-K-05, SO-T-107)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tranches")
    number = models.PositiveSmallIntegerField()
    is_advance = models.BooleanField(_("advance"), default=False)
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    planned_tiyn = TiynField(_("planned sum"))
    condition = models.TextField(_("condition of payment"), blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    paid_tiyn = TiynField(_("sum paid"), null=True, blank=True)
    document = models.CharField(_("payment document"), max_length=100, blank=True)
    remark = models.TextField(_("remark"), blank=True, help_text="why a payment was taken back")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="tranche_numbered_once"),
            models.CheckConstraint(
                condition=Q(paid_on=None, paid_tiyn=None)
                | Q(paid_on__isnull=False, paid_tiyn__gt=0),
                name="tranche_paid_wholly_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} №{self.number}"
