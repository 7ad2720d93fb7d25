"""The commission's protocol: drawn up after the meeting as frozen content, then signed on paper.
Where nothing was scored there is neither commission nor meeting, and it is the operator's alone.

draw_up         members, substitutions, recusals, applicants, points, outcomes, ties, minutes;
                again whenever something in it has changed, until the results are published
file_protocol   the scan of the signed paper
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import canonical, clock
from ortaq.core.duties import Owed
from ortaq.core.procedure import Attempt
from ortaq.grants.models import AdmissibilityCheck, Application, Competition, Protocol
from ortaq.law.findings import Finding, Severity, plain
from ortaq.review.models import Conflict, Meeting, Panel, ScoreSheet, Seat
from ortaq.signing import modes, requirement
from ortaq.signing.occasions import get

from .outcome import Decided, decide

FORMAT = "ortaq.protocol/1"
# What says when and under which name it was drawn up, and not what it records.
FRAME = ("number", "drawn_up_on", "seal")


def _cite(competition: Competition, place: str) -> law.Citation:
    return competition.rules.cite(place)


# --- What it records -----------------------------------------------------------------------------


def record(competition: Competition) -> dict[str, Any]:
    """Everything the protocol says, as JSON; a fixed number of queries."""
    panel = competition.panel
    assert panel is not None  # there is one since acceptance ended
    meeting = Meeting.objects.filter(panel=panel).first()
    seats: list[Seat] = []
    present: set[int] = set()
    if meeting is not None:
        rows = panel.seats.select_related("person").prefetch_related("substituted_by__person")
        seats = list(rows.order_by("since", "id"))
        present = set(meeting.present.values_list("pk", flat=True))
    numbers = {seat.pk: number for number, seat in enumerate(seats, 1)}
    decided = decide(competition)
    return {
        "format": FORMAT,
        "edition": competition.edition,
        "operator": _organisation(competition.operator),
        "competition": _competition(competition),
        "meeting": _meeting(meeting) if meeting else None,
        "members": [_member(seat, present=seat.pk in present) for seat in seats],
        "substitutions": [_substitution(seat) for seat in seats if seat.until],
        "recusals": _recusals(panel, seats),
        "applicants": [
            _organisation(row.organisation)
            for row in panel.applicants.select_related("organisation").order_by(
                "organisation__sort", "id"
            )
        ],
        "lots": lots(competition, decided, numbers),
    }


def _organisation(organisation: Any) -> dict[str, str]:
    return {
        "bin": organisation.bin,
        "name_kk": organisation.name_kk,
        "name_ru": organisation.name_ru,
    }


def _competition(competition: Competition) -> dict[str, Any]:
    version = competition.version
    return {
        "title_kk": competition.title_kk,
        "title_ru": competition.title_ru,
        "announced_on": _day(competition.announced_at),
        "closed_at": competition.closes_at and competition.closes_at.isoformat(),
        "plan_kk": version.plan.title_kk,
        "plan_ru": version.plan.title_ru,
        "plan_act_on": version.act_date and version.act_date.isoformat(),
        "plan_act_number": version.act_number,
    }


def _meeting(meeting: Meeting) -> dict[str, Any]:
    return {
        "opened_at": meeting.opened_at.isoformat(),
        "closed_at": meeting.closed_at and meeting.closed_at.isoformat(),
        "place": meeting.place,
        "minutes_kk": meeting.minutes_kk,
        "minutes_ru": meeting.minutes_ru,
    }


def _member(seat: Seat, *, present: bool) -> dict[str, Any]:
    return {
        "name": seat.person.full_name,
        "short_name": seat.person.short_name,
        "role": seat.role,
        "office": seat.office,
        "side": seat.side,
        "since": _day(seat.since),
        "until": _day(seat.until),
        "present": present,
    }


def _substitution(seat: Seat) -> dict[str, Any]:
    came = next(iter(seat.substituted_by.all()), None)
    return {
        "left": seat.person.full_name,
        "came": came.person.full_name if came else "",
        "on": _day(seat.until),
        "reason": seat.end_reason,
    }


def _recusals(panel: Panel, seats: Iterable[Seat]) -> list[dict[str, Any]]:
    """Who did not judge whom, and how it is known; what exactly ties them stays out of the paper."""
    members = {seat.person_id for seat in seats if seat.role == Seat.Role.MEMBER}
    rows = Conflict.objects.filter(panel=panel, person__in=members)
    return [
        {
            "person": row.person.full_name,
            **_organisation(row.organisation),
            "origin": row.origin,
            "on": _day(row.since),
        }
        for row in rows.select_related("person", "organisation").order_by("since", "id")
    ]


def lots(
    competition: Competition, decided: Iterable[Decided], seats: Mapping[int, int]
) -> list[dict[str, Any]]:
    """Each lot with its applications, points, outcome and tie. `seats` numbers the members."""
    grounds: dict[int, set[str]] = {}
    failed = AdmissibilityCheck.objects.filter(
        application__competition=competition, result=AdmissibilityCheck.Result.FAILED
    )
    for application, ground in failed.values_list("application", "ground"):
        grounds.setdefault(application, set()).add(ground)
    points: dict[int, list[list[int]]] = {}
    sheets = ScoreSheet.objects.filter(
        dossier__panel=competition.panel_id, state=ScoreSheet.State.SIGNED
    )
    for dossier, seat, total in sheets.order_by("id").values_list("dossier", "seat", "total"):
        points.setdefault(dossier, []).append([seats.get(seat, 0), total or 0])
    return [_lot(one, grounds, points) for one in decided]


def _lot(
    one: Decided, grounds: Mapping[int, set[str]], points: Mapping[int, list[list[int]]]
) -> dict[str, Any]:
    ranked = {row.key: row for row in one.result.ranking}
    applications = []
    for key, application in one.applications.items():
        row = ranked.get(key)
        refused = application.state == Application.State.REFUSED
        applications.append(
            {
                "number": application.number,
                **_organisation(application.organisation),
                "title": application.title,
                "grant_tiyn": application.grant_tiyn,
                "state": application.state,
                "grounds": sorted(grounds.get(application.pk, ())) if refused else [],
                "place": row.place if row else None,
                "points": row.total if row else None,
                "sheets": row.experts if row else None,
                "mean": plain(row.mean) if row else None,
                "above": row.above if row else None,
                "by_member": sorted(points.get(application.dossier_id or 0, ())),
            }
        )
    applications.sort(key=lambda a: (a["place"] is None, a["place"] or 0, a["number"]))
    winner, tie = one.winner, one.tie
    return {
        "number": one.lot.topic.number,
        "title_kk": one.lot.topic.title_kk,
        "title_ru": one.lot.topic.title_ru,
        "amount_tiyn": one.lot.amount_tiyn,
        "submitted": one.result.submitted,
        "admitted": one.result.admitted,
        "maximum": one.result.maximum,
        "kind": one.result.kind,
        "winner": winner.number if winner else "",
        "tied": [one.applications[key].number for key in one.result.tied],
        "tie": {
            "reason": tie.reason,
            "votes_for": tie.votes_for,
            "votes_against": tie.votes_against,
        }
        if tie
        else None,
        "findings": [finding.as_dict() for finding in one.result.findings],
        "applications": applications,
    }


def _day(instant: Any) -> str | None:
    return clock.day_of(instant).isoformat() if instant else None


# --- Steps -----------------------------------------------------------------------------------------


def number_given(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The protocol has a number that no other protocol of the operator has."""
    number = str(attempt.facts.get("number") or "").strip()
    cite = _cite(competition, "guide, grants, step 5")
    if not number:
        message = _("State the number of the protocol.")
        yield Finding("no_number", Severity.ERROR, message, cite, about="number")
    others = Protocol.objects.filter(
        competition__operator=competition.operator_id, number=number
    ).exclude(competition=competition)
    if number and others.exists():
        message = _("Another protocol already has this number.")
        yield Finding(
            "number_taken", Severity.ERROR, message, cite, {"number": number}, about="number"
        )


