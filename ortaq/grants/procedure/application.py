"""The application: draft → submitted → (check, scoring, outcome) or withdrawn.

    submit          the one transaction that gives the receipt (GR-A-04, 19)
    withdraw        before the deadline; a new application copies what was written
    discard         a draft that nobody wants any more, with all that was written and attached
    receive         a delivery by post or by hand that reached the operator in time (GR-A-05, 15)
    receive_late    one that did not: "not accepted", which is no ground of refusal (GR-A-24)
    file_paper      the bound paper of an application that was submitted here already (GR-X-06)

What the steps require and do stands in `application_submission`, `application_draft` and
`application_paper`; the check (`admissibility`) and the publication (`outcome`) take it from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ortaq.core import duties
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.models import StoredFile
from ortaq.core.procedure import Attempt, Procedure, Step, locked
from ortaq.grants.models import Application, Attachment, Competition, Receipt
from ortaq.grants.policy import application as policy
from ortaq.law.text import Text
from ortaq.signing.requirement import required

from . import application_paper as paper
from . import application_submission as submission

State = Application.State


def _discarded(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    """Nothing of a draft is left but its chain in the journal; its files lose name and owner."""
    attachments = Attachment.objects.filter(application=application)
    files = StoredFile.objects.filter(pk__in=list(attachments.values_list("file", flat=True)))
    hashes = sorted(files.values_list("sha256", flat=True))
    attachments.delete()
    files.delete()
    return {"lot": application.lot_id, "files": hashes}


SUBMIT = Step(
    "submit",
    _("Submit the application"),
    source=State.DRAFT,
    target=State.SUBMITTED,
    by=policy.may_submit,
    requires=(
        submission.deadline_open,
        submission.eligible,
        submission.complete,
        submission.declared,
        submission.only_one_for_the_topic,
        required("grants.application"),
    ),
    effect=submission.submitted,
    cite="announcement 2020 §4",
    final=True,
)
WITHDRAW = Step(
    "withdraw",
    _("Withdraw the application"),
    source=State.SUBMITTED,
    target=State.WITHDRAWN,
    by=policy.may_submit,
    requires=(submission.deadline_open,),
    effect=submission.withdrawn,
    cite="GR-A-19",
    final=True,
)
DISCARD = Step(
    "discard",
    _("Discard the draft"),
    source=State.DRAFT,
    target=None,
    by=policy.may_discard,
    effect=_discarded,
    cite="GR-A-19",
    final=True,
    removes=True,
)
RECEIVE = Step(
    "receive",
    _("Register a delivery that came in time"),
    source=State.DRAFT,
    target=State.SUBMITTED,
    by=policy.is_its_operator,
    requires=(paper.possible_instant, paper.reached_in_time),
    effect=paper.received,
    cite="announcement 2020 §4",
)
RECEIVE_LATE = Step(
    "receive_late",
    _("Register a delivery that came late"),
    source=State.DRAFT,
    target=State.NOT_ACCEPTED,
    by=policy.is_its_operator,
    requires=(paper.possible_instant, paper.reached_late),
    effect=paper.received_late,
    cite="announcement 2020 §4",
)
FILE_PAPER = Step(
    "file_paper",
    _("Register the paper of a submitted application"),
    source=State.SUBMITTED,
    target=None,
    by=policy.is_its_operator,
    requires=(paper.possible_instant, paper.no_delivery_yet),
    effect=paper.filed,
    cite="announcement 2020 §3-4",
)


def owed(application: Application) -> Iterable[Owed]:
    """While an application is a draft, its NGO is reminded of the deadline."""
    if application.state == State.DRAFT and application.competition.state == "announced":
        yield Owed(
            "submit",
            organisation(application.organisation_id),
            _named(application.title[:200] or f"№ {application.lot.topic.number}"),
            application.competition.closes_at,
            submission.address_of(application),
            "announcement 2020 §3",
        )


def _named(title: str) -> Text:
    return Text(
        f"«{title}» өтінімін тапсыру",
        f"Подать заявку «{title}»",
        f"Submit the application “{title}”",
    )


def renew_duties(competition: Competition, *, over: bool = False) -> None:
    """Move the duties of all drafts after the end of acceptance was moved, or end them with it."""
    for draft in competition.applications.filter(state=State.DRAFT):
        draft.competition = competition
        duties.keep(draft, () if over else owed(draft))


APPLICATION: Procedure[Application] = Procedure(
    Application,
    (SUBMIT, WITHDRAW, DISCARD, RECEIVE, RECEIVE_LATE, FILE_PAPER),
    duties=owed,
    beside=("competition",),
)


def submit(application: Application, *, actor: Any, declared: bool) -> Receipt:
    """Submit, and give the receipt. Pressed twice, the second press finds the first one's receipt, also when acceptance has
    ended meanwhile.

    The competition's row is locked before the application's, in the order in which the end of
    acceptance locks them: receipts are numbered one after another, and no submission slips
    between the deadline and the list of applicants. Raises `Refused`.
    """
    with transaction.atomic():
        locked(Competition, application.competition_id)
        there = Receipt.objects.filter(application=application.pk)
        handed_in = there.exclude(application__state=State.WITHDRAWN).exists()
        if not handed_in or not policy.is_applicant(actor, application):
            APPLICATION.take(SUBMIT, application, actor=actor, declared=declared)
    return Receipt.objects.get(application=application)
