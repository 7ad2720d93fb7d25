"""Annual returns: draft → sent → approved | returned for correction; returned → sent (the first day stays).

open       on 1 January, for every NGO with an account, with the duty and a letter
send       the head of the NGO; everything is frozen with its hash, the receipt names it
return     the authorised body, with remarks by field
approve    the authorised body; what is approved is never changed
correct    approved → being corrected → sent: a new version with its reason, while the approved one stands
paper      an officer registers what came by post, enters its data, then it is checked as any other
record     a status without content, by evidence
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, files, journal, letters
from ortaq.core.canonical import sha256
from ortaq.core.duties import Owed
from ortaq.core.keys import key_of
from ortaq.core.keys import organisation as organisation_key
from ortaq.core.procedure import Attempt, Procedure, Refused, Step
from ortaq.documents.writing.draft import Draft
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.people.models import Organisation
from ortaq.people.policy import MANAGERS
from ortaq.people.queries import people_of
from ortaq.registry import returns
from ortaq.registry.content import known
from ortaq.registry.models import AnnualReturn, PaperReturn, ReturnDraft, ReturnVersion
from ortaq.registry.policy import annual_return as policy

from . import ngo
from .return_checks import complete, declared, ended, entered, latest, loaded, remarked, signed
from .shared import reasoned

State, Way = AnnualReturn.State, AnnualReturn.Way
GUIDE = "guide, NGO database"


def address_of(row: AnnualReturn) -> str:
    """The path of a return's page."""
    return reverse("registry:annual_return", args=[row.pk])


# --- What happens --------------------------------------------------------------------------------------


def _sent(row: AnnualReturn, attempt: Attempt) -> Mapping[str, Any]:
    """Freeze the content, give the receipt, tell the NGO."""
    row.way = Way.PORTAL
    version = _freeze(row, attempt)
    row.sent_on = row.sent_on or clock.day_of(attempt.now)
    row.save(update_fields=["sent_on", "way"])
    people = people_of(row.organisation_id, *MANAGERS)
    _write(row, f"annual-return-{version.pk}", people, "sent", version=version)
    return _facts(row, version)


def _facts(row: AnnualReturn, version: ReturnVersion) -> Mapping[str, Any]:
    return {
        "receipt": version.receipt,
        "sha256": version.sha256,
        "sent_on": row.sent_on,
        "papers": len(version.content["papers"]),
    }


def _freeze(row: AnnualReturn, attempt: Attempt) -> ReturnVersion:
    content = loaded(row, attempt).content
    number = row.versions.count() + 1
    return ReturnVersion.objects.create(
        annual_return=row,
        number=number,
        receipt=f"{row.year}-{row.pk:06d}-{number}",
        content=content,
        sha256=sha256(content),
        reason=_reason_of_correction(row),
        sent_at=attempt.now,
        sent_by=attempt.actor.user,
    )


def _reason_of_correction(row: AnnualReturn) -> str:
    """Why what was approved is corrected: as the step `correct` recorded it."""
    if row.state != State.CORRECTING and not row.is_approved:
        return ""
    entry = journal.history(row).filter(step="correct").last()
    return str(entry.facts.get("reason", "")) if entry else ""


def _entered(row: AnnualReturn, attempt: Attempt) -> Mapping[str, Any]:
    version = _freeze(row, attempt)
    row.on_paper.filter(entered_at=None).update(entered_at=attempt.now)
    return _facts(row, version)


def _approved(row: AnnualReturn, attempt: Attempt) -> Mapping[str, Any]:
    row.approved_on = row.approved_on or clock.day_of(attempt.now)
    row.save(update_fields=["approved_on"])
    version = None if row.way == Way.RECORDED else latest(row)
    if version is not None:
        version.approved_at = attempt.now
        version.save(update_fields=["approved_at"])
        ngo.learn({row.organisation_id: figures(row.year, version.content)})
        people = people_of(row.organisation_id, *MANAGERS)
        _write(row, f"annual-return-approved-{version.pk}", people, "approved", version=version)
    return {"sent_on": row.sent_on, "receipt": version.receipt if version else ""}


def figures(year: int, content: Mapping[str, Any]) -> ngo.Figures:
    """What an approved return tells the public register."""
    sections = content.get("sections", {})
    income, people = sections.get("income", {}), sections.get("people", {})
    came = [v for k, v in income.items() if k != "opening" and isinstance(v, int)]
    return ngo.Figures(
        year,
        staff=people.get("staff"),
        volunteers=people.get("volunteers"),
        turnover_tiyn=sum(came) if came else None,
        directions=tuple(
            dict.fromkeys(
                r["direction"] for r in sections.get("activity", ()) if r.get("direction")
            )
        ),
    )


