"""The score sheet: draft → signed; set aside when its author may no longer judge.

    save_draft   as often as a key is pressed; no step, since nothing legal happens
    sign         complete, in time; locks the sheet (GR-S-01, GR-S-03)
    change       at the meeting, by the author, with a reason; both values kept (GR-S-13)
    set_aside    by recusal or when the author leaves the panel

The journal keeps a hash of a signed sheet and no points: before the meeting nobody may read
from it what somebody gave. The hash covers the sheet's seal, a random word, so that trying
all possible points does not open it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from ortaq.core import canonical, clock
from ortaq.core.keys import key_of, person
from ortaq.core.models import Duty
from ortaq.core.procedure import Attempt, Procedure, Refused, Step
from ortaq.core.procedure import locked as hold
from ortaq.law.findings import Citation, Finding, Severity
from ortaq.review import policy, queries, scoring
from ortaq.review.composition import edition_of
from ortaq.review.models import SCALE, Dossier, MarkChange, Panel, ScoreSheet, Seat
from ortaq.signing.requirement import required

State = ScoreSheet.State
# A sheet counts from its signature on, unless it is set aside. (Steps write the state last, so it
# is not asked here whether the state says "signed".)
COUNTED = Q(signed_at__isnull=False) & ~Q(state=State.SET_ASIDE)

# What a procedure of panels does when a sheet of one was signed, in the same transaction.
AFTER_SIGNATURE: list[Callable[[Panel], None]] = []


# --- While it is written -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save: the sheet as it stands now; `stale` when another window was faster
    and nothing was written.
    """

    sheet: ScoreSheet
    stale: bool = False


def scoring_open(dossier: Dossier, now: datetime) -> list[Finding]:
    """Why sheets of a dossier cannot be written or signed now; empty while scoring runs, and at the
    meeting for a dossier that recusals have left without any sheet signed before it.
    """
    panel = dossier.panel
    if panel.state == Panel.State.SCORING and (
        panel.scoring_until is None or now <= panel.scoring_until
    ):
        return []
    if panel.state == Panel.State.MEETING and not scored_before_the_meeting(dossier):
        return []
    return [
        Finding(
            "scoring_over",
            Severity.ERROR,
            _(
                "Scoring has ended, so sheets can no longer be changed or signed. "
                "What was saved before is kept."
            ),
            _end_of_scoring(panel),
            {"until": panel.scoring_until},
        )
    ]


def _end_of_scoring(panel: Panel) -> Citation:
    """What ends the scoring: the act's term, or where it sets none its rule of scoring."""
    edition = edition_of(panel)
    term = edition.terms.get("scoring")
    return term.cite if term else scoring.rubric_of(panel).cite


def scored_before_the_meeting(dossier: Dossier) -> bool:
    """Whether a sheet signed while scoring ran still counts."""
    before = {"signed_at__lt": dossier.panel.points_open_at}
    return ScoreSheet.objects.filter(COUNTED, dossier=dossier, **before).exists()


def save_draft(
    dossier: Dossier,
    seat: Seat,
    sheet: ScoreSheet | None,
    marks: Mapping[str, Any],
    *,
    version: int,
    window: str,
) -> Saved:
    """Keep what has been filled in so far; `sheet` as it stood a moment ago, None before the first.

    `version` is the one that the window was based on, `window` the window's own random name: a
    save based on an older version is taken only from the window that saved last. Raises `Refused`
    when scoring is over, the sheet is locked, or a comment is too long.
    """
    now = clock.now()
    if closed := scoring_open(dossier, now) + scoring.too_long(marks):
        raise Refused(SAVE, closed)
    if sheet is None:
        try:
            with transaction.atomic():
                sheet = ScoreSheet.objects.create(
                    dossier=dossier,
                    seat=seat,
                    marks=marks,
                    version=1,
                    window=window,
                    updated_at=now,
                )
        except IntegrityError:  # another window began at the same moment
            sheet = ScoreSheet.objects.get(dossier=dossier, seat=seat)
        else:
            return Saved(sheet)
    if sheet.state != State.DRAFT:
        raise Refused(SAVE, [locked(sheet)])
    if sheet.version != version and sheet.window != window:
        return Saved(sheet, stale=True)
    written = ScoreSheet.objects.filter(
        pk=sheet.pk, version=sheet.version, state=State.DRAFT
    ).update(marks=marks, version=sheet.version + 1, window=window, updated_at=now)
    if not written:
        sheet.refresh_from_db()
        return Saved(sheet, stale=True)
    sheet.marks, sheet.version, sheet.window = dict(marks), sheet.version + 1, window
    sheet.updated_at = now
    return Saved(sheet)