def drawn_up(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    """Freeze the content. The journal keeps its hash; the seal, a random word, keeps those who
    could guess the content from trying.
    """
    content = {
        **record(competition),
        "number": str(attempt.facts["number"]).strip(),
        "drawn_up_on": clock.day_of(attempt.now).isoformat(),
        "seal": secrets.token_hex(16),
    }
    sha256 = canonical.sha256(content)
    Protocol.objects.update_or_create(
        competition=competition,
        defaults={
            "number": content["number"],
            "content": content,
            "sha256": sha256,
            "made_at": attempt.now,
            "scan": None,
        },
    )
    return {"number": content["number"], "sha256": sha256}


def protocol_ready(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The protocol is drawn up, and nothing in it has changed since."""
    cite = _cite(competition, "guide, grants, step 5")
    protocol = Protocol.objects.filter(competition=competition).first()
    if protocol is None:
        message = _("The protocol of the commission is not drawn up yet.")
        yield Finding("no_protocol", Severity.ERROR, message, cite)
    elif without_frame(protocol.content) != record(competition):
        message = _("Something has changed since the protocol was drawn up. Draw it up anew.")
        yield Finding("protocol_outdated", Severity.ERROR, message, cite)


def without_frame(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key not in FRAME}


def scan_at_hand(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """There is a protocol, and the scan of its paper."""
    if not Protocol.objects.filter(competition=competition).exists():
        message = _("The protocol of the commission is not drawn up yet.")
        yield Finding("no_protocol", Severity.ERROR, message)
    if attempt.facts.get("scan") is None:
        message = _("Attach the scan of the signed protocol.")
        yield Finding("no_scan", Severity.ERROR, message, about="scan")


def signed_electronically(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """Where electronic signatures are required, all who sign the protocol have signed it."""
    if protocol := Protocol.objects.filter(competition=competition).first():
        protocol.competition = competition
        yield from requirement.missing("grants.protocol", protocol)


def paper_allowed(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """Where electronic signatures are required, no scan takes their place."""
    if modes.mode("protocol", competition.rules) == modes.REQUIRED:
        message = _("This protocol is signed electronically, so no scan is filed.")
        yield Finding("electronically_only", Severity.ERROR, message)


def filed(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    """Keep the scan beside the content."""
    scan = attempt.facts["scan"]
    Protocol.objects.filter(competition=competition).update(scan=scan)
    return {"scan": scan.sha256}


def owed(competition: Competition) -> Iterable[Owed]:
    """Whose electronic signature is required and missing."""
    if modes.mode("protocol", competition.rules) != modes.REQUIRED:
        return
    occasion, protocol = (
        get("grants.protocol"),
        Protocol.objects.filter(competition=competition).first(),
    )
    if occasion is not None and protocol is not None:
        protocol.competition = competition
        yield from requirement.owed(occasion, protocol, "guide, grants, step 5")
