"""Dossiers: one's own list, whose points one sees, how they rank, what is tied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from ortaq.core.bilingual import pick
from ortaq.faces.paging import KeyPage, key_page
from ortaq.people.policy import RESPONSIBLE
from ortaq.review import policy, scoring
from ortaq.review.gate import OPEN, open_to, open_to_person
from ortaq.review.models import (
    SCALE,
    Dossier,
    Meeting,
    Panel,
    ScoreSheet,
    Seat,
    TieDecision,
)

PAGE = 25
DISCUSSED = (Panel.State.MEETING, Panel.State.CLOSED)


def my_dossiers(actor: Any, panel: Panel, show: str = "") -> QuerySet[Dossier]:
    """The member's own list in one panel, each with their own sheet as `own` (a list of one or none).

    `show` leaves only what they have "signed", or what is "open" still.
    """
    if panel.state not in OPEN:
        return Dossier.objects.none()
    own = ScoreSheet.objects.filter(seat__person=actor.user, seat__until=None)
    # Not through the panel's table: a page then ends with its 25 rows instead of sorting them all.
    dossiers = open_to_person(panel.pk, actor.user.pk)
    signed = own.filter(seat__panel=panel, state=ScoreSheet.State.SIGNED).values("dossier")
    if show == "signed":
        dossiers = dossiers.filter(pk__in=signed)
    elif show == "open":
        dossiers = dossiers.exclude(pk__in=signed)
    return dossiers.prefetch_related(Prefetch("score_sheets", own, to_attr="own")).order_by("id")


def points_visible_to(actor: Any) -> QuerySet[Dossier]:
    """THE visibility of points given by others: from the meeting on, for the organiser, the
    secretary, and members to whom the dossier is open.
    """
    user = getattr(actor, "user", None)
    if user is None:
        return Dossier.objects.none()
    opened = Dossier.objects.filter(panel__points_open_at__isnull=False, panel__state__in=DISCUSSED)
    organisation = actor.acting_for
    organised = (
        organisation.pk
        if organisation is not None and actor.roles_in(organisation) & RESPONSIBLE
        else None
    )
    minuted = Seat.objects.filter(
        panel=OuterRef("panel"), person=user, role=Seat.Role.SECRETARY, until=None
    )
    return opened.filter(
        Q(panel__organisation=organised) | Q(Exists(minuted)) | open_to(user.pk)
    ).select_related("panel", "organisation")


def points_of(panel: Panel, actor: Any) -> QuerySet[Dossier]:
    """`points_visible_to` within one panel, in the order of its ranking; ends with its page."""
    if panel.points_open_at is None or panel.state not in DISCUSSED or actor.user is None:
        return Dossier.objects.none()
    found = Dossier.objects.filter(panel=panel)
    if not policy.runs_panel(actor, panel):
        found = open_to_person(panel.pk, actor.user.pk)
    shown = ("number", "title", "contest", "contest_title", "points", "sheets", "score")
    names = ("organisation__name_kk", "organisation__name_ru")
    rows = found.select_related("organisation").only("panel", *shown, *names)
    return rows.order_by("contest", "-score", "id")


@dataclass(frozen=True, slots=True)
class Given:
    """The points that the signed sheets give a dossier, in sum."""

    points: int
    sheets: int

    @property
    def mean(self) -> Fraction | None:
        """The exact mean of the signed sheets; None where there are none."""
        return Fraction(self.points, self.sheets) if self.sheets else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Points(Given):
    """A dossier as the page of points shows it."""

    pk: int
    number: str
    title: str
    contest: str
    organisation: str


def points_page(panel: Panel, actor: Any, query: Mapping[str, Any]) -> KeyPage[Points]:
    """One page of `points_of`; one query and 26 rows."""
    columns = ["id", "number", "title", "contest", "contest_title", "points", "sheets", "score"]
    columns += ["organisation__name_kk", "organisation__name_ru"]
    rows = points_of(panel, actor).values_list(*columns, named=True)
    page = key_page(rows, query, order=("contest", "-score", "id"), size=PAGE)
    lines = [
        Points(
            pk=row.id,
            number=row.number,
            title=row.title,
            contest=row.contest_title or row.contest,
            organisation=pick(row.organisation__name_kk, row.organisation__name_ru),
            points=row.points,
            sheets=row.sheets,
        )
        for row in page.rows
    ]
    return KeyPage(lines, page.previous, page.next, page.total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Given):
    """A dossier's place in its contest; equal means share a place."""

    dossier: int
    contest: str
    number: str
    place: int


