"""Documents asked of the NGO at a visit: asked → answered → received in full, or asked again, or withdrawn (SO-M-13).

ask       by whoever does the visit, with the place of the contract that asks for them, and a day
answer    by the NGO: text and files; also after the day, since late is better than never
accept    what was asked for is there
again     something is lacking: the remark says what, and the NGO gets a new day
withdraw  it is not needed any more
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, letters
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.models import StoredFile
from ortaq.core.procedure import Attempt, Procedure, Refused, Step, locked, moved_on, not_yours
from ortaq.law import citing
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.oversight.models import DocumentRequest, Visit
from ortaq.oversight.policy.visit import bearer_of, is_visited, works_at
from ortaq.people.actor import Actor
from ortaq.people.policy import RESPONSIBLE
from ortaq.people.queries import people_of
from ortaq.projects.procedure.shared import nobody_was_faster, remark_given, said

State = DocumentRequest.State
PLACE = "rules_social_order/2022 №18-2022 ¶9"
MOST_FILES = 30


def error(code: str, message: Any, about: str = "", **numbers: Any) -> Finding:
    return Finding(code, Severity.ERROR, message, citing.read(PLACE), numbers, about)


def day_ahead(due_on: date | None, now: date) -> Iterable[Finding]:
    """A day that has passed gives nobody time to do anything."""
    if due_on is not None and due_on < now:
        yield error("day_passed", _("This day has passed: give one that lies ahead."), "due_on")


def of_ngo(actor: Actor, request: DocumentRequest) -> bool:
    """Writes for the NGO that carries the project out."""
    return is_visited(actor, request.visit)


def of_visit(actor: Actor, request: DocumentRequest) -> bool:
    """Does the visit, or answers for the body."""
    return works_at(actor, request.visit)


def something_given(_request: DocumentRequest, attempt: Attempt) -> Iterable[Finding]:
    """An answer is a text, files or both."""
    given: Sequence[StoredFile] = attempt.facts.get("files", ())
    if not said(attempt, "answer") and not given:
        yield error("no_answer", _("Write an answer or attach the documents."), "answer")
    if len(given) > MOST_FILES:
        yield error("too_many_files", _("Send at most 30 files at once."), "files")


def new_day(_request: DocumentRequest, attempt: Attempt) -> Iterable[Finding]:
    yield from day_ahead(attempt.facts.get("due_on"), clock.day_of(attempt.now))


def _answered(request: DocumentRequest, attempt: Attempt) -> Mapping[str, Any]:
    request.answer, request.answered_at = said(attempt, "answer"), attempt.now
    request.version += 1
    request.save(update_fields=["answer", "answered_at", "version"])
    # What was sent before stays: the first answer may have been half of it.
    request.files.add(*attempt.facts.get("files", ()))
    return {
        "sha256": sorted(one.sha256 for one in attempt.facts.get("files", ())),
        "late": clock.day_of(attempt.now) > request.due_on,
    }


def _again(request: DocumentRequest, attempt: Attempt) -> Mapping[str, Any]:
    request.due_on = attempt.facts.get("due_on") or request.due_on
    return _remarked(request, attempt) | {"due_on": request.due_on}


def _remarked(request: DocumentRequest, attempt: Attempt) -> dict[str, Any]:
    request.remark = said(attempt, "remark")
    request.version += 1
    request.save(update_fields=["remark", "due_on", "version"])
    return {}


ANSWER = Step(
    "answer",
    _("Send the answer"),
    source=State.ASKED,
    target=State.ANSWERED,
    by=of_ngo,
    requires=(nobody_was_faster, something_given),
    effect=_answered,
    cite=PLACE,
)
ACCEPT = Step(
    "accept",
    _("Received in full"),
    source=State.ANSWERED,
    target=State.ACCEPTED,
    by=of_visit,
    cite=PLACE,
)
AGAIN = Step(
    "again",
    _("Ask again"),
    source=State.ANSWERED,
    target=State.ASKED,
    by=of_visit,
    requires=(remark_given, new_day),
    effect=_again,
    cite=PLACE,
)
WITHDRAW = Step(
    "withdraw",
    _("No longer ask for these documents"),
    source=(State.ASKED, State.ANSWERED),
    target=State.WITHDRAWN,
    by=of_visit,
    requires=(remark_given,),
    effect=_remarked,
    cite=PLACE,
    final=True,
)


def owed(request: DocumentRequest) -> Iterable[Owed]:
    """The NGO owes the answer by the day that was given; whoever does the visit then looks through it, for which no day is set."""
    address = reverse("oversight:request", args=[request.pk])
    if request.state == State.ASKED:
        yield Owed(
            "answer_request",
            organisation(request.visit.plan.project.contract.grantee_id),
            Text(
                "Мониторинг бойынша сұратылған құжаттарды беру",
                "Представить документы, запрошенные при мониторинге",
                "Give the documents that monitoring asks for",
            ),
            clock.end_of(request.due_on),
            address,
            PLACE,
        )
    elif request.state == State.ANSWERED:
        yield Owed(
            "look_through_answer",
            bearer_of(request.visit),
            Text(
                "Ұйым берген құжаттарды қарау",
                "Рассмотреть документы, представленные организацией",
                "Look through the documents that the NGO gave",
            ),
            None,
            address,
            PLACE,
        )


REQUEST: Procedure[DocumentRequest] = Procedure(
    DocumentRequest, (ANSWER, ACCEPT, AGAIN, WITHDRAW), duties=owed
)
ASK = Step("ask", _("Ask for documents"), source=Visit.State.STARTED, target=None, by=works_at)


def at_work(step: Step, visit: Visit, actor: Actor) -> Visit:
    """The visit, locked, for somebody who does it while it is under way; else raises `Refused`."""
    fresh = locked(Visit, visit.pk)
    if not step.by(actor, fresh):
        raise Refused(step, [not_yours(step)])
    if fresh.state not in step.sources:
        raise Refused(step, [moved_on(step, fresh, "state")])
    return fresh


@transaction.atomic
def ask(
    visit: Visit, once: uuid.UUID, *, what: str, ground: str, due_on: date, actor: Actor
) -> DocumentRequest:
    """Ask the NGO for documents; its people get a letter. The form `once` asks once. Raises `Refused` for strangers, while the visit
    is not under way, without words, without the place of the contract, and for a day that has passed.
    """
    fresh = at_work(ASK, visit, actor)
    if made := DocumentRequest.objects.filter(once=once, visit=fresh).first():
        return made
    found = list(day_ahead(due_on, clock.today()))
    if not what.strip():
        found.append(error("no_words", _("Say what is asked for."), "what"))
    if not ground.strip():
        message = _(
            "Name the place of the contract or of its technical specification that asks for these documents."
        )
        found.append(error("no_ground", message, "ground"))
    if found:
        raise Refused(ASK, found)
    last = max((one.number for one in fresh.requests.all()), default=0)
    made = REQUEST.begin(
        DocumentRequest(
            visit=fresh,
            number=last + 1,
            once=once,
            what=what.strip(),
            ground=ground.strip(),
            due_on=due_on,
            asked_at=clock.now(),
        ),
        actor=actor,
        due_on=due_on,
    )
    ngo = fresh.plan.project.contract.grantee_id
    letters.prepare(
        made,
        "documents_asked",
        people_of(ngo, *RESPONSIBLE),
        "oversight/letters/documents_asked.txt",
        {"path": reverse("oversight:request", args=[made.pk])},
        release=True,
    )
    return made
