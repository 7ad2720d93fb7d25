"""Councils and what is laid before them: sessions, recommendations, the Information (SO-F-12..18)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ortaq.core.bilingual import Bilingual
from ortaq.core.models import StoredFile
from ortaq.people.models import Organisation

from .formation import Formation, Topic


class Council(models.Model):
    """The Coordination Council at the authorised body, or a council of a state body with NGOs."""

    class Kind(models.TextChoices):
        COORDINATION = "coordination", _("Coordination Council")
        COOPERATION = "cooperation", _("council for interaction with NGOs")

    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="councils")
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    name_kk = models.CharField(_("name in Kazakh"), max_length=500)
    name_ru = models.CharField(_("name in Russian"), max_length=500, blank=True)
    name = Bilingual("name")
    region_code = models.CharField(_("region"), max_length=9, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "kind"], name="one_council_of_a_kind")
        ]

    def __str__(self) -> str:
        return self.name_kk


class CouncilMember(models.Model):
    """A person on a council, from a first day until the day it ends. Ended, never deleted."""

    class Office(models.TextChoices):
        CHAIR = "chair", _("chair")
        DEPUTY = "deputy", _("deputy chair")
        SECRETARY = "secretary", _("secretary")
        MEMBER = "member", _("member")

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="members")
    # Many members never sign in; those who do see the papers of their sessions.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    full_name = models.CharField(_("full name"), max_length=250)
    position = models.CharField(_("position"), max_length=500, blank=True)
    office = models.CharField(_("office"), max_length=10, choices=Office, default=Office.MEMBER)
    since = models.DateField(_("since"))
    until = models.DateField(_("no longer since"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="council_member_ends_after_beginning",
            ),
            models.UniqueConstraint(
                fields=["council", "office"],
                condition=Q(until=None, office__in=("chair", "secretary")),
                name="one_chair_one_secretary",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class Information(models.Model):
    """Annex 3: projects and programmes planned for a year, before or after the budget (SO-X-08).

    Its rows are frozen when it is issued: a later change of a topic does not change what was sent.
    """

    class Issue(models.TextChoices):
        BEFORE = "before_budget", _("before the budget")
        AFTER = "after_budget", _("after the budget is approved")

    formation = models.ForeignKey(Formation, on_delete=models.PROTECT, related_name="informations")
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="informations")
    plan_year = models.PositiveSmallIntegerField(help_text="entered, not computed (SO-X-08)")
    issue = models.CharField(max_length=15, choices=Issue)
    content = models.JSONField(help_text="rows of annex 3 by field, as issued")
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    # The council of its level, or the authorised body.
    sent_to = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="received_informations"
    )
    sent_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["formation", "issue"], name="one_information_an_issue")
        ]
        indexes = [
            models.Index(fields=["sent_to", "-plan_year", "-id"], name="informations_received"),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.plan_year} {self.issue}"


class Session(models.Model):
    """A session of a council on the Informations laid before it; its recommendations once it is held."""

    class State(models.TextChoices):
        CALLED = "called", _("called")
        HELD = "held", _("held")

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="sessions")
    # One session may hear what several state bodies have submitted.
    agenda = models.ManyToManyField(Information, related_name="sessions")
    held_on = models.DateField(_("day of the session"))
    place = models.CharField(_("place"), max_length=300, blank=True)
    number = models.CharField(_("number of the minutes"), max_length=40, blank=True)
    minutes_kk = models.TextField(_("minutes in Kazakh"), blank=True)
    minutes_ru = models.TextField(_("minutes in Russian"), blank=True)
    minutes = Bilingual("minutes")
    scan = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    present = models.ManyToManyField(CouncilMember, related_name="+", blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.CALLED)
    # When the state bodies got the recommendations; until then these bind nobody (SO-F-16).
    sent_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    class Meta:
        indexes = [models.Index(fields=["council", "-held_on", "-id"], name="sessions_of_council")]

    def __str__(self) -> str:
        return f"{self.council_id} {self.held_on}"


class Recommendation(models.Model):
    """What a council recommends on one topic (SO-F-16, SO-F-18)."""

    class Verdict(models.TextChoices):
        INCLUDE = "include", _("recommended")
        REVISE = "revise", _("recommended with changes")
        EXCLUDE = "exclude", _("not recommended")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="recommendations")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="recommendations")
    verdict = models.CharField(_("recommendation"), max_length=10, choices=Verdict)
    text_kk = models.TextField(_("reasons in Kazakh"), blank=True)
    text_ru = models.TextField(_("reasons in Russian"), blank=True)
    text = Bilingual("text")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "topic"], name="one_recommendation_a_topic"),
            models.CheckConstraint(
                condition=Q(verdict="include") | ~Q(text_kk=""), name="other_advice_has_reasons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.topic_id} {self.verdict}"
