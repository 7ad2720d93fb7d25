"""The way of a topic of the social order: need, topic, discussion, council, specification, budget,
tender, contract. Only what the public may read anyway; organisations are named, people are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, money
from ortaq.core.kazakh import fold
from ortaq.faces import say
from ortaq.faces.paging import KeyPage, key_page
from ortaq.planning.models import (
    Assessment,
    BudgetRequest,
    Formation,
    Information,
    Recommendation,
    Specification,
    Topic,
)
from ortaq.planning.procedure import budgeting, yearly
from ortaq.planning.procedure.editions import edition_of
from ortaq.planning.procedure.hearing import knows_councils
from ortaq.planning.procedure.specification import needs_revision
from ortaq.projects.models import Contract
from ortaq.tenders import choices
from ortaq.tenders.models import Bid, Lot, Tender
from ortaq.tenders.queries.tender import UNSEEN

State = Formation.State
# The states of a list of topics once each of its stages is behind it.
REPORTED = (
    State.REPORTED,
    State.COUNCIL,
    State.LISTED,
    State.REQUESTED,
    State.BUDGETED,
)
LISTED = (State.LISTED, State.REQUESTED, State.BUDGETED)
BEFORE = Information.Issue.BEFORE
STAGE_7 = "guide, stage 7"


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stage of the way: `done`, `now`, `ahead`, or `end` where the way ends without a contract.

    `at` is when it happened, or by when it is due; `links` are (address, words), the first where it stands;
    `tiyn` is the sum that it is about, `figure` what else is counted.
    """

    title: Any
    phase: str
    at: datetime | date | None = None
    text: Any = ""
    cite: law.Citation | None = None
    links: tuple[tuple[str, Any], ...] = ()
    tiyn: int | None = None
    figure: int | None = None

    @property
    def when(self) -> str:
        """The instant or the day in the reader's language."""
        return say.instant(self.at) if isinstance(self.at, datetime) else say.day(self.at)

    @property
    def is_due(self) -> bool:
        """Whether `at` is a term, and not the day on which it happened."""
        return self.phase in ("now", "ahead")


@dataclass(frozen=True, slots=True)
class Way:
    """All that the page of a way shows."""

    topic: Topic
    field: law.Text
    milestones: list[Milestone]

    @property
    def next(self) -> Milestone | None:
        """What comes next; None at the end."""
        return next((one for one in self.milestones if one.phase == "now"), None)

    @property
    def ended(self) -> Milestone | None:
        """Where the way ended without a contract."""
        return next((one for one in self.milestones if one.phase == "end"), None)


# --- Lists -------------------------------------------------------------------------------------------


def topics() -> QuerySet[Topic]:
    """The topics whose lists are published."""
    return Topic.objects.exclude(formation__state=State.DRAFT).select_related("formation__body")


def ways(query: str, asked: Mapping[str, Any]) -> KeyPage[Topic]:
    """A page of topics, the newest first, each with `stands`: where it is now; one query.

    `query` is looked for in the topics and in the name of the state body.
    """
    tender = Lot.objects.filter(topic=OuterRef("pk")).exclude(tender__state__in=UNSEEN)
    rows = topics().annotate(
        tender_state=Subquery(tender.order_by("-id").values("tender__state")[:1])
    )
    if words := fold(query):
        body = Q(formation__body__search__contains=words)
        rows = rows.filter(Q(search__contains=words) | body)
    page: KeyPage[Topic] = key_page(
        rows.defer("search"), asked, order=["-formation_id", "-id"], size=20
    )
    for topic in page.rows:
        topic.stands = _stands(topic)  # type: ignore[attr-defined]
    return page


def _stands(topic: Topic) -> Any:
    tender: str | None = topic.tender_state  # type: ignore[attr-defined]
    if topic.state == Topic.State.DROPPED:
        return Topic.State.DROPPED.label
    if tender:
        return format_lazy(_("tender: {state}"), state=Tender.State(tender).label)
    return State(topic.formation.state).label


# --- One way -----------------------------------------------------------------------------------------


def way(topic: Topic) -> Way:
    """The way of a topic that comes with its list and body (see `topics`); at most nine queries."""
    formation = topic.formation
    fields = law.fields_of(str(edition_of(formation).parameter("fields.set").value))
    names = {one.key: one.text for one in fields}
    found: list[Milestone] = []
    for one in _milestones(topic, formation):
        # One stage is the present one: whatever else waits lies ahead.
        later = one.phase == "now" and any(before.phase == "now" for before in found)
        found.append(Milestone(one.title, "ahead", cite=one.cite) if later else one)
        if one.phase == "end":
            break
    return Way(topic, names.get(topic.field, law.Text()), found)


