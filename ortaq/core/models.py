"""The nouns that every room shares."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.law.text import Text

from .contents import Remark
from .frozen import WrittenOnce
from .kinds_of_work import kinds
from .money import TiynField


class JournalEntry(WrittenOnce):
    """One step taken in one procedure. Written once, never changed: see `core.journal`."""

    subject = models.CharField(max_length=80)
    number = models.PositiveIntegerField(help_text="1, 2, 3 ... within the subject")
    step = models.CharField(max_length=60)
    actor = models.CharField(
        max_length=40, blank=True, help_text="key of the person; empty: the system"
    )
    behalf = models.CharField(
        max_length=40, blank=True, help_text="key of the organisation acted for"
    )
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "number"], name="journal_chain")]

    def __str__(self) -> str:
        return f"{self.subject} #{self.number} {self.step}"


class Checkpoint(models.Model):
    """The heads of all chains of the journal, sealed once a day."""

    day = models.DateField(unique=True)
    last_entry = models.BigIntegerField(help_text="highest entry id that is sealed")
    chains = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.day} {self.hash[:12]}"


class Duty(models.Model):
    """Who must do what by when under which clause. Kept by `core.duties`."""

    subject = models.CharField(max_length=80)
    code = models.CharField(max_length=60)
    bearer = models.CharField(max_length=40, help_text="key of a person or an organisation")
    title_kk = models.CharField(max_length=300)
    title_ru = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    address = models.CharField(max_length=200, blank=True, help_text="where it is done")
    cite = models.CharField(max_length=120, blank=True)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "code", "bearer"], name="one_duty_of_a_kind")
        ]
        indexes = [
            # "My duties", the reminders and the calendar feed read open duties of some bearers by date.
            models.Index(
                fields=["bearer", "due_at"], name="open_duties", condition=models.Q(done_at=None)
            ),
            # Who is late with what, whoever the bearer.
            models.Index(
                fields=["code", "due_at"], name="duties_by_code", condition=models.Q(done_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject} → {self.bearer}"

    @property
    def title(self) -> Text:
        """What is to be done; pages show it through the filter `say`."""
        return Text(self.title_kk, self.title_ru, self.title_en)


class StoredFile(models.Model):
    """A file somebody handed in; its content lies under its SHA-256 (see `core.files`)."""

    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField(help_text="bytes")
    kind = models.CharField(max_length=100, help_text="media type found in the content")
    name = models.CharField(max_length=200)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    # What readers are told before they open it, see `core.contents`.
    remark = models.CharField(
        max_length=10, blank=True, choices=Remark, default=Remark.NONE, db_default=""
    )

    def __str__(self) -> str:
        return self.name


class Shared(models.Model):
    """What all hosts remember together for a while: counts of limits above all. Only `core.shared_cache` reads and writes it."""

    key = models.CharField(max_length=300, primary_key=True)
    number = models.BigIntegerField(null=True)
    value = models.TextField(help_text="JSON, where it is not a number")
    expires = models.BigIntegerField(db_index=True, help_text="milliseconds since 1970")

    def __str__(self) -> str:
        return self.key


class Letter(models.Model):
    """A letter in the outbox: prepared, read by whoever is responsible, released, sent (see `core.letters`)."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("waits to be released")
        RELEASED = "released", _("on its way")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be sent")
        GIVEN_UP = "given_up", _("given up")

    subject = models.CharField(max_length=80, db_index=True, help_text="key of what it is about")
    kind = models.CharField(max_length=60)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="letters"
    )
    address = models.EmailField(help_text="where it goes; the only name of a guest")
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=300)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(
        default=0, help_text="how often it was handed to the mail server"
    )
    next_try_at = models.DateTimeField(null=True, help_text="not before; empty: at once")
    # Until then, by the database's clock, a sender has it in hand.
    held_until = models.DateTimeField(null=True)
    # Where one click ends letters of this kind; mail programs show it beside the letter (RFC 8058).
    unsubscribe = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            # A letter of one kind about one thing reaches a person once.
            models.UniqueConstraint(
                fields=["subject", "kind", "recipient"], name="one_letter_of_a_kind"
            ),
            models.UniqueConstraint(
                fields=["subject", "kind", "address"],
                condition=models.Q(recipient=None),
                name="one_letter_of_a_kind_to_a_guest",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], name="letters_to_send", condition=models.Q(state="released")
            ),
            # The console: those of a state, or to an address, the newest first.
            models.Index(fields=["state", "-id"], name="letters_by_state"),
            models.Index(fields=["address", "-id"], name="letters_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.address}"


class Leased(models.Model):
    """A row that one process at a time works at, and no longer than it lives: see `core.work.lease`."""

    holder = models.CharField(max_length=80, blank=True, help_text="host, process and claim")
    held_until = models.DateTimeField(null=True, help_text="by the database's clock")

    class Meta:
        abstract = True


class Job(Leased):
    """What recurs: when it is due, and how it ended last. What there is and how often is data: `operations.schedule`."""

    name = models.CharField(max_length=40, unique=True)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="in a row")
    said = models.CharField(max_length=300, blank=True, help_text="the last line of its last run")

    def __str__(self) -> str:
        return self.name


