"""The grantee's own competition for small grants (GR-P-13, GR-I-13): draft → open → selecting → decided, or cancelled.

edit, publish, prolong        announcement and rules; more time, never less
select                        when nothing more can come
ask_consent, consent, refuse_consent   sums other than the one the topic states (GR-X-12)
decide                        results published in one step; until then they stay between the NGO and its body
cancel                        with a reason that applicants read

What becomes of each application: `small_grant.py`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, journal
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
from ortaq.people.actor import Actor
from ortaq.projects import once, small_checks
from ortaq.projects.models import Project, SmallCompetition, SmallGrant
from ortaq.projects.policy import project as of_project
from ortaq.projects.policy.small import consents, heads, runs

from . import small_letters
from .shared import nobody_was_faster, said

State = SmallCompetition.State
FIELDS = (
    "title_kk", "title_ru", "announcement_kk", "announcement_ru", "rules_kk", "rules_ru", "closes_at",
)  # fmt: skip


def against(row: Any, code: str, message: Any, about: str = "", *, warns: bool = False) -> Finding:
    competition = row.competition if isinstance(row, SmallGrant) else row
    severity = Severity.WARNING if warns else Severity.ERROR
    place = small_checks.cite(competition.project.contract, "GR-I-13")
    return Finding(code, severity, message, place, about=about)


# --- The competition ---------------------------------------------------------------------------------


def _edited(competition: SmallCompetition, attempt: Attempt) -> Mapping[str, Any]:
    for name in FIELDS:
        setattr(competition, name, attempt.facts["values"][name])
    competition.version += 1
    competition.save()
    return {"version": competition.version}


def announced_fully(competition: SmallCompetition, attempt: Attempt) -> Iterable[Finding]:
    """Name, announcement and rules in both languages, and a time until which applications are taken."""
    wanted = {
        "title": _("Give the competition a name."),
        "announcement": _("Write the announcement: for whom, for what, how much, how to apply."),
        "rules": _("Write the rules: who selects, by what, until when."),
    }
    for name, message in wanted.items():
        if not getattr(competition, f"{name}_kk").strip():
            yield against(competition, f"no_{name}", message, f"{name}_kk")
        elif not getattr(competition, f"{name}_ru").strip():
            yield against(competition, f"{name}_in_one_language", _("There is no Russian text yet; readers of Russian will see the Kazakh one."), f"{name}_ru", warns=True)  # fmt: skip
    yield from _closes_well(competition, competition.closes_at, attempt.now)


def _closes_well(
    competition: SmallCompetition, closes_at: datetime | None, now: datetime
) -> Iterable[Finding]:
    last = competition.project.contract.ends_on
    if closes_at is None or closes_at <= now:
        yield against(competition, "closes_in_the_past", _("State a time ahead until which applications are taken."), "closes_at")  # fmt: skip
    elif last and clock.day_of(closes_at) > last:
        yield against(competition, "closes_after_the_project", _("Applications cannot be taken after the last day of the project."), "closes_at")  # fmt: skip


def _published(competition: SmallCompetition, attempt: Attempt) -> Mapping[str, Any]:
    competition.opens_at = attempt.now
    competition.save(update_fields=["opens_at"])
    return _told(competition, "small_grants_announced", attempt)


def _told(competition: SmallCompetition, step: str, attempt: Attempt, **facts: Any) -> dict[str, Any]:  # fmt: skip
    """The step in the project's own journal too."""
    actor = attempt.actor
    facts = {"number": competition.number, **facts}
    journal.append(competition.project, step, actor=actor.key, behalf=actor.behalf, facts=facts, at=attempt.now)  # fmt: skip
    return facts


def later_than_now(competition: SmallCompetition, attempt: Attempt) -> Iterable[Finding]:
    """A prolongation gives applicants more time, never less."""
    closes_at = attempt.facts.get("closes_at")
    yield from _closes_well(competition, closes_at, attempt.now)
    if closes_at and competition.closes_at and closes_at <= competition.closes_at:
        yield against(competition, "not_later", _("The new time is not later than the one that was announced."), "closes_at")  # fmt: skip


def _prolonged(competition: SmallCompetition, attempt: Attempt) -> Mapping[str, Any]:
    competition.closes_at = attempt.facts["closes_at"]
    competition.save(update_fields=["closes_at"])
    return {"closes_at": attempt.facts["closes_at"].isoformat()}