def locked(sheet: ScoreSheet) -> Finding:
    return Finding(
        "sheet_locked",
        Severity.ERROR,
        _("This sheet is signed or set aside, so it is locked. What was signed stays as it was."),
        edition_of(sheet.dossier.panel).cite("GR-S-01", inferred=True),
        {"state": str(sheet.get_state_display())},
    )


# --- Signing ---------------------------------------------------------------------------------------


def in_scoring(sheet: ScoreSheet, attempt: Attempt) -> Iterable[Finding]:
    """The dossier is being scored and the term has not passed (GR-S-01)."""
    yield from scoring_open(sheet.dossier, attempt.now)


def complete(sheet: ScoreSheet, attempt: Attempt) -> Iterable[Finding]:
    """Every criterion has points, and comments stand where they are obligatory (GR-S-03, GR-X-03)."""
    yield from scoring.check(scoring.rubric_of(sheet.dossier.panel), sheet.marks)


def as_shown(sheet: ScoreSheet, attempt: Attempt) -> Iterable[Finding]:
    """What is signed is what the expert saw: nobody saved another version meanwhile."""
    version = attempt.facts.get("version")
    if version is not None and version != sheet.version:
        yield Finding(
            "sheet_changed",
            Severity.ERROR,
            _("The sheet was changed in another window. Look at it once more before signing."),
            numbers={"seen": version, "now": sheet.version},
        )


def fingerprint(sheet: ScoreSheet) -> str:
    """SHA-256 of the signed sheet with its seal."""
    return canonical.sha256(
        {
            "dossier": sheet.dossier_id,
            "seat": sheet.seat_id,
            "marks": sheet.marks,
            "total": sheet.total,
            "seal": sheet.seal,
        }
    )


def _signed(sheet: ScoreSheet, attempt: Attempt) -> Mapping[str, Any]:
    rubric = scoring.rubric_of(sheet.dossier.panel)
    sheet.total = rubric.total(scoring.points_of(sheet.marks))
    sheet.signed_at = attempt.now
    sheet.save(update_fields=["total", "signed_at"])
    recount([sheet.dossier_id])
    # A member who signs in two windows at once: the second waits here, then counts the sheet of the first.
    seat = hold(Seat, sheet.seat_id)
    seat.signed = ScoreSheet.objects.filter(COUNTED, seat=seat).count()
    seat.save(update_fields=["signed"])
    if seat.signed >= seat.dossiers:
        # The panel's other duties stay as they are, so this one is settled by itself.
        Duty.objects.filter(
            subject=key_of(sheet.dossier.panel),
            code="score",
            bearer=person(seat.person_id),
            done_at=None,
        ).update(done_at=attempt.now)
    for follow in AFTER_SIGNATURE:
        follow(sheet.dossier.panel)
    return {"sha256": fingerprint(sheet)}


# --- Changing at the meeting -------------------------------------------------------------------


def at_meeting(sheet: ScoreSheet, attempt: Attempt) -> Iterable[Finding]:
    """The panel's meeting is open."""
    if sheet.dossier.panel.state != Panel.State.MEETING:
        yield Finding(
            "no_meeting",
            Severity.ERROR,
            _("Points can be changed only while the meeting is open."),
            edition_of(sheet.dossier.panel).cite("GR-S-13", inferred=True),
        )


def tie_undecided(sheet: ScoreSheet, attempt: Attempt) -> Iterable[Finding]:
    """The meeting has not decided a tie of this contest: whoever votes must know the points."""
    panel, contest = sheet.dossier.panel, sheet.dossier.contest
    if contest in queries.decisions(panel, queries.ties(panel)):
        yield Finding(
            "tie_decided",
            Severity.ERROR,
            _(
                "The meeting has decided on the equal highest score of this topic, so its points "
                "no longer change. What you want to add can be said in the minutes."
            ),
            edition_of(panel).cite("GR-S-13", inferred=True),
        )


def another_lawful_value(sheet: ScoreSheet, attempt: Attempt) -> Iterable[Finding]:
    """A criterion of the rubric, a value that it allows, other than the present one, with a reason."""
    rubric = scoring.rubric_of(sheet.dossier.panel)
    key, points = attempt.facts.get("criterion"), attempt.facts.get("points")
    cite = edition_of(sheet.dossier.panel).cite("GR-S-13", inferred=True)
    if key not in rubric.keys or points not in rubric.criterion(key).allowed:
        yield Finding(
            "points_not_allowed",
            Severity.ERROR,
            _("Choose a criterion and one of the points that it allows."),
            cite,
            about="points",
        )
    elif scoring.mark_of(sheet.marks, key)["points"] == points:
        yield Finding(
            "points_unchanged",
            Severity.ERROR,
            _("These are the points given already."),
            cite,
            about="points",
        )
    if not str(attempt.facts.get("reason") or "").strip():
        yield Finding(
            "no_reason",
            Severity.ERROR,
            _(
                "State the reason of the change: it is kept with both values and goes to the minutes."
            ),
            cite,
            about="reason",
        )


