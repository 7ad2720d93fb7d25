"""The application for the prize: draft → submitted → admitted or refused; withdrawn while acceptance runs.

submit      all six kinds of papers are there, one direction a year, no bar: the receipt (PR-005, 006, 014, 015)
withdraw    before the end of acceptance; the NGO may file anew (Example 6)
discard     a draft that nobody wants any more
admit       the officer's look: it goes onto the list of applicants
refuse      with its ground and its reason
reopen      the officer looks again, while nothing is published
original    the officer asks for the paper original of the bank certificate, and notes that it was seen (PR-017)

What they require and do stands in `application_submission` and `application_look`; how a draft is written in
`application_draft`, how paper is registered in `application_delivery`. Prizes are given by the steps of the round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.models import StoredFile
from ortaq.core.procedure import (
    CLOCK_BEHIND,
    Attempt,
    Procedure,
    Refused,
    Step,
    keep_refusal,
    locked,
)
from ortaq.law.text import Text
from ortaq.people.actor import Actor
from ortaq.prizes.models import Application, Attachment, Receipt, Round
from ortaq.prizes.policy import application as policy
from ortaq.signing.requirement import required

from . import application_look as look
from . import application_submission as submission
from .told import address_of

State = Application.State
PLACE = "guide, prizes"


def _discarded(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    """Nothing of a draft is left but its chain in the journal; its files lose name and owner."""
    attachments = Attachment.objects.filter(application=application)
    files = StoredFile.objects.filter(pk__in=list(attachments.values_list("file", flat=True)))
    hashes = sorted(files.values_list("sha256", flat=True))
    attachments.delete()
    files.delete()
    return {"round": application.round_id, "files": hashes}


SUBMIT = Step(
    "submit",
    _("Submit the application"),
    source=State.DRAFT,
    target=State.SUBMITTED,
    by=policy.may_submit,
    requires=(
        submission.acceptance_open,
        submission.eligible,
        submission.only_one_direction,
        submission.complete,
        submission.declared,
        required("prizes.application"),
    ),
    effect=submission.submitted,
    cite=PLACE,
    final=True,
)
RECEIVE = Step(
    "receive",
    _("Register an application on paper"),
    source=State.DRAFT,
    target=State.SUBMITTED,
    by=policy.is_its_organiser,
    requires=(submission.reached_in_time, submission.only_one_direction),
    effect=submission.received,
    cite=PLACE,
)
WITHDRAW = Step(
    "withdraw",
    _("Withdraw the application"),
    source=State.SUBMITTED,
    target=State.WITHDRAWN,
    by=policy.may_submit,
    requires=(submission.acceptance_open,),
    effect=submission.withdrawn,
    cite=PLACE,
    final=True,
)
DISCARD = Step(
    "discard",
    _("Discard the draft"),
    source=State.DRAFT,
    target=None,
    by=policy.may_discard,
    effect=_discarded,
    cite=PLACE,
    final=True,
    removes=True,
)
ADMIT = Step(
    "admit",
    _("Admit the applicant"),
    source=State.SUBMITTED,
    target=State.ADMITTED,
    by=policy.is_its_organiser,
    requires=(look.look_runs, submission.eligible, look.papers_there, look.original_seen),
    effect=look.admitted,
    cite=PLACE,
)
REFUSE = Step(
    "refuse",
    _("Refuse the application"),
    source=State.SUBMITTED,
    target=State.REFUSED,
    by=policy.is_its_organiser,
    requires=(look.look_runs, look.ground_stated),
    effect=look.refused,
    cite=PLACE,
    final=True,
)
REOPEN = Step(
    "reopen",
    _("Look at the application again"),
    source=(State.ADMITTED, State.REFUSED),
    target=State.SUBMITTED,
    by=policy.is_its_organiser,
    requires=(look.look_runs,),
    effect=look.reopened,
    cite=PLACE,
)
ASK_ORIGINAL = Step(
    "ask_original",
    _("Ask for the paper original of the bank certificate"),
    source=State.SUBMITTED,
    target=None,
    by=policy.is_its_organiser,
    requires=(look.look_runs, look.not_asked_yet),
    effect=look.original_asked,
    cite="GAP-P-09",
)
SEE_ORIGINAL = Step(
    "see_original",
    _("The paper original was seen"),
    source=(State.SUBMITTED, State.ADMITTED),
    target=None,
    by=policy.is_its_organiser,
    requires=(look.asked_and_not_seen,),
    effect=look.original_was_seen,
    cite="GAP-P-09",
)


def owed(application: Application) -> Iterable[Owed]:
    """A draft is to be handed in by 1 September; an original that was asked for is to be brought."""
    found, bearer = application.round, organisation(application.organisation_id)
    if application.state == State.DRAFT and found.state == Round.State.ANNOUNCED:
        yield Owed(
            "submit_prize",
            bearer,
            Text(
                f"{found.year} жылғы сыйлықақыға өтінімді тапсыру",
                f"Подать заявку на премию {found.year} года",
                f"Submit the application for the prize of {found.year}",
            ),
            found.apply_until,
            address_of(application),
            PLACE,
        )
    if application.original_asked_at and not application.original_seen_on:
        yield Owed(
            "bring_original",
            bearer,
            Text(
                "Банктік шоттың бар екендігі туралы анықтаманың түпнұсқасын ұсыну",
                "Представить оригинал справки о наличии банковского счета",
                "Bring the original of the certificate of the bank account",
            ),
            None,  # no source sets a term (GAP-P-09)
            address_of(application),
            PLACE,
        )


APPLICATION: Procedure[Application] = Procedure(
    Application,
    (
        SUBMIT,
        RECEIVE,
        WITHDRAW,
        DISCARD,
        ADMIT,
        REFUSE,
        REOPEN,
        ASK_ORIGINAL,
        SEE_ORIGINAL,
    ),
    duties=owed,
)


def submit(application: Application, *, actor: Actor, declared: bool) -> Receipt:
    """Submit, and give the receipt. Pressed twice, the second press finds the first one's receipt.

    Raises `Refused` with all that is in the way: the draft stays as it was, and who came too late stands in the journal.
    """
    try:
        with transaction.atomic():
            # The round first: receipts count up, two drafts of one NGO follow one another, nothing slips past the end.
            locked(Round, application.round_id)
            there = Receipt.objects.filter(application=application.pk)
            handed_in = there.exclude(application__state=State.WITHDRAWN).exists()
            if not handed_in or not policy.is_applicant(actor, application):
                APPLICATION.take(SUBMIT, application, actor=actor, declared=declared)
    except Refused as refused:
        if refused.has("acceptance_over") and not refused.has(CLOCK_BEHIND):
            keep_refusal(refused, application, actor, clock.now())
        raise
    return Receipt.objects.get(application=application)


def withdraw(application: Application, *, actor: Actor) -> None:
    """Take an application back while acceptance runs; raises `Refused` afterwards."""
    with transaction.atomic():
        locked(Round, application.round_id)
        APPLICATION.take(WITHDRAW, application, actor=actor)
