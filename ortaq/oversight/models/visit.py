"""What a visit holds: instruments at work, documents asked for, observations, corrective actions (SO-M-07, 08, 13, 15)."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.models import StoredFile

from .monitoring import Visit


def new_code() -> str:
    """A code for the address of a questionnaire: 11 characters, not to be guessed."""
    return secrets.token_urlsafe(8)


class Instrument(models.Model):
    """One of the edition's tools at work in a visit; what its sheet holds depends on the tool."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="instruments")
    tool = models.CharField(max_length=30, help_text="key of the tool in law")
    content = models.JSONField(default=dict)
    # Of a questionnaire: where beneficiaries answer without signing in.
    code = models.CharField(max_length=11, unique=True, default=new_code, editable=False)
    open_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["visit", "tool"], name="tool_used_once")]

    def __str__(self) -> str:
        return f"{self.visit} {self.tool}"


class Answer(models.Model):
    """One beneficiary's answers, by link, by telephone or in an interview. Says nothing of who it is."""

    class Way(models.TextChoices):
        LINK = "link", _("by the link")
        PHONE = "phone", _("by telephone")
        INTERVIEW = "interview", _("in an interview")

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="answers")
    once = models.UUIDField(unique=True)
    way = models.CharField(max_length=10, choices=Way)
    # {question: 1..5, or words}
    content = models.JSONField(default=dict)
    given_at = models.DateTimeField()
    # One entered by mistake stays, with the reason, and counts no more. What came by the link is nobody's to strike out.
    struck_at = models.DateTimeField(null=True)
    struck_why = models.CharField(_("why it does not count"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(struck_at=None) | ~Q(way="link") & ~Q(struck_why=""),
                name="answers_by_link_stand",
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.pk}"


class Mention(models.Model):
    """A mention of the project in a social network, with its link and screenshot."""

    class Tone(models.TextChoices):
        GOOD = "good", pgettext_lazy("tone of a mention", "approving")
        EVEN = "even", pgettext_lazy("tone of a mention", "neutral")
        BAD = "bad", pgettext_lazy("tone of a mention", "critical")

    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="mentions")
    once = models.UUIDField(unique=True)
    network = models.CharField(_("social network"), max_length=60)
    link = models.URLField(_("link"), max_length=500)
    seen_on = models.DateField(_("seen on"))
    tone = models.CharField(_("tone"), max_length=5, choices=Tone, default=Tone.EVEN)
    text = models.TextField(_("what it says"), blank=True)
    screenshot = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["seen_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "link"], name="mention_counted_once")
        ]

    def __str__(self) -> str:
        return self.link


class DocumentRequest(models.Model):
    """Information or documents asked of the NGO under the technical specification and the contract (SO-M-13)."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("document request", "asked")
        ANSWERED = "answered", pgettext_lazy("document request", "answered")
        ACCEPTED = "accepted", pgettext_lazy("document request", "received in full")
        WITHDRAWN = "withdrawn", pgettext_lazy("document request", "withdrawn")

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="requests")
    number = models.PositiveSmallIntegerField(help_text="1, 2, 3 ... within the visit")
    once = models.UUIDField(unique=True)
    what = models.TextField(_("what is asked for"))
    ground = models.CharField(_("where the contract asks for it"), max_length=300)
    due_on = models.DateField(_("due on"))
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    answer = models.TextField(_("answer"), blank=True)
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True)
    answered_at = models.DateTimeField(null=True)
    remark = models.TextField(_("remark"), blank=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="request_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.visit} {self.number}"


class Observation(models.Model):
    """What was seen at a visit, where and when; taken back with a reason, never deleted."""

    class Weight(models.TextChoices):
        GOOD = "good", pgettext_lazy("observation", "good practice")
        MINOR = "minor", pgettext_lazy("observation", "to be improved")
        SERIOUS = "serious", pgettext_lazy("observation", "breach")

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="observations")
    number = models.PositiveSmallIntegerField(help_text="1, 2, 3 ... within the visit")
    once = models.UUIDField(unique=True)
    indicator = models.CharField(
        _("indicator of monitoring"), max_length=40, help_text="key of the indicator in law"
    )
    weight = models.CharField(_("weight"), max_length=10, choices=Weight)
    text = models.TextField(_("what was seen"))
    place = models.CharField(_("place"), max_length=500, blank=True)
    seen_at = models.DateTimeField(_("when"))
    photo = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="observation_numbered_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="observation_taken_back_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit} {self.number}"


class CorrectiveAction(models.Model):
    """What is to be mended after an observation, by whom and by when; followed up until confirmed (SO-M-15)."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("corrective action", "to be done")
        DONE = "done", pgettext_lazy("corrective action", "reported as done")
        CONFIRMED = "confirmed", pgettext_lazy("corrective action", "confirmed")
        DROPPED = "dropped", pgettext_lazy("corrective action", "no longer asked for")

    class Owner(models.TextChoices):
        NGO = "ngo", pgettext_lazy("owner of an action", "the NGO")
        BODY = "body", pgettext_lazy("owner of an action", "the state body")

    observation = models.ForeignKey(Observation, on_delete=models.CASCADE, related_name="actions")
    once = models.UUIDField(unique=True)
    what = models.TextField(_("what is to be done"))
    owner = models.CharField(_("who does it"), max_length=5, choices=Owner, default=Owner.NGO)
    person = models.CharField(_("person in charge"), max_length=250, blank=True)
    due_on = models.DateField(_("due on"))
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(_("what was done"), blank=True)
    proof = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    remark = models.TextField(_("remark"), blank=True)
    done_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["state", "due_on"], name="actions_by_day")]

    def __str__(self) -> str:
        return self.what[:80]
