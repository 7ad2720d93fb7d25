"""Keys and seals. Who holds only the database and the files of the site reads no bid.

    tender    a pair of keys. The public half stands in the database; bids are sealed with it
              (HPKE, RFC 9180: X25519, HKDF-SHA256, AES-256-GCM).
    draft     a key of this installation, for what an NGO still writes and its pages show it.
    file      a key of its own for each file, which lies in the draft and in the sealed bid.

Private halves lie in a folder outside the database (`ORTAQ_SEALS`), wrapped under the secret key
of the installation: a copy of the folder alone opens nothing, nor does the database alone, nor
the secret key alone. Whoever holds all three, and the machine with them, can open; every opening
by the steps of the site is in the journal.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
NONCE, KEY = 12, 32  # bytes
PIECE = 1024 * 1024
DRAFTS = "drafts"


class Sealed(Exception):
    """It cannot be opened: too early, by a wrong key, or it was changed. The text says which."""


# --- Bids ------------------------------------------------------------------------------------------


def new_pair() -> str:
    """A new pair of keys for a tender; the public half, 64 hexadecimal digits."""
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw().hex()
    _keep(public, private.private_bytes_raw())
    return public


def seal(public: str, content: bytes, about: str) -> bytes:
    """`content` sealed for a tender. `about` names what it is: it opens under no other name."""
    key = X25519PublicKey.from_public_bytes(bytes.fromhex(public))
    return SUITE.encrypt(content, key, _info(about))


def unseal(public: str, sealed: bytes, about: str, *, closes_at: datetime, now: datetime) -> bytes:
    """What `seal` closed. Raises `Sealed` before `closes_at` has passed, whoever asks."""
    if now <= closes_at:
        raise Sealed("The deadline has not passed.")
    private = X25519PrivateKey.from_private_bytes(_kept(public))
    try:
        return SUITE.decrypt(sealed, private, _info(about))
    except InvalidTag:
        raise Sealed("It was sealed for something else, or changed.") from None


def _info(about: str) -> bytes:
    return f"ortaq.bid/1 {about}".encode()


# --- Drafts and files ------------------------------------------------------------------------------


def new_key() -> bytes:
    """A key for one file."""
    return secrets.token_bytes(KEY)


def draft_key(about: str) -> bytes:
    """The key under which a draft lies; `about` names the draft."""
    return _derived(_master(), f"ortaq.draft/1 {about}")


def encrypt(key: bytes, content: bytes, about: str) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, about.encode())


def encrypted(key: bytes, content: bytes, about: str) -> Iterator[bytes]:
    """What `encrypt` gives, in pieces: a large file is not copied as a whole."""
    nonce, whole = secrets.token_bytes(NONCE), memoryview(content)
    cipher = Cipher(algorithms.AES(key), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(about.encode())
    yield nonce
    for begin in range(0, len(whole), PIECE):
        yield cipher.update(whole[begin : begin + PIECE])
    yield cipher.finalize() + cipher.tag


def decrypt(key: bytes, closed: bytes, about: str) -> bytes:
    """What `encrypt` closed; `Sealed` when it was changed or belongs elsewhere."""
    try:
        return AESGCM(key).decrypt(closed[:NONCE], closed[NONCE:], about.encode())
    except (InvalidTag, ValueError):
        raise Sealed("It was changed, or belongs elsewhere.") from None


# --- The folder of keys ------------------------------------------------------------------------------


def _folder() -> Path:
    return Path(settings.ORTAQ_SEALS)


def _keep(name: str, secret: bytes) -> None:
    """Keep a key, readable to this user only, and see it whole on the disk before it is used.

    `FileExistsError` when there is one of this name: a key is never overwritten.
    """
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    wrapped = encrypt(_wrapping(settings.SECRET_KEY), secret, name)
    with NamedTemporaryFile(dir=folder) as file:  # only its owner may read it
        file.write(wrapped)
        file.flush()
        os.fsync(file.fileno())
        os.link(file.name, folder / f"{name}.key")


def _kept(name: str) -> bytes:
    """A key as it was kept; also one that was wrapped under an earlier secret key."""
    path = _folder() / f"{name}.key"
    try:
        wrapped = path.read_bytes()
    except FileNotFoundError:
        raise Sealed("Its key is not in the folder of keys.") from None
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return decrypt(_wrapping(secret), wrapped, name)
        except Sealed:
            continue
    raise Sealed("Its key was wrapped under another secret key.")


def _master() -> bytes:
    """The key of all drafts, made when first needed."""
    if not (_folder() / f"{DRAFTS}.key").exists():
        with suppress(FileExistsError):  # another process made it at the same moment
            _keep(DRAFTS, new_key())
    return _kept(DRAFTS)


def _wrapping(secret: str | bytes) -> bytes:
    return _derived(force_bytes(secret), "ortaq.seals/1")


def _derived(secret: bytes, about: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY, salt=None, info=about.encode()).derive(secret)
