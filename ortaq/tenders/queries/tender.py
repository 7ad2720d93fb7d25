"""What the pages of tenders read: each function brings its page in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, journal
from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.faces.parts import Entry, Event, Stage
from ortaq.law.findings import Finding
from ortaq.law.tender import RUBRIC
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation, User
from ortaq.people.policy import responsible_for
from ortaq.planning.models import Formation, Specification, Topic
from ortaq.planning.procedure.specification import tender_findings
from ortaq.planning.queries.specification import specifications_to_tender, topics_of
from ortaq.tenders.choices import Chosen, chosen, edition_of
from ortaq.tenders.models import Lot, Tender, TenderFile, TenderQuestion
from ortaq.tenders.procedure.openers import opening_of
from ortaq.tenders.procedure.tender import TENDER
from ortaq.tenders.procedure.tender_money import held_by

State = Tender.State
UNSEEN = (State.DRAFT, State.APPROVED)


def tenders_visible_to(actor: Actor) -> QuerySet[Tender]:
    """What is announced is public; before that it is for its customer and organiser."""
    held = responsible_for(actor)
    return Tender.objects.filter(
        ~Q(state__in=UNSEEN) | Q(organiser__in=held) | Q(customer__in=held)
    )


def tenders_managed_by(actor: Actor) -> QuerySet[Tender]:
    """The tenders that the actor prepares or runs."""
    held = responsible_for(actor)
    return Tender.objects.filter(Q(organiser__in=held) | Q(customer__in=held))


def lots_visible_to(actor: Actor) -> QuerySet[Lot]:
    """The lots of visible tenders."""
    return Lot.objects.filter(tender__in=tenders_visible_to(actor))


def files_visible_to(actor: Actor) -> QuerySet[TenderFile]:
    """The files of visible tenders."""
    return TenderFile.objects.filter(tender__in=tenders_visible_to(actor)).select_related("file")


# --- Lists ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is searched for (SO-T-062); sums of a lot in tiyn."""

    words: str = ""
    bin: str = ""
    sum_from: int | None = None
    sum_to: int | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.bin or self.sum_from or self.sum_to is not None)


@dataclass(frozen=True, slots=True)
class TenderList:
    """The public list: what can be bid for now, the officer's own drafts, and everything else."""

    open: list[Tender]
    drafts: list[Tender]
    earlier: KeyPage[Tender]


MOST_OPEN = 50


def tender_list(
    actor: Actor, asked: Asked | None = None, page: Mapping[str, Any] | None = None
) -> TenderList:
    """Open tenders by their deadline, then the rest, the newest first; 2 queries, 3 for an officer."""
    page = page or {}
    # Columns that lists do not show are left where they are: conditions are long.
    rows = (
        _found(asked or Asked())
        .annotate(lot_count=Count("lots"), amount_tiyn=Sum("lots__allocated_tiyn"))
        .select_related("customer")
        .only(
            "number", "state", "title_kk", "title_ru", "announced_at", "closes_at",
            "customer__name_kk", "customer__name_ru", "customer__bin",
        )
    )  # fmt: skip
    now_open = Q(state=State.ANNOUNCED, closes_at__gte=clock.now())
    first_page = not page.get("page")
    held = responsible_for(actor)
    drafts = rows.filter(Q(organiser__in=held) | Q(customer__in=held), state__in=UNSEEN)
    return TenderList(
        open=list(rows.filter(now_open).order_by("closes_at", "id")[:MOST_OPEN])
        if first_page
        else [],
        drafts=list(drafts.order_by("-id")[:MOST_OPEN]) if first_page and held else [],
        earlier=key_page(
            rows.exclude(state__in=UNSEEN).exclude(now_open),
            page,
            order=["-announced_at", "-id"],
            size=20,
        ),
    )


def _found(asked: Asked) -> QuerySet[Tender]:
    rows = Tender.objects.all()
    lots = Lot.objects.filter(tender=OuterRef("pk"))
    if words := fold(asked.words):
        named = lots.filter(topic__search__contains=words)
        bodies = Q(customer__search__contains=words)
        rows = rows.filter(Q(search__contains=words) | bodies | Exists(named))
    if asked.bin:
        rows = rows.filter(customer__bin__startswith=asked.bin)
    if asked.sum_from is not None:
        lots = lots.filter(allocated_tiyn__gte=asked.sum_from)
    if asked.sum_to is not None:
        lots = lots.filter(allocated_tiyn__lte=asked.sum_to)
    if asked.sum_from is not None or asked.sum_to is not None:
        rows = rows.filter(Exists(lots))
    return rows


