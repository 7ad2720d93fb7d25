"""Elections and the meeting: attendance, minutes, ties, its end (GR-C-09, GR-C-13, GR-S-13)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from ortaq.core import canonical
from ortaq.core.keys import key_of
from ortaq.core.procedure import Attempt
from ortaq.law.findings import Finding, Severity
from ortaq.review import queries
from ortaq.review.composition import edition_of
from ortaq.review.models import Ballot, Meeting, Panel, ScoreSheet, Seat, TieDecision

from .declaring import my_seat

OFFICES = (Seat.Office.CHAIR, Seat.Office.DEPUTY)


def _error(panel: Panel, code: str, message: Any, about: str = "", **numbers: Any) -> Finding:
    cite = edition_of(panel).cite("guide, grants, steps 3 and 5")
    return Finding(code, Severity.ERROR, message, cite, numbers, about)


# --- Chair and deputy ------------------------------------------------------------------------------


def candidate_eligible(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """A present member of this panel who holds no other office."""
    chosen: Seat | None = attempt.facts.get("candidate")
    office = attempt.facts.get("office")
    members = panel.seats.filter(until=None, role=Seat.Role.MEMBER)
    candidate = members.filter(pk=chosen.pk).first() if chosen is not None else None
    if candidate is None or office not in OFFICES:
        yield _error(panel, "no_candidate", _("Choose one of the members."), "candidate")
    elif candidate.office not in (Seat.Office.NONE, office):
        message = _("This member holds the other office already.")
        yield _error(panel, "holds_office", message, "candidate")


def office_vacant(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Nobody holds the office now."""
    if panel.seats.filter(office=attempt.facts.get("office"), until=None).exists():
        yield _error(panel, "office_held", _("The members have elected somebody already."))


def tally(panel: Panel, office: str) -> dict[int, int]:
    """Votes of present members by candidate's seat."""
    votes: dict[int, int] = {}
    ballots = Ballot.objects.filter(
        panel=panel, office=office, voter__until=None, candidate__until=None
    )
    for candidate in ballots.values_list("candidate", flat=True):
        votes[candidate] = votes.get(candidate, 0) + 1
    return votes


