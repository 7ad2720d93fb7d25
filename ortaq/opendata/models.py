"""What this room keeps of its own: the releases it has published, which never change afterwards."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


class Process(models.Model):
    """A contracting process of the social order, as the Open Contracting Data Standard calls it.

    `family` is the noun that it begins with: a topic with all its lots, or a contract that was concluded elsewhere. What is
    `withdrawn` is no longer public in its room: nobody learns here that it was.
    """

    ocid = models.CharField(max_length=80, unique=True)
    family = models.CharField(max_length=80, db_index=True)
    # The lot that a topic's process went on with: the first that was announced. It stays that one.
    lot = models.PositiveBigIntegerField(null=True)
    changed_at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)
    # The last column: what stands behind it would be found only by reading through it.
    compiled = models.TextField(help_text="its releases merged into one, as JSON")

    class Meta:
        indexes = [
            # Few are ever withdrawn; how many is asked for by whoever asks whether anything changed.
            models.Index(
                fields=["id"], name="processes_withdrawn", condition=models.Q(withdrawn=True)
            )
        ]

    def __str__(self) -> str:
        return self.ocid


class Release(models.Model):
    """One change of a process, in the words in which it was published. Written once, never changed."""

    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="releases")
    # What it tells of ("tender", "payment-2"), and how often that was told differently before.
    event = models.CharField(max_length=60)
    revision = models.PositiveSmallIntegerField(default=1)
    tag = models.CharField(max_length=60)
    at = models.DateTimeField()
    year = models.PositiveSmallIntegerField(help_text="in Asia/Almaty")
    content = models.TextField(help_text="the release as JSON, with sums exact to the tiyn")
    # Of what it tells, without its number and date. Empty: that it tells no more.
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["process", "event", "revision"], name="a_release_is_published_once"
            )
        ]
        indexes = [models.Index(fields=["year", "id"], name="releases_of_year")]

    def __str__(self) -> str:
        return f"{self.process_id} {self.event} {self.revision}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A release is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("A release is never deleted.")


class Watermark(models.Model):
    """Up to which number of the gazette an export has read; its row is also the lock of whoever writes."""

    name = models.CharField(max_length=20, primary_key=True)
    sequence = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.sequence}"
