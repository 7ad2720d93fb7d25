"""What `ortaq check` asks of commissions: sheets as they were signed, and all that is kept of many sheets."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count, F, Sum

from ortaq import law
from ortaq.core import audit
from ortaq.core.audit import Fault, Faults, Machine
from ortaq.core.keys import key_of
from ortaq.core.models import JournalEntry

from . import scoring
from .models import SCALE, Dossier, Panel, ScoreSheet, Seat
from .procedure.sheet import COUNTED, fingerprint

State = Panel.State
MACHINES = (
    # Whoever needs a panel makes it where its own work begins.
    Machine(Panel, begins=(State.APPOINTING, State.SCORING)),
    # By a recusal, or when the member leaves: a step of the panel.
    Machine(
        ScoreSheet,
        carried={"set_aside": {"", "signed"}},
        # Nothing legal happens while one is filled in.
        without_journal=lambda one: one.signed_at is None,
    ),
)
SIGNED = "The journal has the hash of the sheet as it was signed: restore the row from a backup and compare with it."
RECOUNT = "Counted anew when the next sheet is signed or set aside."


def faults(*, quick: bool = False) -> Faults:
    """Every row of this room that contradicts another."""
    yield from _sheets(quick=quick)
    yield from _dossiers(quick=quick)
    yield from _seats(quick=quick)


def _sheets(*, quick: bool) -> Faults:
    """A signed sheet says what its expert signed, adds up by the rubric, and was signed while it could be."""
    rows = ScoreSheet.objects.filter(signed_at__isnull=False).select_related("dossier__panel")
    for some in audit.pieces(rows, quick=quick):
        entries = JournalEntry.objects.filter(
            subject__in=[key_of(one) for one in some], step__in=("sign", "change")
        )
        said = dict(entries.order_by("number").values_list("subject", "facts"))
        for one in some:
            key, panel = key_of(one), one.dossier.panel
            if key in said and said[key].get("sha256") != fingerprint(one):
                yield Fault(key, "it is not what its expert signed", SIGNED)
            if one.total != _total(one):
                yield Fault(key, f"its points do not make its total of {one.total}", SIGNED)
            until = panel.scoring_until
            if until and one.signed_at and one.signed_at > until and panel.points_open_at is None:
                yield Fault(key, "it was signed after the end of scoring", SIGNED)


def _total(sheet: ScoreSheet) -> int | None:
    """What the marks add up to; None where they no longer fit the rubric."""
    try:
        return scoring.rubric_of(sheet.dossier.panel).total(scoring.points_of(sheet.marks))
    except law.Refused:
        return None


def _dossiers(*, quick: bool) -> Faults:
    for some in audit.pieces(Dossier.objects.only("pk", "points", "sheets", "score"), quick=quick):
        counted: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
        rows = ScoreSheet.objects.filter(COUNTED, dossier__in=some).order_by().values("dossier")
        for row in rows.annotate(points=Sum("total"), number=Count("id")):
            counted[row["dossier"]] = (row["points"], row["number"])
        for one in some:
            points, sheets = counted[one.pk]
            score = points * SCALE // sheets if sheets else 0
            if (one.points, one.sheets, one.score) != (points, sheets, score):
                yield Fault(
                    key_of(one),
                    f"kept {one.points} points of {one.sheets} sheets, its sheets make {points} of {sheets}",
                    RECOUNT,
                )


def _seats(*, quick: bool) -> Faults:
    members = Seat.objects.filter(until=None, role=Seat.Role.MEMBER).only("pk", "signed")
    for some in audit.pieces(members, quick=quick):
        rows = ScoreSheet.objects.filter(COUNTED, seat__in=some).order_by().values_list("seat")
        counted = dict(rows.annotate(number=Count("id")))
        for one in some:
            if one.signed != counted.get(one.pk, 0):
                yield Fault(
                    key_of(one),
                    f"kept {one.signed} signed sheets, counted {counted.get(one.pk, 0)}",
                    RECOUNT,
                )
    ended = Seat.objects.filter(until__lt=F("since")).values_list("pk", flat=True)
    for pk in ended:
        yield Fault(f"review.seat:{pk}", "it ended before it began")