def voted(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    """Keep the ballot; more than half of all members elect (GR-C-09).

    The journal says who voted, not for whom.
    """
    office, candidate = attempt.facts["office"], attempt.facts["candidate"]
    Ballot.objects.update_or_create(
        voter=my_seat(panel, attempt),
        office=office,
        defaults={"panel": panel, "candidate": candidate, "cast_at": attempt.now},
    )
    members = panel.seats.filter(role=Seat.Role.MEMBER, until=None).count()
    if 2 * tally(panel, office)[candidate.pk] <= members:
        return {"office": str(office)}
    candidate.office = office
    candidate.save(update_fields=["office"])
    return {"office": str(office), "elected": key_of(candidate.person), "members": members}


# --- The meeting -----------------------------------------------------------------------------------


def begun(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    """Open the points to those who take part; from now on the organiser's staff may see them."""
    panel.points_open_at = attempt.now
    panel.save(update_fields=["points_open_at"])
    meeting = Meeting.objects.create(panel=panel, opened_at=attempt.now)
    unsigned = ScoreSheet.objects.filter(dossier__panel=panel, state=ScoreSheet.State.DRAFT)
    return {"meeting": meeting.pk, "unsigned": unsigned.count()}


def save_attendance(meeting: Meeting, seats: Collection[str]) -> None:
    """Keep who of those who sit now is present, by the numbers of their seats as a form sends them.
    Who was there in the end goes to the journal when the meeting closes.
    """
    sitting = meeting.panel.seats.filter(until=None)
    meeting.present.set([seat for seat in sitting if str(seat.pk) in seats])


def save_minutes(
    meeting: Meeting, *, place: str, minutes_kk: str, minutes_ru: str, version: int
) -> bool:
    """Keep the minutes while they are written; False when another window was faster and nothing
    was written. What they say in the end goes to the journal as a hash when the meeting closes.
    """
    written = Meeting.objects.filter(pk=meeting.pk, version=version, closed_at=None).update(
        place=place, minutes_kk=minutes_kk, minutes_ru=minutes_ru, version=F("version") + 1
    )
    meeting.refresh_from_db()
    return bool(written)


def a_tie(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The contest has an equal highest score, not decided yet, and the choice is among the equal."""
    winner = attempt.facts.get("winner")
    tied = queries.ties(panel)
    equal = tied.get(winner.contest, []) if winner is not None else []
    if winner not in equal:
        message = _("Choose one of the applications with the equal highest score.")
        yield _error(panel, "no_tie", message, "winner")
    elif winner.contest in queries.decisions(panel, tied):
        message = _("The meeting has decided this already; what is minuted stays.")
        yield _error(panel, "tie_decided", message, "winner")


def votes_stated(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The votes fit the attendance, and the decision has a majority, or the chair's vote if equal."""
    votes_for, against = attempt.facts.get("votes_for"), attempt.facts.get("votes_against")
    if votes_for is None or against is None:
        yield _error(panel, "no_votes", _("State the votes for and against."), "votes_for")
        return
    present = panel.meeting.present.filter(role=Seat.Role.MEMBER).count()
    if votes_for + against > present:
        message = _(
            "There are more votes than members present. Correct the votes or the attendance."
        )
        numbers = {"votes": votes_for + against, "present": present}
        yield _error(panel, "too_many_votes", message, "votes_for", **numbers)
    elif votes_for < against or not votes_for:
        message = _("This decision has no majority: more voted against it than for it.")
        yield _error(panel, "no_majority", message, "votes_for")
    elif votes_for == against:
        yield Finding(
            "votes_equal",
            Severity.NOTICE,
            _("Votes are equal: the chair's vote decides. Say so in the reason."),
            edition_of(panel).cite("GR-S-13", inferred=True),
            about="votes_for",
        )


def tie_decided(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    facts, winner = attempt.facts, attempt.facts["winner"]
    tied = queries.ties(panel)[winner.contest]
    TieDecision.objects.create(
        meeting=panel.meeting,
        contest=winner.contest,
        winner=winner,
        tied=sorted(dossier.pk for dossier in tied),
        reason=str(facts["reason"]).strip(),
        votes_for=facts["votes_for"],
        votes_against=facts["votes_against"],
        decided_at=attempt.now,
    )
    return {
        "contest": winner.contest,
        "winner": key_of(winner),
        "votes_for": facts["votes_for"],
        "votes_against": facts["votes_against"],
    }


# --- What closing requires -------------------------------------------------------------------------


def attendance_kept(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """It is kept who was there. (No source sets a quorum: GR §8.)"""
    if not panel.meeting.present.exists():
        yield _error(panel, "no_attendance", _("Mark who is present at the meeting."), "present")


def minutes_kept(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The minutes stand in both languages (GR-C-13)."""
    if not panel.meeting.minutes_kk.strip():
        message = _("The minutes are missing in Kazakh.")
        yield _error(panel, "no_minutes", message, "minutes_kk")
    if not panel.meeting.minutes_ru.strip():
        message = _("The minutes are missing in Russian.")
        yield _error(panel, "no_minutes", message, "minutes_ru")


def chair_elected(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The members have elected their chair; a missing deputy is only noted (GR-C-05, GR-C-09)."""
    held = set(panel.seats.filter(until=None).values_list("office", flat=True))
    if Seat.Office.CHAIR not in held:
        yield _error(panel, "no_chair", _("The members have not elected their chair yet."))
    if Seat.Office.DEPUTY not in held:
        yield Finding(
            "no_deputy",
            Severity.WARNING,
            _("The members have not elected a deputy chair."),
            edition_of(panel).parameter("commission.size_max").cite,
        )


def ties_decided(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Every equal highest score above the threshold is decided as it stands now (GR-S-13)."""
    tied = queries.ties(panel)
    if left := tied.keys() - queries.decisions(panel, tied).keys():
        message = _(
            "An equal highest score is not decided yet. The meeting decides it and says why."
        )
        yield _error(panel, "ties_open", message, "winner", contests=len(left))


def all_scored(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Every dossier has points: the last recusal may have taken the only ones (GR-S-01, GR-C-12)."""
    if unscored := queries.unscored(panel).count():
        message = _(
            "Some applications have no signed sheet any more. Take another member onto the "
            "commission: after the declaration they score these applications at the meeting."
        )
        yield _error(panel, "not_scored", message, applications=unscored)


def closed(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    meeting = panel.meeting
    meeting.closed_at = attempt.now
    meeting.save(update_fields=["closed_at"])
    minutes = canonical.sha256([meeting.place, meeting.minutes_kk, meeting.minutes_ru])
    present = [key_of(seat.person) for seat in meeting.present.select_related("person")]
    return {"present": present, "minutes_sha256": minutes}