def acceptance_over(competition: SmallCompetition, attempt: Attempt) -> Iterable[Finding]:
    """Nothing is selected while applications may still come."""
    if competition.closes_at and attempt.now <= competition.closes_at:
        yield against(competition, "still_accepting", _("Applications are still being taken."))


def reason_given(row: Any, attempt: Attempt) -> Iterable[Finding]:
    if not said(attempt, "reason"):
        yield against(row, "no_reason", _("State the reason."), "reason")


def something_to_consent(competition: SmallCompetition, attempt: Attempt) -> Iterable[Finding]:
    """Some selected sum differs from the one that the topic states (GR-X-12)."""
    if not differing(competition):
        yield against(competition, "nothing_differs", _("All selected sums are as the topic states them."))  # fmt: skip


def differing(competition: SmallCompetition) -> list[SmallGrant]:
    """The selected applications whose sum waits for the body's consent."""
    found = []
    for grant in small_checks.selected_of(competition):
        grant.competition = competition
        if any(one.code == "needs_consent" for one in small_checks.sum_fits(grant, grant.given_tiyn or 0)):  # fmt: skip
            found.append(grant)
    return found


def _consent_asked(competition: SmallCompetition, attempt: Attempt) -> Mapping[str, Any]:
    competition.consent_reason, competition.consent_remark = said(attempt, "reason"), ""
    competition.consent_asked_at = attempt.now
    competition.save(update_fields=["consent_reason", "consent_remark", "consent_asked_at"])
    sums = {str(one.number): one.given_tiyn for one in differing(competition)}
    body = competition.project.contract.grantor_id
    small_letters.tell_people(competition, "consent_asked", body, attempt.now)
    return _told(competition, "small_grants_consent_asked", attempt, sums=sums)


def consent_waits(competition: SmallCompetition, attempt: Attempt) -> Iterable[Finding]:
    if competition.consent_asked_at is None:
        yield against(competition, "consent_not_asked", _("The NGO has not asked for consent."))


def _consented(competition: SmallCompetition, attempt: Attempt) -> Mapping[str, Any]:
    """To exactly the sums that stand there now: one that changes later needs consent anew."""
    sums = {}
    for grant in differing(competition):
        grant.consented_tiyn = grant.given_tiyn
        grant.save(update_fields=["consented_tiyn"])
        sums[str(grant.number)] = grant.given_tiyn
    return _answered(competition, attempt, "small_grants_consented", sums)


def _consent_refused(competition: SmallCompetition, attempt: Attempt) -> Mapping[str, Any]:
    return _answered(competition, attempt, "small_grants_consent_refused", {})


def _answered(
    competition: SmallCompetition, attempt: Attempt, step: str, sums: dict[str, Any]
) -> Mapping[str, Any]:
    competition.consent_asked_at = None
    competition.consent_remark = said(attempt, "reason")
    competition.save(update_fields=["consent_asked_at", "consent_remark"])
    ngo = competition.project.contract.grantee_id
    small_letters.tell_people(competition, "consent_answered", ngo, attempt.now)
    return _told(competition, step, attempt, sums=sums)


def _decided(competition: SmallCompetition, attempt: Attempt) -> Mapping[str, Any]:
    chosen = small_checks.selected_of(competition)
    competition.decided_at = attempt.now
    competition.protocol = attempt.facts.get("protocol") or competition.protocol
    competition.save(update_fields=["decided_at", "protocol"])
    small_letters.tell_all(competition, "outcome")
    return _told(
        competition,
        "small_grants_decided",
        attempt,
        applications=competition.grants.count(),
        selected=len(chosen),
        given_tiyn=sum(one.given_tiyn or 0 for one in chosen),
    )


def _cancelled(competition: SmallCompetition, attempt: Attempt) -> Mapping[str, Any]:
    competition.cancel_reason = said(attempt, "reason")
    competition.save(update_fields=["cancel_reason"])
    small_letters.tell_all(competition, "cancelled")
    return _told(competition, "small_grants_cancelled", attempt)


