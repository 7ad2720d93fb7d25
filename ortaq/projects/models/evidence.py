"""Evidence: whatever proves that something was done, attached to exactly the indicator it proves (GR-I-07, IM-040, IM-063).

A file is proved by its SHA-256 and the instant it came in; nothing is removed, only withdrawn with a reason.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.kazakh import SearchField
from ortaq.core.models import StoredFile

from .contract import Activity, Indicator, TeamMember
from .event import Event
from .participant import Consumer
from .project import Project


class Evidence(models.Model):
    """One photo, letter, act, publication, success story ... of a project."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("photograph")
        VIDEO = "video", _("video")
        PUBLICATION = "publication", _("publication")
        STORY = "story", _("success story")
        LETTER = "letter", _("letter")
        ACT = "act", _("act of transfer")
        LIST = "list", _("list of participants")
        AGREED = "agreed", _("document agreed with the customer")
        PROGRAMME = "programme", _("programme")
        FEEDBACK = "feedback", _("feedback")
        HANDOUT = "handout", _("hand-out material")
        DESIGN = "design", _("visual design")
        NOTE = "note", _("summary note")
        OTHER = "other", pgettext_lazy("kind of evidence", "other")

    class State(models.TextChoices):
        ATTACHED = "attached", _("attached")
        ACCEPTED = "accepted", pgettext_lazy("evidence", "accepted")
        REFUSED = "refused", pgettext_lazy("evidence", "not accepted")
        WITHDRAWN = "withdrawn", pgettext_lazy("evidence", "withdrawn")

    class Media(models.TextChoices):
        REPUBLICAN = "republican", _("republican mass media")
        REGIONAL = "regional", _("regional mass media")
        SOCIAL = "social_network", _("social network")
        BROADCAST = "broadcast", _("radio or television")
        OWN = "own_site", _("own site or page")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="evidence")
    once = models.UUIDField(help_text="of the form that made it")
    number = models.PositiveIntegerField(help_text="1, 2, 3 ... within the project")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    # Which line of the checklist of evidence by kind of event it answers (IM-063).
    item = models.CharField(max_length=40, blank=True)
    title = models.CharField(_("name"), max_length=500)
    text = models.TextField(_("text"), blank=True)
    day = models.DateField(_("date"))
    event = models.ForeignKey(
        Event, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    activity = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    link = models.URLField(_("link"), max_length=1000, blank=True)
    # Of a publication (IM-040).
    media = models.CharField(_("kind of media"), max_length=15, choices=Media, blank=True)
    medium = models.CharField(_("medium or social network"), max_length=300, blank=True)
    aired_at = models.DateTimeField(_("on air"), null=True, blank=True)
    # A success story: in Russian too, whose it is, and whether that person agreed that it be shown.
    text_ru = models.TextField(_("text in Russian"), blank=True)
    consent = models.BooleanField(_("the person agrees that it is shown"), default=False)
    consumer = models.ForeignKey(
        Consumer, null=True, blank=True, on_delete=models.SET_NULL, related_name="stories"
    )
    state = models.CharField(max_length=10, choices=State, default=State.ATTACHED)
    remark = models.TextField(_("remark"), blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, help_text="when accepted, refused or withdrawn")
    search = SearchField("title", "medium")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "once"], name="evidence_made_once"),
            models.UniqueConstraint(fields=["project", "number"], name="evidence_numbered_once"),
            models.CheckConstraint(
                condition=Q(file__isnull=False) | ~Q(link="") | ~Q(text=""),
                name="evidence_is_something",
            ),
        ]

    def __str__(self) -> str:
        return self.title[:60]


class Proof(models.Model):
    """That one piece of evidence proves so much of one indicator; of "6/1" a video proves 0 and 1."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="proofs")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="proofs")
    amount = models.PositiveBigIntegerField(_("how much it proves"), default=1)
    # Of a pair such as "6/1" the other number; of "1 (not fewer than 50)" the quantity in brackets.
    second = models.PositiveBigIntegerField(_("second number"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evidence", "indicator"], name="proves_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(second__gt=0), name="proves_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} → {self.indicator_id}: {self.amount}"


class Consultation(models.Model):
    """A line of the consultation journal (IM-038, Standard ¶28-32, table 2)."""

    class How(models.TextChoices):
        PERSONAL = "personal", _("personal meeting")
        GROUP = "group", _("group meeting")
        TELEPHONE = "telephone", _("by telephone")
        INTERNET = "internet", _("through the internet")

    class Topic(models.TextChoices):
        """Which experience the Standard asks of the consultant (¶14)."""

        METHODS = "methods", _("ways of work, model documents")
        DOCUMENTS = "documents", _("drafting documents, attracting funds, reports")
        MANAGEMENT = "management", _("management, complex problems")

    class Volume(models.TextChoices):
        """¶28(2)."""

        ONE_OFF = "one_off", _("one-off consultation")
        CONSULTING_PROJECT = "consulting_project", _("consulting project")

    class Interaction(models.TextChoices):
        """¶28(3)."""

        EXPERT = "expert", _("expert consultation")
        PROCESS = "process", _("process consultation")
        TRAINING = "training", _("training consultation")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="consultations")
    once = models.UUIDField()
    number = models.PositiveIntegerField(help_text="1, 2, 3 ... within the project")
    activity = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.PROTECT, related_name="consultations"
    )
    consumer = models.ForeignKey(Consumer, on_delete=models.CASCADE, related_name="consultations")
    day = models.DateField(_("date"))
    minutes = models.PositiveIntegerField(_("duration, minutes"), null=True, blank=True)
    how = models.CharField(_("how"), max_length=10, choices=How)
    volume = models.CharField(_("volume"), max_length=20, choices=Volume, default=Volume.ONE_OFF)
    interaction = models.CharField(
        _("interaction"), max_length=10, choices=Interaction, default=Interaction.EXPERT
    )
    visiting = models.BooleanField(_("with a visit to the consumer"), default=False)
    topic = models.CharField(_("kind of question"), max_length=12, choices=Topic)
    question = models.TextField(_("question and advice"))
    consultant = models.ForeignKey(
        TeamMember, null=True, blank=True, on_delete=models.PROTECT, related_name="consultations"
    )
    consultant_name = models.CharField(_("consultant"), max_length=300, blank=True)
    experience_months = models.PositiveIntegerField(
        _("consultant's experience, months"), null=True, blank=True
    )
    materials = models.TextField(_("materials given"), blank=True)
    # Monitoring of results, entered in the column of the journal (table 2, note).
    applied = models.BooleanField(_("recommendations applied"), null=True)
    applied_how = models.TextField(blank=True)
    points = models.PositiveSmallIntegerField(_("rating"), null=True)
    review = models.TextField(pgettext_lazy("of a participant", "review"), blank=True)
    followed_on = models.DateField(null=True, help_text="when the consumer was asked")
    # A line is never deleted: one written by mistake is struck out with the reason, and counts no more.
    struck = models.TextField(_("reason for striking out"), blank=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")
    search = SearchField("question")

    class Meta:
        ordering = ["-day", "-number"]
        indexes = [models.Index(fields=["project", "-day", "-number"], name="consultation_journal")]
        constraints = [
            models.UniqueConstraint(fields=["project", "once"], name="consultation_made_once"),
            models.UniqueConstraint(fields=["project", "number"], name="consultation_numbered"),
            models.CheckConstraint(
                condition=Q(points=None) | Q(points__range=(1, 5)), name="consultation_rated_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} №{self.number}"
