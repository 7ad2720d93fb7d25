"""The expert council of a state body: being prepared → candidates are put forward → composition is being chosen → laid before the NGO
council → in office → its term ended (SO-E-05..10, SO-X-13, SO-X-18, SO-X-26).

edit      names and announcement, until it is announced; offices' days until it takes office
announce  in both languages; ten calendar days for self-nomination are stored
choose    after these days; where nobody was put forward the body forms the council on its own
lay       the preliminary composition goes to the NGO cooperation council
approve   with day and number of its minutes: from the stated day on the council is in office
return    with its remark: the composition is chosen anew
end       when the term is over, or before with a reason

People put themselves forward, withdraw, are chosen or not: `Nomination`, by `nomination.py`. A member who leaves is replaced by
another one through the same council's approval. Members are not paid, so nothing here knows of payments (SO-E-10).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, letters, terms
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import (
    Attempt,
    Procedure,
    Refused,
    Step,
    not_yours,
)
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.oversight.models import ExpertCouncil, Nomination
from ortaq.oversight.policy.project import works_for
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.planning.models import Council
from ortaq.projects.procedure.shared import nobody_was_faster, remark_given, said

State = ExpertCouncil.State
Place = Nomination.State
WORDS = ("title_kk", "title_ru", "announcement_kk", "announcement_ru")
OFFICE = ("office_from", "office_until")
YEARS = "expert_council.term_calendar_years"


def edition_of(council: ExpertCouncil) -> law.Edition:
    """The edition that the council pins (SO-X-19)."""
    return law.edition(council.act, council.edition)


def finding(
    council: ExpertCouncil,
    code: str,
    message: Any,
    about: str = "",
    *,
    warns: bool = False,
    **numbers: Any,
) -> Finding:
    cite = edition_of(council).parameter("expert_council.selection").cite
    return Finding(
        code, Severity.WARNING if warns else Severity.ERROR, message, cite, numbers, about
    )


def of_body(actor: Actor, council: ExpertCouncil) -> bool:
    return works_for(actor, council.body_id)


def of_ngo_council(actor: Actor, council: ExpertCouncil) -> bool:
    """Answers for the body at which the NGO cooperation council sits; whoever forms the expert council records its minutes too."""
    laid = council.laid_before
    return laid is not None and works_for(actor, laid.body_id)


# --- What a step asks ----------------------------------------------------------------------------------


def announcement_written(council: ExpertCouncil, _attempt: Attempt) -> Iterable[Finding]:
    """Name and announcement stand in both languages (SO-E-07)."""
    for name in WORDS:
        if not getattr(council, name).strip():
            message = _("Write the name and the announcement in Kazakh and in Russian.")
            yield finding(council, "not_written", message, name)


def days_are_over(council: ExpertCouncil, attempt: Attempt) -> Iterable[Finding]:
    """The days for self-nomination have passed (SO-E-08)."""
    until = council.nominations_until
    if until is not None and attempt.now <= until:
        message = _("Candidates can still put themselves forward.")
        yield finding(council, "nominations_open", message, until=until)


def somebody_chosen(council: ExpertCouncil, _attempt: Attempt) -> Iterable[Finding]:
    """The composition has members, and everybody who was put forward has an answer with reasons (SO-E-06)."""
    if not council.nominations.filter(state=Place.CHOSEN).exists():
        yield finding(council, "nobody_chosen", _("Choose who is to sit on the council."))
    open_ones = council.nominations.filter(state=Place.OFFERED).count()
    if open_ones:
        message = format_lazy(_("Candidates without an answer: {count}."), count=open_ones)
        yield finding(council, "candidates_open", message, count=open_ones)


def laid_before_one(council: ExpertCouncil, attempt: Attempt) -> Iterable[Finding]:
    """The NGO cooperation council that approves is named (SO-E-09, SO-X-18)."""
    if not isinstance(attempt.facts.get("laid_before"), Council):
        message = _("Choose the NGO cooperation council that approves the composition.")
        yield finding(council, "no_ngo_council", message, "laid_before")


def minutes_named(council: ExpertCouncil, attempt: Attempt) -> Iterable[Finding]:
    """The approval has its day, which is not to come."""
    day = attempt.facts.get("approved_on")
    if not isinstance(day, date):
        yield finding(council, "no_day", _("Write the day of the approval."), "approved_on")
    elif day > clock.day_of(attempt.now):
        yield finding(council, "day_to_come", _("This day has not come yet."), "approved_on")


def office_in_order(council: ExpertCouncil, attempt: Attempt) -> Iterable[Finding]:
    """First and last day of office are named; a term longer than the edition's is a warning (SO-E-05, SO-X-13)."""
    first, last = attempt.facts.get("office_from"), attempt.facts.get("office_until")
    if not isinstance(first, date) or not isinstance(last, date):
        yield finding(
            council,
            "no_term",
            _("Write from when to when the council is in office."),
            "office_from",
        )
        return
    if last < first:
        yield finding(council, "ends_before", _("The term ends before it begins."), "office_until")
    years = edition_of(council).parameter(YEARS)
    if isinstance(years.value, int) and last >= anniversary(first, years.value):
        message = format_lazy(_("The term is longer than {years} years."), years=years.value)
        yield finding(
            council, "term_too_long", message, "office_until", warns=True, years=years.value
        )


