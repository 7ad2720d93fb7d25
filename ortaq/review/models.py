"""A panel scores dossiers: every commission and council of the house is one of these.

What a dossier is (a grant application, a tender bid, a prize nomination) the panel does not
know; the instrument points from its own record to the dossier.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq.core.bilingual import Bilingual
from ortaq.core.frozen import WrittenOnce
from ortaq.people.models import Organisation
from ortaq.registry.models import Expert

# Means of up to 15 sheets are compared as whole numbers: sum * (SCALE / sheets) is exact.
SCALE = 360360  # least common multiple of 1..15


class Panel(models.Model):
    """A commission: its composition, and where its work stands (GR-C)."""

    class State(models.TextChoices):
        FORMING = "forming", _("being formed")
        DECLARING = "declaring", _("declarations of conflict of interest")
        FINAL = "final", _("composition approved")
        SCORING = "scoring", _("scoring")
        MEETING = "meeting", _("meeting")
        CLOSED = "closed", _("work finished")
        # A commission that an order appoints, and that decides by votes (SO-T-065..075).
        APPOINTING = "appointing", _("being appointed")
        IN_OFFICE = "in_office", _("in office")
        ENDED = "ended", _("term of office ended")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="panels")
    title_kk = models.CharField(max_length=500)
    title_ru = models.CharField(max_length=500, blank=True)
    title = Bilingual("title")
    act = models.CharField(max_length=40, help_text="key of the act in law, e.g. grants_rules")
    edition = models.CharField(max_length=20, help_text="edition under which it works")
    local_budget = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.FORMING)
    # Stored when computed: a later change of the calendar does not move them (architecture §4).
    # By when the organiser sends the list of applicants to the experts (GR-C-10).
    send_by = models.DateTimeField(null=True)
    declarations_sent_at = models.DateTimeField(null=True)
    # By when the organiser asked the declarations back; no source sets this term.
    declarations_due = models.DateTimeField(null=True)
    scoring_from = models.DateTimeField(null=True)
    scoring_until = models.DateTimeField(null=True)
    # The organisation's staff see points only from here on.
    points_open_at = models.DateTimeField(null=True)
    # A commission appointed by an order: its number, day and signer, and how long it acts (SO-T-066, 072).
    order_number = models.CharField(max_length=40, blank=True)
    order_on = models.DateField(null=True, blank=True)
    order_by = models.CharField(max_length=300, blank=True)
    in_office_from = models.DateTimeField(null=True)
    in_office_until = models.DateTimeField(null=True)
    # Path of the page of what it decides on; of one that evaluates, its own page too.
    address = models.CharField(max_length=200, blank=True)
    # Formed by a single organiser: then it has more members (SO-T-068).
    single_organiser = models.BooleanField(default=False)

    class Meta:
        # "Commissions of my organisation", the newest first.
        indexes = [models.Index(fields=["organisation", "-id"], name="panels_of_organiser")]

    def __str__(self) -> str:
        return self.title

    @property
    def appointed(self) -> bool:
        """Appointed by an order; other panels are chosen from the register and score sheets."""
        return self.state in (
            Panel.State.APPOINTING,
            Panel.State.IN_OFFICE,
            Panel.State.ENDED,
        )

    @property
    def evaluates(self) -> bool:
        """Made by another room to evaluate what that room lays before it; that room has its pages."""
        return bool(self.address) and not self.appointed

    @property
    def judges_project(self) -> bool:
        """What it evaluates is a project and not an application."""
        return self.act == "rules_social_order"


class Applicant(models.Model):
    """An organisation that applied to what the panel decides: the list experts declare on (GR-C-10)."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="applicants")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["panel", "organisation"], name="applicant_listed_once")
        ]

    def __str__(self) -> str:
        return f"{self.panel_id}: {self.organisation_id}"


class Seat(models.Model):
    """A person's place on a panel, from an instant to an instant. Ended, never deleted (GR-C-14)."""

    class Role(models.TextChoices):
        MEMBER = "member", _("member")
        SECRETARY = "secretary", _("secretary")

    class Office(models.TextChoices):
        NONE = "", _("member")
        CHAIR = "chair", _("chair")
        DEPUTY = "deputy", _("deputy chair")

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats"
    )
    expert = models.ForeignKey(Expert, null=True, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    office = models.CharField(max_length=10, choices=Office, default=Office.NONE, blank=True)
    side = models.CharField(max_length=10, choices=Expert.Side, blank=True)
    # The person confirmed not to work for the organiser, besides what the register says (GR-C-07).
    confirmed_not_staff = models.BooleanField(default=False)
    substitutes = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="substituted_by"
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)
    # How many dossiers are open to the member and how many sheets are signed; kept by the steps,
    # so that progress is read without counting sheets.
    dossiers = models.PositiveIntegerField(default=0)
    signed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "person"], condition=Q(until=None), name="one_seat_a_person"
            ),
            models.UniqueConstraint(
                fields=["panel", "office"],
                condition=Q(until=None) & ~Q(office=""),
                name="one_holder_of_an_office",
            ),
            models.UniqueConstraint(
                fields=["panel", "role"],
                condition=Q(until=None, role="secretary"),
                name="one_secretary",
            ),
        ]
        indexes = [
            # "My commissions" and the conflict gate look for a person's present seats.
            models.Index(fields=["person", "panel"], name="present_seats", condition=Q(until=None))
        ]

    def __str__(self) -> str:
        return f"{self.person_id} ({self.panel_id})"

    @property
    def title(self) -> Any:
        """What the person is on the panel: secretary, chair, deputy chair or member."""
        return (
            self.get_role_display()
            if self.role == Seat.Role.SECRETARY
            else self.get_office_display()
        )


