"""Councils: who sits on them, their sessions, what they recommend (SO-F-12..18).

session: called → held; a called one may be called off

hold   the minutes, who was there, a recommendation on each topic of the agenda
send   the recommendations go to the state bodies (SO-F-16); those of a body's own council
       are there at once
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Case, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, duties, journal, letters
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, moved_on, not_yours
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.people.policy import RESPONSIBLE
from ortaq.people.queries import people_of
from ortaq.planning.models import (
    Council,
    CouncilMember,
    Formation,
    Information,
    Recommendation,
    Session,
    Topic,
)
from ortaq.planning.policy import convenes, works_for

from . import annex3
from .editions import edition_of
from .formation import FORMATION

State = Session.State
Office = CouncilMember.Office
PLACE = "№18-2022 ¶7(3)"


@dataclass(frozen=True, slots=True)
class Advice:
    """What the council says on a topic; the words in Kazakh and in Russian."""

    verdict: str
    text_kk: str = ""
    text_ru: str = ""


class Changed(Exception):
    """A colleague saved the session meanwhile; `theirs` is what stands now."""

    def __init__(self, theirs: Session) -> None:
        self.theirs = theirs
        super().__init__(theirs.pk)


# --- Councils and their members ------------------------------------------------------------------


@transaction.atomic
def begin(council: Council, *, actor: Actor) -> Council:
    """Enter a council at a body that the actor works for; `PermissionDenied` for strangers."""
    if not works_for(actor, council.body_id):
        raise PermissionDenied
    council.save()
    _write(council, "begin", actor, kind=council.kind)
    return council


@transaction.atomic
def edit(council: Council, names: Iterable[str], *, actor: Actor) -> None:
    """Save these columns of a council."""
    _locked(council.pk, actor)
    names = sorted(names)
    council.save(update_fields=names)
    _write(council, "edit", actor, columns=names)


@transaction.atomic
def seat(member: CouncilMember, *, actor: Actor) -> CouncilMember:
    """A new member. `ValidationError` for a second chair or secretary, and for a person twice."""
    council = _locked(member.council_id, actor)
    present = council.members.filter(until=None)
    if member.office in {Office.CHAIR, Office.SECRETARY}:
        holder = present.filter(office=member.office).first()
        if holder is not None:
            raise ValidationError(
                {
                    "office": _("%(name)s holds this office. End that membership first.")
                    % {"name": holder.full_name}
                }
            )
    if member.person_id and present.filter(person=member.person_id).exists():
        raise ValidationError({"email": _("This person is a member already.")})
    member.save()
    _write(council, "seat", actor, member=member.pk, office=member.office)
    return member


@transaction.atomic
def end(member: CouncilMember, until: date, *, actor: Actor) -> None:
    """A membership ends; its day is the first without it. `ValidationError` for a day before it began."""
    council = _locked(member.council_id, actor)
    row = council.members.get(pk=member.pk)
    if row.until is not None:
        return
    if until < row.since:
        raise ValidationError({"until": _("A membership cannot end before it began.")})
    row.until = until
    row.save(update_fields=["until"])
    _write(council, "end", actor, member=row.pk)


def _locked(pk: int, actor: Actor) -> Council:
    """The council, held until the end of the transaction; `PermissionDenied` for strangers."""
    council = Council.objects.select_for_update().get(pk=pk)
    if not works_for(actor, council.body_id):
        raise PermissionDenied
    return council


def _write(row: Any, step: str, actor: Actor, **facts: Any) -> None:
    journal.append(row, step, actor=actor.key, behalf=actor.behalf, facts=facts)


# --- Sessions ------------------------------------------------------------------------------------


def waiting(council: Council) -> QuerySet[Information]:
    """The Informations that came to the council's body and stand on no agenda yet (SO-F-15)."""
    level = (
        Formation.Level.CENTRAL
        if council.kind == Council.Kind.COORDINATION
        else Formation.Level.LOCAL
    )
    rows = Information.objects.filter(
        sent_to=council.body_id,
        issue=Information.Issue.BEFORE,
        formation__level=level,
        formation__state=Formation.State.COUNCIL,
        sessions=None,
    )
    return rows.select_related("formation", "body").order_by("sent_at", "id")


def members_on(council: Council | int, day: date) -> QuerySet[CouncilMember]:
    """Who sits on the council on `day`, the chair first."""
    rows = CouncilMember.objects.filter(
        Q(until=None) | Q(until__gt=day), council=council, since__lte=day
    )
    rank = Case(*(When(office=office, then=n) for n, office in enumerate(Office.values)))
    return rows.annotate(rank=rank).order_by("rank", "full_name", "id")


