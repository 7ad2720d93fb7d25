"""Where the content of bids lies, and the only ways to it. Whoever looks into a sealed bid, or tries
to, stands in the journal, administrators included.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction

from ortaq.core import clock, journal
from ortaq.core.canonical import canonical
from ortaq.core.files import put
from ortaq.core.keyfolder import derived
from ortaq.core.keys import key_of
from ortaq.tenders import sealing, shares
from ortaq.tenders.content.draft import Draft
from ortaq.tenders.content.manifest import new_nonce
from ortaq.tenders.content.parts import edition_of
from ortaq.tenders.content.whole import Whole
from ortaq.tenders.models import Bid, BidFile
from ortaq.tenders.policy import bid as policy
from ortaq.tenders.queries import bid as queries

FOLDER = "sealed"


# --- Drafts ------------------------------------------------------------------------------------------


def draft_of(bid: Bid) -> Draft:
    """The draft for a step of the procedure; pages read it by `look`."""
    if not bid.draft:
        return Draft()
    return Draft.unpack(sealing.open_draft(key_of(bid), bytes(bid.draft), "draft"))


def put_draft(bid: Bid, draft: Draft) -> None:
    """Encrypt the draft and save it with its version."""
    draft.nonce = draft.nonce or new_nonce()
    bid.draft = sealing.encrypt(sealing.draft_key(key_of(bid)), draft.pack(), "draft")
    bid.version = draft.version
    bid.save(update_fields=["draft", "version"])


def put_away(bid: Bid, draft: Draft, code: str) -> None:
    """Where two persons open, a bid that is handed in leaves no draft behind that the installation could read: it is closed
    under a code of the NGO, or forgotten where there is none.
    """
    bid.draft = b""
    if signs := shares.read_code(code):
        bid.put_away = sealing.encrypt(_away(bid, signs), draft.pack(), "draft")


def fits(bid: Bid, code: str) -> bool:
    """Whether what was put away opens with this code."""
    try:
        _opened_away(bid, code)
    except sealing.Sealed:
        return False
    return True


def take_back(bid: Bid, code: str) -> None:
    """Make a draft again of what was put away; `Sealed` for another code. Does not save."""
    packed = _opened_away(bid, code)
    bid.put_away = b""
    bid.draft = sealing.encrypt(sealing.draft_key(key_of(bid)), packed, "draft")


def _opened_away(bid: Bid, code: str) -> bytes:
    return sealing.decrypt(_away(bid, shares.read_code(code)), bytes(bid.put_away), "draft")


def _away(bid: Bid, signs: str) -> bytes:
    return derived(signs.encode(), f"ortaq.put_away/1 {key_of(bid)}")


def whole_of(bid: Bid) -> Whole:
    """The bid with its draft for a step of the procedure; `bid` comes with its lot and tender."""
    return Whole(bid, edition_of(bid.lot), draft_of(bid), queries.services_of(bid.lot))


def look(bid: Bid, actor: Any) -> Whole:
    """The bid as its own people read it. Once it is handed in, every look is in the journal;
    `PermissionDenied` for anybody else, which is in the journal too.
    """
    if not policy.is_bidder(actor, bid):
        note_refusal(bid, actor, "not_the_bidder")
        raise PermissionDenied
    if not policy.has_draft(actor, bid):
        raise PermissionDenied  # nobody reads it, its own people neither: `put_away`
    if bid.state == Bid.State.SUBMITTED:
        with transaction.atomic():
            journal.append(bid, "looked_at", actor=actor.key, behalf=actor.behalf, at=not_before())
    return whole_of(bid)


def note_refusal(subject: Any, actor: Any, why: str) -> None:
    """Keep in the journal that somebody was not let at sealed bids. Must not run inside the
    transaction that the refusal ends.
    """
    facts = {"why": why, "now": journal.instant(clock.now())}
    with transaction.atomic():
        journal.append(
            subject,
            "look_refused",
            actor=actor.key,
            behalf=actor.behalf,
            facts=facts,
            at=not_before(),
        )


def not_before() -> Any:
    """The present instant; where the clock was set back, the last instant the journal knows, so
    that the journal goes on guarding against a clock set back.
    """
    latest = journal.latest_instant()
    return max(clock.now(), latest) if latest else clock.now()


# --- Files -------------------------------------------------------------------------------------------


def path_of(token: str) -> str:
    """Where the encrypted content of a file lies in the storage."""
    return f"{FOLDER}/{token[:2]}/{token}"


def keep(content: bytes) -> tuple[str, bytes, str]:
    """Keep encrypted content; its name in the storage, its key, the SHA-256 of what can be read."""
    token, key = secrets.token_hex(16), sealing.new_key()
    digest = hashlib.sha256(content).hexdigest()
    put(path_of(token), sealing.encrypted(key, content, digest))
    return token, key, digest


def content_of(file: BidFile, key: bytes) -> bytes:
    """The readable content; `sealing.Sealed` when it was changed or taken away."""
    try:
        with default_storage.open(path_of(file.token), "rb") as stream:
            closed = stream.read()
    except FileNotFoundError:
        raise sealing.Sealed("The file is gone.") from None
    return sealing.decrypt(key, closed, file.sha256)


# --- The seal ----------------------------------------------------------------------------------------


def seal(bid: Bid, content: dict[str, Any], keys: dict[str, str]) -> bytes:
    """The submitted content with the keys of its files, sealed for the tender."""
    plain = canonical({"content": content, "keys": keys})
    return sealing.seal(bid.lot.tender.seal_key, plain, key_of(bid))
