"""The plan of grants: versions by act, fields, topics, amounts per year (GR-P)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq.core.bilingual import Bilingual
from ortaq.core.kazakh import SearchField
from ortaq.core.models import StoredFile
from ortaq.core.money import TiynField
from ortaq.people.models import Organisation


class Plan(models.Model):
    """A plan of one body for one year, with its budget level (GR-P-01)."""

    class Level(models.TextChoices):
        REPUBLICAN = "republican", _("republican budget")
        LOCAL = "local", _("local budget")

    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="grant_plans")
    level = models.CharField(max_length=12, choices=Level)
    region_code = models.CharField(max_length=10, blank=True, help_text="of a local plan")
    year = models.PositiveSmallIntegerField()
    title_kk = models.CharField(max_length=500)
    title_ru = models.CharField(max_length=500, blank=True)
    title = Bilingual("title")
    # Priorities, documents, addresses and proposals that the plan rests on (GR-P-02).
    basis_kk = models.TextField(blank=True)
    basis_ru = models.TextField(blank=True)
    basis = Bilingual("basis")
    # The act that approved the plan, where the first version kept here amends it already (GR-P-04).
    first_act_date = models.DateField(null=True, blank=True)
    first_act_number = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "year"], name="one_plan_a_year")]

    def __str__(self) -> str:
        return f"{self.title_kk} ({self.year})"


class PlanVersion(models.Model):
    """The plan as one act approved or amended it. An approved version never changes (GR-P-04)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPROVED = "approved", _("in force")
        SUPERSEDED = "superseded", _("replaced by a later version")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    based_on = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="amended_by"
    )
    act_body = models.CharField(max_length=300, blank=True)
    act_date = models.DateField(null=True, blank=True)
    act_number = models.CharField(max_length=40, blank=True)
    unit_tiyn = models.BigIntegerField(
        default=100_000, help_text="unit of the source act in tiyn: 100 000 for thousand tenge"
    )
    source = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="version_numbered_once"),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(state="approved"), name="one_version_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} v{self.number}"


class PlanField(models.Model):
    """A field (direction) as this version prints it: number and name (GR-P-11)."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="fields")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=10)
    name_kk = models.TextField()
    name_ru = models.TextField(blank=True)
    name = Bilingual("name")
    direction = models.CharField(max_length=60, blank=True, help_text="key of the direction in law")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.number}. {self.name_kk}"


class Topic(models.Model):
    """A grant topic. Printed numbers are labels, not keys (GR-P-06, GR-X-10)."""

    class Coverage(models.TextChoices):
        UNREAD = "", _("as printed only")
        REPUBLIC = "republic", _("the whole republic")
        REGIONS = "regions", _("listed regions")
        UNNAMED = "unnamed", _("a number of regions, not named")
        INTERNATIONAL = "international", _("international venues")

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="topics")
    field = models.ForeignKey(PlanField, on_delete=models.CASCADE, related_name="topics")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=10, help_text="running number as printed")
    number_in_field = models.CharField(
        max_length=10, blank=True, help_text="as printed, not unique"
    )
    title_kk = models.TextField()
    title_ru = models.TextField(blank=True)
    title = Bilingual("title")
    goal_kk = models.TextField(blank=True)
    goal_ru = models.TextField(blank=True)
    goal = Bilingual("goal")
    tasks_kk = models.TextField(blank=True)
    tasks_ru = models.TextField(blank=True)
    tasks = Bilingual("tasks")
    result_kk = models.TextField(blank=True)
    result_ru = models.TextField(blank=True)
    result = Bilingual("result")
    term_printed = models.CharField(max_length=300, blank=True)
    # [[year, first month, last month], ...]; empty: could not be read
    term = models.JSONField(default=list, blank=True)
    territory_printed = models.CharField(max_length=500, blank=True)
    coverage = models.CharField(max_length=15, choices=Coverage, blank=True, default="")
    regions = models.JSONField(default=list, blank=True, help_text="codes of the listed regions")
    region_count = models.PositiveSmallIntegerField(null=True, blank=True)
    search = SearchField("number", "title_kk", "title_ru", "goal_kk", "territory_printed")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="topic_in_its_place")
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title_kk[:80]}"


class TopicAmount(models.Model):
    """Money of a topic for one budget year (GR-P-08)."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="amounts")
    year = models.PositiveSmallIntegerField()
    amount_tiyn = TiynField()

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "year"], name="one_amount_a_year"),
            models.CheckConstraint(condition=Q(amount_tiyn__gt=0), name="topic_amount_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.year}: {self.amount_tiyn}"


class PrintedTotal(models.Model):
    """A control total as printed: shown beside the computed one, never overwritten (GR-P-09)."""

    version = models.ForeignKey(
        PlanVersion, on_delete=models.CASCADE, related_name="printed_totals"
    )
    field = models.ForeignKey(
        PlanField, null=True, on_delete=models.CASCADE, related_name="printed_totals"
    )
    year = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=200)
    printed = models.CharField(max_length=40)
    amount_tiyn = TiynField()

    def __str__(self) -> str:
        return f"{self.label} {self.printed}"


class SmallGrantTerms(models.Model):
    """Small grants that a topic requires of its grantee (GR-P-13)."""

    class Amount(models.TextChoices):
        UP_TO = "up_to", _("up to")
        EXACTLY = "exactly", _("exactly")
        UNSTATED = "unstated", _("not stated")

    topic = models.OneToOneField(Topic, on_delete=models.CASCADE, related_name="small_grants")
    kind = models.CharField(max_length=10, choices=Amount)
    amount_tiyn = TiynField(null=True, blank=True)
    minimum = models.PositiveIntegerField(
        null=True, blank=True, help_text="least number of small grants"
    )
    permitted_kk = models.TextField(blank=True)
    permitted_ru = models.TextField(blank=True)
    permitted = Bilingual("permitted")
    forbidden_kk = models.TextField(blank=True)
    forbidden_ru = models.TextField(blank=True)
    forbidden = Bilingual("forbidden")
    recipients_kk = models.TextField(blank=True)
    recipients_ru = models.TextField(blank=True)
    recipients = Bilingual("recipients")
    remark = models.TextField(
        blank=True, help_text="doubt to be shown to the operator (GR-X-11, 12)"
    )

    def __str__(self) -> str:
        return f"{self.topic_id} {self.kind}"


class Proposal(models.Model):
    """An NGO's proposal for the plan, accepted all year (GR-P-03, form GRANT-PP)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENT = "sent", _("sent")
        TAKEN = "taken", _("taken into account")
        NOT_TAKEN = "not_taken", _("not taken into account")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="proposals"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=500)
    rationale = models.TextField(blank=True)
    goal = models.TextField(blank=True)
    tasks = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    amount_tiyn = TiynField(null=True, blank=True)
    geography = models.TextField(blank=True)
    expected_results = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    sent_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposals"
    )
    search = SearchField("name", "summary", "geography")

    def __str__(self) -> str:
        return self.name
