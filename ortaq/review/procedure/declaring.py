"""The conflict round: the list of applicants, declarations, recusals (GR-C-08, GR-C-10, GR-C-11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, terms
from ortaq.core.keys import key_of
from ortaq.core.keys import organisation as organisation_key
from ortaq.core.keys import person as person_key
from ortaq.core.procedure import Attempt
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.review import composition, conflicts
from ortaq.review.composition import edition_of
from ortaq.review.models import Applicant, Conflict, Declaration, Panel, Seat, Statement
from ortaq.review.scoring import rubric_of

from . import statement
from .seating import invite
from .sheet import recount_seats, set_aside

CITE = "guide, grants, step 3"


def _error(panel: Panel, code: str, message: Any, about: str = "", **numbers: Any) -> Finding:
    cite = edition_of(panel).cite(CITE) if panel.act == "grants_rules" else rubric_of(panel).cite
    return Finding(code, Severity.ERROR, message, cite, numbers, about)


# --- The list of applicants ------------------------------------------------------------------------


def applicants_listed(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    """Add applicants; the term for sending the list starts when acceptance ended (GR-C-10)."""
    wanted = set(attempt.facts["organisations"])
    known = set(panel.applicants.values_list("organisation", flat=True))
    Applicant.objects.bulk_create(
        Applicant(panel=panel, organisation_id=pk) for pk in sorted(wanted - known)
    )
    closed_at = attempt.facts.get("closed_at") or attempt.now
    panel.send_by = terms.due_at(edition_of(panel), "conflict_round", closed_at)
    panel.save(update_fields=["send_by"])
    conflicts.detect(panel, at=attempt.now)
    return {"applicants": [organisation_key(pk) for pk in sorted(wanted)]}


def applicants_known(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The list of applicants is there: acceptance has ended."""
    if not panel.applicants.exists():
        message = _(
            "There is no list of applicants yet: it is made when acceptance of applications ends."
        )
        yield _error(panel, "no_applicants", message)