def _changed(sheet: ScoreSheet, attempt: Attempt) -> Mapping[str, Any]:
    key, points = attempt.facts["criterion"], attempt.facts["points"]
    before = sheet.marks[key]["points"]
    sheet.marks = {**sheet.marks, key: {**sheet.marks[key], "points": points}}
    rubric = scoring.rubric_of(sheet.dossier.panel)
    sheet.total = rubric.total(scoring.points_of(sheet.marks))
    sheet.version += 1
    sheet.save(update_fields=["marks", "total", "version"])
    MarkChange.objects.create(
        sheet=sheet,
        criterion=key,
        before=before,
        after=points,
        reason=str(attempt.facts["reason"]).strip(),
        changed_at=attempt.now,
    )
    recount([sheet.dossier_id])
    return {"criterion": key, "before": before, "after": points, "sha256": fingerprint(sheet)}


# --- Setting aside -------------------------------------------------------------------------------


def set_aside(panel: Panel, pairs: Sequence[tuple[int, int]]) -> int:
    """Take the sheets of these (person, organisation) out of the count; how many.

    Runs inside the step or the detection that recuses, which also writes the journal.
    """
    wanted = Q(pk__in=())
    for who, organisation in pairs:
        wanted |= Q(seat__person=who, dossier__organisation=organisation)
    return _set_aside(panel, ScoreSheet.objects.filter(wanted), {who for who, _o in pairs})


def set_aside_all_of(seat: Seat) -> int:
    """Take all sheets of a member who leaves out of the count; how many.

    Points may be changed at the meeting only by their author (GR-S-13); who is not there any
    more can neither explain nor change them (inferred).
    """
    return _set_aside(seat.panel, ScoreSheet.objects.filter(seat=seat), {seat.person_id})


def _set_aside(panel: Panel, sheets: Any, people: set[int]) -> int:
    rows = list(
        sheets.filter(dossier__panel=panel)
        .exclude(state=State.SET_ASIDE)
        .values_list("id", "dossier")
    )
    ScoreSheet.objects.filter(pk__in=[pk for pk, _d in rows]).update(state=State.SET_ASIDE)
    recount(sorted({dossier for _pk, dossier in rows}))
    recount_seats(panel, people)
    return len(rows)


# --- What is kept of many sheets ---------------------------------------------------------------


def recount(dossiers: Sequence[int]) -> None:
    """Bring points, number of sheets and score of these dossiers up to their signed sheets."""
    rows = Dossier.objects.filter(pk__in=dossiers).order_by("id")
    if connection.features.has_select_for_update:
        # Two experts who sign at once: the second waits here, then sees the sheet of the first.
        rows = rows.select_for_update(of=("self",))
    locked_rows = list(rows)
    sums = {
        row["dossier"]: (row["points"], row["sheets"])
        for row in ScoreSheet.objects.filter(COUNTED, dossier__in=dossiers)
        .values("dossier")
        .annotate(points=Sum("total"), sheets=Count("id"))
    }
    for dossier in locked_rows:
        dossier.points, dossier.sheets = sums.get(dossier.pk, (0, 0))
        dossier.score = dossier.points * SCALE // dossier.sheets if dossier.sheets else 0
    Dossier.objects.bulk_update(locked_rows, ["points", "sheets", "score"], batch_size=500)


def recount_seats(panel: Panel, people: Iterable[int]) -> None:
    """Bring the members' counts of open dossiers and signed sheets up to date."""
    rows = panel.seats.filter(person__in=people, until=None, role=Seat.Role.MEMBER).order_by("id")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    seats = list(rows)
    for seat in seats:
        seat.dossiers = queries.open_to_person(panel.pk, seat.person_id).count()
        seat.signed = ScoreSheet.objects.filter(COUNTED, seat=seat).count()
    Seat.objects.bulk_update(seats, ["dossiers", "signed"])


SAVE = Step("save", _("Save the sheet"), source=State.DRAFT, target=None, by=policy.writes_sheet)
SIGN = Step(
    "sign",
    _("Sign the sheet"),
    source=State.DRAFT,
    target=State.SIGNED,
    by=policy.writes_sheet,
    requires=(in_scoring, as_shown, complete, required("review.scoresheet")),
    effect=_signed,
    cite="guide, grants, step 5",
    final=True,
)
CHANGE = Step(
    "change",
    _("Change the points"),
    source=State.SIGNED,
    target=None,
    by=policy.writes_sheet,
    requires=(at_meeting, tie_undecided, another_lawful_value),
    effect=_changed,
    cite="GR-S-13",
)

SHEET: Procedure[ScoreSheet] = Procedure(ScoreSheet, (SIGN, CHANGE))
