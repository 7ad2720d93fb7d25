"""Where the demonstration stands in time, and how far its story has been told."""

from __future__ import annotations

from django.db import models


class Travel(models.Model):
    """The one row of a database that holds the demonstration."""

    # Added to the system's time; negative, since the story plays in 2020.
    seconds = models.BigIntegerField(default=0)
    # How many beats of the story have been played; the next one is the beat of this number.
    beats = models.PositiveIntegerField(default=0)
    # Since when, by the system's time, somebody is travelling; nobody else travels meanwhile.
    moving_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_travel")]

    def __str__(self) -> str:
        return f"{self.seconds:+} s, beat {self.beats}"