def members_seated(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The initial composition has members, and none of them is barred."""
    found = composition.findings(panel)
    wanted = {"no_scoring_members", "operator_staff", "ngo_applied", "size_above_maximum"}
    yield from (finding for finding in found if finding.code in wanted)


def due_ahead(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The day by which declarations are asked back, if any is set, is not past."""
    day: date | None = attempt.facts.get("due_on")
    if day is not None and day < clock.day_of(attempt.now):
        message = _("The day by which declarations are asked back must not be past.")
        yield _error(panel, "due_past", message, "due_on", due_on=day)


def declarations_sent(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    day: date | None = attempt.facts.get("due_on")
    panel.declarations_sent_at = attempt.now
    panel.declarations_due = clock.end_of(day) if day else None
    panel.save(update_fields=["declarations_sent_at", "declarations_due"])
    conflicts.detect(panel, at=attempt.now)
    members = composition.members_of(panel)
    invite(panel, members)
    late = panel.send_by is not None and attempt.now > panel.send_by
    return {
        "members": [person_key(seat.person_id) for seat in members],
        "applicants": panel.applicants.count(),
        "due_on": day,
        "late": late,
    }


# --- Declarations --------------------------------------------------------------------------------


def my_seat(panel: Panel, attempt: Attempt) -> Seat:
    return panel.seats.get(person=attempt.actor.user, role=Seat.Role.MEMBER, until=None)


def open_questions(panel: Panel, seat: Seat) -> list[Applicant]:
    """The applicants on which this member has not declared yet."""
    rows = panel.applicants.exclude(
        organisation__in=seat.declarations.values("organisation")
    ).select_related("organisation")
    return sorted(rows, key=lambda row: row.organisation.sort)


def every_applicant_answered(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Each applicant has an answer, and each conflict its explanation (GR-C-11).

    `answers` maps an organisation's number to (conflict: bool | None, explanation).
    """
    answers: Mapping[int, tuple[bool | None, str]] = attempt.facts.get("answers", {})
    questions = open_questions(panel, my_seat(panel, attempt))
    if not questions:
        yield _error(panel, "declared_already", _("You have declared on every applicant."))
    for applicant in questions:
        conflict, explanation = answers.get(applicant.organisation_id, (None, ""))
        about = f"organisation-{applicant.organisation_id}"
        name = applicant.organisation.name
        if conflict is None:
            message = _("Say whether there is a conflict of interest with {applicant}.")
            yield _error(panel, "not_answered", format_lazy(message, applicant=name), about)
        elif conflict and not explanation.strip():
            message = _("Explain the conflict of interest with {applicant}.")
            yield _error(panel, "not_explained", format_lazy(message, applicant=name), about)


def prepared(
    panel: Panel, actor: Any, answers: Mapping[int, tuple[bool | None, str]], address: str
) -> Statement | None:
    """The declaration of whoever acts as it is about to be made, on the page at `address`: kept so that it can be
    signed first. None when an answer is lacking, or nothing is signed electronically under the panel's edition.
    """
    if not answers or any(
        conflict is None or (conflict and not why.strip()) for conflict, why in answers.values()
    ):
        return None
    bins = dict(
        panel.applicants.filter(organisation__in=answers).values_list(
            "organisation", "organisation__bin"
        )
    )
    return statement.prepare(
        key_of(panel),
        actor.user,
        edition_of(panel),
        title=Text(
            panel.title_kk, panel.title_ru or panel.title_kk, panel.title_ru or panel.title_kk
        ),
        address=address,
        content={
            "format": "ortaq.declaration/1",
            "panel": key_of(panel),
            "answers": [
                {
                    "organisation": pk,
                    "bin": bins.get(pk, ""),
                    "conflict": conflict,
                    "explanation": explanation.strip() if conflict else "",
                }
                for pk, (conflict, explanation) in sorted(answers.items())
            ],
        },
    )


def declared(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    """Write the declarations; a declared conflict recuses from that applicant at once."""
    statement.taken(attempt)
    seat = my_seat(panel, attempt)
    answers: Mapping[int, tuple[bool, str]] = attempt.facts["answers"]
    asked = [row.organisation_id for row in open_questions(panel, seat)]
    Declaration.objects.bulk_create(
        Declaration(
            seat=seat,
            organisation_id=pk,
            conflict=answers[pk][0],
            explanation=answers[pk][1].strip() if answers[pk][0] else "",
            declared_at=attempt.now,
        )
        for pk in asked
    )
    conflicted = [pk for pk in asked if answers[pk][0]]
    known = set(
        panel.conflicts.filter(
            person=seat.person_id,
            origin=Conflict.Origin.DECLARED,
            reason=Conflict.Reason.STATED,
        ).values_list("organisation", flat=True)
    )
    Conflict.objects.bulk_create(
        _conflict(
            panel,
            attempt,
            person=seat.person_id,
            organisation=pk,
            origin=Conflict.Origin.DECLARED,
            explanation=answers[pk][1],
        )
        for pk in conflicted
        if pk not in known
    )
    conflicts.detect(panel, at=attempt.now)
    recount_seats(panel, [seat.person_id])
    return {
        "applicants": len(asked),
        "conflicts": [organisation_key(pk) for pk in conflicted],
    }


def everybody_declared(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Every member has declared on every applicant (GR-C-11, GR-C-12)."""
    missing = composition.undeclared(panel)
    if missing:
        seats = panel.seats.filter(pk__in=missing).select_related("person").order_by("id")
        names = ", ".join(seat.person.short_name for seat in seats)
        message = _("These members have not declared yet: {names}. Wait, or substitute them.")
        yield _error(panel, "not_declared", format_lazy(message, names=names), members=len(missing))


# --- Conflicts known later -------------------------------------------------------------------------


def an_applicant(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The organisation is one of the applicants."""
    organisation = attempt.facts.get("organisation")
    listed = organisation is not None and panel.applicants.filter(organisation=organisation)
    if not listed or not listed.exists():
        yield _error(panel, "no_such_applicant", _("Choose one of the applicants."), "organisation")


def a_member(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The person sits on the panel as a member."""
    person = attempt.facts.get("person")
    if (
        person is None
        or not panel.seats.filter(person=person, role=Seat.Role.MEMBER, until=None).exists()
    ):
        yield _error(panel, "no_such_member", _("Choose one of the members."), "person")


def not_known_yet(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The same conflict is not written down already: what is written is never edited."""
    imposed = "person" in attempt.facts
    person = attempt.facts["person"] if imposed else attempt.actor.user
    organisation = attempt.facts.get("organisation")
    if person is None or organisation is None:
        return
    same = panel.conflicts.filter(
        person=person,
        organisation=organisation,
        origin=Conflict.Origin.IMPOSED if imposed else Conflict.Origin.DECLARED,
    )
    if same.exists():
        message = _("This conflict of interest is recorded already; what is recorded stays.")
        yield _error(panel, "conflict_known", message, "organisation")


def explained(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """What the conflict consists in is stated."""
    if not str(attempt.facts.get("explanation") or "").strip():
        message = _("Explain what the conflict of interest consists in.")
        yield _error(panel, "not_explained", message, "explanation")


def recused(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    return _recuse(panel, attempt, attempt.actor.user.pk, Conflict.Origin.DECLARED)


def noted(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    """The conflict is written down; what was scored stays, since what follows from it is final."""
    organisation, who = attempt.facts["organisation"].pk, attempt.actor.user.pk
    _conflict(
        panel,
        attempt,
        person=who,
        organisation=organisation,
        origin=Conflict.Origin.DECLARED,
        explanation=attempt.facts["explanation"],
    ).save()
    return {"person": person_key(who), "organisation": organisation_key(organisation)}


def imposed(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    return _recuse(panel, attempt, attempt.facts["person"].pk, Conflict.Origin.IMPOSED)


def _recuse(
    panel: Panel, attempt: Attempt, person: int, origin: Conflict.Origin
) -> Mapping[str, Any]:
    organisation = attempt.facts["organisation"].pk
    _conflict(
        panel,
        attempt,
        person=person,
        organisation=organisation,
        origin=origin,
        explanation=attempt.facts["explanation"],
    ).save()
    count = set_aside(panel, [(person, organisation)])
    return {
        "person": person_key(person),
        "organisation": organisation_key(organisation),
        "origin": str(origin),
        "sheets_set_aside": count,
    }


def _conflict(
    panel: Panel,
    attempt: Attempt,
    *,
    person: int,
    organisation: int,
    origin: Conflict.Origin,
    explanation: str,
) -> Conflict:
    return Conflict(
        panel=panel,
        person_id=person,
        organisation_id=organisation,
        origin=origin,
        explanation=explanation.strip(),
        found_by=attempt.actor.key,
        since=attempt.now,
    )
