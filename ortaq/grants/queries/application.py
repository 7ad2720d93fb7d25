"""What pages and exports read of applications."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, When

from ortaq.core import clock
from ortaq.core.bilingual import pick
from ortaq.core.kazakh import fold
from ortaq.faces.paging import KeyPage, key_page
from ortaq.grants.content.parts import written_parts
from ortaq.grants.content.slots import layout
from ortaq.grants.content.whole import Whole, Written
from ortaq.grants.models import (
    Application,
    ApplicationPart,
    Attachment,
    Competition,
    PartConflict,
    Plan,
    TopicAmount,
)
from ortaq.people.actor import Actor
from ortaq.people.policy import responsible_for
from ortaq.review import queries as review
from ortaq.review.models import SCALE

State = Application.State
PAGE = 25


def applications_visible_to(actor: Actor) -> QuerySet[Application]:
    """The one visibility query: lists, pages, files, search and exports all start here.

    An NGO's people see all of its own; the operator those handed in to its competitions, never a
    draft; a commission member those whose dossier the conflict gate has opened to them.
    """
    visible = _own(actor)
    if held := responsible_for(actor):
        visible |= Q(competition__operator__in=held) & ~Q(state=State.DRAFT)
    if actor.user is not None:
        # Asked of each application at hand: "in" would first collect every open dossier there is.
        visible |= Q(Exists(review.dossiers_open_to(actor).filter(pk=OuterRef("dossier"))))
    return Application.objects.filter(visible)


def _own(actor: Actor) -> Q:
    return Q(organisation__in=actor.organisation_ids)


ON_A_PAGE = (
    "competition__operator",
    "competition__version__plan",
    "competition__panel",
    "lot__topic",
    "organisation",
    "dossier",
)


def page_of(actor: Actor) -> QuerySet[Application]:
    """Visible applications with what a page of one of them reads."""
    return applications_visible_to(actor).select_related(*ON_A_PAGE)


def own_of(actor: Actor) -> QuerySet[Application]:
    """Those of the actor's own NGOs alone: whoever writes need not be asked through every other door at each pause."""
    return Application.objects.filter(_own(actor))


def of_ngo(actor: Actor) -> QuerySet[Application]:
    """The applications of the NGO acted for, newest first; one query for a list."""
    ngo = actor.acting_for
    return (
        applications_visible_to(actor)
        .filter(organisation=ngo.pk if ngo else None)
        .select_related("competition", "lot__topic")
        .order_by("-id")
    )


def earlier_of(application: Application) -> QuerySet[Application]:
    """Applications of the same NGO from which a draft can be copied, newest first."""
    return (
        Application.objects.filter(organisation=application.organisation_id)
        .exclude(pk=application.pk)
        .select_related("competition", "lot__topic")
        .order_by("-id")
    )


def next_to_check(competition: int, number: str = "") -> Application | None:
    """The undecided application after the one with `number`, from the last back to the first;
    None when all others are decided.
    """
    return (
        Application.objects.filter(competition=competition, state=State.SUBMITTED)
        .exclude(number=number)
        .order_by(Case(When(number__gt=number, then=0), default=1), "number")
        .first()
    )


# --- One application -----------------------------------------------------------------------------


def whole_of(application: Application) -> Whole:
    """The application with everything in it; a fixed number of queries."""
    return whole_among(Application.objects.all(), application.pk)


def whole_among(applications: QuerySet[Application], pk: int) -> Whole:
    """One of these applications with everything in it, or `Application.DoesNotExist`; a fixed number of queries."""
    full = (
        applications.select_related(
            "competition__operator",
            "competition__version__plan",
            "lot__topic__field",
            "organisation",
            "receipt",
        )
        .defer("receipt__content", "receipt__files")
        .prefetch_related(
            Prefetch("lot__topic__amounts", TopicAmount.objects.order_by("year")),
            Prefetch("parts", ApplicationPart.objects.select_related("edited_by")),
            Prefetch(
                "attachments", Attachment.objects.filter(removed_at=None).select_related("file")
            ),
        )
        .get(pk=pk)
    )
    rows = {(row.form, row.year): row for row in full.parts.all()}
    local = full.competition.version.plan.level == Plan.Level.LOCAL
    written = [
        Written(layout(part, local_plan=local), row)
        for part in written_parts(full)
        if (row := rows.get((part.form_id, part.year)))
    ]
    open_conflicts = (
        PartConflict.objects.filter(part__application=full.pk, settled_at=None)
        .values_list("part")
        .annotate(number=Count("id"))
    )
    attachments = list(full.attachments.all())
    full.whole = Whole(full, full.competition.rules, written, attachments, dict(open_conflicts))
    return full.whole  # type: ignore[no-any-return]


# --- The operator's list ---------------------------------------------------------------------------