def _milestones(topic: Topic, formation: Formation) -> Iterator[Milestone]:
    yield _need(topic, formation)
    yield _published(topic, formation)
    yield _discussion(topic, formation)
    yield _council(topic, formation)
    yield _specification(topic, formation)
    yield _budget(topic, formation)
    yield from _tenders(topic)


def _need(topic: Topic, formation: Formation) -> Milestone:
    rows = list(
        topic.assessments.filter(state=Assessment.State.APPROVED).order_by("approved_on", "id")
    )
    grounds = edition_of(formation).grounds("sources")
    named = [grounds[key].text for key in topic.sources if key in grounds]
    return Milestone(
        _("Need"),
        "done",
        rows[-1].approved_on if rows else None,
        "" if rows or not named else named[0],
        next(iter(grounds.values())).cite if grounds else None,
        tuple((reverse("planning:assessment", args=[row.pk]), row.title) for row in rows),
        figure=len(rows) or None,
    )


def _published(topic: Topic, formation: Formation) -> Milestone:
    return Milestone(
        _("Topic"),
        "done",
        formation.published_at,
        format_lazy(_("Planned: {sum}."), sum=money.show(topic.planned_tiyn)),
        edition_of(formation).parameter("form.annex1.columns").cite,
        ((reverse("planning:topic", args=[topic.pk]), _("The topic with its reasons")),),
        topic.planned_tiyn,
    )


def _discussion(topic: Topic, formation: Formation) -> Milestone:
    edition = edition_of(formation)
    links = [(reverse("planning:discussion", args=[formation.pk]), _("Topics and comments"))]
    text = format_lazy(_("Comments on this topic that count: {number}."), number=topic.comments)
    at, cite = formation.closes_at, edition.term("discussion").cite
    if formation.state in REPORTED:
        links.append((reverse("planning:report", args=[formation.pk]), _("How each was decided")))
        return Milestone(
            _("Discussion"), "done", at, text, cite, tuple(links), figure=topic.comments
        )
    if formation.state == State.DECIDING:
        at, cite = formation.decide_by, edition.term("discussion.decision").cite
        title = _("Decisions on the comments")
        return Milestone(title, "now", at, text, cite, tuple(links), figure=topic.comments)
    return Milestone(_("Discussion"), "now", at, text, cite, tuple(links), figure=topic.comments)


def _council(topic: Topic, formation: Formation) -> Milestone:
    title, cite = _("Council and list of topics"), None
    if knows_councils(formation):
        cite = edition_of(formation).parameter("formation.local_to_council.month_day").cite
    if formation.state not in LISTED:
        phase = "now" if formation.state in REPORTED else "ahead"
        due = None if formation.state == State.COUNCIL else yearly.due(formation, BEFORE)
        day = due.due_on if due and due.due_on >= clock.today() else None
        return Milestone(title, phase, day, cite=cite)
    advised = (
        Recommendation.objects.filter(topic=topic, session__sent_at__isnull=False)
        .select_related("session")
        .order_by("session__held_on", "id")
        .last()
    )
    links = ((reverse("planning:topic_list", args=[formation.pk]), _("The list of topics")),)
    at = advised.session.held_on if advised else None
    if topic.state == Topic.State.DROPPED:
        return Milestone(
            title, "end", at, topic.state_reason or Topic.State.DROPPED.label, cite, links
        )
    text: Any = _("On the list of topics.")
    if advised:
        text = format_lazy("{}: {}.", _("The council"), advised.get_verdict_display())
    elif cite is None:
        text = _("On the list of topics; the rules of its edition name no council.")
    return Milestone(title, "done", at, text, cite, links)


def _specification(topic: Topic, formation: Formation) -> Milestone:
    title = _("Technical specification")
    cite = law.edition("tender_scoring", "2019").cite("guide, stage 4")
    if formation.state not in LISTED:
        return Milestone(title, "ahead", cite=cite)
    found = topic.specifications.filter(state=Specification.State.APPROVED).first()
    # It is public once the budget is.
    if found is None or formation.state != State.BUDGETED:
        phase = "now" if found is None else "done"
        return Milestone(title, phase, text=_("approved") if found else "", cite=cite)
    again = found.number > 1 and (topic.approved_tiyn or 0) < topic.planned_tiyn
    text = (
        _("Version {number}, made anew for the approved sum.") if again else _("Version {number}.")
    )
    text = format_lazy(text, number=found.number)
    links = ((reverse("planning:specification", args=[found.pk]), _("What is to be bought")),)
    if topic.approved_tiyn and needs_revision(topic, found):
        text = _("Less is approved than was requested: it is being revised.")
        return Milestone(title, "now", None, text, cite, links)
    return Milestone(title, "done", found.approved_at, text, cite, links)


