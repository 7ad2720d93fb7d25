"""Tables of the state read in: the register of NGOs, and the facts that exclude organisations."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from ortaq.core.models import StoredFile
from ortaq.people.models import Organisation


class TableImport(models.Model):
    """One table that an officer read in: what it would change, and whether it was taken. All of it or nothing.

    `findings` and `remarks` are lists of [row, column, what stands there, code of what is expected], the first
    of them; `changes` the first ones of each kind (`procedure.table_import`). `digest` is
    the SHA-256 of all that would change: a table is taken as it was shown or not at all.
    """

    class State(models.TextChoices):
        READ = "read", pgettext_lazy("table import", "shown, not taken yet")
        UNREADABLE = "unreadable", pgettext_lazy("table import", "cannot be taken")
        TAKEN = "taken", pgettext_lazy("table import", "taken")
        DROPPED = "dropped", pgettext_lazy("table import", "dropped")

    # One of `importing.kinds`; rooms above bring kinds of their own.
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State, default=State.READ)
    once = models.UUIDField(unique=True, default=uuid.uuid4)
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    read_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)
    # {"new": …, "changed": …, "unchanged": …, "conflicts": …, "findings": …, "remarks": …}
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "-id"], name="imports_of_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_id}"

    def get_kind_display(self) -> str:
        """What the table holds; the bare name of a kind that this installation no longer has."""
        from ortaq.registry.importing.kinds import kinds

        return str(kinds[self.kind].title) if self.kind in kinds else self.kind


class RegisterEntry(models.Model):
    """What the state's register said of an NGO when it was last read in.

    `stated` is {column: value} as it was taken; what stands on the NGO's card and not here, its own people entered.
    """

    organisation = models.OneToOneField(
        Organisation, primary_key=True, on_delete=models.CASCADE, related_name="register_entry"
    )
    stated = models.JSONField(default=dict)
    source = models.ForeignKey(TableImport, on_delete=models.PROTECT, related_name="entries")

    def __str__(self) -> str:
        return f"{self.organisation_id}"
