"""The panel: forming → declaring → final → scoring → meeting → closed.

seat, seat_secretary   from the register, with what bars a person by data (GR-C-07, GR-C-08)
release, substitute    with a reason; a seat is ended, never deleted (GR-C-12, GR-C-14)
list_applicants        once acceptance has ended; starts the 3 working days of GR-C-10
send_declarations      the list and the declaration go to every member
declare                each member, on each applicant; nothing opens before (GR-C-11)
recuse, impose         a conflict known later: by the member, by the organiser with a reason
approve                the final composition (GR-C-12)
vote                   members elect chair and deputy (GR-C-09)
begin_scoring          dossiers open; 15 working days (GR-S-01)
prolong                a later end of scoring, with a reason
begin_meeting          scoring is over; points are opened to the meeting (GR-S-13)
decide_tie             an equal highest score, with votes and a reason; the points of its contest
                       then stay, and a recusal that changes who is tied asks for a new decision
disband                ends what has not begun to score: no application is left for it
close_meeting          minutes in both languages, attendance, everything scored, ties decided
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core.duties import Owed
from ortaq.core.keys import organisation, person
from ortaq.core.procedure import Procedure, Step
from ortaq.law.text import Text
from ortaq.review import composition, policy
from ortaq.review.models import Panel, Seat

from . import declaring, meeting, seating, statement, work

State = Panel.State
GUIDE = "guide, grants, step 3"
WORKING = (State.FORMING, State.DECLARING, State.FINAL, State.SCORING, State.MEETING)

SEAT = Step(
    "seat",
    _("Take onto the commission"),
    source=(State.FORMING, State.DECLARING, State.MEETING),
    target=None,
    by=policy.organises,
    requires=(
        seating.needed,
        seating.in_the_register,
        seating.not_barred,
        seating.confirmed,
        seating.room_left,
    ),
    effect=seating.seated,
    cite=GUIDE,
)
SEAT_SECRETARY = Step(
    "seat_secretary",
    _("Appoint the secretary"),
    source=WORKING,
    target=None,
    by=policy.organises,
    requires=(seating.not_a_member,),
    effect=seating.secretary_seated,
    cite=GUIDE,
)
RELEASE = Step(
    "release",
    _("Release from the commission"),
    source=WORKING,
    target=None,
    by=policy.organises,
    requires=(seating.sits_here, seating.no_points_lost, seating.reasoned),
    effect=seating.released,
    cite="GR-C-14",
)
SUBSTITUTE = Step(
    "substitute",
    _("Substitute from the register"),
    source=(State.DECLARING, State.FINAL, State.SCORING),
    target=None,
    by=policy.organises,
    requires=(
        seating.sits_here,
        seating.reasoned,
        seating.in_the_register,
        seating.not_barred,
        seating.confirmed,
        seating.keeps_shares,
    ),
    effect=seating.substituted,
    cite="GR-C-12",
)
LIST_APPLICANTS = Step(
    "list_applicants",
    _("List the applicants"),
    # Paper that arrived in time may be registered after the composition was approved.
    source=(State.FORMING, State.DECLARING, State.FINAL),
    target=None,
    by=policy.organises_or_system,
    effect=declaring.applicants_listed,
    cite=GUIDE,
)
SEND_DECLARATIONS = Step(
    "send_declarations",
    _("Send the list of applicants and the declarations"),
    source=State.FORMING,
    target=State.DECLARING,
    by=policy.organises,
    requires=(declaring.applicants_known, declaring.members_seated, declaring.due_ahead),
    effect=declaring.declarations_sent,
    cite=GUIDE,
    final=True,
)
DECLARE = Step(
    "declare",
    _("Declare"),
    source=(State.DECLARING, State.FINAL, State.SCORING, State.MEETING),
    target=None,
    by=policy.is_panel_member,
    requires=(declaring.every_applicant_answered, statement.signed(composition.edition_of)),
    effect=declaring.declared,
    cite=GUIDE,
    final=True,
)
RECUSE = Step(
    "recuse",
    _("Recuse myself"),
    source=(State.DECLARING, State.FINAL, State.SCORING, State.MEETING),
    target=None,
    by=policy.is_panel_member,
    requires=(declaring.an_applicant, declaring.not_known_yet, declaring.explained),
    effect=declaring.recused,
    cite=GUIDE,
    final=True,
)
# Not at the meeting: whoever sees the points must not choose whose points count.
IMPOSE = Step(
    "impose",
    _("Record a conflict of interest"),
    source=(State.DECLARING, State.FINAL, State.SCORING),
    target=None,
    by=policy.organises,
    requires=(
        declaring.an_applicant,
        declaring.a_member,
        declaring.not_known_yet,
        declaring.explained,
    ),
    effect=declaring.imposed,
    cite=GUIDE,
    final=True,
)
APPROVE = Step(
    "approve",
    _("Approve the final composition"),
    source=State.DECLARING,
    target=State.FINAL,
    by=policy.organises,
    requires=(
        declaring.everybody_declared,
        seating.composition_in_order,
        seating.somebody_left_for_each,
    ),
    effect=seating.approved,
    cite=GUIDE,
    final=True,
)
VOTE = Step(
    "vote",
    _("Vote"),
    source=(State.FINAL, State.SCORING, State.MEETING),
    target=None,
    by=policy.is_panel_member,
    requires=(meeting.candidate_eligible, meeting.office_vacant),
    effect=meeting.voted,
    cite=GUIDE,
)
BEGIN_SCORING = Step(
    "begin_scoring",
    _("Hand the applications to the experts"),
    source=State.FINAL,
    target=State.SCORING,
    by=policy.organises,
    requires=(work.nobody_barred, work.somebody_left_for_each),
    effect=work.scoring_begun,
    cite="guide, grants, step 5",
    final=True,
)
PROLONG = Step(
    "prolong",
    _("Prolong scoring"),
    source=State.SCORING,
    target=None,
    by=policy.organises,
    requires=(work.later, seating.reasoned),
    effect=work.prolonged,
    cite="GR-S-01",
)
BEGIN_MEETING = Step(
    "begin_meeting",
    _("Open the commission's meeting"),
    source=State.SCORING,
    target=State.MEETING,
    by=policy.runs_panel,
    requires=(work.scoring_over,),
    effect=meeting.begun,
    cite="guide, grants, step 5",
    final=True,
)
DECIDE_TIE = Step(
    "decide_tie",
    _("Record the decision"),
    source=State.MEETING,
    target=None,
    by=policy.runs_panel,
    requires=(meeting.a_tie, meeting.votes_stated, seating.reasoned),
    effect=meeting.tie_decided,
    cite="GR-S-13",
    final=True,
)
DISBAND = Step(
    "disband",
    _("End the commission's work: nothing is left to score"),
    source=(State.FORMING, State.DECLARING, State.FINAL),
    target=State.CLOSED,
    by=policy.organises,
    cite="413-rules via announcement 2020 §2",
    final=True,
)
CLOSE_MEETING = Step(
    "close_meeting",
    _("Close the meeting"),
    source=State.MEETING,
    target=State.CLOSED,
    by=policy.runs_panel,
    requires=(
        meeting.attendance_kept,
        meeting.minutes_kept,
        meeting.chair_elected,
        meeting.all_scored,
        meeting.ties_decided,
    ),
    effect=meeting.closed,
    cite="guide, grants, step 5",
    final=True,
)


def owed(panel: Panel) -> Iterable[Owed]:
    """Who owes what in the panel's present state."""
    organiser = organisation(panel.organisation_id)
    page = reverse("review:panel", args=[panel.pk])
    if panel.state == State.FORMING and panel.send_by is not None:
        yield Owed(
            "send_declarations",
            organiser,
            Text(
                "Сарапшыларға өтінім берушілердің тізбесі мен декларацияны жіберу",
                "Направить экспертам перечень заявителей и декларацию",
                "Send the experts the list of applicants and the declaration",
            ),
            panel.send_by,
            page,
            GUIDE,
        )
    if panel.state in DECLARE.sources:
        missing = composition.undeclared(panel)
        for seat in panel.seats.filter(pk__in=missing):
            yield Owed(
                "declare",
                person(seat.person_id),
                Text(
                    "Мүдделер қақтығысы туралы декларацияны толтыру",
                    "Заполнить декларацию о конфликте интересов",
                    "Fill in the declaration on conflicts of interest",
                ),
                panel.declarations_due,
                reverse("review:declaration", args=[panel.pk]),
                GUIDE,
            )
    if panel.state == State.DECLARING:
        yield Owed(
            "approve_composition",
            organiser,
            Text(
                "Комиссияның түпкілікті құрамын бекіту",
                "Утвердить окончательный состав комиссии",
                "Approve the commission's final composition",
            ),
            None,
            page,
            GUIDE,
        )
    if panel.state == State.SCORING:
        for seat in panel.seats.filter(until=None, role=Seat.Role.MEMBER):
            if seat.signed < seat.dossiers:
                yield Owed(
                    "score",
                    person(seat.person_id),
                    Text(
                        "Өтінімдерді бағалап, бағалау парақтарына қол қою",
                        "Оценить заявки и подписать оценочные листы",
                        "Score the applications and sign the score sheets",
                    ),
                    panel.scoring_until,
                    reverse("review:dossiers", args=[panel.pk]),
                    "guide, grants, step 5",
                )
    if panel.state == State.MEETING:
        secretary = panel.seats.filter(until=None, role=Seat.Role.SECRETARY).first()
        yield Owed(
            "minutes",
            person(secretary.person_id) if secretary else organiser,
            Text(
                "Отырыстың хаттамасын толтырып, отырысты жабу",
                "Заполнить протокол и закрыть заседание",
                "Complete the minutes and close the meeting",
            ),
            None,
            reverse("review:meeting", args=[panel.pk]),
            "guide, grants, step 5",
        )


PANEL: Procedure[Panel] = Procedure(
    Panel,
    (
        SEAT,
        SEAT_SECRETARY,
        RELEASE,
        SUBSTITUTE,
        LIST_APPLICANTS,
        SEND_DECLARATIONS,
        DECLARE,
        RECUSE,
        IMPOSE,
        APPROVE,
        VOTE,
        BEGIN_SCORING,
        PROLONG,
        BEGIN_MEETING,
        DECIDE_TIE,
        CLOSE_MEETING,
        DISBAND,
    ),
    duties=owed,
)
