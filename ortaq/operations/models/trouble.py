"""What was slow and what broke, one row for each shape of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Noticed(models.Model):
    """Something that happened, perhaps often: how often, when first and last, and who has dealt with it.

    What was dealt with and happens again stands open again.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    route = models.CharField(max_length=120, help_text="name of the address, or of the command")
    count = models.PositiveBigIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    requests = models.JSONField(default=list, help_text="numbers of the last requests")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        abstract = True


class Fault(Noticed):
    """An exception that nobody caught: its type and place, never its words or what was typed."""

    error = models.CharField(max_length=200)
    place = models.CharField(max_length=300)
    trace = models.JSONField(default=list, help_text="places it went through")

    class Meta:
        indexes = [models.Index(fields=["-last_at", "-id"], name="faults_by_last")]

    def __str__(self) -> str:
        return f"{self.error} at {self.place}"


class Slow(Noticed):
    """A statement (without its values) or a whole request that took longer than it should."""

    class Kind(models.TextChoices):
        QUERY = "query"
        REQUEST = "request"

    kind = models.CharField(max_length=7, choices=Kind)
    shape = models.TextField(help_text="the statement without values; of a request its method")
    total_ms = models.PositiveBigIntegerField(default=0)
    longest_ms = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["-longest_ms", "-id"], name="slow_by_longest"),
            models.Index(fields=["-last_at", "-id"], name="slow_by_last"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.route}: {self.longest_ms} ms"

    @property
    def average_ms(self) -> int:
        return round(self.total_ms / max(1, self.count))


class Violation(Noticed):
    """What browsers say that they refused on one of our pages: by which directive of its policy, from which origin."""

    directive = models.CharField(max_length=40)
    blocked = models.CharField(max_length=130, help_text="an origin, or a word for it")

    class Meta:
        indexes = [models.Index(fields=["-last_at", "-id"], name="violations_by_last")]

    def __str__(self) -> str:
        return f"{self.directive} {self.blocked}"