def _returned(row: AnnualReturn, attempt: Attempt) -> Mapping[str, Any]:
    reason = str(attempt.facts.get("reason", "")).strip()
    remarks = dict(attempt.facts.get("remarks") or {})
    version = None if row.way == Way.RECORDED else latest(row)
    if version is not None:
        version.returned_at, version.remark, version.remarks = attempt.now, reason, remarks
        version.save(update_fields=["returned_at", "remark", "remarks"])
        people = people_of(row.organisation_id, *MANAGERS)
        _write(row, f"annual-return-returned-{version.pk}", people, "returned", version=version)
        # What the NGO corrects is what was sent.
        if not ReturnDraft.objects.filter(annual_return=row).exists():
            _draft_of(row, version)
    # The words of remarks may name people: the journal keeps where they stand.
    kept = {"year": row.year, "fields": sorted(remarks)}
    return kept | ({"reason": reason} if row.way == Way.RECORDED else {})


def start(row: AnnualReturn) -> ReturnDraft:
    """A draft with what is known of the NGO and its year (NG-011)."""
    draft = Draft(known.prefilled(row), version=1)
    return ReturnDraft.objects.create(annual_return=row, content=draft.as_dict())


def _draft_of(row: AnnualReturn, version: ReturnVersion | None) -> None:
    if version is not None:
        draft = Draft(dict(version.content.get("sections", {})), version=1)
        ReturnDraft.objects.create(annual_return=row, content=draft.as_dict())


def _correcting(row: AnnualReturn, attempt: Attempt) -> Mapping[str, Any]:
    """What is corrected begins as what was approved."""
    version = row.versions.filter(approved_at__isnull=False).order_by("-number").first()
    if version is not None:
        ReturnDraft.objects.filter(annual_return=row).delete()
        _draft_of(row, version)
    elif not ReturnDraft.objects.filter(annual_return=row).exists():
        start(row)
    return {"reason": str(attempt.facts["reason"]).strip()}


def _recorded(row: AnnualReturn, attempt: Attempt) -> Mapping[str, Any]:
    row.sent_on, row.evidence = attempt.facts["sent_on"], attempt.facts["evidence"]
    row.way = Way.RECORDED
    row.save(update_fields=["sent_on", "evidence", "way"])
    return {"sent_on": row.sent_on, "evidence": row.evidence}


def _registered(row: AnnualReturn, attempt: Attempt) -> Mapping[str, Any]:
    paper: PaperReturn = attempt.facts["paper"]
    posted = returns.edition().parameter("return.paper_day").value == "posted"
    day = (paper.posted_on if posted else None) or paper.received_on
    row.sent_on = row.sent_on or day
    row.way = Way.PAPER
    row.save(update_fields=["sent_on", "way"])
    paper.save()
    if not ReturnDraft.objects.filter(annual_return=row).exists():
        start(row)
    return {**attempt.facts["facts"], "sent_on": row.sent_on}


def _write(row: AnnualReturn, kind: str, people: Any, letter: str, **context: Any) -> None:
    template = f"registry/letters/return_{letter}.txt"
    context |= {"address": settings.SITE_URL + address_of(row)}
    letters.prepare(row, kind, people, template, context, release=True)


# --- Steps -----------------------------------------------------------------------------------------------

SEND = Step(
    "send",
    _("Send the return"),
    source=policy.WRITTEN,
    target=State.SENT,
    by=policy.may_send,
    requires=(ended, complete, signed, declared),
    effect=_sent,
    cite="guide, NGO database, path",
)
ENTER = Step(
    "enter",
    _("The data of the paper are entered"),
    source=State.SENT,
    target=None,
    by=policy.may_enter,
    effect=_entered,
    cite="guide, NGO database, picture",
)
APPROVE = Step(
    "approve",
    _("Approve the return"),
    source=State.SENT,
    target=State.APPROVED,
    by=policy.may_decide,
    requires=(entered,),
    effect=_approved,
    cite="NG-021",
)
RETURN = Step(
    "return",
    _("Return for correction"),
    source=State.SENT,
    target=State.RETURNED,
    by=policy.may_decide,
    requires=(remarked,),
    effect=_returned,
    cite="NG-022",
)
SEND_AGAIN = Step(
    "send_again",
    _("Record the corrected return"),
    source=State.RETURNED,
    target=State.SENT,
    by=policy.may_decide_on_record,
    cite="NG-024",
)
CORRECT = Step(
    "correct",
    _("Correct what was approved"),
    source=State.APPROVED,
    target=State.CORRECTING,
    by=policy.is_sender,
    requires=(reasoned,),
    effect=_correcting,
    cite="NG-025",
)
KEEP = Step(
    "keep",
    _("Leave it as it was approved"),
    source=(State.CORRECTING, State.RETURNED),
    target=State.APPROVED,
    by=policy.may_keep,
    cite="NG-025",
)
RECORD = Step(
    "record",
    _("Record a status by evidence"),
    source=State.DRAFT,
    target=State.SENT,
    by=policy.keeps_database,
    effect=_recorded,
    cite="NG-004",
)
REGISTER = Step(
    "register_paper",
    _("Register a return on paper"),
    source=(State.DRAFT, State.RETURNED),
    target=State.SENT,
    by=policy.checks_returns,
    effect=_registered,
    cite="guide, NGO database, picture",
)


