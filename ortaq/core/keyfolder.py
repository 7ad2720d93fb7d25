"""The folder of keys (`ORTAQ_SEALS`): secrets that must stand neither in the database nor in its backups.

Each key is a file of its own, wrapped under the secret key of the installation: a copy of the folder alone opens
nothing, nor does the secret key alone. After a change of the secret key the earlier one stays in
`SECRET_KEY_FALLBACKS` (`ORTAQ_SECRET_KEY_OLD`) until `rewrap` has gone over all files: `ortaq keys rotate`.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes, force_str

NONCE, KEY = 12, 32  # bytes
SUFFIX = ".key"
MARKS = "marks"


class Sealed(Exception):
    """It cannot be opened: too early, by a wrong key, or it was changed. The text says which."""


# --- Encryption ------------------------------------------------------------------------------------


def new_key() -> bytes:
    """A random key of 256 bits."""
    return secrets.token_bytes(KEY)


def derived(secret: bytes, about: str) -> bytes:
    """A key for one purpose, drawn from a secret that is itself random (HKDF, RFC 5869)."""
    return HKDF(hashes.SHA256(), KEY, salt=None, info=about.encode()).derive(secret)


def encrypt(key: bytes, content: bytes, about: str) -> bytes:
    """`content` under AES-256-GCM; it opens under no other name than `about`."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, about.encode())


def decrypt(key: bytes, closed: bytes, about: str) -> bytes:
    """What `encrypt` closed; `Sealed` when it was changed or belongs elsewhere."""
    try:
        return AESGCM(key).decrypt(closed[:NONCE], closed[NONCE:], about.encode())
    except (InvalidTag, ValueError):
        raise Sealed("It was changed, or belongs elsewhere.") from None


# --- The files -------------------------------------------------------------------------------------


def folder() -> Path:
    return Path(settings.ORTAQ_SEALS)


def names() -> list[str]:
    """The names of all keys, in order."""
    return sorted(path.name.removesuffix(SUFFIX) for path in folder().glob(f"*{SUFFIX}"))


def keep(name: str, secret: bytes) -> None:
    """Keep a key, readable to this user only, and see it whole on the disk before it is used.

    `FileExistsError` when there is one of this name: a key is never overwritten.
    """
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder()) as file:  # only its owner may read it
        file.write(encrypt(_wrapping(settings.SECRET_KEY), secret, name))
        file.flush()
        os.fsync(file.fileno())
        os.link(file.name, _path(name))
    _sync()


def kept(name: str) -> bytes:
    """A key as it was kept, also one that was wrapped under an earlier secret key; `Sealed` if there is none."""
    return _unwrapped(name)[0]


def drop(name: str) -> None:
    """Forget a key that closes nothing any more."""
    _path(name).unlink(missing_ok=True)
    _sync()


def _path(name: str) -> Path:
    return folder() / f"{name}{SUFFIX}"


def _sync() -> None:
    """The names in the folder are on the disk as well."""
    descriptor = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unwrapped(name: str) -> tuple[bytes, bool]:
    """The key, and whether it lies under the present secret key."""
    try:
        wrapped = _path(name).read_bytes()
    except FileNotFoundError:
        raise Sealed("Its key is not in the folder of keys.") from None
    for number, secret in enumerate((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)):
        with suppress(Sealed):
            return decrypt(_wrapping(secret), wrapped, name), number == 0
    raise Sealed("Its key was wrapped under another secret key.")


def _wrapping(secret: str | bytes) -> bytes:
    return derived(force_bytes(secret), "ortaq.seals/1")


# --- Another secret key ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class State:
    """How the keys of the folder lie: under the present secret key, under an earlier one, or unreadable."""

    present: tuple[str, ...]
    earlier: tuple[str, ...]
    unreadable: tuple[str, ...]


def state() -> State:
    """Read every key once."""
    found: dict[bool | None, list[str]] = {True: [], False: [], None: []}
    for name in names():
        try:
            found[_unwrapped(name)[1]].append(name)
        except Sealed:
            found[None].append(name)
    return State(tuple(found[True]), tuple(found[False]), tuple(found[None]))


def rewrap() -> Iterator[str]:
    """Wrap under the present secret key whatever lies under an earlier one; the names, one by one.

    A file is replaced whole or not at all: killed in between, the next run goes on. Every process that is running must know the
    present secret key before.
    """
    for name in state().earlier:
        with NamedTemporaryFile(dir=folder(), delete=False) as file:
            try:
                file.write(encrypt(_wrapping(settings.SECRET_KEY), kept(name), name))
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(_path(name))
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        _sync()
        yield name


# --- Marks -----------------------------------------------------------------------------------------

_marks: dict[tuple[str, str], str] = {}


def marks() -> str:
    """The secret of the keyed hashes that stand in the database: by whom somebody is known, which link is whose.

    It stays the same when the secret key of the installation changes, or everybody known by a hash would be a stranger
    afterwards. It begins as the secret key under which the first hashes were made.
    """
    known = str(folder()), force_str(settings.SECRET_KEY)
    if known not in _marks:
        if not _path(MARKS).exists():
            first = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS][-1]
            with suppress(FileExistsError):  # another process made it at the same moment
                keep(MARKS, force_bytes(first))
        _marks[known] = kept(MARKS).decode()
    return _marks[known]
