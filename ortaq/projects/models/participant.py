"""Participants and their feedback (IM-037, IM-039, Standard tables 1, 2, 4, 5).

`Consumer` is a person as a project knows them, once for all of its events; `Participation` is one of them at one event. Personal data
stand only in `Consumer`, so that erasing them is one update and every figure stays.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core.kazakh import SearchField

from .event import Event
from .project import Project


class Consumer(models.Model):
    """A person who takes part in a project's events or asks for its consultations.

    `identity` is a keyed hash of the contact (telephone or e-mail brought to one form) or, without one, of name and place of work: the
    same person at ten events is one consumer. Erasing puts a random value in its place.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="consumers")
    identity = models.CharField(max_length=64)
    # The same of name and place of work alone: whoever shares it is probably one person.
    likeness = models.CharField(max_length=64, blank=True)
    # Found to be somebody known before: counts nothing, and leads there whoever comes again.
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="aliases"
    )
    full_name = models.CharField(_("full name"), max_length=300, blank=True)
    workplace = models.CharField(_("place of work or study"), max_length=300, blank=True)
    contact = models.CharField(_("telephone or e-mail"), max_length=200, blank=True)
    is_organisation = models.BooleanField(default=False, help_text="NGOs use civic centres too")
    attended = models.PositiveIntegerField(default=0, help_text="events attended")
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    search = SearchField("full_name", "workplace", "contact")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "identity"], name="consumer_known_once"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(attended=0), name="who_is_merged_counts_nothing"
            ),
        ]
        indexes = [models.Index(fields=["project", "likeness"], name="consumers_alike")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Apart(models.Model):
    """Two people who look alike and are not the same: the NGO looked, and they are not offered for merging again."""

    first = models.ForeignKey(Consumer, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Consumer, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="known_apart_once"),
            models.CheckConstraint(
                condition=Q(first__lt=models.F("second")), name="apart_from_somebody_later"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.first_id} ≠ #{self.second_id}"


class Participation(models.Model):
    """One person at one event: registered, was there, rated it. Nobody counts twice."""

    class Source(models.TextChoices):
        PHONE = "phone", _("registered by phone")
        PAPER = "paper", _("typed from a paper list")
        IMPORT = "import", _("imported")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="participations")
    consumer = models.ForeignKey(Consumer, on_delete=models.CASCADE, related_name="participations")
    source = models.CharField(max_length=6, choices=Source)
    registered_at = models.DateTimeField()
    # The words of the consent that was given; on paper the signature in the list stands for it.
    consent = models.CharField(max_length=20, help_text="version of the text")
    # A keyed hash of the code in the personal link; "" of whoever stands in a list only.
    key = models.CharField(max_length=32, blank=True)
    # The key with which the same telephone registered the same person first, at this or an earlier event.
    holder = models.CharField(max_length=32, blank=True)
    attended = models.BooleanField(default=False)
    points = models.PositiveSmallIntegerField(_("rating"), null=True)
    review = models.TextField(pgettext_lazy("of a participant", "review"), blank=True)
    # Whether what was learnt is applied in practice; None: not asked or not answered.
    applied = models.BooleanField(_("applied in practice"), null=True)
    rated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "consumer"], name="takes_part_once"),
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key=""), name="personal_link_of_one"
            ),
            models.CheckConstraint(
                condition=Q(points=None) | Q(points__range=(1, 5)), name="rating_from_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} ← #{self.consumer_id}"
