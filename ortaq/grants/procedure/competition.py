"""The competition: draft → announced → checking → scoring → meeting → published.

announce            kk and ru complete, window of 20-30 calendar days, lots of the named version
extend              a decision before the old end of acceptance (GR-A-06)
close_acceptance    by the system once the end has passed; begins check and conflict round
begin_scoring       every application decided, commission final; opens the dossiers
begin_meeting       scoring over; points are opened to the commission's meeting
prepare             outcomes of all lots and the protocol, quietly
publish             outcomes, states of applications, letters and the public page in one step
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, letters, terms
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import SYSTEM, Attempt, Procedure, Step
from ortaq.grants.models import Application, Competition, Extension, PlanVersion
from ortaq.grants.policy.competition import is_its_operator
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.review import panels

from . import outcome

State = Competition.State


def edition_of(competition: Competition) -> law.Edition:
    """The edition of the grants rules under which the competition began."""
    return law.edition("grants_rules", competition.edition)


# --- What announcing requires ----------------------------------------------------------------


def has_lots(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """At least one topic, all from the version the competition names (GR-A-11, GR-X-08)."""
    lots = list(competition.lots.select_related("topic"))
    cite = edition_of(competition).cite("[announcement 2020 §4]")
    if not lots:
        yield Finding(
            "no_lots",
            Severity.ERROR,
            _("Choose at least one topic of the plan."),
            cite,
            about="lots",
        )
    strangers = [lot.topic.number for lot in lots if lot.topic.version_id != competition.version_id]
    if strangers:
        yield Finding(
            "foreign_topics",
            Severity.ERROR,
            _(
                "Some topics belong to another version of the plan than the one announced. Choose them anew."
            ),
            cite,
            {"topics": strangers},
            about="lots",
        )


def version_in_force(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The version of the plan is approved (GR-P-04)."""
    if competition.version.state != PlanVersion.State.APPROVED:
        yield Finding(
            "version_not_in_force",
            Severity.ERROR,
            _("This version of the plan is not in force. Approve it, or choose the one that is."),
            edition_of(competition).cite("[announcement 2020 §8]"),
            about="version",
        )


