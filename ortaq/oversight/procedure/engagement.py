"""The independent expert of a project: invited → monitors ⇄ barred → no longer monitors (SO-M-10..14, SO-X-11, SO-X-12).

invite   by the body, from the register; at most one at a time
clear    the expert signs a notice without conflict; only then anything of the project opens
declare  the expert declares a conflict, at once or when it is discovered later; what was done before stays
tie      a register learns of a tie that was not declared
admit    the body's reasoned decision that a declared conflict does not hinder
end      with the work, or to make room for another expert
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, letters
from ortaq.core.duties import Owed
from ortaq.core.keys import key_of, organisation, person
from ortaq.core.procedure import (
    SYSTEM,
    Attempt,
    Procedure,
    Refused,
    Step,
    locked,
    not_yours,
    system_only,
)
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.oversight.models import Admission, Engagement, Notice
from ortaq.oversight.policy.conflict import hindrances, notice_of
from ortaq.oversight.policy.project import oversees
from ortaq.oversight.ties import question_of, ties
from ortaq.people.actor import Actor
from ortaq.projects.models import Project
from ortaq.projects.procedure.shared import remark_given, said
from ortaq.registry.models import Expert
from ortaq.review.procedure import statement

from . import notice

State = Engagement.State
ROLE = Notice.Role.EXPERT
PLACE = "rules_social_order/2022 №18-2022 ¶9"


def edition_now() -> law.Edition:
    """The edition of the rules in force today: that of a notice that is signed today (SO-X-19)."""
    return law.at("rules_social_order", clock.today())


def _error(code: str, message: Any, about: str = "", **numbers: Any) -> Finding:
    cite = edition_now().parameter("monitoring.experts_per_project.max").cite
    return Finding(code, Severity.ERROR, message, cite, numbers, about)


def of_body(actor: Actor, engagement: Engagement) -> bool:
    return oversees(actor, engagement.project)


def is_expert(actor: Actor, engagement: Engagement) -> bool:
    """The very person who is engaged."""
    return actor.user is not None and actor.user.pk == engagement.expert.person_id


def body_or_expert(actor: Actor, engagement: Engagement) -> bool:
    return of_body(actor, engagement) or is_expert(actor, engagement)


def notice_in_order(_engagement: Engagement, attempt: Attempt) -> Iterable[Finding]:
    """The notice answers every question and does not contradict itself."""
    return notice.in_order(edition_now(), ROLE, attempt)


def states_no_conflict(engagement: Engagement, attempt: Attempt) -> Iterable[Finding]:
    """A register that knows of a tie contradicts the notice."""
    for reason in sorted(hindrances(engagement.expert.person_id, engagement.project, None)):
        yield _error(
            "known_tie",
            _(
                "The registers know of a tie between you and this NGO, so a notice without conflict cannot be taken. "
                "Declare the conflict, or have the register corrected."
            ),
            "conflict",
            reason=reason,
        )


def declared_everything(engagement: Engagement, _attempt: Attempt) -> Iterable[Finding]:
    """There is a notice to decide on, and the registers know of nothing that it keeps silent."""
    given = notice_of(engagement.expert.person_id, engagement.project)
    if given is None or not given.conflict:
        yield _error(
            "nothing_to_admit",
            _(
                "The expert has declared no conflict on which could be decided. Ask for a notice, or engage another expert."
            ),
        )
        return
    known = {key for key, answer in given.answers.items() if answer.get("yes")}
    for reason in sorted(ties(engagement.expert.person_id, engagement.project)):
        if question_of(reason) not in known:
            yield _error(
                "tie_not_declared",
                _(
                    "The registers know of a tie that the notice does not name, so it cannot be decided on."
                ),
                reason=reason,
            )


notice_signed = statement.signed(lambda _engagement: edition_now())


def _cleared(engagement: Engagement, attempt: Attempt) -> Mapping[str, Any]:
    statement.taken(attempt)
    written = notice.write(engagement.project, ROLE, edition_now(), attempt)
    return {"notice": written.pk}


def _declared(engagement: Engagement, attempt: Attempt) -> Mapping[str, Any]:
    written = notice.write(engagement.project, ROLE, edition_now(), attempt)
    return {"notice": written.pk, "after_work": engagement.visits.exclude(started_at=None).exists()}


def _tied(engagement: Engagement, attempt: Attempt) -> Mapping[str, Any]:
    return {
        "reasons": sorted(attempt.facts["reasons"]),
        "after_work": engagement.visits.exclude(started_at=None).exists(),
    }


def _admitted(engagement: Engagement, attempt: Attempt) -> Mapping[str, Any]:
    given = notice_of(engagement.expert.person_id, engagement.project)
    assert given is not None
    Admission.objects.create(
        notice=given,
        reason=said(attempt, "remark"),
        decided_by=attempt.actor.user,
        decided_at=attempt.now,
    )
    return {"notice": given.pk}


def _ended(engagement: Engagement, attempt: Attempt) -> Mapping[str, Any]:
    engagement.until = attempt.now
    engagement.end_reason = said(attempt, "remark")
    engagement.save(update_fields=["until", "end_reason"])
    return {"by_expert": is_expert(attempt.actor, engagement)}


CLEAR = Step(
    "clear",
    _("Sign the notice: no conflict of interest"),
    source=State.INVITED,
    target=State.ACTIVE,
    by=is_expert,
    requires=(notice_in_order, states_no_conflict, notice_signed),
    effect=_cleared,
    cite="rules_social_order/2022 №18-2022 ¶9; annex 4",
)
DECLARE = Step(
    "declare",
    _("Declare a conflict of interest"),
    source=(State.INVITED, State.ACTIVE),
    target=State.BARRED,
    by=is_expert,
    requires=(notice_in_order,),
    effect=_declared,
    cite="rules_social_order/2022 №18-2022 ¶9; annex 4",
    final=True,
)
TIE = Step(
    "tie",
    _("A register learns of a tie"),
    source=(State.INVITED, State.ACTIVE),
    target=State.BARRED,
    by=system_only,
    effect=_tied,
    cite=PLACE,
)
ADMIT = Step(
    "admit",
    _("Admit the expert all the same"),
    source=State.BARRED,
    target=State.ACTIVE,
    by=of_body,
    requires=(remark_given, declared_everything),
    effect=_admitted,
    cite=PLACE,
    final=True,
)
END = Step(
    "end",
    _("End the engagement"),
    source=(State.INVITED, State.ACTIVE, State.BARRED),
    target=State.ENDED,
    by=body_or_expert,
    requires=(remark_given,),
    effect=_ended,
    cite=PLACE,
    final=True,
)


def owed(engagement: Engagement) -> Iterable[Owed]:
    """The expert owes the notice; the body a decision on a conflict. No source sets a term (SO-M-12, SO-X-16)."""
    address = reverse("oversight:engagement", args=[engagement.pk])
    if engagement.state == State.INVITED:
        yield Owed(
            "sign_notice",
            person(engagement.expert.person_id),
            Text(
                "Мүдделер қақтығысы туралы хабарламаға қол қою",
                "Подписать уведомление о конфликте интересов",
                "Sign the notice of conflict of interest",
            ),
            None,
            address,
            PLACE,
        )
    elif engagement.state == State.BARRED:
        yield Owed(
            "decide_conflict",
            organisation(engagement.project.contract.grantor_id),
            Text(
                "Сарапшының мүдделер қақтығысы бойынша шешім қабылдау",
                "Принять решение по конфликту интересов эксперта",
                "Decide on the expert's conflict of interest",
            ),
            None,
            address,
            PLACE,
        )


ENGAGEMENT: Procedure[Engagement] = Procedure(
    Engagement, (CLEAR, DECLARE, TIE, ADMIT, END), duties=owed
)
INVITE = Step("invite", _("Engage an independent expert"), source=(), target=None, by=oversees)


@transaction.atomic
def invite(project: Project, expert: Expert, *, document: str, actor: Actor) -> Engagement:
    """Engage an expert of the register on a project; the expert gets a letter and owes the notice.

    Raises `Refused` for strangers to the body, for an expert who is not in the register, while another one is engaged
    (SO-M-14), and for somebody whose tie to the NGO is known.
    """
    fresh = locked(Project, project.pk)
    if not oversees(actor, fresh):
        raise Refused(INVITE, [not_yours(INVITE)])
    found = []
    if expert.state != Expert.State.REGISTERED:
        found.append(
            _error("not_in_register", _("This person is not in the experts' register."), "expert")
        )
    if fresh.engagements.filter(until=None).exists():
        message = _(
            "Another expert is engaged on this project. End that engagement first: one project has one expert at a time."
        )
        found.append(_error("one_expert", message, "expert"))
    for reason in sorted(ties(expert.person_id, fresh)):
        message = _("The registers know of a tie between this expert and the NGO.")
        found.append(_error("known_tie", message, "expert", reason=reason))
    if found:
        raise Refused(INVITE, found)
    made = Engagement(project=fresh, expert=expert, document=document, since=clock.now())
    ENGAGEMENT.begin(made, actor=actor, expert=key_of(expert))
    letters.prepare(
        made,
        "engaged",
        [expert.person],
        "oversight/letters/engaged.txt",
        {"path": reverse("oversight:engagement", args=[made.pk])},
        release=True,
    )
    return made


def sign(
    engagement: Engagement, *, conflict: bool | None, answers: notice.Answers, actor: Actor
) -> None:
    """The expert's notice: without conflict the project opens, with one the expert is barred. Raises `Refused`; where
    electronic signatures are required also until the notice as it is now is signed.
    """
    step, prepared = DECLARE if conflict else CLEAR, None
    if step is CLEAR and is_expert(actor, engagement):
        address = reverse("oversight:engagement", args=[engagement.pk])
        prepared = notice.prepared(
            engagement.project, ROLE, edition_now(), answers, actor=actor, address=address
        )
    facts: dict[str, Any] = {"conflict": conflict, "answers": answers, "statement": prepared}
    ENGAGEMENT.take(step, engagement, actor=actor, **facts)


def watch(person_id: int, organisation_id: int) -> None:
    """A register learned of a tie of this person and organisation: bar the expert from the NGO's projects at once."""
    # Of nearly everybody this is all that has to be asked.
    if not (experts := list(Expert.objects.filter(person=person_id).values_list("pk", flat=True))):
        return
    rows = Engagement.objects.filter(
        expert__in=experts,
        project__contract__grantee=organisation_id,
        state__in=(State.INVITED, State.ACTIVE),
    ).select_related("project__contract", "expert")
    for engagement in rows:
        given = notice_of(person_id, engagement.project)
        if reasons := hindrances(person_id, engagement.project, given):
            ENGAGEMENT.take(TIE, engagement, actor=SYSTEM, reasons=reasons)
