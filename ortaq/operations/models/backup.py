"""What was taken away and brought back, so that somebody notices when it no longer is."""

from __future__ import annotations

from django.db import models


class BackupRun(models.Model):
    """One run of `ortaq backup`, `ortaq backup --verify` or `ortaq restore` that came to its end, well or not.

    A run that was killed leaves no row: what is watched is the age of the last good one (`BackupRun.last_good`).
    """

    class Kind(models.TextChoices):
        BACKUP = "backup"
        VERIFY = "verify"
        RESTORE = "restore"

    kind = models.CharField(max_length=8, choices=Kind)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    picture = models.CharField(max_length=40, blank=True, help_text="its name in the target")
    instant = models.DateTimeField(null=True, help_text="of which the picture shows the state")
    target = models.CharField(max_length=300, help_text="where the pictures lie; no password")
    bytes = models.BigIntegerField(default=0, help_text="written or read")
    files = models.BigIntegerField(default=0, help_text="in the picture, each content once")
    trouble = models.CharField(max_length=500, blank=True, help_text="empty: all is well")

    class Meta:
        indexes = [models.Index(fields=["kind", "-ended_at"], name="backup_runs")]

    def __str__(self) -> str:
        return f"{self.kind} {self.picture} {self.trouble or 'well'}"

    @classmethod
    def last_good(cls, kind: str = Kind.BACKUP) -> BackupRun | None:
        """The last run of `kind` that ended well; None: there was never one."""
        return cls.objects.filter(kind=kind, trouble="").order_by("-ended_at").first()