def both_languages(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """Title and text stand in Kazakh and in Russian."""
    wanted = {
        "title_kk": _("The title is missing in Kazakh."),
        "title_ru": _("The title is missing in Russian."),
        "text_kk": _("The text of the announcement is missing in Kazakh."),
        "text_ru": _("The text of the announcement is missing in Russian."),
    }
    for field, message in wanted.items():
        if not getattr(competition, field).strip():
            yield Finding("language_missing", Severity.ERROR, message, about=field)


def window_in_order(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """Acceptance is open 20-30 calendar days, the day of announcement not counted (GR-A-03)."""
    window = edition_of(competition).window("acceptance")
    if competition.closes_at is None:
        yield Finding(
            "no_deadline",
            Severity.ERROR,
            _("Set the day and time at which acceptance ends."),
            window.cite,
            about="closes_at",
        )
        return
    yield window.check(clock.day_of(attempt.now), clock.day_of(competition.closes_at))


def terms_stated(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The latest project end and the balance sheet's date are stated (GR-A-13, GR-A-20)."""
    edition = edition_of(competition)
    if competition.latest_project_end is None:
        yield Finding(
            "no_project_end",
            Severity.ERROR,
            _("State the day by which projects must end."),
            edition.parameter("project.latest_end").cite,
            about="latest_project_end",
        )
    elif competition.closes_at and competition.latest_project_end <= clock.day_of(
        competition.closes_at
    ):
        yield Finding(
            "project_end_too_early",
            Severity.ERROR,
            _("Projects cannot end before acceptance does. State a later day."),
            edition.parameter("project.latest_end").cite,
            {"latest_project_end": competition.latest_project_end},
            about="latest_project_end",
        )
    if competition.balance_date is None:
        yield Finding(
            "no_balance_date",
            Severity.ERROR,
            _("State the reporting date of the balance sheet."),
            edition.parameter("application.balance_sheet_date").cite,
            about="balance_date",
        )
    if not (competition.contacts_kk.strip() and competition.contacts_ru.strip()):
        yield Finding(
            "no_contacts",
            Severity.WARNING,
            _("Contacts for advice are missing in Kazakh or in Russian."),
            edition.cite("[announcement 2020 §7]"),
            about="contacts_kk",
        )


def _announced(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    competition.announced_at = attempt.now
    competition.save(update_fields=["announced_at"])
    assert competition.closes_at is not None  # window_in_order stopped it otherwise
    return {
        "closes_at": competition.closes_at.isoformat(),
        "lots": competition.lots.count(),
        "version": competition.version_id,
    }


# --- Extension -----------------------------------------------------------------------------------


def before_the_end(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The old end has not passed (GR-A-06)."""
    if competition.closes_at is not None and attempt.now > competition.closes_at:
        yield Finding(
            "acceptance_over",
            Severity.ERROR,
            _(
                "Acceptance has ended, so it can no longer be extended: a decision must come before the old end."
            ),
            edition_of(competition).cite("GR-A-06", inferred=True),
            {"closes_at": competition.closes_at.isoformat()},
        )


def moves_later(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The new end lies after the old one, within the window or with a warning."""
    new = attempt.facts.get("new_closes_at")
    if new is None or competition.closes_at is None or competition.announced_at is None:
        return
    if new <= competition.closes_at:
        yield Finding(
            "not_later",
            Severity.ERROR,
            _("The new end must lie after the present one."),
            edition_of(competition).cite("GR-A-06", inferred=True),
            {"closes_at": competition.closes_at.isoformat()},
            about="new_closes_at",
        )
    window = edition_of(competition).window("acceptance")
    yield window.check(clock.day_of(competition.announced_at), clock.day_of(new))


def decision_stated(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """An extension has a date, a number and a reason."""
    facts = attempt.facts
    if not (facts.get("decided_on") and facts.get("number") and facts.get("reason")):
        yield Finding(
            "no_decision",
            Severity.ERROR,
            _("State the date, the number and the reason of the decision."),
            edition_of(competition).cite("GR-A-06", inferred=True),
        )


def _extended(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    facts = attempt.facts
    assert competition.closes_at is not None
    Extension.objects.create(
        competition=competition,
        decided_on=facts["decided_on"],
        number=facts["number"],
        reason=facts["reason"],
        old_closes_at=competition.closes_at,
        new_closes_at=facts["new_closes_at"],
        made_by=attempt.actor.user,
        made_at=attempt.now,
        scan=facts.get("scan"),
    )
    old = competition.closes_at
    competition.closes_at = facts["new_closes_at"]
    competition.save(update_fields=["closes_at"])
    return {
        "old": old.isoformat(),
        "new": competition.closes_at.isoformat(),
        "number": facts["number"],
    }


# --- The end of acceptance -----------------------------------------------------------------------


def acceptance_over(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The end has passed: received at 18:00:00 is in time, later is late (GR-A-04)."""
    if competition.closes_at is None or attempt.now <= competition.closes_at:
        yield Finding(
            "acceptance_open",
            Severity.ERROR,
            _("Acceptance is still open."),
            edition_of(competition).cite("[announcement 2020 §3]"),
            {"closes_at": competition.closes_at.isoformat() if competition.closes_at else None},
        )


def _closed(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    """List the applicants for the commission, start the terms of check and conflict round."""
    edition = edition_of(competition)
    assert competition.closes_at is not None
    competition.check_due_at = terms.due_at(edition, "check", competition.closes_at)
    if competition.check_days is not None:
        day = terms.working_calendar().add(
            clock.day_of(competition.closes_at), competition.check_days
        )
        competition.check_due_at = clock.end_of(day)
    if competition.panel is None:
        competition.panel = panels.form(
            organisation=competition.operator,
            title_kk=competition.title_kk,
            title_ru=competition.title_ru,
            act="grants_rules",
            edition=competition.edition,
            local_budget=competition.version.plan.level == "local",
            actor=attempt.actor,
        )
    competition.save(update_fields=["check_due_at", "panel"])
    submitted = competition.applications.filter(state=Application.State.SUBMITTED)
    applicants = submitted.values_list("organisation_id", flat=True).distinct()
    panels.list_applicants(competition.panel, list(applicants), closed_at=competition.closes_at)
    return {"submitted": submitted.count(), "applicants": len(applicants)}


# --- Scoring and decision ------------------------------------------------------------------------


def all_decided(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """No application waits for its check (GR-A-23), but for those whose topic failed by F2 (GR-S-15)."""
    contested = [
        pk for pk, (submitted, _admitted) in counters(competition).items() if submitted > 1
    ]
    waiting = competition.applications.filter(
        state=Application.State.SUBMITTED, lot__in=contested
    ).count()
    if waiting:
        yield Finding(
            "checks_open",
            Severity.ERROR,
            _("Some applications are not decided yet: finish their check first."),
            edition_of(competition).cite("[guide p. grants, step 4]"),
            {"waiting": waiting},
        )


def commission_final(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """The commission's final composition is approved (GR-C-12)."""
    if competition.panel is None or competition.panel.state != "final":
        yield Finding(
            "commission_not_final",
            Severity.ERROR,
            _("The final composition of the commission is not approved yet."),
            edition_of(competition).cite("[guide p. grants, step 3]"),
        )


def counters(competition: Competition) -> dict[int, tuple[int, int]]:
    """Submitted and admitted applications of each lot: the two counters of GR-X-01."""
    accepted = ("admitted", "refused", "submitted", "awarded", "not_awarded", "lot_failed")
    rows = competition.lots.annotate(
        submitted_count=Count("applications", filter=Q(applications__state__in=accepted)),
        admitted_count=Count(
            "applications",
            filter=Q(applications__state__in=("admitted", "awarded", "not_awarded")),
        ),
    )
    return {lot.pk: (lot.submitted_count, lot.admitted_count) for lot in rows}


def _scoring(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    assert competition.panel is not None
    # A topic that has failed by its counters is not scored (GR-S-15).
    scored = [
        pk
        for pk, (submitted, admitted) in counters(competition).items()
        if submitted > 1 and admitted > 1
    ]
    applications = list(
        competition.applications.filter(state=Application.State.ADMITTED, lot__in=scored)
        .select_related("lot__topic")
        .order_by("id")
    )
    dossiers = panels.begin_scoring(
        competition.panel,
        [
            panels.NewDossier(
                organisation_id=application.organisation_id,
                contest=outcome.contest_of(application.lot),
                number=application.number,
                title=application.title,
                address=reverse("grants:application", args=[application.pk]),
            )
            for application in applications
        ],
        actor=attempt.actor,
    )
    for application, dossier in zip(applications, dossiers, strict=True):
        application.dossier = dossier
    Application.objects.bulk_update(applications, ["dossier"], batch_size=500)
    return {"lots": len(scored), "dossiers": len(dossiers)}


def scoring_over(competition: Competition, attempt: Attempt) -> Iterable[Finding]:
    """All sheets are signed, or the 15 working days have passed (GR-S-01)."""
    if competition.panel is not None:
        yield from panels.scoring_findings(competition.panel, attempt.now)


def _meeting(competition: Competition, attempt: Attempt) -> Mapping[str, Any]:
    assert competition.panel is not None
    panels.begin_meeting(competition.panel, actor=attempt.actor)
    return {}


ANNOUNCE = Step(
    "announce",
    _("Announce the competition"),
    source=State.DRAFT,
    target=State.ANNOUNCED,
    by=is_its_operator,
    requires=(has_lots, version_in_force, both_languages, window_in_order, terms_stated),
    effect=_announced,
    cite="[guide p. grants, step 2]",
    final=True,
)
EXTEND = Step(
    "extend",
    _("Extend acceptance"),
    source=State.ANNOUNCED,
    target=None,
    by=is_its_operator,
    requires=(before_the_end, decision_stated, moves_later),
    effect=_extended,
    cite="GR-A-06",
)
CLOSE_ACCEPTANCE = Step(
    "close_acceptance",
    _("End acceptance"),
    source=State.ANNOUNCED,
    target=State.CHECKING,
    by=lambda actor, competition: actor is SYSTEM or is_its_operator(actor, competition),
    requires=(acceptance_over,),
    effect=_closed,
    cite="[announcement 2020 §3]",
)
BEGIN_SCORING = Step(
    "begin_scoring",
    _("Hand the applications to the experts"),
    source=State.CHECKING,
    target=State.SCORING,
    by=is_its_operator,
    requires=(all_decided, commission_final),
    effect=_scoring,
    cite="[guide p. grants, step 5]",
    final=True,
)
BEGIN_MEETING = Step(
    "begin_meeting",
    _("Open the commission's meeting"),
    source=State.SCORING,
    target=State.MEETING,
    by=is_its_operator,
    requires=(scoring_over,),
    effect=_meeting,
    cite="[guide p. grants, step 5]",
    final=True,
)
PREPARE = Step(
    "prepare",
    _("Prepare the outcomes"),
    source=State.MEETING,
    target=None,
    by=is_its_operator,
    requires=(),
    effect=outcome.prepare,
    cite="[413-rules via announcement 2020 §2]",
)
PUBLISH = Step(
    "publish",
    _("Publish the results"),
    source=State.MEETING,
    target=State.PUBLISHED,
    by=is_its_operator,
    requires=(
        outcome.prepared,
        outcome.ties_decided,
        outcome.protocol_ready,
        outcome.meeting_closed,
    ),
    effect=outcome.publish,
    cite="[guide p. grants, step 5]",
    final=True,
)


def owed(competition: Competition) -> Iterable[Owed]:
    """What the operator owes in the present state."""
    bearer = organisation(competition.operator_id)
    address = reverse("grants:competition_manage", args=[competition.pk])
    if competition.state == State.ANNOUNCED:
        yield Owed(
            "close_acceptance",
            bearer,
            Text(
                "Өтінімдерді қабылдау аяқталады: тізімді қараңыз",
                "Приём заявок заканчивается: просмотрите список",
                "Acceptance ends: look through the list",
            ),
            competition.closes_at,
            address,
            "[announcement 2020 §3]",
        )
    if competition.state == State.CHECKING:
        yield Owed(
            "check",
            bearer,
            Text(
                "Өтінімдерді тексеріп, жіберу туралы шешім қабылдау",
                "Проверить заявки и решить о допуске",
                "Check the applications and decide on admission",
            ),
            competition.check_due_at,
            address,
            "[guide p. grants, step 4]",
        )
    if competition.state == State.MEETING:
        yield Owed(
            "publish",
            bearer,
            Text(
                "Конкурс қорытындыларын жариялау",
                "Опубликовать итоги конкурса",
                "Publish the results of the competition",
            ),
            None,
            address,
            "[guide p. grants, step 5]",
        )


COMPETITION: Procedure[Competition] = Procedure(
    Competition,
    (ANNOUNCE, EXTEND, CLOSE_ACCEPTANCE, BEGIN_SCORING, BEGIN_MEETING, PREPARE, PUBLISH),
    duties=owed,
)


def close_due() -> int:
    """Close every acceptance whose end has passed; how many. Safe to call at any time."""
    closed = 0
    due = Competition.objects.filter(
        state=State.ANNOUNCED, closes_at__lt=clock.now() - timedelta(0)
    )
    for competition in due:
        COMPETITION.take(CLOSE_ACCEPTANCE, competition, actor=SYSTEM)
        closed += 1
    return closed


def tell_draft_holders(competition: Competition) -> None:
    """Write to everybody who has a draft that the end of acceptance moved."""
    from ortaq.people.models import User

    people = User.objects.filter(
        pk__in=competition.applications.filter(state=Application.State.DRAFT).values("created_by")
    )
    letters.prepare(
        competition,
        f"extended-{competition.extensions.count()}",
        people,
        "grants/letters/extended.txt",
        release=True,
    )
