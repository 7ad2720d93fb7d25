"""The application: draft → submitted → (check, scoring, outcome) or withdrawn.

    submit          the one transaction that gives the receipt (GR-A-04, 19)
    withdraw        before the deadline; a new application copies what was written
    receive         a delivery by post or by hand that reached the operator in time (GR-A-05, 15)
    receive_late    one that did not: "not accepted", which is no ground of refusal (GR-A-24)
    file_paper      the bound paper of an application that was submitted here already (GR-X-06)

The check (`procedure.admissibility`) and the publication (`procedure.outcome`) take it from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import canonical, clock, duties, letters
from ortaq.core.duties import Owed
from ortaq.core.keys import organisation
from ortaq.core.procedure import Attempt, Procedure, Step
from ortaq.faces import say
from ortaq.grants.content import checks, manifest
from ortaq.grants.content.parts import edition_of
from ortaq.grants.content.whole import Whole
from ortaq.grants.models import Application, Competition, PaperDelivery, Receipt
from ortaq.grants.policy import application as policy
from ortaq.grants.queries.application import whole_of
from ortaq.law import grants as rules
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.models import Role, Standing, User
from ortaq.registry import returns

State = Application.State
# Applications with which an NGO competes for a lot, besides its drafts.
ENTERED = (State.SUBMITTED, State.ADMITTED, State.REFUSED)

instant_of = lazy(say.instant, str)


# --- What submission requires ----------------------------------------------------------------------


def deadline_open(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """Acceptance has not ended: the deadline itself is in time, a second later is not (GR-A-04)."""
    competition = application.competition
    closes_at = competition.closes_at
    if competition.state == Competition.State.ANNOUNCED and closes_at is not None:
        judged = rules.in_time(
            edition_of(application), received_at=attempt.now, closes_at=closes_at
        )
        if judged.severity is Severity.OK:
            return
    yield Finding(
        "acceptance_over",
        Severity.ERROR,
        format_lazy(
            _(
                "Acceptance ended on {deadline}; by the server's clock it is {now}. Nothing can be "
                "handed in any more. What you wrote is kept as a draft: you can copy it into a new "
                "application when the topic is announced again."
            ),
            deadline=instant_of(closes_at, seconds=True),
            now=instant_of(attempt.now, seconds=True),
        ),
        edition_of(application).parameter("acceptance.closing_time").cite,
        {"closes_at": closes_at and closes_at.isoformat(), "now": attempt.now.isoformat()},
    )


def eligible(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """The NGO may take part (GR-A-08, GR-A-09).

    A recorded standing (liquidation, bankruptcy, attached property, suspended activity) stops the
    submission: such an NGO is excluded from the competition itself, and no ground of refusal
    R1-R4 speaks of it later. Late or absent data in the NGO database are ground R3, which the
    operator has to find and to give reasons for (GR-A-23); here they only warn.
    """
    day = clock.day_of(attempt.now)
    standings = Standing.objects.current(day).filter(organisation=application.organisation_id)
    kinds = set(standings.values_list("kind", flat=True))
    yield from rules.applicant(edition_of(application), filing="on_time", standings=kinds)
    judged = returns.in_time(application.organisation, _announced_on(application, day))
    if judged.severity is not Severity.OK:
        yield Finding(
            judged.code,
            Severity.WARNING,
            judged.message,
            judged.cite,
            judged.numbers,
            "organisation",
        )


def _announced_on(application: Application, day: Any) -> Any:
    announced_at = application.competition.announced_at
    return clock.day_of(announced_at) if announced_at else day


def complete(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """All nine parts are there and in order (GR-A-13 ... 22, GR-K-06 ... 10)."""
    return checks.everything(_whole(application, attempt))


def declared(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """Whoever submits makes the declaration of the letter, annex 1 (GR-A-17)."""
    if not attempt.facts.get("declared"):
        yield Finding(
            "not_declared",
            Severity.ERROR,
            _("Confirm the declaration of the letter: that all information is true."),
            edition_of(application).cite("413-rules via announcement 2020 annex 1"),
            about="declared",
        )


def only_one_for_the_topic(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """A second application for the same topic is unusual, not forbidden (GR-A-12)."""
    others = Application.objects.filter(
        organisation=application.organisation_id, lot=application.lot_id, state__in=ENTERED
    ).exclude(pk=application.pk)
    if number := others.values_list("number", flat=True).first():
        yield Finding(
            "second_application",
            Severity.WARNING,
            format_lazy(
                _(
                    "Your organisation has already applied for this topic ({number}). A second "
                    "application is accepted beside it; to replace the first, withdraw it."
                ),
                number=number,
            ),
            edition_of(application).cite("announcement 2020 §4", inferred=True),
        )


def _whole(application: Application, attempt: Attempt) -> Whole:
    """The application with all its content, loaded once by whoever makes the attempt."""
    loaded = attempt.facts.get("whole")
    return loaded if isinstance(loaded, Whole) else whole_of(application)


# --- What happens ------------------------------------------------------------------------------------


def _submitted(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    """Settle the content, give the receipt, tell the NGO."""
    whole = _whole(application, attempt)
    for written in whole.written:
        written.row.data = manifest.settled(written)
        written.row.save(update_fields=["data"])
    sums = [one.sums() for _written, one in whole.estimates]
    application.grant_tiyn = sum(one.grant for one in sums)
    application.total_tiyn = sum(one.total for one in sums)
    receipt = issue_receipt(application, whole, received_at=attempt.now, by=attempt.actor.user)
    letters.prepare(
        application,
        "receipt",
        signers_of(application) | User.objects.filter(pk=attempt.actor.user.pk),
        "grants/letters/application_receipt.txt",
        {"receipt": receipt, "address": settings.SITE_URL + address_of(application)},
        release=True,
    )
    return {"number": receipt.number, "sha256": receipt.sha256, "files": len(receipt.files)}


def issue_receipt(
    application: Application, whole: Whole, *, received_at: datetime, by: User
) -> Receipt:
    """The next receipt of the competition, for the content as it stands.

    Numbers have no gaps: they are counted under the lock of the competition's row, which
    `submit` and `register` take before anything else.
    """
    competition = application.competition
    last = competition.receipts.aggregate(last=Max("position"))["last"] or 0
    content = manifest.manifest(whole)
    number = f"{received_at.astimezone(clock.ALMATY).year}-{competition.pk}-{last + 1:05d}"
    application.number = number
    application.submitted_at = received_at
    application.applicant_name = application.organisation.name
    application.save()
    return Receipt.objects.create(
        application=application,
        competition=competition,
        position=last + 1,
        number=number,
        received_at=received_at,
        sha256=canonical.sha256(content),
        content=canonical.canonical(content),
        files=manifest.files(whole),
        submitted_by=by,
    )


def address_of(application: Application) -> str:
    """The path of an application's page."""
    return reverse("grants:application", args=[application.pk])


