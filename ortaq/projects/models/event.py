"""Events: the passport of each (IM-023), what became of it (IM-036), who taught."""

from __future__ import annotations

import secrets

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.bilingual import Bilingual

from .contract import Activity
from .project import Project

# Short codes are read aloud and typed on phones: no letters or digits that look alike.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
CODE_LENGTH = 8


def short_code() -> str:
    """A code of eight characters for the short link of an event; 31^8 of them."""
    return "".join(secrets.choice(ALPHABET) for _position in range(CODE_LENGTH))


class Event(models.Model):
    """One event of an activity: seminar, round table, contest ... with its passport."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", pgettext_lazy("event", "held")
        CANCELLED = "cancelled", pgettext_lazy("event", "cancelled")

    class Kind(models.TextChoices):
        """Kinds that the list of evidence knows (IM-064)."""

        SEMINAR = "seminar", _("seminar")
        TRAINING = "training", _("training")
        MASTER_CLASS = "master_class", _("master class")
        CONFERENCE = "conference", _("conference")
        FORUM = "forum", _("forum")
        ROUND_TABLE = "round_table", _("round table")
        EXHIBITION = "exhibition", _("exhibition")
        CONCERT = "concert", _("concert")
        CONTEST = "contest", _("contest")
        FESTIVAL = "festival", _("festival")
        CONSULTATION = "consultation", _("consultation")
        FOCUS_GROUP = "focus_group", _("focus group")
        EXPERT_GROUP = "expert_group", _("expert group")
        WEBINAR = "webinar", _("webinar")
        INTERNET_ACCESS = "internet_access", _("public internet access")
        PUBLICATION = "publication", _("publication")
        OTHER = "other", pgettext_lazy("kind of event", "other")

    class Format(models.TextChoices):
        OFFLINE = "offline", _("in person")
        ONLINE = "online", _("online")
        MIXED = "mixed", _("mixed")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="event_set")
    once = models.UUIDField(help_text="of the form that made it: sent twice, it makes one event")
    number = models.PositiveIntegerField(help_text="1, 2, 3 ... within the project")
    activity = models.ForeignKey(
        Activity,
        verbose_name=_("activity of the plan"),
        null=True,
        on_delete=models.PROTECT,
        related_name="events",
    )
    code = models.CharField(max_length=12, unique=True, default=short_code)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    title_kk = models.CharField(_("name in Kazakh"), max_length=500)
    title_ru = models.CharField(_("name in Russian"), max_length=500, blank=True)
    title = Bilingual("title")
    kind = models.CharField(_("kind of event"), max_length=20, choices=Kind)
    # Service and form as the Standard names them; empty where it has none for this event.
    service = models.CharField(_("service of the Standard"), max_length=20, blank=True)
    form = models.CharField(_("form of the service"), max_length=40, blank=True)
    format = models.CharField(
        _("in person or online"), max_length=10, choices=Format, default=Format.OFFLINE
    )
    level = models.CharField(_("level"), max_length=10, choices=Project.Level, blank=True)
    region = models.CharField(_("region"), max_length=10, blank=True)
    place = models.CharField(_("place: settlement, address, room or link"), max_length=500)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    duration_minutes = models.PositiveIntegerField(
        _("duration without breaks, minutes"), null=True, blank=True
    )
    programme = models.TextField(_("programme, step by step"), blank=True)
    expected_participants = models.PositiveIntegerField(
        _("participants expected"), validators=[MaxValueValidator(100_000)]
    )
    expected_result = models.TextField(_("expected result"), blank=True)
    informing = models.JSONField(_("how participants are informed"), default=list, blank=True)
    # More facts that a table of the Standard asks about this kind of service, as `law.standard` names them.
    facts = models.JSONField(default=dict, blank=True)
    # What became of it.
    result = models.TextField(_("result"), blank=True)
    deviation = models.TextField(_("deviation from the plan and its reason"), blank=True)
    men = models.PositiveIntegerField(_("men"), null=True, blank=True)
    women = models.PositiveIntegerField(_("women"), null=True, blank=True)
    held_at = models.DateTimeField(null=True, help_text="when it was recorded as held")
    cancel_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")

    registered = models.PositiveIntegerField(default=0)
    attended = models.PositiveIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    points = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "once"], name="event_made_once"),
            models.UniqueConstraint(fields=["project", "number"], name="event_numbered_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(attended__lte=F("registered")), name="who_attended_was_registered"
            ),
        ]
        indexes = [models.Index(fields=["project", "starts_at"], name="events_of_project")]

    def __str__(self) -> str:
        return self.title_kk[:60]


class Trainer(models.Model):
    """Who gives the training or consultation, with the experience that table 7 asks about."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="trainers")
    position = models.PositiveSmallIntegerField()
    full_name = models.CharField(_("full name"), max_length=300)
    experience_months = models.PositiveIntegerField(
        _("experience, months"), null=True, blank=True, validators=[MaxValueValidator(900)]
    )
    about = models.TextField(_("experience of similar events"), blank=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.full_name
