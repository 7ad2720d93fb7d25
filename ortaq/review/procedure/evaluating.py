"""A panel that evaluates what another room lays before it: scoring → closed (SO-E-11..18, PR-028..032). Whoever forms it says what is
evaluated and who sits on it.

clear      a member gives a notice without conflict: only then the dossier opens
declare    the same where there are many applicants: for each, whether there is a conflict; the others open
step_down  a member's notice states a conflict: the seat ends
admit      the organiser's reasoned decision that a stated conflict does not hinder: a seat anew (SO-X-12)
recuse     a conflict discovered with the file before one's eyes: final, and the sheet no longer counts
join       people who came to the council since then get a seat too
close      everybody to whom the dossier is open has signed, or the organiser says why it goes on without them
discover   a conflict known only after the end: the sheet no longer counts
mark       the same when what followed from the sheets is final: it is written down and changes nothing
reopen     no sheet counts any more, so it is scored anew
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation, person
from ortaq.core.procedure import Attempt, Procedure, Step
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.models import User
from ortaq.registry.models import Expert
from ortaq.review import composition, conflicts, policy
from ortaq.review.models import Conflict, Declaration, Dossier, Panel, Seat
from ortaq.review.scoring import rubric_of

from . import declaring, statement
from .sheet import AFTER_SIGNATURE, recount_seats

State = Panel.State
STEPPED_DOWN = "conflict of interest"


def _error(panel: Panel, code: str, message: Any, about: str = "", **numbers: Any) -> Finding:
    cite = rubric_of(panel).cite
    return Finding(code, Severity.ERROR, message, cite, numbers, about)


def silent(panel: Panel) -> list[Seat]:
    """Members who could still score a dossier and have not signed its sheet: those without a notice too; three queries."""
    conflicted: dict[int, set[int]] = {}
    rows = Conflict.objects.filter(panel=panel).values_list("person", "organisation")
    for who, applicant in rows:
        conflicted.setdefault(who, set()).add(applicant)
    applicants = list(Dossier.objects.filter(panel=panel).values_list("organisation", flat=True))
    return [
        seat
        for seat in composition.members_of(panel)
        if seat.signed < sum(pk not in conflicted.get(seat.person_id, ()) for pk in applicants)
    ]


def not_cleared_yet(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """A member gives the notice once, and no register knows of a tie that it denies."""
    seat = declaring.my_seat(panel, attempt)
    if seat.declarations.exists():
        yield _error(panel, "declared_already", _("You have given the notice about this project."))
    elif conflicts.ties_of(panel, [seat.person_id]):
        yield _error(
            panel,
            "known_tie",
            _(
                "The registers know of a tie between you and this organisation, so a notice without conflict cannot be taken. "
                "State the conflict, or have the register corrected."
            ),
            "conflict",
        )


def may_be_admitted(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """The person (`person`) stepped down for a conflict that was stated, and no register knows of a tie."""
    who = attempt.facts.get("person")
    stepped = panel.seats.filter(person=who, end_reason=STEPPED_DOWN).exists()
    if not stepped or panel.seats.filter(person=who, until=None).exists():
        yield _error(
            panel,
            "nothing_to_admit",
            _("This member has stated no conflict on which could be decided."),
            "person",
        )
    elif (
        who is None
        or conflicts.ties_of(panel, [who.pk])
        or panel.conflicts.filter(person=who).exists()
    ):
        yield _error(
            panel,
            "conflict_known",
            _("The registers know of a tie, so this conflict cannot be decided on."),
            "person",
        )


def reasoned(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    if not str(attempt.facts.get("remark") or "").strip():
        yield _error(panel, "no_remark", _("State the reason."), "remark")


def somebody_signed(panel: Panel, _attempt: Attempt) -> Iterable[Finding]:
    """There is a signed sheet: without one there is nothing to take a mean of."""
    if not panel.dossiers.filter(sheets__gt=0).exists():
        yield _error(panel, "no_sheets", _("No sheet is signed yet."))


def all_signed_or_reason(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """Whoever can still score has signed, or a reason says why it goes on without them (SO-E-18)."""
    waiting = silent(panel)
    if waiting and not str(attempt.facts.get("remark") or "").strip():
        names = ", ".join(seat.person.short_name for seat in waiting)
        message = _(
            "These members have not signed yet: {names}. Wait for them, or write why it goes on without them."
        )
        yield _error(
            panel,
            "sheets_open",
            format_lazy(message, names=names),
            "remark",
            members=len(waiting),
        )


def _cleared(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    seat = declaring.my_seat(panel, attempt)
    statement.taken(attempt)
    _open_to(panel, seat, attempt, "")
    return {"seat": seat.pk}


def _open_to(panel: Panel, seat: Seat, attempt: Attempt, explanation: str) -> None:
    Declaration.objects.bulk_create(
        Declaration(
            seat=seat,
            organisation_id=pk,
            conflict=False,
            explanation=explanation,
            declared_at=attempt.now,
        )
        for pk in panel.applicants.values_list("organisation", flat=True)
    )
    recount_seats(panel, [seat.person_id])


def _stepped_down(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    seat = declaring.my_seat(panel, attempt)
    seat.until, seat.end_reason = attempt.now, STEPPED_DOWN
    seat.save(update_fields=["until", "end_reason"])
    return {"seat": seat.pk}


def _admitted(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    seat = Seat.objects.create(panel=panel, person=attempt.facts["person"], since=attempt.now)
    _open_to(panel, seat, attempt, str(attempt.facts["remark"]).strip())
    return {"seat": seat.pk, "person": person(seat.person_id)}


def somebody_new(panel: Panel, attempt: Attempt) -> Iterable[Finding]:
    """There are people (`people`) who have no seat yet."""
    if not attempt.facts.get("people"):
        yield _error(panel, "nobody_new", _("Everybody who was named has a seat already."))


def seated(panel: Panel, people: Iterable[User], *, at: datetime | None = None) -> None:
    """Give these people a member's seat from `at` (now) on; who is in the register of experts sits as such."""
    people, since = list(people), at or clock.now()
    registered = Expert.objects.filter(person__in=people, state=Expert.State.REGISTERED)
    experts = {one.person_id: one for one in registered}
    Seat.objects.bulk_create(
        Seat(panel=panel, person=one, expert=experts.get(one.pk), since=since) for one in people
    )


