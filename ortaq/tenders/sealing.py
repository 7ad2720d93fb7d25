"""Keys and seals. Who holds only the database and the files of the site reads no bid.

    tender    a pair of keys. The public half stands in the database; bids are sealed with it
              (HPKE, RFC 9180: X25519, HKDF-SHA256, AES-256-GCM).
    draft     a key of this installation, for what an NGO still writes and its pages show it.
    file      a key of its own for each file, which lies in the draft and in the sealed bid.

Private halves lie in a folder outside the database (`ORTAQ_SEALS`, `core.keyfolder`), wrapped under the
secret key of the installation: a copy of the folder alone opens nothing, nor does the database alone, nor
the secret key alone. Whoever holds all three, and the machine with them, can open; every opening
by the steps of the site is in the journal. With `ORTAQ_OPENING=two` they cannot either: see `shares`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from ortaq.core import keyfolder
from ortaq.core.keyfolder import NONCE, Sealed, decrypt, derived, encrypt, new_key

from . import shares
from .shares import SUITE

__all__ = ["NONCE", "Sealed", "decrypt", "encrypt", "new_key"]

PIECE = 1024 * 1024
DRAFTS = "drafts"


# --- Bids ------------------------------------------------------------------------------------------


def new_pair() -> str:
    """A new pair of keys for a tender; the public half, 64 hexadecimal digits."""
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw().hex()
    keyfolder.keep(public, private.private_bytes_raw())
    return public


def seal(public: str, content: bytes, about: str) -> bytes:
    """`content` sealed for a tender. `about` names what it is: it opens under no other name."""
    key = X25519PublicKey.from_public_bytes(bytes.fromhex(public))
    return SUITE.encrypt(content, key, _info(about))


def new_divided_pair(persons: Mapping[str, str]) -> tuple[str, dict[str, bytes]]:
    """A new pair whose private half any two of `persons` (name: public half of theirs) open together; its public half and
    the sealed share of each. The private half itself is kept nowhere.
    """
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw().hex()
    shared, boxes = shares.divide(private.private_bytes_raw(), public, persons)
    keyfolder.keep(divided(public), shares.packed(boxes))
    return public, shared


def divided(public: str) -> str:
    """The name in the folder of keys of a private half that persons open."""
    return f"{public}.two"


def private_half(public: str, given: Mapping[str, bytes] | None = None) -> bytes:
    """The private half of a pair: as the folder keeps it, or from the shares `given` by two persons."""
    if given is None:
        return keyfolder.kept(public)
    return shares.combined(shares.unpacked(keyfolder.kept(divided(public))), public, given)


def unseal(
    private: bytes, sealed: bytes, about: str, *, closes_at: datetime, now: datetime
) -> bytes:
    """What `seal` closed. Raises `Sealed` before `closes_at` has passed, whoever asks."""
    if now <= closes_at:
        raise Sealed("The deadline has not passed.")
    try:
        return SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), _info(about))
    except InvalidTag:
        raise Sealed("It was sealed for something else, or changed.") from None


def _info(about: str) -> bytes:
    return f"ortaq.bid/1 {about}".encode()


# --- Drafts and files ------------------------------------------------------------------------------


def draft_key(about: str) -> bytes:
    """The key under which a draft is written; `about` names the draft."""
    return derived(keyfolder.kept(_masters()[-1]), f"ortaq.draft/1 {about}")


def open_draft(about: str, closed: bytes, what: str) -> bytes:
    """A draft as it was written, also under an earlier key of drafts."""
    for name in reversed(_masters()):
        with suppress(Sealed):
            return decrypt(derived(keyfolder.kept(name), f"ortaq.draft/1 {about}"), closed, what)
    raise Sealed("It was changed, belongs elsewhere, or the key of drafts is another one.")


def is_newest(about: str, closed: bytes, what: str) -> bool:
    """Whether a draft lies under the newest key."""
    try:
        decrypt(draft_key(about), closed, what)
    except Sealed:
        return False
    return True


def renew_drafts() -> list[str]:
    """From now on drafts are written under a new key; the names of the earlier ones, which still open theirs.

    Where an earlier renewal was not finished there is no third key: it goes on.
    """
    known = _masters()
    if len(known) == 1:
        number = int(known[-1].partition("-")[2] or 1) + 1
        keyfolder.keep(f"{DRAFTS}-{number}", new_key())
        return known
    return known[:-1]


def encrypted(key: bytes, content: bytes, about: str) -> Iterator[bytes]:
    """What `encrypt` gives, in pieces: a large file is not copied as a whole."""
    nonce, whole = secrets.token_bytes(NONCE), memoryview(content)
    cipher = Cipher(algorithms.AES(key), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(about.encode())
    yield nonce
    for begin in range(0, len(whole), PIECE):
        yield cipher.update(whole[begin : begin + PIECE])
    yield cipher.finalize() + cipher.tag


def _masters() -> list[str]:
    """The names of the keys of all drafts, the newest last; made when first needed."""
    known = [name for name in keyfolder.names() if re.fullmatch(rf"{DRAFTS}(-\d+)?", name)]
    if not known:
        with suppress(FileExistsError):  # another process made it at the same moment
            keyfolder.keep(DRAFTS, new_key())
        return [DRAFTS]
    return sorted(known, key=lambda name: int(name.partition("-")[2] or 1))