def owed(row: AnnualReturn) -> Iterator[Owed]:
    """The NGO owes the return on the past year, then what is to be mended in it."""
    if row.state == State.DRAFT and returns.is_obliged(row.organisation, row.year):
        title = Text(*(t.format(year=row.year) for t in _TO_FILE))
        due = clock.end_of(returns.due_on(row.year))
    elif row.state in (State.RETURNED, State.CORRECTING) and row.way != Way.RECORDED:
        title, due = Text(*(t.format(year=row.year) for t in _TO_MEND)), None
    else:
        return
    cite = f"ngo_database/2018 Law No. 142-II art. 41(5); {GUIDE}"
    yield Owed(
        "annual_return", organisation_key(row.organisation_id), title, due, address_of(row), cite
    )


_TO_FILE = Text(
    "{year} жылғы қызмет туралы мәліметтерді ҮЕҰ дерекқорына беру",
    "Представить в Базу данных НПО сведения о деятельности за {year} год",
    "File the return on the activity of {year} in the NGO database",
)
_TO_MEND = Text(
    "{year} жылғы мәліметтерді түзетіп, қайта жіберу",
    "Исправить сведения за {year} год и отправить снова",
    "Mend the return on {year} and send it again",
)

ANNUAL_RETURN: Procedure[AnnualReturn] = Procedure(
    AnnualReturn,
    (SEND, ENTER, APPROVE, RETURN, SEND_AGAIN, CORRECT, KEEP, RECORD, REGISTER),
    duties=owed,
)


# --- Beginnings ----------------------------------------------------------------------------------------


def record_return(annual_return: AnnualReturn, *, actor: Any) -> AnnualReturn:
    """Record a return as the NGO database shows it, with the evidence for it; a draft of the same year is taken for sent."""
    begun = AnnualReturn.objects.filter(
        organisation=annual_return.organisation_id, year=annual_return.year, state=State.DRAFT
    ).first()
    facts: dict[str, Any] = {"sent_on": annual_return.sent_on, "evidence": annual_return.evidence}
    if begun is not None:
        ANNUAL_RETURN.take(RECORD, begun, actor=actor, **facts)
        return begun
    organisation = key_of(annual_return.organisation)
    return ANNUAL_RETURN.begin(
        annual_return, actor=actor, organisation=organisation, year=annual_return.year, **facts
    )


def may_begin(organisation: Organisation, year: int) -> bool:
    """Whether a return on this year can be filled in: it has ended, and the NGO files for it."""
    today = clock.today().year
    return today - YEARS_BACK <= year < today and returns.is_obliged(organisation, year)


YEARS_BACK = 5  # a late return is better than none


def begin_return(organisation: Organisation, year: int, *, actor: Any) -> AnnualReturn:
    """The return of the NGO on a year, begun if there is none. `Refused` for whoever files none, or not for that year."""
    if not policy.writes_for(actor, organisation) or not may_begin(organisation, year):
        message = format_lazy(
            _("Your organisation files no return on {year}: see who files and from when."),
            year=year,
        )
        cite = returns.edition().cite("guide, portal fee")
        raise Refused(SEND, [Finding("files_none", Severity.ERROR, message, cite)])
    found = AnnualReturn.objects.filter(organisation=organisation, year=year).first()
    if found is not None:
        return found
    row = AnnualReturn(organisation=organisation, year=year, state=State.DRAFT, way=Way.PORTAL)
    try:
        with transaction.atomic():
            return ANNUAL_RETURN.begin(
                row, actor=actor, organisation=key_of(organisation), year=year
            )
    except IntegrityError:  # a colleague began it at the same moment
        return AnnualReturn.objects.get(organisation=organisation, year=year)


@transaction.atomic
def register_paper(
    organisation: Organisation,
    year: int,
    paper: PaperReturn,
    *,
    actor: Any,
    scan: Any = None,
) -> AnnualReturn:
    """A return that came on paper (NG-028): sent on the day of posting, or of receipt where that is unknown.

    The day of the first sending stays. `Refused` where a return on the year is being checked or is approved.
    """
    now = clock.now()
    row = AnnualReturn.objects.filter(organisation=organisation, year=year).first()
    facts = {"received_on": paper.received_on, "posted_on": paper.posted_on, "letter": paper.letter_number}  # fmt: skip
    if row is None:
        row = AnnualReturn(organisation=organisation, year=year, state=State.DRAFT, way=Way.PAPER)
        ANNUAL_RETURN.begin(row, actor=actor, organisation=key_of(organisation), year=year)
    if scan is not None:
        paper.scan = files.store(scan, name=scan.name, person=actor.user, allowed=files.SCANS)
    paper.annual_return, paper.registered_at = row, now
    ANNUAL_RETURN.take(REGISTER, row, actor=actor, at=now, paper=paper, facts=facts)
    return row
