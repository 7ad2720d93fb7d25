"""Reports that the rules ask of state bodies on fixed days (SO-M-16, SO-M-17, SO-R-01..09), and what flows into next year's needs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.bilingual import Bilingual
from ortaq.core.canonical import Unescaped
from ortaq.people.models import Organisation
from ortaq.planning.models import Source
from ortaq.projects.models import Project


class Account(models.Model):
    """What a state body says of one project in one year; written once, printed in annex 5 and annex 9."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="accounts")
    year = models.PositiveSmallIntegerField(_("year"))
    # Printed in annex 5 alone.
    goals_kk = models.TextField(_("goals and tasks in Kazakh"), blank=True)
    goals_ru = models.TextField(_("goals and tasks in Russian"), blank=True)
    goals = Bilingual("goals")
    process_kk = models.TextField(_("course of the project in Kazakh"), blank=True)
    process_ru = models.TextField(_("course of the project in Russian"), blank=True)
    process = Bilingual("process")
    results_kk = models.TextField(_("results in Kazakh"), blank=True)
    results_ru = models.TextField(_("results in Russian"), blank=True)
    results = Bilingual("results")
    # Only in the report on the whole year (SO-R-05).
    impact_kk = models.TextField(_("positive impact in Kazakh"), blank=True)
    impact_ru = models.TextField(_("positive impact in Russian"), blank=True)
    impact = Bilingual("impact")
    saved_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "year"], name="one_account_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.year}"


class StatutoryReport(models.Model):
    """Annex 9 of one state body for a half-year or a year (SO-R-01..08); under the edition of 2018 also what was evaluated (SO-18-12)."""

    class Period(models.TextChoices):
        HALF = "half_year", _("half-year")
        YEAR = "year", pgettext_lazy("period of a report", "year")
        # The edition of 2018 asks for what was evaluated in a report of its own (SO-18-12).
        EVALUATION = "evaluation", pgettext_lazy("period of a report", "year, evaluation")

        @property
        def scored(self) -> bool:
            """Whether the report shows the points of evaluations (SO-R-06)."""
            return self is not self.HALF

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("statutory report", "being prepared")
        SUBMITTED = "submitted", pgettext_lazy("statutory report", "submitted")
        RETURNED = "returned", pgettext_lazy("statutory report", "returned with remarks")
        ACCEPTED = "accepted", pgettext_lazy("statutory report", "accepted")

    body = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="statutory_reports"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    period = models.CharField(_("period"), max_length=10, choices=Period)
    act = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    # Stored when the report is opened (SO-R-01, SO-R-02, SO-X-02).
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    # Who signs: the first head, or whoever acts for them (SO-R-07).
    signer = models.CharField(_("signed by"), max_length=250, blank=True)
    signer_position = models.CharField(_("position"), max_length=300, blank=True)
    acting = models.BooleanField(_("acts for the first head"), default=False)
    round = models.PositiveSmallIntegerField(default=0, help_text="times submitted")
    # The first submission decides whether it was in time.
    first_submitted_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "year", "period"], name="one_report_a_period")
        ]
        indexes = [
            models.Index(fields=["year", "period", "state"], name="statutory_of_period"),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.year} {self.period}"

    @property
    def title(self) -> str:
        """What pages call the report."""
        if self.period == self.Period.HALF:
            return _("Annex 9 for the half-year %(year)s") % {"year": self.year}
        if self.period == self.Period.EVALUATION:
            return _("Report on the evaluation of %(year)s") % {"year": self.year}
        return _("Annex 9 for the year %(year)s") % {"year": self.year}


class StatutorySubmission(models.Model):
    """Annex 9 as it was submitted in one round: its rows, each with the records its figures come from, and its hash."""

    report = models.ForeignKey(
        StatutoryReport, on_delete=models.CASCADE, related_name="submissions"
    )
    round = models.PositiveSmallIntegerField()
    content = models.JSONField(encoder=Unescaped)
    # What the rows add up to by field, so that nobody reads them all to add up all bodies (`annex9.figures`).
    figures = models.JSONField(default=list)
    content_sha256 = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "round"], name="annex9_submitted_once_a_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.round}"


class StatutoryRemark(models.Model):
    """What the authorised body says about a report that it returns, or about one of its rows."""

    report = models.ForeignKey(StatutoryReport, on_delete=models.CASCADE, related_name="remarks")
    round = models.PositiveSmallIntegerField()
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("remark"))
    answer = models.TextField(_("what was done about it"), blank=True)

    class Meta:
        ordering = ["round", "id"]

    def __str__(self) -> str:
        return f"{self.report} {self.text[:40]}"


class PublicInformation(models.Model):
    """Annex 5 of one state body for one year, as published; a later issue takes its place, and both stay (SO-M-17)."""

    body = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="public_informations"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    act = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    issue = models.PositiveSmallIntegerField(help_text="1, 2, 3 ... within the year")
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "year", "issue"], name="annex5_issued_once")
        ]
        indexes = [models.Index(fields=["year", "body", "-issue"], name="annex5_of_year")]

    def __str__(self) -> str:
        return f"{self.body_id} {self.year} №{self.issue}"


class GovernmentInformation(models.Model):
    """The authorised body's information to the Government on a year, by 31 March of the next (SO-M-16, SO-R-09)."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("information to the Government", "being prepared")
        SENT = "sent", pgettext_lazy("information to the Government", "sent")

    body = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="government_informations"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    act = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    due_at = models.DateTimeField(null=True)
    summary_kk = models.TextField(_("conclusions in Kazakh"), blank=True)
    summary_ru = models.TextField(_("conclusions in Russian"), blank=True)
    summary = Bilingual("summary")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    number = models.CharField(_("number of the letter"), max_length=40, blank=True)
    content = models.JSONField(null=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "year"], name="one_information_a_year"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False, content__isnull=False),
                name="sent_information_is_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.year}"


class Lesson(models.Model):
    """What a project leaves for the needs of the next year: a result, a recommendation, an unmet need (SO-E-01, SO-F-03)."""

    class Kind(models.TextChoices):
        RESULT = "result", pgettext_lazy("lesson of a project", "result")
        ADVICE = "advice", pgettext_lazy("lesson of a project", "recommendation")
        UNMET = "unmet", pgettext_lazy("lesson of a project", "unmet need")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="lessons")
    once = models.UUIDField(unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    year = models.PositiveSmallIntegerField(_("for the needs of the year"))
    text_kk = models.TextField(_("in Kazakh"))
    text_ru = models.TextField(_("in Russian"), blank=True)
    text = Bilingual("text")
    # Where it comes from: the key of a visit or an evaluation.
    origin = models.CharField(max_length=80, blank=True)
    # The source of an assessment that it has become.
    used_in = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.SET_NULL, related_name="lessons"
    )
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        ordering = ["-year", "id"]
        indexes = [models.Index(fields=["year", "project"], name="lessons_of_year")]

    def __str__(self) -> str:
        return self.text_kk[:80]