def _budget(topic: Topic, formation: Formation) -> Milestone:
    title, cite = _("Budget"), law.edition("tender_scoring", "2019").cite("guide, stage 5")
    if formation.state != State.BUDGETED or topic.approved_tiyn is None:
        due = budgeting.request_due(formation) if formation.state != State.REQUESTED else None
        return Milestone(title, "now" if formation.state in LISTED else "ahead", due, cite=cite)
    request = BudgetRequest.objects.filter(topic=topic).only("decided_on", "decision").first()
    after = Information.objects.filter(formation=formation, published_at__isnull=False).first()
    links = (
        ((reverse("planning:information", args=[after.pk]), _("Information after the budget")),)
        if after
        else ()
    )
    day = request.decided_on if request else None
    if not topic.approved_tiyn:
        return Milestone(title, "end", day, _("The budget gives nothing for it."), cite, links)
    said = {"sum": money.show(topic.approved_tiyn), "planned": money.show(topic.planned_tiyn)}
    less = topic.approved_tiyn < topic.planned_tiyn
    text = _("Approved: {sum}, planned were {planned}.") if less else _("Approved: {sum}.")
    return Milestone(
        title, "done", day, format_lazy(text, **said), cite, links, topic.approved_tiyn
    )


# --- Tender and contract -----------------------------------------------------------------------------


def _tenders(topic: Topic) -> Iterator[Milestone]:
    winners = Bid.objects.filter(place=1, state=Bid.State.ADMITTED).select_related("organisation")
    lots = list(
        Lot.objects.filter(topic=topic)
        .exclude(tender__state__in=UNSEEN)
        .select_related("tender", "order__contract")
        .prefetch_related(Prefetch("bids", winners, to_attr="winners"))
        .order_by("id")
    )
    budgeted = bool(topic.approved_tiyn) and topic.formation.state == State.BUDGETED
    if not lots:
        guide = law.edition("tender_scoring", "2019")
        yield Milestone(
            _("Tender"), "now" if budgeted else "ahead", cite=guide.cite("guide, stage 6")
        )
        yield Milestone(_("Contract"), "ahead", cite=guide.cite(STAGE_7))
    for lot in lots:
        yield _tender(lot)
        if lot.result != Lot.Result.NOT_HELD or not lot.tender.published_at:
            yield _contract(lot)


def _tender(lot: Lot) -> Milestone:
    """A lot of a tender; who won is told once the results are published."""
    tender = lot.tender
    edition = choices.edition_of(tender)
    title = format_lazy(_("Tender № {number}"), number=tender.number)
    links = [(reverse("tenders:lot", args=[lot.pk]), _("The lot"))]
    if tender.opened_at:
        links.append((reverse("tenders:opening", args=[tender.pk]), _("Protocol of opening")))
    if tender.published_at is None:
        due = (tender.closes_at, _("Bids are taken."), edition.term("bids").cite)
        if tender.opened_at:
            due = (
                tender.review_by,
                _("The commission reviews the bids."),
                edition.term("review").cite,
            )
        at, text, cite = due
        return Milestone(title, "now", at, text, cite, tuple(links), lot.allocated_tiyn)
    links.insert(0, (reverse("tenders:results", args=[tender.pk]), _("Results")))
    cite = edition.cite("guide, stage 6")
    winner = next(iter(lot.winners), None)  # type: ignore[attr-defined]
    if winner is None:
        return Milestone(
            title, "done", tender.published_at, lot.get_result_display(), cite, tuple(links)
        )
    said = {"name": winner.organisation.name, "sum": money.show(winner.price_tiyn or 0)}
    text = format_lazy(_("Winner: {name}, {sum}."), **said)
    return Milestone(
        title, "done", tender.published_at, text, cite, tuple(links), winner.price_tiyn
    )


def _contract(lot: Lot) -> Milestone:
    cite = choices.edition_of(lot.tender).cite(STAGE_7)
    order = getattr(lot, "order", None)
    contract: Contract | None = order.contract if order else None
    if contract is not None and contract.state == Contract.State.DECLINED:
        return Milestone(_("Contract"), "end", text=_("It was not concluded."), cite=cite)
    if contract is None or contract.signed_at is None:
        phase = "now" if lot.tender.published_at else "ahead"
        return Milestone(_("Contract"), phase, cite=cite)
    text = format_lazy(_("№ {number}, concluded."), number=contract.number)
    page = reverse("portal:tenge_order", args=[lot.topic_id])
    links = ((f"{page}#contract-{contract.pk}", _("Follow the tenge")),)
    return Milestone(
        _("Contract"), "done", contract.signed_at, text, cite, links, contract.sum_tiyn
    )
