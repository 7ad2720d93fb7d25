"""Expert councils and evaluations (SO-E-01..23, SO-18-09..13)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.bilingual import Bilingual
from ortaq.core.kazakh import SearchField
from ortaq.people.models import Organisation
from ortaq.planning.models import Council
from ortaq.projects.models import Project
from ortaq.review.models import Dossier


class ExpertCouncil(models.Model):
    """The council at a state body that evaluates its projects (SO-E-05..10). On it sit those whose nomination was chosen."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("expert council", "being prepared")
        ANNOUNCED = "announced", pgettext_lazy("expert council", "candidates are put forward")
        CHOOSING = "choosing", pgettext_lazy("expert council", "composition is being chosen")
        SUBMITTED = "submitted", pgettext_lazy("expert council", "laid before the NGO council")
        IN_OFFICE = "in_office", pgettext_lazy("expert council", "in office")
        ENDED = "ended", pgettext_lazy("expert council", "term of office ended")
        # Nobody who fits was found, or it was announced by mistake.
        CALLED_OFF = "called_off", pgettext_lazy("expert council", "forming called off")

    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="expert_councils")
    once = models.UUIDField(unique=True, default=uuid.uuid4)
    act = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    title_kk = models.CharField(_("name in Kazakh"), max_length=500)
    title_ru = models.CharField(_("name in Russian"), max_length=500, blank=True)
    title = Bilingual("title")
    announcement_kk = models.TextField(_("announcement in Kazakh"), blank=True)
    announcement_ru = models.TextField(_("announcement in Russian"), blank=True)
    announcement = Bilingual("announcement")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    announced_at = models.DateTimeField(null=True)
    # Stored when announced: a later change of the calendar does not move it.
    nominations_until = models.DateTimeField(null=True)
    # Nobody was put forward in time, so the body forms the council on its own (SO-E-08).
    formed_alone = models.BooleanField(default=False)
    laid_before = models.ForeignKey(
        Council, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    approval_number = models.CharField(_("number of the minutes"), max_length=40, blank=True)
    # Of the NGO council that returned the composition; or why the forming was called off, why the council ended before its time.
    remark = models.TextField(_("remark of the NGO council"), blank=True)
    # The body enters both days; more than three years is a warning (SO-X-13).
    office_from = models.DateField(_("in office from"), null=True, blank=True)
    office_until = models.DateField(_("in office until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")
    search = SearchField("title_kk", "title_ru")

    class Meta:
        indexes = [models.Index(fields=["body", "-id"], name="expert_councils_of_body")]
        constraints = [
            models.CheckConstraint(
                condition=Q(office_until=None)
                | Q(office_from=None)
                | Q(office_until__gte=F("office_from")),
                name="expert_council_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.title_kk


class Nomination(models.Model):
    """A person who put themselves forward (SO-E-07), or whom the body invites when nobody did (SO-E-08)."""

    class State(models.TextChoices):
        OFFERED = "offered", pgettext_lazy("nomination", "put forward")
        CHOSEN = "chosen", pgettext_lazy("nomination", "in the composition")
        DECLINED = "declined", pgettext_lazy("nomination", "not in the composition")
        WITHDRAWN = "withdrawn", pgettext_lazy("nomination", "withdrawn")

    council = models.ForeignKey(ExpertCouncil, on_delete=models.CASCADE, related_name="nominations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="nominations"
    )
    education = models.TextField(_("education"), blank=True)
    experience = models.TextField(_("experience in the field"))
    organisation = models.CharField(_("organisation of civil society"), max_length=300, blank=True)
    own = models.BooleanField(default=True, help_text="self-nomination; else invited by the body")
    late = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    reason = models.TextField(_("reason"), blank=True)
    put_forward_at = models.DateTimeField()
    # Sits on the council: from the day it takes office, or later in place of somebody else.
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("no longer since"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["council", "person"], name="one_nomination_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.council_id}: {self.person_id}"


class Evaluation(models.Model):
    """The evaluation of one completed project. Who scores it is a panel of its own, made of the council's members: so each gives
    a notice about this very project, and one dossier holds their sheets.
    """

    class State(models.TextChoices):
        SCORING = "scoring", pgettext_lazy("evaluation", "being scored")
        COMPLETED = "completed", pgettext_lazy("evaluation", "completed, report to be formed")
        # Only under an edition that discusses the report in public (SO-18-09).
        DISCUSSED = "discussed", pgettext_lazy("evaluation", "preliminary report under discussion")
        FORMED = "formed", pgettext_lazy("evaluation", "report formed")
        POSTED = "posted", pgettext_lazy("evaluation", "report posted")

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="evaluation")
    council = models.ForeignKey(ExpertCouncil, on_delete=models.PROTECT, related_name="evaluations")
    dossier = models.OneToOneField(
        Dossier, null=True, on_delete=models.PROTECT, related_name="evaluation"
    )
    act = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.SCORING)
    opened_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    # Three working days after completion (SO-E-19), stored when they begin.
    report_due_at = models.DateTimeField(null=True)
    # {criterion: {"kk": text, "ru": text}}: what the report says beside each mean.
    remarks = models.JSONField(default=dict)
    recommendations_kk = models.TextField(_("recommendations in Kazakh"), blank=True)
    recommendations_ru = models.TextField(_("recommendations in Russian"), blank=True)
    recommendations = Bilingual("recommendations")
    # Under the edition of 2018: the discussion of the preliminary report.
    discussion_until = models.DateTimeField(null=True)
    decide_until = models.DateTimeField(null=True)
    # Annex 8 as formed, and where it is posted (SO-E-19, SO-E-20).
    content = models.JSONField(null=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    formed_at = models.DateTimeField(null=True)
    portal_link = models.URLField(_("address on the portal"), max_length=500, blank=True)
    posted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("formed", "posted")) | Q(content__isnull=False),
                name="a_formed_evaluation_has_its_report",
            ),
            models.CheckConstraint(
                condition=~Q(state="posted") | Q(posted_at__isnull=False),
                name="a_posted_evaluation_has_its_day",
            ),
        ]
        indexes = [models.Index(fields=["council", "-id"], name="evaluations_of_council")]

    def __str__(self) -> str:
        return f"{self.project}"


class EvaluationComment(models.Model):
    """What somebody says of a preliminary evaluation report (SO-18-09); late ones are kept and not considered."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="comments")
    once = models.UUIDField(unique=True)
    author = models.CharField(_("author"), max_length=250)
    text = models.TextField(_("comment or proposal"))
    given_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    accepted = models.BooleanField(null=True)
    reason = models.TextField(_("reasons"), blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(accepted=False) | ~Q(reason=""), name="refused_comment_has_reasons"
            )
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id}: {self.pk}"