def ranking(contests: Iterable[str], actor: Any = None) -> dict[str, list[Standing]]:
    """The dossiers of each contest, the best first; one query.

    With an `actor` only what they may see (`points_visible_to`); without one everything: for
    steps that decide, never for a page.
    """
    dossiers = Dossier.objects.all() if actor is None else points_visible_to(actor)
    rows = (
        dossiers.filter(contest__in=list(contests))
        .order_by("contest", "-score", "id")
        .values_list("id", "contest", "number", "points", "sheets", "score")
    )
    found: dict[str, list[Standing]] = {}
    last: dict[str, tuple[int, int]] = {}
    for pk, contest, number, points, sheets, score in rows:
        places = found.setdefault(contest, [])
        place, best = last.get(contest, (1, score))
        if score != best:
            place = len(places) + 1
        last[contest] = (place, score)
        places.append(
            Standing(
                dossier=pk,
                contest=contest,
                number=number,
                points=points,
                sheets=sheets,
                place=place,
            )
        )
    return found


def ties(panel: Panel) -> dict[str, list[Dossier]]:
    """The contests whose highest score is shared and lies above the threshold, with those who share
    it; one query, however many dossiers lost.
    """
    least = int(scoring.threshold(panel) * SCALE)
    best = (
        Dossier.objects.filter(contest=OuterRef("contest")).order_by("-score").values("score")[:1]
    )
    rows = (
        Dossier.objects.filter(panel=panel, sheets__gt=0, score__gt=least)
        .annotate(best=Subquery(best))
        .filter(score=F("best"))
        .select_related("organisation")
        .order_by("contest", "id")
    )
    found: dict[str, list[Dossier]] = {}
    for dossier in rows:
        found.setdefault(dossier.contest, []).append(dossier)
    return {contest: tied for contest, tied in found.items() if len(tied) > 1}


def decisions(panel: Panel, tied: Mapping[str, Sequence[Dossier]]) -> dict[str, TieDecision]:
    """The decisions of the meeting that stand, by contest: each chose among exactly those who are
    `tied` now; one query.
    """
    rows = TieDecision.objects.filter(meeting__panel=panel).order_by("id")
    return {
        row.contest: row
        for row in rows.select_related("winner__organisation")
        if row.decides(dossier.pk for dossier in tied.get(row.contest, ()))
    }


def lapsed_decisions(meeting: Meeting, standing: Iterable[TieDecision]) -> list[TieDecision]:
    """The decisions of the meeting that no longer stand."""
    rows = meeting.tie_decisions.exclude(pk__in=[decision.pk for decision in standing])
    return list(rows.select_related("winner__organisation").order_by("id"))


def known_to(
    actor: Any, tied: Mapping[str, list[Dossier]], lapsed: Sequence[TieDecision]
) -> tuple[dict[str, list[Dossier]], list[TieDecision]]:
    """The ties and lapsed decisions that a member may know of: where all dossiers are open to them."""
    asked = {dossier.pk for rows in tied.values() for dossier in rows}
    asked.update(pk for decision in lapsed for pk in decision.tied)
    if not asked:
        return {}, []
    seen = set(points_visible_to(actor).filter(pk__in=asked).values_list("pk", flat=True))
    return (
        {c: rows for c, rows in tied.items() if all(d.pk in seen for d in rows)},
        [decision for decision in lapsed if seen.issuperset(decision.tied)],
    )


def without_points(panel: Panel) -> QuerySet[Dossier]:
    """All dossiers of a panel, without what anybody gave."""
    return Dossier.objects.filter(panel=panel).defer("points", "score")


def unscored(panel: Panel) -> QuerySet[Dossier]:
    """The dossiers of a panel that have no signed sheet that counts."""
    return Dossier.objects.filter(panel=panel, sheets=0)