class Ballot(models.Model):
    """A member's vote for the chair or deputy of their own panel (GR-C-09)."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="ballots")
    voter = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    office = models.CharField(max_length=10, choices=Seat.Office)
    candidate = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    cast_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["voter", "office"], name="one_ballot_an_office")
        ]

    def __str__(self) -> str:
        return f"{self.voter_id} → {self.candidate_id}"


class Declaration(WrittenOnce):
    """What a member declares about one applicant: none, or a conflict with its explanation (GR-C-11)."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="declarations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    conflict = models.BooleanField()
    explanation = models.TextField(blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat", "organisation"], name="declared_once"),
            models.CheckConstraint(
                condition=Q(conflict=False) | ~Q(explanation=""), name="conflict_is_explained"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.organisation_id}"


class Statement(models.Model):
    """A declaration or a notice as its author wrote it, so that it can be signed electronically before it counts.

    The open one (`taken_at` empty) is a draft; taken, it is kept as it was. Personal data, restricted to its author.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=80, help_text="key of what it is about")
    act = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    title_kk = models.CharField(max_length=600)
    title_ru = models.CharField(max_length=600, blank=True)
    title = Bilingual("title")
    address = models.CharField(max_length=200, help_text="path of the page where it is made")
    content = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1, help_text="grows with each change")
    made_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "about"],
                condition=Q(taken_at=None),
                name="one_open_statement",
            )
        ]
        indexes = [models.Index(fields=["person", "about", "-id"], name="statements_of_person")]

    def __str__(self) -> str:
        return f"{self.about}: {self.person_id}"


class Conflict(WrittenOnce):
    """A conflict of interest of (person, applicant): declared, detected or imposed."""

    class Origin(models.TextChoices):
        DECLARED = "declared", _("declared by the expert")
        DETECTED = "detected", _("found in the register")
        IMPOSED = "imposed", _("decided by the organiser")

    class Reason(models.TextChoices):
        STATED = "stated", _("as explained")
        PROPOSED = "proposed", _("the applicant proposed this expert")
        EMPLOYER = "employer", _("works for the applicant")
        MEMBERSHIP = "membership", _("acts for the applicant on this site")
        FOUNDER = "founder", _("founder of the applicant")
        HEAD = "head", _("head of the applicant")
        STAFF = "staff", _("employee of the applicant")
        MEMBER = "member", _("member of the applicant")
        PAYMENT = "payment", _("received payments from the applicant")
        KIN = "kin", _("a relative works for the applicant")

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=10, choices=Origin)
    reason = models.CharField(max_length=12, choices=Reason, default=Reason.STATED)
    explanation = models.TextField(blank=True)
    found_by = models.CharField(
        max_length=40, blank=True, help_text="key of the person; empty: the system"
    )
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "person", "organisation", "origin", "reason"],
                name="conflict_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} × {self.organisation_id}"


class Dossier(models.Model):
    """What a panel scores: one application, bid or nomination."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="dossiers")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="dossiers"
    )
    contest = models.CharField(
        max_length=80, help_text="key of what it competes in, e.g. grants.lot:5"
    )
    contest_title = models.CharField(max_length=500, blank=True)
    number = models.CharField(max_length=40)
    title = models.CharField(max_length=500)
    address = models.CharField(
        max_length=200, help_text="path of its page; content/ below it shows what is scored"
    )
    # Kept by the steps that sign, change and set aside sheets; read by rankings and lists.
    points = models.PositiveIntegerField(default=0)
    sheets = models.PositiveSmallIntegerField(default=0)
    score = models.BigIntegerField(default=0, help_text="mean of the signed sheets times SCALE")

    class Meta:
        indexes = [
            # Ranking within a contest, and the organiser's list sorted by score.
            models.Index(fields=["contest", "-score"], name="ranking"),
            models.Index(fields=["panel", "-score", "id"], name="panel_by_score"),
            # The meeting's page: contest by contest, the best first.
            models.Index(fields=["panel", "contest", "-score", "id"], name="panel_ranking"),
        ]

    def __str__(self) -> str:
        return self.number


