"""Topics that NGOs propose to a state body, all year round (SO-T-042).

sent → answered | taken; an answered one may be taken in a later year

answer    the body says what it thinks; the author gets a letter
take_up   it becomes a topic of a list that is still a draft
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, letters
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import Attempt, Procedure, Step
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.planning.models import Formation, Topic, TopicProposal
from ortaq.planning.policy import BODIES, SPEAKERS, receives

from . import drafting
from .editions import edition_of

State = TopicProposal.State
A_DAY = timedelta(days=1)
# Enough for an NGO that works in every field; too few to drown the officers of a body.
MOST_A_DAY: int = settings.ORTAQ_PROPOSALS_A_DAY
# Among the kinds of sources of an edition: what NGOs and citizens proposed (SO-F-03).
SOURCE = "proposals"
GUIDE = "guide 2019, stage 3"


@transaction.atomic
def send(proposal: TopicProposal, *, actor: Actor) -> TopicProposal:
    """Send a proposal in the name of an NGO that the actor speaks for.

    `PermissionDenied` for strangers; `ValidationError` with a sentence for the reader for an
    addressee that is no state body, a repetition and too many within a day.
    """
    ngo, body = proposal.organisation, proposal.body
    if actor.user is None or not actor.roles_in(ngo) & SPEAKERS:
        raise PermissionDenied
    if ngo.kind != Organisation.Kind.NGO or body.kind not in BODIES:
        raise ValidationError({"body": _("A proposal goes from an NGO to a state body.")})
    now = clock.now()
    # The NGO's row is the lock: two colleagues who send at once are counted.
    Organisation.objects.select_for_update().get(pk=ngo.pk)
    sent = TopicProposal.objects.filter(organisation=ngo)
    if sent.filter(sent_at__gt=now - A_DAY).count() >= MOST_A_DAY:
        raise ValidationError(
            _(
                "Your organisation has sent %(most)s proposals within a day. "
                "Send the others tomorrow; your text is kept below."
            ),
            code="too_many",
            params={"most": MOST_A_DAY},
        )
    if sent.filter(body=body, title=proposal.title, state=State.SENT).exists():
        raise ValidationError(
            _(
                "Your organisation has sent this topic to this body already; it waits for an answer."
            ),
            code="repeated",
        )
    proposal.author, proposal.sent_at, proposal.state = actor.user, now, State.SENT
    return PROPOSAL.begin(proposal, actor=actor, body=body.pk, field=proposal.field)


def said_why(proposal: TopicProposal, attempt: Attempt) -> Iterable[Finding]:
    """An answer has words."""
    if not str(attempt.facts.get("answer") or "").strip():
        yield Finding(
            "no_answer",
            Severity.ERROR,
            _("Write to the NGO what you think of its proposal."),
            law.edition(drafting.ACT, drafting.edition_in_force()).cite("SO-T-042", inferred=True),
            about="answer",
        )


def _answered(proposal: TopicProposal, attempt: Attempt) -> Mapping[str, Any]:
    proposal.answer, proposal.answered_at = str(attempt.facts["answer"]).strip(), attempt.now
    proposal.save(update_fields=["answer", "answered_at"])
    _tell(proposal, "answered")
    return {}


def list_is_a_draft(proposal: TopicProposal, attempt: Attempt) -> Iterable[Finding]:
    """The list that takes the topic is the body's own and not published yet."""
    formation: Formation | None = attempt.facts.get("formation")
    mine = formation is not None and formation.body_id == proposal.body_id
    if formation is None or not mine or formation.state != Formation.State.DRAFT:
        yield Finding(
            "no_draft",
            Severity.ERROR,
            _("Choose a list of topics that is still a draft, or begin one first."),
            about="formation",
        )


def sum_known(proposal: TopicProposal, attempt: Attempt) -> Iterable[Finding]:
    """A topic has a planned sum, the NGO's or the officer's."""
    if not (attempt.facts.get("planned_tiyn") or proposal.amount_tiyn):
        yield Finding(
            "no_sum",
            Severity.ERROR,
            _("Enter the planned sum: the proposal names none."),
            about="planned_tiyn",
        )


def _taken(proposal: TopicProposal, attempt: Attempt) -> Mapping[str, Any]:
    """A new topic at the end of the draft, in the language in which the NGO wrote."""
    formation: Formation = attempt.facts["formation"]
    language = "ru" if attempt.facts.get("language") == "ru" else "kk"
    words = {
        "title": proposal.title,
        "justification": proposal.problem,
        "target_group": proposal.target_group,
        "result": proposal.result,
    }
    known = drafting.field_keys(formation)
    kinds = edition_of(formation).grounds("sources")
    topic = Topic(
        formation=formation,
        field=proposal.field if proposal.field in known else "",
        planned_tiyn=attempt.facts.get("planned_tiyn") or proposal.amount_tiyn,
        sources=[SOURCE] if SOURCE in kinds else [],
        **{f"{name}_{language}": text for name, text in words.items()},
    )
    proposal.topic = drafting.write_topic(topic, [], actor=attempt.actor)
    proposal.answer = str(attempt.facts.get("answer") or "").strip() or proposal.answer
    proposal.answered_at = attempt.now
    proposal.save(update_fields=["topic", "answer", "answered_at"])
    _tell(proposal, "taken")
    return {"formation": formation.pk, "topic": proposal.topic.pk}


def _tell(proposal: TopicProposal, kind: str) -> None:
    letters.prepare(
        proposal,
        kind,
        [proposal.author],
        f"planning/letters/proposal_{kind}.txt",
        {"path": reverse("planning:proposal", args=[proposal.pk])},
        release=True,
    )


ANSWER = Step(
    "answer",
    _("Answer the NGO"),
    source=State.SENT,
    target=State.ANSWERED,
    by=receives,
    requires=(said_why,),
    effect=_answered,
    cite=GUIDE,
)
TAKE_UP = Step(
    "take_up",
    _("Make it a topic of a list"),
    source=(State.SENT, State.ANSWERED),
    target=State.TAKEN,
    by=receives,
    requires=(list_is_a_draft, sum_known),
    effect=_taken,
    cite=GUIDE,
)

ANSWER_TITLE = Text(
    "ҮЕҰ ұсынған тақырыпқа жауап беру",
    "Ответить на тему, предложенную НПО",
    "Answer a topic that an NGO proposed",
)


def owed(proposal: TopicProposal) -> Iterable[Owed]:
    """The body answers; no source sets a term."""
    if proposal.state == State.SENT:
        yield Owed(
            "answer_proposal",
            organisation(proposal.body_id),
            ANSWER_TITLE,
            None,
            reverse("planning:proposal", args=[proposal.pk]),
            GUIDE,
        )


PROPOSAL: Procedure[TopicProposal] = Procedure(TopicProposal, (ANSWER, TAKE_UP), duties=owed)