ORDERS = {
    "number": ("number", "id"),
    "name": ("applicant_sort", "id"),
    "sum": ("grant_tiyn", "id"),
    "score": ("dossier__score", "dossier_id"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the operator asks of the list."""

    state: str = ""
    topic: str = ""
    search: str = ""
    sort: str = "number"  # a key of ORDERS, with "-" for descending


def points_are_open(competition: Competition) -> bool:
    """Whether the operator may see points yet: the panel's meeting has begun."""
    panel = competition.panel
    return bool(panel and panel.points_open_at and panel.points_open_at <= clock.now())


def content_is_open(competition: Competition) -> bool:
    """Whether the operator may read applications yet: acceptance has ended."""
    closes_at = competition.closes_at
    ended = closes_at is not None and clock.now() > closes_at
    return ended or competition.state != Competition.State.ANNOUNCED


def handed_in(competition: Competition, asked: Asked) -> QuerySet[Application]:
    """The applications handed in to a competition, filtered and in order, for its operator: of
    `applications_visible_to` exactly this competition's, but found by its indexes.
    """
    rows = competition.applications.exclude(state=State.DRAFT)
    if asked.state in State.values:
        rows = rows.filter(state=asked.state)
    if words := fold(asked.topic):
        # A printed number means that number; anything else is looked for in the topic's texts.
        named = Q(topic__number=words) if words.isdigit() else Q(topic__search__contains=words)
        rows = rows.filter(lot__in=competition.lots.filter(named))
    if words := fold(asked.search):
        if content_is_open(competition):
            rows = rows.filter(search__contains=words)
        else:  # by project nobody finds what nobody may read yet
            rows = rows.filter(Q(organisation__search__contains=words) | Q(number__contains=words))
    order = order_of(competition, asked)
    if "dossier_id" in (name.removeprefix("-") for name in order):
        # Those that were scored; read through the panel's own index of scores.
        rows = rows.filter(dossier__panel=competition.panel_id)
    return rows.order_by(*order)


def order_of(competition: Competition, asked: Asked) -> tuple[str, ...]:
    """The columns to sort by.

    By score only once the operator may see points, by sum once it may read applications: before
    that, the order alone would tell.
    """
    name = asked.sort.removeprefix("-")
    hidden = {
        "score": not points_are_open(competition),
        "sum": not content_is_open(competition),
    }
    if name not in ORDERS or hidden.get(name):
        return ORDERS["number"]
    sign = "-" if asked.sort.startswith("-") else ""
    return tuple(f"{sign}{column}" for column in ORDERS[name])


@dataclass(frozen=True, slots=True)
class Line:
    """An application as the list shows it; a row of its own costs four times as much."""

    pk: int
    number: str
    applicant: str
    title: str
    topic: str
    state: str
    grant_tiyn: int
    mean: Fraction | None

    def get_state_display(self) -> str:
        return str(State(self.state).label)


def handed_in_page(
    competition: Competition, asked: Asked, query: Mapping[str, Any]
) -> KeyPage[Line]:
    """One page of `handed_in`; one query and 26 rows, whatever the competition's size."""
    shown = ["id", "number", "applicant_name", "applicant_sort", "title", "state", "grant_tiyn"]
    shown += ["lot__topic__number", "lot__topic__title_kk", "lot__topic__title_ru"]
    points = points_are_open(competition)
    if points:
        shown += ["dossier_id", "dossier__score"]
    rows = handed_in(competition, asked).values_list(*shown, named=True)
    page = key_page(rows, query, order=order_of(competition, asked), size=PAGE)
    lines = [
        Line(
            row.id,
            row.number,
            row.applicant_name,
            row.title,
            f"{row.lot__topic__number}. {pick(row.lot__topic__title_kk, row.lot__topic__title_ru)}",
            row.state,
            row.grant_tiyn,
            Fraction(row.dossier__score, SCALE) if points and row.dossier_id else None,
        )
        for row in page.rows
    ]
    return KeyPage(lines, page.previous, page.next, page.total)


def exported(competition: Competition, asked: Asked) -> Iterator[tuple[Any, ...]]:
    """The rows of the export, read in pieces so that memory stays flat.

    (number, state, topic number, BIN, applicant, project, method, instant, grant, total, score)
    """
    columns = [
        "number", "state", "lot__topic__number", "organisation__bin", "applicant_name", "title",
        "method", "submitted_at", "grant_tiyn", "total_tiyn", "dossier__score",
    ]  # fmt: skip
    rows = handed_in(competition, asked).values_list(*columns)
    shown, readable = points_are_open(competition), content_is_open(competition)
    for *row, title, method, received_at, grant, total, score in rows.iterator(chunk_size=2000):
        content = (title, method, received_at, grant, total)
        closed = (None, method, received_at, None, None)
        yield (*row, *(content if readable else closed), score if shown else None)


def mean_of(score: int | None) -> Decimal | None:
    """A stored score as points for a spreadsheet, to two places."""
    if score is None:
        return None
    return (Decimal(score) / SCALE).quantize(Decimal("0.01"))
