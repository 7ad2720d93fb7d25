"""One look for one meaning: the tone and icon of a state, whichever room it belongs to."""

from __future__ import annotations

from enum import StrEnum


class Tone(StrEnum):
    """How a thing is meant: the colour, and the icon for those who see no colour."""

    NEUTRAL = "neutral"
    INFO = "info"
    PROGRESS = "progress"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    OVER = "over"


ICONS = {
    Tone.NEUTRAL: "circle",
    Tone.INFO: "info-circle-fill",
    Tone.PROGRESS: "hourglass-split",
    Tone.GOOD: "check-circle-fill",
    Tone.WARNING: "exclamation-triangle-fill",
    Tone.BAD: "x-octagon-fill",
    Tone.OVER: "archive-fill",
}

# A state that is not listed is neutral; a page can name the tone itself.
STATES = {
    Tone.NEUTRAL: ("draft", "new", "planned", "prepared", "none", "not_applicable"),
    Tone.INFO: (
        "announced", "published", "open", "accepting", "submitted", "released", "proposed", "called",
    ),
    Tone.PROGRESS: (
        "checking", "scoring", "review", "in_review", "opened", "formed", "convened", "meeting",
        "approval", "approving", "signing", "running", "active", "extended", "started", "discussion",
        "deciding", "discussed", "completed", "council", "requested", "in_office", "selecting", "choosing", "asked",
    ),
    Tone.GOOD: (
        "admitted", "signed", "won", "winner", "approved", "contracted", "accepted", "finished",
        "done", "sent", "ok", "confirmed", "awarded", "present", "clear", "declared", "listed",
        "budgeted", "adopted", "held", "taken", "selected", "chosen", "paid", "proved", "decided", "posted",
    ),
    Tone.WARNING: (
        "incomplete", "returned", "partly", "late", "notice", "warning", "suspended", "tie", "expiring",
    ),
    Tone.BAD: (
        "refused", "rejected", "failed", "error", "lost", "terminated", "barred", "conflict",
        "recused", "excluded",
    ),
    Tone.OVER: ("withdrawn", "voided", "closed", "cancelled", "called_off", "archived", "superseded", "ended", "expired"),
}  # fmt: skip
_TONES = {state: tone for tone, states in STATES.items() for state in states}


def tone_of(state: str) -> Tone:
    return _TONES.get(str(state).lower(), Tone.NEUTRAL)