def signers_of(application: Application) -> Any:
    """Head and deputy of the NGO today: they get its letters."""
    day = clock.today()
    return User.objects.filter(
        memberships__organisation=application.organisation_id,
        memberships__role__in=(Role.HEAD, Role.DEPUTY),
        memberships__starts_on__lte=day,
    ).exclude(memberships__ends_on__lte=day)


def _withdrawn(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    return {"number": application.number, "reason": str(attempt.facts.get("reason") or "")[:500]}


# --- Deliveries by post and by hand --------------------------------------------------------------


def reached_in_time(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """What counts is when it reached the operator, not when it was posted (GR-A-05)."""
    closes_at = application.competition.closes_at
    if closes_at is not None:
        received_at = _receipt_at(attempt)
        yield rules.in_time(edition_of(application), received_at=received_at, closes_at=closes_at)


def _receipt_at(attempt: Attempt) -> datetime:
    """When the delivery reached the desk; now, while a page only asks what could be done."""
    received_at: datetime = attempt.facts.get("received_at", attempt.now)
    return received_at


def reached_late(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """The opposite of `reached_in_time`: nobody turns away what came in time."""
    if not any(f.severity is Severity.ERROR for f in reached_in_time(application, attempt)):
        yield Finding(
            "not_late", Severity.ERROR, _("This delivery came in time, so it is to be accepted.")
        )


def possible_instant(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """A delivery arrives after the announcement and not in the future."""
    received_at = _receipt_at(attempt)
    announced_at = application.competition.announced_at
    if received_at > attempt.now or (announced_at and received_at < announced_at):
        yield Finding(
            "impossible_instant",
            Severity.ERROR,
            _("The time of receipt lies before the announcement or in the future. Correct it."),
            about="received_at",
        )


def _received(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    delivery = _keep_delivery(application, attempt)
    receipt = issue_receipt(
        application,
        whole_of(application),
        received_at=delivery.received_at,
        by=attempt.actor.user,
    )
    return {"number": receipt.number, "sha256": receipt.sha256, "method": application.method}


def _received_late(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    delivery = _keep_delivery(application, attempt)
    application.applicant_name = application.organisation.name
    application.save()
    return {"received_at": delivery.received_at, "method": application.method}


def _filed(application: Application, attempt: Attempt) -> Mapping[str, Any]:
    delivery = _keep_delivery(application, attempt)
    return {"received_at": delivery.received_at, "carrier": delivery.carrier}


def _keep_delivery(application: Application, attempt: Attempt) -> PaperDelivery:
    facts = attempt.facts
    return PaperDelivery.objects.create(
        application=application,
        received_at=facts["received_at"],
        carrier=facts.get("carrier", ""),
        bound_and_signed=bool(facts.get("bound_and_signed")),
        registered_by=attempt.actor.user,
        scan=facts.get("scan"),
    )


def no_delivery_yet(application: Application, attempt: Attempt) -> Iterable[Finding]:
    """Paper is registered once."""
    if PaperDelivery.objects.filter(application=application).exists():
        yield Finding(
            "delivery_known",
            Severity.ERROR,
            _("The paper of this application has been registered already."),
        )


# --- The table ---------------------------------------------------------------------------------------

SUBMIT = Step(
    "submit",
    _("Submit the application"),
    source=State.DRAFT,
    target=State.SUBMITTED,
    by=policy.may_submit,
    requires=(deadline_open, eligible, complete, declared, only_one_for_the_topic),
    effect=_submitted,
    cite="announcement 2020 §4",
    final=True,
)
WITHDRAW = Step(
    "withdraw",
    _("Withdraw the application"),
    source=State.SUBMITTED,
    target=State.WITHDRAWN,
    by=policy.may_submit,
    requires=(deadline_open,),
    effect=_withdrawn,
    cite="GR-A-19",
    final=True,
)
RECEIVE = Step(
    "receive",
    _("Register a delivery that came in time"),
    source=State.DRAFT,
    target=State.SUBMITTED,
    by=policy.is_its_operator,
    requires=(possible_instant, reached_in_time),
    effect=_received,
    cite="announcement 2020 §4",
)
RECEIVE_LATE = Step(
    "receive_late",
    _("Register a delivery that came late"),
    source=State.DRAFT,
    target=State.NOT_ACCEPTED,
    by=policy.is_its_operator,
    requires=(possible_instant, reached_late),
    effect=_received_late,
    cite="announcement 2020 §4",
)
FILE_PAPER = Step(
    "file_paper",
    _("Register the paper of a submitted application"),
    source=State.SUBMITTED,
    target=None,
    by=policy.is_its_operator,
    requires=(possible_instant, no_delivery_yet),
    effect=_filed,
    cite="announcement 2020 §3-4",
)


def owed(application: Application) -> Iterable[Owed]:
    """While an application is a draft, its NGO is reminded of the deadline."""
    if application.state == State.DRAFT and application.competition.state == "announced":
        yield Owed(
            "submit",
            organisation(application.organisation_id),
            Text("Өтінімді тапсыру", "Подать заявку", "Submit the application"),
            application.competition.closes_at,
            address_of(application),
            "announcement 2020 §3",
        )


def renew_duties(competition: Competition, *, over: bool = False) -> None:
    """Move the duties of all drafts after the end of acceptance was moved, or end them with it."""
    for draft in competition.applications.filter(state=State.DRAFT):
        draft.competition = competition
        duties.keep(draft, () if over else owed(draft))


APPLICATION: Procedure[Application] = Procedure(
    Application, (SUBMIT, WITHDRAW, RECEIVE, RECEIVE_LATE, FILE_PAPER), duties=owed
)


def submit(application: Application, *, actor: Any, declared: bool) -> Receipt:
    """Submit, and give the receipt. Pressed twice, the second press finds the first one's receipt.

    The competition's row is locked before the application's, in the order in which the end of
    acceptance locks them: receipts are numbered one after another, and no submission slips
    between the deadline and the list of applicants. Raises `Refused`.
    """
    with transaction.atomic():
        lock_competition(application.competition_id)
        locked = lock(application.pk)
        if locked.state == State.SUBMITTED and policy.is_applicant(actor, locked):
            application.refresh_from_db()
        else:
            whole = whole_of(locked)
            APPLICATION.take(SUBMIT, application, actor=actor, declared=declared, whole=whole)
    return Receipt.objects.get(application=application)


def lock(pk: int) -> Application:
    """The application, held until the transaction ends."""
    rows = Application.objects.select_related("competition")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return rows.get(pk=pk)


def lock_competition(pk: int) -> None:
    """Hold the competition's row until the transaction ends (on SQLite the transaction itself
    holds everything).
    """
    rows = Competition.objects.filter(pk=pk)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    rows.first()


def text_of_receipt(receipt: Receipt) -> str:
    """The canonical content of a receipt, as text."""
    return bytes(receipt.content).decode("utf-8", "surrogatepass")
