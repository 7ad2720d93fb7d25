"""What `ortaq check` asks of grants: receipts, numbers, sums of the plan, outcomes against sheets, protocols."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Max, Min, Sum

from ortaq.core import audit
from ortaq.core.audit import Fault, Faults, Machine
from ortaq.core.keys import key_of
from ortaq.core.models import JournalEntry
from ortaq.projects.models import Contract

from .models import (
    Application,
    ApplicationPart,
    Attachment,
    Competition,
    Extension,
    Lot,
    Outcome,
    Protocol,
    Receipt,
    TopicAmount,
)
from .procedure.contract import source_of
from .procedure.outcome import compute, digest

State = Application.State
MACHINES = (
    # Published by the one step of the competition.
    Machine(
        Application,
        carried={
            State.AWARDED: {State.ADMITTED},
            State.NOT_AWARDED: {State.ADMITTED},
            State.LOT_FAILED: {State.SUBMITTED, State.ADMITTED},
        },
        related=("competition",),
    ),
)
RECEIVED = (
    "What arrived is proved by the receipt in the applicant's hands and by the hash in the journal: compare with both and "
    "restore the row from a backup."
)


def faults(*, quick: bool = False) -> Faults:
    """Every row of this room that contradicts another."""
    yield from audit.announced(
        Competition.objects.all(), "closes_at", {"announce": "closes_at", "extend": "new"}
    )
    yield from _receipts(quick=quick)
    yield from _numbers()
    yield from _plans()
    yield from _outcomes()
    yield from _contracts(quick=quick)
    yield from audit.frozen(Protocol.objects.all(), quick=quick)


# --- Receipts --------------------------------------------------------------------------------------


def _receipts(*, quick: bool) -> Faults:
    handed_in = Application.objects.exclude(state__in=(State.DRAFT, State.NOT_ACCEPTED))
    for some in audit.pieces(handed_in.filter(receipt=None).only("pk", "state"), quick=quick):
        for one in some:
            yield Fault(key_of(one), f"it stands at “{one.state}” and has no receipt", RECEIVED)
    rows = Receipt.objects.select_related("application", "competition")
    ends = _ends()
    for receipts in audit.pieces(rows, quick=quick):
        applications = [one.application_id for one in receipts]
        said = _journal(applications)
        files = _files(applications)
        parts = _parts(applications)
        for receipt in receipts:
            for what in _receipt(receipt, said, files.get(receipt.application_id, []), parts):
                yield Fault(key_of(receipt.application), what, RECEIVED)
            closes_at = ends.get(receipt.competition_id)
            if closes_at is not None and receipt.received_at > closes_at:
                yield Fault(
                    key_of(receipt.application),
                    f"its receipt {receipt.number} is of an instant after the deadline",
                    RECEIVED,
                )


def _receipt(
    one: Receipt,
    said: Mapping[str, Mapping[str, Any]],
    files: list[str],
    parts: Mapping[int, Mapping[tuple[str, int], Any]],
) -> list[str]:
    """What contradicts a receipt."""
    application, wrong = one.application, []
    if hashlib.sha256(bytes(one.content)).hexdigest() != one.sha256:
        wrong.append(f"the content of its receipt {one.number} is not what its hash says")
    else:
        content = json.loads(bytes(one.content))
        mine = parts.get(one.application_id, {})
        wrong += [
            f"part {part['form']} is not what the receipt {one.number} was given for"
            for part in content["parts"]
            if mine.get((part["form"], part["year"])) != part["sections"]
        ]
        if content["title"] != application.title:
            wrong.append(f"its title is not what the receipt {one.number} was given for")
    entry = said.get(key_of(application))
    if entry is not None and entry.get("sha256", one.sha256) != one.sha256:
        wrong.append(f"its receipt {one.number} has another hash than the journal")
    if (application.number, application.submitted_at) != (one.number, one.received_at):
        wrong.append(f"its number or instant differ from its receipt {one.number}")
    missing = [file for file in one.files if file["sha256"] not in files]
    if missing:
        wrong.append(
            f"{len(missing)} of the files of its receipt {one.number} are not attached to it"
        )
    return wrong


def _journal(pks: list[int]) -> dict[str, Mapping[str, Any]]:
    entries = JournalEntry.objects.filter(
        subject__in=[f"grants.application:{pk}" for pk in pks], step__in=("submit", "receive")
    )
    return dict(entries.order_by("pk").values_list("subject", "facts"))


def _files(pks: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Attachment.objects.filter(application__in=pks, removed_at=None)
    for application, sha256 in rows.values_list("application", "file__sha256"):
        found[application].append(sha256)
    return found


def _parts(pks: list[int]) -> dict[int, dict[tuple[str, int], Any]]:
    found: dict[int, dict[tuple[str, int], Any]] = defaultdict(dict)
    rows = ApplicationPart.objects.filter(application__in=pks)
    for application, form, year, data in rows.values_list("application", "form", "year", "data"):
        found[application][form, year] = data
    return found


def _ends() -> dict[int, Any]:
    """Until when each competition took applications: the latest end that was ever decided on."""
    ends = dict(Competition.objects.values_list("pk", "closes_at"))
    for competition, new in Extension.objects.values_list("competition").annotate(
        new=Max("new_closes_at")
    ):
        ends[competition] = max(ends[competition], new)
    return ends


def _numbers() -> Faults:
    """Receipts of a competition count up without gaps (the database itself refuses doubles)."""
    counted = Receipt.objects.order_by().values("competition")
    for row in counted.annotate(n=Count("pk"), first=Min("position"), last=Max("position")):
        if (row["first"], row["last"]) != (1, row["n"]):
            yield Fault(
                f"grants.competition:{row['competition']}",
                f"it gave {row['n']} receipts, numbered {row['first']} to {row['last']}",
                RECEIVED,
            )


# --- Sums and outcomes -----------------------------------------------------------------------------


def _plans() -> Faults:
    """What a lot gives is the sum of its topic's years (GR-P-08)."""
    rows = TopicAmount.objects.order_by().values_list("topic").annotate(sum=Sum("amount_tiyn"))
    sums = dict(rows)
    for lot in Lot.objects.only("pk", "topic_id", "amount_tiyn").order_by("pk"):
        planned = sums.get(lot.topic_id, 0)
        if planned != lot.amount_tiyn:
            yield Fault(
                key_of(lot), f"it gives {lot.amount_tiyn}, the years of its topic make {planned}"
            )