def anniversary(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def term_over_or_reason(council: ExpertCouncil, attempt: Attempt) -> Iterable[Finding]:
    """A council ends with its term, or before it with a reason."""
    last = council.office_until
    if (last is None or clock.day_of(attempt.now) <= last) and not said(attempt, "remark"):
        message = _("The term is not over yet: write why the council ends before.")
        yield finding(council, "no_remark", message, "remark")


# --- What a step does ----------------------------------------------------------------------------------


def _edited(council: ExpertCouncil, attempt: Attempt) -> Mapping[str, Any]:
    for name, value in attempt.facts["values"].items():
        if name in WORDS:
            setattr(council, name, value.strip())
    council.version += 1
    council.save(update_fields=[*WORDS, "version"])
    return {}


def _announced(council: ExpertCouncil, attempt: Attempt) -> Mapping[str, Any]:
    council.announced_at = attempt.now
    edition = edition_of(council)
    term = "expert_council.nomination"
    if term in edition.terms:
        council.nominations_until = terms.due_at(edition, term, attempt.now)
    council.save(update_fields=["announced_at", "nominations_until"])
    return {"until": council.nominations_until}


def _chosen(council: ExpertCouncil, _attempt: Attempt) -> Mapping[str, Any]:
    in_time = council.nominations.filter(own=True, late=False).exclude(state=Place.WITHDRAWN)
    council.formed_alone = not in_time.exists()
    council.save(update_fields=["formed_alone"])
    return {"alone": council.formed_alone, "candidates": in_time.count()}


def _laid(council: ExpertCouncil, attempt: Attempt) -> Mapping[str, Any]:
    council.laid_before, council.remark = attempt.facts["laid_before"], ""
    council.save(update_fields=["laid_before", "remark"])
    return {"council": council.laid_before_id}


def _approved(council: ExpertCouncil, attempt: Attempt) -> Mapping[str, Any]:
    facts = attempt.facts
    council.approved_on = facts["approved_on"]
    council.approval_number = str(facts.get("approval_number") or "").strip()
    council.office_from, council.office_until = facts["office_from"], facts["office_until"]
    council.save(update_fields=["approved_on", "approval_number", *OFFICE])
    council.nominations.filter(state=Place.CHOSEN).update(since=council.office_from)
    for one in council.nominations.filter(state=Place.CHOSEN).select_related("person"):
        tell(council, one, "chosen")
    return {"members": council.nominations.filter(state=Place.CHOSEN).count()}


def _returned(council: ExpertCouncil, attempt: Attempt) -> Mapping[str, Any]:
    council.remark = said(attempt, "remark")
    council.save(update_fields=["remark"])
    return {}


def _ended(council: ExpertCouncil, attempt: Attempt) -> Mapping[str, Any]:
    today = clock.day_of(attempt.now)
    council.nominations.filter(state=Place.CHOSEN, until=None).update(until=today)
    return {"before_its_time": council.office_until is None or today <= council.office_until}


def tell(council: ExpertCouncil, nomination: Nomination, kind: str) -> None:
    letters.prepare(
        nomination,
        kind,
        [nomination.person],
        f"oversight/letters/{kind}.txt",
        {"council": council, "path": reverse("oversight:council", args=[council.pk])},
        release=True,
    )


CITE = "rules_social_order/2022 №18-2022 ¶16"
EDIT = Step(
    "edit",
    _("Write the announcement"),
    source=State.DRAFT,
    target=None,
    by=of_body,
    requires=(nobody_was_faster,),
    effect=_edited,
)
ANNOUNCE = Step(
    "announce",
    _("Publish the announcement"),
    source=State.DRAFT,
    target=State.ANNOUNCED,
    by=of_body,
    requires=(announcement_written,),
    effect=_announced,
    cite=CITE,
    final=True,
)
CHOOSE = Step(
    "choose",
    _("Choose the composition"),
    source=State.ANNOUNCED,
    target=State.CHOOSING,
    by=of_body,
    requires=(days_are_over,),
    effect=_chosen,
    cite=CITE,
)
LAY = Step(
    "lay",
    _("Lay the composition before the NGO council"),
    source=State.CHOOSING,
    target=State.SUBMITTED,
    by=of_body,
    requires=(somebody_chosen, laid_before_one),
    effect=_laid,
    cite=CITE,
)
APPROVE = Step(
    "approve",
    _("Record the approval"),
    source=State.SUBMITTED,
    target=State.IN_OFFICE,
    by=of_ngo_council,
    requires=(minutes_named, office_in_order),
    effect=_approved,
    cite=CITE,
    final=True,
)
RETURN = Step(
    "return",
    _("Return the composition"),
    source=State.SUBMITTED,
    target=State.CHOOSING,
    by=of_ngo_council,
    requires=(remark_given,),
    effect=_returned,
    cite=CITE,
)
END = Step(
    "end",
    _("End the council's term"),
    source=State.IN_OFFICE,
    target=State.ENDED,
    by=of_body,
    requires=(term_over_or_reason,),
    effect=_ended,
    cite=CITE,
    final=True,
)


def owed(council: ExpertCouncil) -> Iterable[Owed]:
    """The body goes on when the days for candidates are over; the NGO council answers. Only those ten days have a term."""
    address = reverse("oversight:council", args=[council.pk])
    if council.state in (State.ANNOUNCED, State.CHOOSING):
        yield Owed(
            "choose_council",
            organisation(council.body_id),
            Text(
                "Сараптамалық кеңестің құрамын іріктеу",
                "Отобрать состав экспертного совета",
                "Choose the composition of the expert council",
            ),
            None,
            address,
            CITE,
        )
    elif council.state == State.SUBMITTED and council.laid_before is not None:
        yield Owed(
            "approve_council",
            organisation(council.laid_before.body_id),
            Text(
                "Сараптамалық кеңестің құрамын келісу",
                "Согласовать состав экспертного совета",
                "Approve the composition of the expert council",
            ),
            None,
            address,
            CITE,
        )


COUNCIL: Procedure[ExpertCouncil] = Procedure(
    ExpertCouncil, (EDIT, ANNOUNCE, CHOOSE, LAY, APPROVE, RETURN, END), duties=owed
)
BEGIN = Step("begin", _("Prepare an expert council"), source=(), target=None, by=of_body)


def begin(body: Organisation, values: Mapping[str, str], *, actor: Actor) -> ExpertCouncil:
    """A council of the body, to be announced; the edition in force today governs it. Raises `Refused` for strangers."""
    edition = law.at("rules_social_order", clock.today())
    made = ExpertCouncil(body=body, act=edition.act, edition=edition.key)
    if not BEGIN.by(actor, made):
        raise Refused(BEGIN, [not_yours(BEGIN)])
    for name in WORDS:
        setattr(made, name, str(values.get(name, "")).strip())
    return COUNCIL.begin(made, actor=actor)