def new_seal() -> str:
    """A random word hashed together with a sheet, so that its hash cannot be guessed back to points."""
    return secrets.token_hex(16)


class ScoreSheet(models.Model):
    """A member's sheet for one dossier: draft while it is filled in, signed and then locked."""

    class State(models.TextChoices):
        DRAFT = "draft", _("being filled in")
        SIGNED = "signed", _("signed")
        # The member recused themselves or left before the decision: the sheet no longer counts.
        SET_ASIDE = "set_aside", _("set aside")

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="score_sheets")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="score_sheets")
    # {criterion: {"points": int | None, "ticks": [int], "fully": bool, "comment": str}}
    marks = models.JSONField(default=dict)
    total = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")
    # The window that saved last: two windows of one expert must not overwrite each other.
    window = models.CharField(max_length=32, blank=True)
    seal = models.CharField(max_length=32, default=new_seal, editable=False)
    updated_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "seat"], name="one_sheet_a_member"),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(total__isnull=False, signed_at__isnull=False),
                name="a_signed_sheet_has_a_total",
            ),
        ]
        indexes = [models.Index(fields=["seat", "state"], name="sheets_of_member")]

    def __str__(self) -> str:
        return f"{self.dossier_id} / {self.seat_id}"


class MarkChange(WrittenOnce):
    """A change of points at the meeting, by their author, with a reason; both values kept (GR-S-13)."""

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.PROTECT, related_name="changes")
    criterion = models.CharField(max_length=40)
    before = models.PositiveSmallIntegerField()
    after = models.PositiveSmallIntegerField()
    reason = models.TextField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.criterion}: {self.before} → {self.after}"


class Meeting(models.Model):
    """The panel's meeting on the points given (GR-S-13), with the secretary's minutes (GR-C-13)."""

    panel = models.OneToOneField(Panel, on_delete=models.PROTECT, related_name="meeting")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=300, blank=True)
    minutes_kk = models.TextField(blank=True)
    minutes_ru = models.TextField(blank=True)
    minutes = Bilingual("minutes")
    version = models.PositiveIntegerField(default=0, help_text="grows with each save")
    present = models.ManyToManyField(Seat, related_name="+", blank=True)

    def __str__(self) -> str:
        return f"{self.panel_id} {self.opened_at:%Y-%m-%d}"


class TieDecision(WrittenOnce):
    """How the meeting decided an equal highest score: which dossier and why.

    A decision stands as long as exactly the dossiers among which it chose are tied. A recusal may
    change who is: then the meeting decides anew, and what it decided before stays on record.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="tie_decisions")
    contest = models.CharField(max_length=80)
    winner = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    tied = models.JSONField(help_text="numbers of the dossiers among which it chose, in order")
    reason = models.TextField()
    votes_for = models.PositiveSmallIntegerField()
    votes_against = models.PositiveSmallIntegerField(default=0)
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.contest}: {self.winner_id}"

    def decides(self, tied: Iterable[int]) -> bool:
        """Whether it chose among exactly these dossiers, by their numbers."""
        return bool(sorted(tied) == self.tied)


class Motion(models.Model):
    """What an appointed commission decides by majority of all its members (SO-T-073..075).

    What it is about the panel does not know: `subject` is the key of a bid or lot, `kind` and
    `proposal` are the instrument's own.
    """

    class State(models.TextChoices):
        OPEN = "open", _("being voted on")
        ADOPTED = "adopted", _("adopted")
        REJECTED = "rejected", _("rejected")
        UNDECIDED = "undecided", _("no decision")

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="motions")
    kind = models.CharField(max_length=20)
    subject = models.CharField(
        max_length=80, help_text="key of what it is about, e.g. tenders.bid:5"
    )
    title = models.CharField(max_length=500)
    address = models.CharField(max_length=200, help_text="path of the page where it is voted on")
    proposal = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    put_at = models.DateTimeField()
    put_by = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    # By when the commission's work ends; the instrument's own term.
    decide_by = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    # What the law made of the votes, as a finding.
    finding = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "subject", "kind"],
                condition=Q(state="open"),
                name="one_open_motion_on_a_subject",
            )
        ]
        indexes = [models.Index(fields=["panel", "subject", "id"], name="motions_on_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Vote(WrittenOnce):
    """A member's vote on a motion: once, in person, never changed (SO-T-067)."""

    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="votes")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="votes")
    in_favour = models.BooleanField()
    remark = models.TextField(blank=True)
    cast_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["motion", "seat"], name="one_vote_a_member")]

    def __str__(self) -> str:
        return f"{self.motion_id}: {self.seat_id}"