def _outcomes() -> Faults:
    """Published outcomes follow from the sheets by the frozen edition; states of applications follow from the outcomes."""
    for competition in Competition.objects.filter(state=Competition.State.PUBLISHED).order_by("pk"):
        kept = list(Outcome.objects.filter(lot__competition=competition).select_related("winner"))
        if len(kept) != competition.lots.count():
            yield Fault(key_of(competition), "its results are published and a topic has no outcome")
        for outcome in kept:
            winner = outcome.winner
            if (outcome.kind == Outcome.Kind.WINNER) != (winner is not None):
                yield Fault(
                    key_of(outcome), "it has a winner without being won, or the other way round"
                )
            if winner is not None and winner.state != State.AWARDED:
                yield Fault(key_of(winner), f"it won and stands at “{winner.state}”")
        awarded = competition.applications.filter(state=State.AWARDED)
        for one in awarded.exclude(
            pk__in=[outcome.winner_id for outcome in kept if outcome.winner_id]
        ):
            yield Fault(key_of(one), "it stands as awarded and won nothing")
        again = {
            outcome.lot_id: outcome for outcome in compute(competition, _as_decided(competition))
        }
        for outcome in kept:
            if outcome.lot_id not in again or digest([outcome]) != digest([again[outcome.lot_id]]):
                yield Fault(
                    key_of(outcome),
                    "it does not follow from the signed sheets by the edition under which it was decided",
                )


def _as_decided(competition: Competition) -> list[Application]:
    """The applications that took part, in the states in which the results found them, by the journal."""
    rows = competition.applications.exclude(
        state__in=(State.DRAFT, State.WITHDRAWN, State.NOT_ACCEPTED)
    )
    applications = list(rows.defer("search").select_related("organisation").order_by("id"))
    admitted = set(
        JournalEntry.objects.filter(
            subject__in=[key_of(one) for one in applications], step="admit"
        ).values_list("subject", flat=True)
    )
    for one in applications:
        if one.state in (State.AWARDED, State.NOT_AWARDED, State.LOT_FAILED):
            one.state = State.ADMITTED if key_of(one) in admitted else State.SUBMITTED
    return applications


def _contracts(*, quick: bool) -> Faults:
    """A contract gives its winner no more than it asked for and than the topic has (GR-K-01)."""
    won = Outcome.objects.exclude(winner=None).select_related("winner", "lot")
    for some in audit.pieces(won, quick=quick):
        contracts = {
            one.source: one
            for one in Contract.objects.filter(source__in=[source_of(outcome) for outcome in some])
        }
        for outcome in some:
            contract, winner = contracts.get(source_of(outcome)), outcome.winner
            if contract is None or winner is None:
                continue
            if contract.grantee_id != winner.organisation_id:
                yield Fault(key_of(contract), "it is with somebody else than the winner")
            if contract.sum_tiyn > min(winner.grant_tiyn, outcome.lot.amount_tiyn):
                yield Fault(
                    key_of(contract), "it gives more than was asked for, or than the topic has"
                )
