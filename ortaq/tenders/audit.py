"""What `ortaq check` asks of tenders: bids that are sealed, bids that are opened, their receipts, results and contracts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

from ortaq.core import audit, canonical
from ortaq.core.audit import FILES, RESTORE, Fault, Faults, Machine
from ortaq.core.keys import key_of
from ortaq.core.models import JournalEntry
from ortaq.projects.models import Contract

from . import sealing
from .models import Bid, BidFile, BidReceipt, Lot, Order, Protocol, Tender
from .procedure import bid_vault as vault
from .procedure.results import decide

State = Bid.State
OPENED = (State.OPENED, State.ADMITTED, State.NOT_ADMITTED)
MACHINES = (Machine(Bid, noted={"open": {State.SUBMITTED}}, related=("lot__tender",)),)
OVERHEAD = sealing.NONCE + 16  # what encryption adds to a content, in bytes
COMMITTED = (
    "The commitment stands on the receipt that the bidder keeps and in the journal: compare with both and restore the row "
    "from a backup."
)


def faults(*, quick: bool = False) -> Faults:
    """Every row of this room that contradicts another."""
    yield from _keys()
    yield from audit.announced(Tender.objects.all(), "closes_at", {"announce": "closes_at"})
    yield from _bids(quick=quick)
    yield from _files(quick=quick)
    yield from orphans(quick=quick)
    yield from _results()
    yield from _contracts()
    yield from audit.frozen(Protocol.objects.all(), quick=quick)


def _keys() -> Faults:
    """The key that will open the bids of each tender is where it must be."""
    folder = Path(settings.ORTAQ_SEALS)
    waiting = Tender.objects.filter(state=Tender.State.ANNOUNCED).exclude(seal_key="")
    for tender in waiting.only("pk", "seal_key").order_by("pk"):
        if not any(folder.glob(f"{tender.seal_key}*.key")):
            yield Fault(
                key_of(tender),
                "the key to its sealed bids is not in the folder of keys",
                "Bring the folder back from a backup before the deadline: without it no bid can be opened.",
            )


def _bids(*, quick: bool) -> Faults:
    rows = Bid.objects.exclude(state=State.DRAFT).select_related("lot__tender")
    for some in audit.pieces(rows, quick=quick):
        receipts: dict[int, BidReceipt] = {}
        for receipt in BidReceipt.objects.filter(bid__in=some).order_by("pk"):
            receipts[receipt.bid_id] = receipt
        entries = JournalEntry.objects.filter(
            subject__in=[key_of(bid) for bid in some], step__in=("submit", "open")
        )
        said: dict[str, set[str]] = defaultdict(set)
        for subject, facts in entries.values_list("subject", "facts"):
            said[subject].add(str(facts.get("commitment")))
        for bid in some:
            for what in _bid(bid, receipts.get(bid.pk), said[key_of(bid)]):
                yield Fault(key_of(bid), what, COMMITTED)


def _bid(bid: Bid, receipt: BidReceipt | None, said: set[str]) -> Iterator[str]:
    """What contradicts a bid that was handed in."""
    tender = bid.lot.tender
    if receipt is None:
        yield "it was handed in and has no receipt"
        return
    if (receipt.number, receipt.commitment, receipt.at) != (
        bid.number,
        bid.commitment,
        bid.submitted_at,
    ):
        yield f"its number, commitment or instant differ from its receipt {receipt.number}"
    if said != {bid.commitment}:
        yield "its commitment is not the one in the journal"
    if tender.closes_at is not None and receipt.at > tender.closes_at:
        yield f"its receipt {receipt.number} is of an instant after the deadline"
    if bid.state == State.SUBMITTED:
        if not bid.sealed:
            yield "it is handed in and nothing is sealed"
        if bid.content is not None or bid.price_tiyn is not None:
            yield "it can be read although it was not opened"
        if tender.opened_at is not None and key_of(bid) not in _named(tender):
            yield "its tender is opened and it is not, and nothing says why"
    if bid.state in OPENED:
        yield from _opened(bid)


def _opened(bid: Bid) -> Iterator[str]:
    """What contradicts a bid that was opened."""
    tender = bid.lot.tender
    if tender.opened_at is None or tender.closes_at is None or tender.opened_at <= tender.closes_at:
        yield "it was opened before the deadline of its tender"
    content = bid.content or {}
    if canonical.sha256(content) != bid.commitment:
        yield "what was opened is not what its bidder committed to"
    elif bid.price_tiyn != content["price_tiyn"]:
        yield "its price is not the one in what was opened"


def _named(tender: Tender) -> set[str]:
    """The bids that could not be opened, which the journal names."""
    entries = JournalEntry.objects.filter(
        subject__in=[key_of(bid) for bid in Bid.objects.filter(lot__tender=tender).only("pk")],
        step="opening_failed",
    )
    return set(entries.values_list("subject", flat=True))


def _files(*, quick: bool) -> Faults:
    """The content of each file is there; unopened ones tell nothing; opened ones are what was committed to."""
    for some in audit.pieces(BidFile.objects.select_related("bid"), quick=quick):
        for file in some:
            opened = file.bid.state in OPENED
            if not opened and (file.name or file.kind or file.key):
                yield Fault(
                    key_of(file), "its name or key can be read although its bid was not opened"
                )
            if why := audit.content_fault(vault.path_of(file.token), file.size + OVERHEAD, ""):
                yield Fault(key_of(file), why, FILES)
            elif opened and not quick:
                try:
                    vault.content_of(file, bytes(file.key))
                except sealing.Sealed as error:
                    yield Fault(
                        key_of(file), f"its content does not open: {str(error).rstrip('.')}", FILES
                    )


def orphans(*, quick: bool = False) -> Faults:
    """Encrypted contents that belong to no bid: what a cut-off upload or a discarded draft left behind."""
    if quick:
        return
    try:
        folders = default_storage.listdir(vault.FOLDER)[0]
    except (FileNotFoundError, NotImplementedError):
        return
    for folder in sorted(folders):
        names = sorted(default_storage.listdir(f"{vault.FOLDER}/{folder}")[1])
        for start in range(0, len(names), audit.PIECE):
            some = names[start : start + audit.PIECE]
            known = set(BidFile.objects.filter(token__in=some).values_list("token", flat=True))
            for name in some:
                if name not in known:
                    yield Fault(
                        f"files/{vault.FOLDER}/{folder}/{name}",
                        "it belongs to no bid",
                        "An upload was cut off, or a draft was discarded; it may be deleted after a day.",
                        remark=True,
                    )


def _results() -> Faults:
    """Results follow from the adopted points by the edition of the tender."""
    decided = (Tender.State.DECIDED, Tender.State.PUBLISHED, Tender.State.ENDED)
    for tender in Tender.objects.filter(state__in=decided).order_by("pk"):
        for found in decide(tender):
            if found.result is None or found.result.kind != found.lot.result:
                yield Fault(key_of(found.lot), "its result does not follow from the adopted points")
                continue
            for bid in found.bids:
                judged = found.judged(bid)
                if judged is None or judged.place != bid.place:
                    yield Fault(key_of(bid), "its place does not follow from the adopted points")


def _contracts() -> Faults:
    """A contract is with the winner of its lot, at the price of the bid, and keeps its promises (SO-T-102, SO-T-106)."""
    for order in Order.objects.select_related("contract", "lot").order_by("pk"):
        contract: Contract = order.contract
        if order.lot.result != Lot.Result.WINNER:
            yield Fault(key_of(contract), "its lot has no winner")
            continue
        won = Bid.objects.filter(lot=order.lot, number=contract.source_number).first()
        if won is None or won.organisation_id != contract.grantee_id:
            yield Fault(key_of(contract), "it is with somebody else than the bidder that it names")
        elif order.promises.get("commitment") != won.commitment:
            yield Fault(key_of(contract), "its promises are not those of the bid", RESTORE)