def no_sheet_counts(panel: Panel, _attempt: Attempt) -> Iterable[Finding]:
    if panel.dossiers.filter(sheets__gt=0).exists():
        yield _error(panel, "sheets_left", _("There are sheets that count."))


def _joined(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    people = attempt.facts["people"]
    seated(panel, people, at=attempt.now)
    conflicts.detect(panel, at=attempt.now)
    return {"members": [person(one.pk) for one in people]}


def _reopened(panel: Panel, _attempt: Attempt) -> Mapping[str, Any]:
    panel.points_open_at = None
    panel.save(update_fields=["points_open_at"])
    return {}


def _closed(panel: Panel, attempt: Attempt) -> Mapping[str, Any]:
    waiting = silent(panel)
    panel.points_open_at = attempt.now
    panel.save(update_fields=["points_open_at"])
    return {"unsigned": [person(seat.person_id) for seat in waiting]}


CLEAR = Step(
    "clear",
    _("Give the notice: no conflict of interest"),
    source=State.SCORING,
    target=None,
    by=policy.is_panel_member,
    requires=(not_cleared_yet, statement.signed(composition.edition_of)),
    effect=_cleared,
    cite="rules_social_order/2022 №18-2022 ¶16; annex 6",
)
STEP_DOWN = Step(
    "step_down",
    _("State a conflict of interest"),
    source=State.SCORING,
    target=None,
    by=policy.is_panel_member,
    effect=_stepped_down,
    cite="rules_social_order/2022 №18-2022 ¶16; annex 6",
)
DECLARE = Step(
    "declare",
    _("Declare on conflicts of interest"),
    source=State.SCORING,
    target=None,
    by=policy.is_panel_member,
    requires=(declaring.every_applicant_answered, statement.signed(composition.edition_of)),
    effect=declaring.declared,
    cite="PR-032",
)
ADMIT = Step(
    "admit",
    _("Admit the member all the same"),
    source=State.SCORING,
    target=None,
    by=policy.organises,
    requires=(reasoned, may_be_admitted),
    effect=_admitted,
    cite="SO-X-12",
    final=True,
)
RECUSE = Step(
    "recuse",
    _("Recuse myself"),
    source=State.SCORING,
    target=None,
    by=policy.is_panel_member,
    requires=(declaring.an_applicant, declaring.explained, declaring.not_known_yet),
    effect=declaring.recused,
    cite="SO-X-12",
)
JOIN = Step(
    "join",
    _("Take in the council's new members"),
    source=State.SCORING,
    target=None,
    by=policy.organises,
    requires=(somebody_new,),
    effect=_joined,
)
DISCOVER = Step(
    "discover",
    _("A conflict of interest discovered after the scoring"),
    source=State.CLOSED,
    target=None,
    by=policy.is_panel_member,
    requires=(declaring.an_applicant, declaring.explained, declaring.not_known_yet),
    effect=declaring.recused,
    cite="SO-X-12",
)
MARK = Step(
    "mark",
    _("A conflict of interest discovered after the report"),
    source=State.CLOSED,
    target=None,
    by=policy.is_panel_member,
    requires=(declaring.an_applicant, declaring.explained, declaring.not_known_yet),
    effect=declaring.noted,
    cite="SO-X-12",
)
REOPEN = Step(
    "reopen",
    _("Open the scoring anew"),
    source=State.CLOSED,
    target=State.SCORING,
    by=policy.organises,
    requires=(no_sheet_counts,),
    effect=_reopened,
)
CLOSE = Step(
    "close",
    _("Complete the scoring"),
    source=State.SCORING,
    target=State.CLOSED,
    by=policy.organises,
    requires=(somebody_signed, all_signed_or_reason),
    effect=_closed,
    cite="rules_social_order/2022 №18-2022 ¶18",
    final=True,
)


@dataclass(frozen=True, slots=True)
class Words:
    """How the duties of a panel are called under its act, and where they stand."""

    declare: Text
    score: Text
    sheets: str
    close: str


CITES = {
    "rules_social_order": Words(
        Text(
            "Мүдделер қақтығысы туралы хабарламаға қол қою",
            "Подписать уведомление о конфликте интересов",
            "Sign the notice of conflict of interest",
        ),
        Text(
            "Жобаны бағалап, бағалау парағына қол қою",
            "Оценить проект и подписать оценочный лист",
            "Evaluate the project and sign the sheet",
        ),
        "rules_social_order/2022 №18-2022 ¶16, ¶18",
        "rules_social_order/2022 №18-2022 ¶18",
    ),
    "prizes_rules": Words(
        Text(
            "Үміткерлер бойынша мүдделер қақтығысы туралы мәлімдеу",
            "Заявить о конфликте интересов по соискателям",
            "Declare on conflicts of interest with the applicants",
        ),
        Text(
            "Сыйлықақыға үміткерлерді бағалау",
            "Оценить соискателей премии",
            "Score the applicants for the prize",
        ),
        "PR-032",
        "PR-030",
    ),
}


def owed(panel: Panel) -> Iterable[Owed]:
    """Each member owes the notice, then the sheets; the organiser the end of scoring. No source sets a day (SO-X-16, GAP-P-02)."""
    if panel.state != State.SCORING:
        return
    waiting = silent(panel)
    cites = CITES[panel.act]
    for seat in waiting:
        cleared = seat.dossiers > 0
        yield Owed(
            "score" if cleared else "declare",
            person(seat.person_id),
            cites.score if cleared else cites.declare,
            None,
            panel.address,
            cites.sheets,
        )
    if not waiting:
        yield Owed(
            "close_scoring",
            organisation(panel.organisation_id),
            Text("Бағалауды аяқтау", "Завершить оценку", "Complete the evaluation"),
            None,
            panel.address,
            cites.close,
        )


def by_its_act(panel: Panel, place: str) -> str:
    """A clause of a step as it stands for this panel: the steps are written down with those of the social order."""
    return place if panel.judges_project else CITES[panel.act].sheets


EVALUATING: Procedure[Panel] = Procedure(
    Panel,
    (CLEAR, DECLARE, STEP_DOWN, ADMIT, RECUSE, JOIN, CLOSE, DISCOVER, MARK, REOPEN),
    duties=owed,
    cites=by_its_act,
)


def _signed(panel: Panel) -> None:
    """The last signature makes the organiser's duty."""
    if panel.evaluates:
        EVALUATING.settle(panel)


AFTER_SIGNATURE.append(_signed)