# --- The announcement ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Announcement:
    """All that the public page of a tender shows."""

    tender: Tender
    edition: law.Edition
    lots: list[Lot]
    files: list[TenderFile]
    questions: list[TenderQuestion]
    criteria: tuple[law.Criterion, ...]
    bars: list[law.Ground]
    choices: list[Chosen]

    @property
    def amount_tiyn(self) -> int:
        return sum(lot.allocated_tiyn for lot in self.lots)

    @property
    def security(self) -> law.Parameter:
        """That nothing is asked as a security (SO-T-016)."""
        return self.edition.parameter("security.required")

    @property
    def fee(self) -> law.Parameter:
        """That this site charges nothing (GAP-T-14)."""
        return self.edition.parameter("portal.fee")

    @property
    def dumping(self) -> law.Parameter:
        return self.edition.parameter("dumping.threshold")

    @property
    def questions_until(self) -> law.Parameter:
        return self.edition.parameter("questions.until")


def announcements(actor: Actor) -> QuerySet[Tender]:
    """Visible tenders with what their pages' heads show."""
    return tenders_visible_to(actor).select_related("customer", "organiser")


def announcement(tender: Tender) -> Announcement:
    """The public page: 3 queries besides that of the tender (see `announcements`)."""
    edition = edition_of(tender)
    lots = tender.lots.select_related("topic").only(
        "tender", "topic", "specification", "position", "allocated_tiyn", "starts_on", "ends_on",
        "advance_percent", "result", "topic__title_kk", "topic__title_ru", "topic__region_code",
        "topic__field",
    )  # fmt: skip
    return Announcement(
        tender=tender,
        edition=edition,
        lots=list(lots),
        files=list(tender.files.select_related("file")),
        questions=list(tender.questions.all()),
        criteria=edition.rubric(RUBRIC).criteria,
        bars=list(edition.grounds("bars").values()),
        choices=chosen(tender),
    )


def lot_page(actor: Actor) -> QuerySet[Lot]:
    """Visible lots with all that a lot's page shows: 3 queries."""
    return (
        lots_visible_to(actor)
        .select_related(
            "tender__customer", "tender__organiser", "topic__formation", "specification"
        )
        .prefetch_related("specification__services", "specification__indicators")
    )


def timeline(tender: Tender) -> list[Event]:
    """What has happened and what is ahead, each with the clause that sets its term."""
    edition = edition_of(tender)
    events = [Event(tender.approved_at, _("Documentation approved"))] if tender.approved_at else []
    if tender.announced_at:
        events.append(Event(tender.announced_at, _("Announced")))
    elif tender.announce_by:
        term = edition.term("announce.after_approval")
        events.append(Event(tender.announce_by, _("To be announced by"), cite=term.cite))
    events.append(
        Event(
            tender.closes_at,
            _("Last instant for bids; then two of the persons named open them")
            if opening_of(tender) == Tender.Opening.TWO
            else _("Last instant for bids; then they are opened automatically"),
            cite=edition.parameter("opening.when").cite,
        )
    )
    if tender.review_by:
        events.append(
            Event(tender.review_by, _("Review of bids ends"), cite=edition.term("review").cite)
        )
    events.append(Event(tender.published_at, _("Results")))
    return events


# What is being done in each state; at the end nothing is.
WAY = (
    (State.DRAFT, _("Documentation")),
    (State.APPROVED, _("Announcement")),
    (State.ANNOUNCED, _("Bids")),
    (State.OPENED, _("Review")),
    (State.DECIDED, _("Results")),
    (State.PUBLISHED, _("Contracts")),
)


def stages(tender: Tender) -> list[Stage]:
    """Where the tender stands on its way."""
    order = [*(state for state, _text in WAY), State.ENDED]
    here = order.index(State(tender.state))
    return [
        Stage(text, state="done" if place < here else "doing" if place == here else "todo")
        for place, (_state, text) in enumerate(WAY)
    ]


# --- The organiser -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Desk:
    """The officers' overview of one tender."""

    lots: list[Lot]
    files: list[TenderFile]
    entries: list[Entry]
    unanswered: int

    @property
    def amount_tiyn(self) -> int:
        return sum(lot.allocated_tiyn for lot in self.lots)