@transaction.atomic
def call(session: Session, agenda: Sequence[Information], *, actor: Actor) -> Session:
    """Call a session on these Informations; members with an account get a letter.

    `ValidationError` when a colleague has put one of them on an agenda meanwhile.
    """
    council = _locked(session.council_id, actor)
    free = set(waiting(council).values_list("pk", flat=True))
    if not agenda or not {one.pk for one in agenda} <= free:
        raise ValidationError(
            {"agenda": _("One of these stands on the agenda of another session. Reload the page.")}
        )
    keys = [information.pk for information in agenda]
    SESSION.begin(session, actor=actor, held_on=session.held_on.isoformat(), agenda=keys)
    session.agenda.set(agenda)
    for information in agenda:
        duties.keep(information, annex3.owed(information))
    _tell_members(session, "called")
    return session


def _tell_members(session: Session, kind: str) -> None:
    """A letter to each member of that day who has an account."""
    seated = members_on(session.council_id, session.held_on).filter(person__is_active=True)
    letters.prepare(
        session,
        kind,
        [member.person for member in seated.select_related("person")],
        f"planning/letters/session_{kind}.txt",
        {"path": reverse("planning:session", args=[session.pk])},
        release=True,
    )


@transaction.atomic
def write(
    session: Session,
    names: Iterable[str],
    *,
    present: Iterable[CouncilMember],
    advice: Mapping[int, Advice],
    version: int,
    actor: Actor,
) -> None:
    """Save minutes, attendance and recommendations ({number of the topic: advice}) of a called session.

    `version` is the one that the page showed: `Changed` when a colleague has saved since.
    A topic without an advice has none any more. `Refused` for strangers and once it is held.
    """
    row = Session.objects.select_for_update().get(pk=session.pk)
    if not convenes(actor, row):
        raise Refused(HOLD, [not_yours(HOLD)])
    if row.state != State.CALLED:
        raise Refused(HOLD, [moved_on(HOLD, row, "state")])
    if row.version != version:
        raise Changed(row)
    session.version = row.version + 1
    session.save(update_fields=[*names, "version"])
    session.present.set(present)
    known = set(topics_of(session).values_list("pk", flat=True))
    session.recommendations.all().delete()
    Recommendation.objects.bulk_create(
        Recommendation(session=session, topic_id=pk, verdict=one.verdict, text_kk=one.text_kk,
                       text_ru=one.text_ru)
        for pk, one in advice.items()
        if pk in known
    )  # fmt: skip
    _write(session, "write", actor, advice=len(advice))


def topics_of(session: Session) -> QuerySet[Topic]:
    """The topics on the agenda, body by body."""
    formations = Formation.objects.filter(informations__sessions=session)
    rows = Topic.objects.filter(formation__in=formations).select_related("formation__body")
    return rows.order_by("formation__body__sort", "formation_id", "position", "id")


def _cite(session: Session, *, inferred: bool = False) -> law.Citation:
    """Where the rules speak of the councils, in the edition of the first list on the agenda."""
    first = session.agenda.select_related("formation").order_by("id").first()
    edition = edition_of(first.formation) if first else law.edition("rules_social_order", "2022")
    return edition.cite(PLACE, inferred=inferred)


def day_has_come(session: Session, attempt: Attempt) -> Iterable[Finding]:
    """A session is recorded on its day or later."""
    if clock.day_of(attempt.now) < session.held_on:
        yield Finding(
            "not_held_yet",
            Severity.ERROR,
            _("The day of the session has not come yet."),
            _cite(session, inferred=True),
            {"held_on": session.held_on},
            about="held_on",
        )


def minutes_kept(session: Session, attempt: Attempt) -> Iterable[Finding]:
    """The minutes have a number, and a text or a scan."""
    if not session.number.strip() or not (session.minutes_kk.strip() or session.scan_id):
        yield Finding(
            "no_minutes",
            Severity.ERROR,
            _("Enter the number of the minutes and their text, or attach their scan."),
            _cite(session, inferred=True),
            about="minutes_kk",
        )


def somebody_came(session: Session, attempt: Attempt) -> Iterable[Finding]:
    """Who was present is known, members of that day only; the sources set no quorum."""
    present = session.present.all()
    if not present.exists():
        yield Finding(
            "nobody_present",
            Severity.ERROR,
            _("Tick the members who were present."),
            _cite(session, inferred=True),
            about="present",
        )
    seated = members_on(session.council_id, session.held_on).values("pk")
    for member in present.exclude(pk__in=seated):
        yield Finding(
            "no_member_that_day",
            Severity.ERROR,
            _("%(name)s was not a member of the council on that day.") % {"name": member.full_name},
            _cite(session, inferred=True),
            about="present",
        )