EDIT = Step(
    "edit", _("Change the competition"), source=State.DRAFT, target=None, by=runs,
    requires=(nobody_was_faster,), effect=_edited, cite="GR-I-13",
)  # fmt: skip
PUBLISH = Step(
    "publish", _("Publish the announcement"), source=State.DRAFT, target=State.OPEN, by=heads,
    requires=(announced_fully,), effect=_published, cite="GR-I-13", final=True,
)  # fmt: skip
PROLONG = Step(
    "prolong", _("Take applications longer"), source=State.OPEN, target=None, by=heads,
    requires=(later_than_now,), effect=_prolonged, cite="GR-I-13",
)  # fmt: skip
SELECT = Step(
    "select", _("Begin the selection"), source=State.OPEN, target=State.SELECTING, by=runs,
    requires=(acceptance_over,), cite="GR-I-13",
)  # fmt: skip
ASK_CONSENT = Step(
    "ask_consent", _("Ask for consent to other sums"), source=State.SELECTING, target=None, by=heads,
    requires=(something_to_consent, reason_given), effect=_consent_asked, cite="plan 2020, topics 61-74",
)  # fmt: skip
CONSENT = Step(
    "consent", _("Consent to these sums"), source=State.SELECTING, target=None, by=consents,
    requires=(consent_waits,), effect=_consented, cite="plan 2020, topics 61-74", final=True,
)  # fmt: skip
REFUSE_CONSENT = Step(
    "refuse_consent", _("Do not consent"), source=State.SELECTING, target=None, by=consents,
    requires=(consent_waits, reason_given), effect=_consent_refused, cite="plan 2020, topics 61-74",
)  # fmt: skip
DECIDE = Step(
    "decide", _("Publish the results"), source=State.SELECTING, target=State.DECIDED, by=heads,
    requires=small_checks.TO_DECIDE, effect=_decided, cite="GR-I-13", final=True,
)  # fmt: skip
CANCEL = Step(
    "cancel", _("Cancel the competition"), source=(State.DRAFT, State.OPEN, State.SELECTING),
    target=State.CANCELLED, by=heads, requires=(reason_given,), effect=_cancelled, cite="GR-I-13",
    final=True,
)  # fmt: skip


def owed(competition: SmallCompetition) -> Iterable[Owed]:
    """Whose turn it is; only the end of acceptance has a time, the NGO's own."""
    contract = competition.project.contract
    address = reverse("projects:small", args=[competition.project_id, competition.number])
    if competition.consent_asked_at:
        title = Text(
            "Шағын гранттардың басқа сомаларына келісім беру",
            "Дать согласие на другие суммы малых грантов",
            "Answer about other sums of small grants",
        )
        yield Owed("small_consent", organisation(contract.grantor_id), title, None, address, "plan 2020, topics 61-74")  # fmt: skip
    elif competition.state in (State.OPEN, State.SELECTING):
        title = Text(
            "Шағын гранттарды іріктеп, нәтижесін жариялау",
            "Отобрать малые гранты и опубликовать итоги",
            "Select small grants and publish the results",
        )
        yield Owed("small_select", organisation(contract.grantee_id), title, None, address, "GR-I-13")  # fmt: skip


SMALL: Procedure[SmallCompetition] = Procedure(
    SmallCompetition,
    (EDIT, PUBLISH, PROLONG, SELECT, ASK_CONSENT, CONSENT, REFUSE_CONSENT, DECIDE, CANCEL),
    duties=owed,
)


def prepare(project: Project, form: uuid.UUID, values: Mapping[str, Any], *, actor: Actor) -> SmallCompetition:  # fmt: skip
    """A competition of `project` as a draft, with the limits of its topic; the form makes it once.

    Raises `Refused` for whoever does not record, and where the contract knows no small grants.
    """
    if not of_project.records(actor, project):
        raise Refused(EDIT, [not_yours(EDIT)])
    if not project.contract.small_grants:
        message = _("The topic of this grant asks for no small grants.")
        place = small_checks.cite(project.contract, "GR-I-13")
        raise Refused(EDIT, [Finding("no_small_grants", Severity.ERROR, message, place)])

    def build(fresh: Project, number: int) -> SmallCompetition:
        made = SmallCompetition(
            project=fresh,
            once=form,
            number=number,
            limits=project.contract.small_grants,
            **{name: values[name] for name in FIELDS},
        )
        return SMALL.begin(made, actor=actor)

    competition, _new = once.make(SmallCompetition, project, form, build)
    return competition