def desk(tender: Tender) -> Desk:
    """Lots, files, journal and open questions of a tender; 5 queries.

    How many have bid is nobody's to know before the opening.
    """
    return Desk(
        lots=list(
            tender.lots.select_related("topic", "specification").defer(
                "topic__search", "specification__content"
            )
        ),
        files=list(tender.files.select_related("file")),
        entries=_entries(tender),
        unanswered=tender.questions.filter(answered_at=None).count(),
    )


# What was done, in words of the past; in the list of steps they stand as tasks.
STEPS = {
    "approve": _("Documentation approved"),
    "revise": _("Documentation taken back to be changed"),
    "announce": _("Announced"),
    "open": _("Bids opened"),
    "decide": _("Results adopted"),
    "publish": _("Results published"),
    "end": _("Tender ended"),
    "refused": _("An attempt was refused"),
    "begin": _("Draft begun"),
    "edit": _("Text changed"),
    "choose_topics": _("Topics chosen"),
    "write_lot": _("Lot changed"),
    "renew": _("Later specification taken into a lot"),
    "add_file": _("File added"),
    "remove_file": _("File removed"),
    "name_opener": _("Person named to open the bids"),
    "unname_opener": _("Person taken out of those who open the bids"),
    "give_share": _("Part of the key given"),
    "share_refused": _("A code that opens no part of the key was typed"),
}


def _entries(tender: Tender) -> list[Entry]:
    """The journal for people: what, when, who."""
    written = list(journal.history(tender))
    keys = {entry.actor for entry in written if entry.actor}
    people = User.objects.in_bulk([int(key.partition(":")[2]) for key in keys])
    titles = {name: step.title for name, step in TENDER.steps.items()} | STEPS
    entries = []
    for entry in reversed(written):
        person = people.get(int(entry.actor.partition(":")[2])) if entry.actor else None
        who = person.short_name if person else _("Ortaq, by the clock")
        entries.append(Entry(entry.at, titles.get(entry.step, entry.step), who, hash=entry.hash))
    return entries


# --- Choosing topics -----------------------------------------------------------------------------


def topics_ready(actor: Actor, tender: Tender | None = None) -> list[Topic]:
    """The topics from which a tender is made: those ready, and those that are its lots already.

    Another tender's announced lots are left out while they hold the topic's whole sum; 4 queries.
    """
    lots = Lot.objects.exclude(tender=tender)
    taken = held_by(lots.filter(topic__formation__body__in=responsible_for(actor)))
    found = [
        one.topic
        for one in specifications_to_tender(actor)
        if taken.get(one.topic_id, 0) < (one.topic.approved_tiyn or 0)
    ]
    if tender is None:
        return found
    own = [topic for topic in found if topic.formation.body_id == tender.customer_id]
    known = {topic.pk for topic in own}
    others = Lot.objects.filter(tender=tender).exclude(topic__in=known)
    return own + [
        lot.topic for lot in others.select_related("topic__formation").defer("topic__search")
    ]


def topics_unready(actor: Actor) -> list[tuple[Topic, list[Finding]]]:
    """The topics with money that cannot be tendered yet, each with the reasons; 2 queries."""
    approved = Specification.objects.filter(state=Specification.State.APPROVED)
    rows = (
        topics_of(actor)
        .filter(formation__state=Formation.State.BUDGETED, approved_tiyn__gt=0)
        .prefetch_related(Prefetch("specifications", approved))
        .order_by("-formation__plan_year", "position")
    )
    asked = [
        (row, tender_findings(row, next(iter(row.specifications.all()), None))) for row in rows
    ]
    return [(topic, found) for topic, found in asked if found]


def organisers() -> QuerySet[Organisation]:
    """State bodies that may organise for others (SO-T-065)."""
    kinds = (Organisation.Kind.STATE_BODY, Organisation.Kind.AUTHORISED_BODY)
    return Organisation.objects.filter(kind__in=kinds).order_by("sort", "id")


def questions_of(actor: Actor) -> QuerySet[TenderQuestion]:
    """The questions on tenders that the actor prepares or runs."""
    return TenderQuestion.objects.filter(tender__in=tenders_managed_by(actor)).select_related(
        "tender", "person"
    )