def every_topic_advised(session: Session, attempt: Attempt) -> Iterable[Finding]:
    """Each topic of the agenda has a recommendation (SO-F-16), reasons in both languages with it.

    What is simply recommended needs no reasons.
    """
    given = {row.topic_id: row for row in session.recommendations.all()}
    for topic in topics_of(session):
        advised, numbers = (
            given.get(topic.pk),
            {"topic": topic.position, "body": topic.formation.body_id},
        )
        told = {"number": topic.position, "title": topic.title}
        if advised is None:
            yield Finding(
                "no_recommendation",
                Severity.ERROR,
                _("Enter what the council recommends on topic %(number)s: %(title)s.") % told,
                _cite(session),
                numbers,
                about=f"topic-{topic.pk}",
            )
        elif advised.verdict != Recommendation.Verdict.INCLUDE and not advised.text_ru.strip():
            yield Finding(
                "recommendation_untranslated",
                Severity.ERROR,
                _("The recommendation on topic %(number)s lacks its reasons in Russian: %(title)s.")
                % told,
                _cite(session, inferred=True),
                numbers,
                about=f"topic-{topic.pk}",
            )


def bodies_told(session: Session) -> QuerySet[Organisation]:
    """The state bodies whose topics were heard, without the council's own."""
    told = Organisation.objects.filter(informations__sessions=session).distinct()
    return told.exclude(pk=session.council.body_id).order_by("sort", "id")


def _held(session: Session, attempt: Attempt) -> Mapping[str, Any]:
    if not bodies_told(session).exists():
        _sent(session, attempt)
    verdicts = session.recommendations.order_by("topic_id").values_list("topic_id", "verdict")
    return {"number": session.number, "recommendations": [list(pair) for pair in verdicts]}


def not_sent_before(session: Session, attempt: Attempt) -> Iterable[Finding]:
    """Recommendations are sent once."""
    if session.sent_at is not None:
        yield Finding(
            "sent_already",
            Severity.ERROR,
            _("The recommendations are sent already."),
            _cite(session),
        )


def _sent(session: Session, attempt: Attempt) -> Mapping[str, Any]:
    """The recommendations count from now on; each body owes its list, its officers get a letter."""
    session.sent_at = attempt.now
    session.save(update_fields=["sent_at"])
    bodies = list(bodies_told(session))
    for body in bodies:
        letters.prepare(
            session,
            "recommended",
            people_of(body, *RESPONSIBLE),
            "planning/letters/recommended.txt",
            {"path": reverse("planning:session", args=[session.pk]), "body": body},
            release=True,
        )
    assert FORMATION.owed is not None
    for formation in Formation.objects.filter(informations__sessions=session).order_by("id"):
        duties.keep(formation, FORMATION.owed(formation), now=attempt.now)
    return {"bodies": [body.pk for body in bodies]}


def _called_off(session: Session, attempt: Attempt) -> Mapping[str, Any]:
    """What stood on the agenda waits for another session; the members are told."""
    agenda = list(session.agenda.all())
    session.recommendations.all().delete()
    session.agenda.clear()
    for information in agenda:
        duties.keep(information, annex3.owed(information), now=attempt.now)
    _tell_members(session, "called_off")
    return {"agenda": [information.pk for information in agenda]}


HOLD = Step(
    "hold",
    _("Record the session as held"),
    source=State.CALLED,
    target=State.HELD,
    by=convenes,
    requires=(day_has_come, minutes_kept, somebody_came, every_topic_advised),
    effect=_held,
    cite=PLACE,
    final=True,
)
SEND = Step(
    "send",
    _("Send the recommendations to the state bodies"),
    source=State.HELD,
    target=None,
    by=convenes,
    requires=(not_sent_before,),
    effect=_sent,
    cite=PLACE,
    final=True,
)

CALL_OFF = Step(
    "call_off",
    _("Call the session off"),
    source=State.CALLED,
    target=None,
    by=convenes,
    effect=_called_off,
    cite=PLACE,
    final=True,
    removes=True,
)

HOLD_TITLE = Text(
    "Кеңес отырысын өткізіп, ұсынымдарын енгізу",
    "Провести заседание совета и внести его рекомендации",
    "Hold the council's session and enter its recommendations",
)
SEND_TITLE = Text(
    "Кеңестің ұсынымдарын мемлекеттік органдарға жіберу",
    "Направить рекомендации совета государственным органам",
    "Send the council's recommendations to the state bodies",
)


def owed(session: Session) -> Iterable[Owed]:
    """The council's body holds the session on its day and sends what was recommended (SO-F-16)."""
    bearer = organisation(session.council.body_id)
    if session.state == State.CALLED:
        page, at = "planning:session_hold", clock.end_of(session.held_on)
        yield Owed("hold_session", bearer, HOLD_TITLE, at, reverse(page, args=[session.pk]), PLACE)
    elif session.sent_at is None:
        page = reverse("planning:session", args=[session.pk])
        yield Owed("send_recommendations", bearer, SEND_TITLE, None, page, PLACE)


SESSION: Procedure[Session] = Procedure(Session, (HOLD, SEND, CALL_OFF), duties=owed)