class JobRun(models.Model):
    """A run worth remembering: of a daily job, one that failed, and the first that went well again."""

    job = models.CharField(max_length=40)
    host = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    succeeded = models.BooleanField()
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["job", "-id"], name="runs_of_a_job"),
            models.Index(fields=["finished_at"], name="runs_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.finished_at:%Y-%m-%d %H:%M}"


def _place_of_result(work: Work, name: str) -> str:
    return f"work/{work.pk}-{name}"


class Work(Leased):
    """Work that outlives the request in which a person asked for it: see `core.work`."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("work", "waits for its turn")
        RUNNING = "running", pgettext_lazy("work", "is being done")
        DONE = "done", pgettext_lazy("work", "done")
        FAILED = "failed", pgettext_lazy("work", "failed")
        CANCELLED = "cancelled", pgettext_lazy("work", "cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60, help_text="one of core.work.kinds")
    subject = models.CharField(max_length=80, blank=True, help_text="key of what it is about")
    about = models.CharField(max_length=200, blank=True, help_text="the same in its asker's words")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="work"
    )
    behalf = models.CharField(
        max_length=40, blank=True, help_text="key of the organisation acted for"
    )
    language = models.CharField(max_length=2)
    arguments = models.JSONField(default=dict)
    upload = models.FileField(upload_to=_place_of_result, max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="how often it was begun")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, help_text="empty: not known")
    cancel_asked = models.BooleanField(default=False)
    error = models.TextField(blank=True, help_text="why it failed, in the asker's language")
    # What came of it: a file to take away, or a page to go to.
    result = models.FileField(upload_to=_place_of_result, max_length=200, blank=True)
    address = models.CharField(max_length=200, blank=True)
    kept_until = models.DateTimeField(null=True, help_text="then the row and its files go")

    class Meta:
        indexes = [
            # The worker looks for the oldest that waits, or whose worker is gone.
            models.Index(
                fields=["asked_at"],
                name="work_to_do",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
            models.Index(fields=["asked_by", "-asked_at"], name="work_of_a_person"),
            models.Index(fields=["kept_until"], name="work_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state not in {self.State.WAITING, self.State.RUNNING}

    def get_kind_display(self) -> str:
        """What kind of work it is, in the reader's language; its bare name where this installation no longer knows it."""
        return str(kinds[self.kind].title) if self.kind in kinds else self.kind

    @property
    def result_name(self) -> str:
        """Under which name its result is taken away."""
        return str(self.result).rpartition(f"{self.pk}-")[2]

    @property
    def percent(self) -> int | None:
        """How much of it is done, 0 to 100; None where it cannot be said."""
        return min(100 * self.done // self.total, 100) if self.total else None


class CalendarDay(models.Model):
    """A day that differs from its weekday, added to the shipped calendar without a release.

    Never changed: a later row of the same day takes its place (`core.terms`).
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("public holiday")
        DAY_OFF = "day_off", _("day off")
        WORKING_DAY = "working_day", _("working day, moved")
        ORDINARY = "ordinary", _("ordinary day, as its weekday")

    day = models.DateField(_("day"))
    kind = models.CharField(_("what the day is"), max_length=12, choices=Kind)
    source_act = models.CharField(
        _("act that makes it so"), max_length=300, help_text=_("Body, date, number.")
    )
    known_from = models.DateField(help_text="terms that began before keep their date")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-day", "-id"]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class IndexValue(models.Model):
    """The monthly calculation index from a day on, added to the shipped values without a release.

    Never changed: a later row of the same first day takes its place (`core.terms`).
    """

    class Kind(models.TextChoices):
        VALUE = "value", _("a value begins")
        NONE = "none", _("no value begins")

    valid_from = models.DateField(_("first day in force"))
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.VALUE)
    amount_tiyn = TiynField(_("value, in tenge"), null=True)
    source_act = models.CharField(
        _("act that sets it"), max_length=300, help_text=_("Body, date, number.")
    )
    known_from = models.DateField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="value", amount_tiyn__gt=0)
                | models.Q(kind="none", amount_tiyn=None),
                name="index_is_positive_or_none",
            )
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}: {self.amount_tiyn}"
