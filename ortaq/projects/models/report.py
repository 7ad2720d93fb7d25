"""Interim and final reports, and the act of services (IM-042..070, SO-E-21).

A report is assembled from the records; only the judgement is written. What was submitted is frozen with its hash.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.bilingual import Bilingual
from ortaq.core.models import StoredFile
from ortaq.core.money import TiynField

from .project import Project


class Report(models.Model):
    """One report of a project: creative (narrative) or financial, interim or final."""

    class Kind(models.TextChoices):
        INTERIM_CREATIVE = "interim_creative", _("interim creative report")
        INTERIM_FINANCIAL = "interim_financial", _("interim financial report")
        FINAL_CREATIVE = "final_creative", _("final creative report")
        FINAL_FINANCIAL = "final_financial", _("final financial report")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("report", "being written")
        SUBMITTED = "submitted", pgettext_lazy("report", "submitted")
        RETURNED = "returned", pgettext_lazy("report", "returned with remarks")
        ACCEPTED = "accepted", pgettext_lazy("report", "accepted")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(_("kind of report"), max_length=20, choices=Kind)
    number = models.PositiveSmallIntegerField(
        help_text="1, 2, 3 ... of its kind within the project"
    )
    period_from = models.DateField(_("period from"))
    period_to = models.DateField(_("period to"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    # What a person writes: {section key: text}; lists of rows where the form has a table to write.
    texts = models.JSONField(default=dict)
    # Who saved a place last: one's own earlier save is no conflict.
    writers = models.JSONField(default=dict, help_text="{path: key of the person}")
    edited_at = models.DateTimeField(null=True)
    # The annexes in the order of their numbers: a text refers to "annex 3", so a number once given stays.
    annexes = models.JSONField(default=list, help_text="keys, the first is annex 1")
    round = models.PositiveSmallIntegerField(default=0, help_text="times submitted")
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    # Set by who has assembled it already (`reporting.content.Assembled`): a page shows and signs the same.
    assembled: Any = None

    class Meta:
        ordering = ["period_to", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "number"], name="report_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["project", "kind"],
                condition=Q(kind__in=("final_creative", "final_financial")),
                name="one_final_report_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")), name="report_period_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.kind} №{self.number}"


class Submission(models.Model):
    """A report as it was submitted in one round: everything that its paper shows, frozen, with its hash."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="submissions")
    round = models.PositiveSmallIntegerField()
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["report", "round"], name="submitted_once_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.round}"


class PeopleList(models.Model):
    """People as a report named them when it was submitted: beside its content, because they are erased one day.

    The content names the list by `sha256`, which was made of it with `salt`. Erasing empties what is personal and the salt: number and
    hash stay, and nobody can try names against the hash.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="people_lists")
    key = models.CharField(max_length=40, help_text="of the annex")
    content = models.JSONField(help_text="{head, rows}, see reporting.people")
    people = models.PositiveIntegerField()
    salt = models.CharField(max_length=32, blank=True)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "sha256"], name="people_listed_once")
        ]
        indexes = [models.Index(fields=["project", "key"], name="people_lists_by_annex")]

    def __str__(self) -> str:
        return f"{self.project} {self.key}"


class Remark(models.Model):
    """What the body says about one section of a report that it returns."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="remarks")
    round = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=60)
    text = models.TextField(_("remark"))
    answer = models.TextField(_("what was done about it"), blank=True)

    class Meta:
        ordering = ["round", "id"]

    def __str__(self) -> str:
        return f"{self.report} {self.section}"


class Act(models.Model):
    """The act of services of a social order: signed only after the evaluation report is published (SO-E-21)."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("act of services", "drafted")
        SUPPLIER = "supplier", pgettext_lazy("act of services", "signed by the supplier")
        SIGNED = "signed", pgettext_lazy("act of services", "signed by both")

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="act")
    number = models.CharField(_("number"), max_length=40, blank=True)
    day = models.DateField(_("date"), null=True, blank=True)
    sum_tiyn = TiynField(_("sum"))
    services = models.TextField(_("services rendered"), blank=True)
    remark = models.TextField(_("remark"), blank=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    scan = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.project} {self.number}"


class Presentation(models.Model):
    """What the final public presentation tells everybody: the results without personal data (GR-K-11)."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="presentation")
    summary_kk = models.TextField(_("results in Kazakh"), blank=True)
    summary_ru = models.TextField(_("results in Russian"), blank=True)
    summary = Bilingual("summary")
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")
    published_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.project}"
