"""Closing for whoever may open (age), opening, packing. Content passes through in pieces."""

from __future__ import annotations

import hashlib
import io
import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyrage import DecryptError, IdentityError, RecipientError, decrypt_io, encrypt_io, x25519

from ortaq.operations.backup import Trouble

Sink = Callable[[bytes], object]
PIECE = 256 * 1024
LEVEL = 3  # of packing: twice as fast as the usual 6, and hardly larger
GZIP = 16 + zlib.MAX_WBITS


class WrongIdentity(Trouble):
    """It was closed for somebody else."""


class Damaged(Trouble):
    """It is not what was written."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What was written: bytes and SHA-256 of the closed file, and of what is in it."""

    bytes: int
    sha256: str
    content_bytes: int
    content_sha256: str


# --- Keys ------------------------------------------------------------------------------------------


def recipients_of(words: Iterable[str]) -> list[x25519.Recipient]:
    """Public keys as age writes them (age1...); `Trouble` for one that is none, or for none at all."""
    found = []
    for word in words:
        try:
            found.append(x25519.Recipient.from_str(word))
        except RecipientError:
            raise Trouble(
                f"{word!r} is not a public key of age: it begins with age1 and comes whole from "
                "`ortaq backup --new-key FILE`."
            ) from None
    if not found:
        raise Trouble(
            "Nobody is named who may open the backup. Make a key by `ortaq backup --new-key FILE` on another "
            "machine and put its public half into ORTAQ_BACKUP_RECIPIENTS."
        )
    return found


def for_whom(recipients: Iterable[object]) -> str:
    """A short name of those who may open: what was closed for others is not theirs."""
    return hashlib.sha256("\n".join(sorted(map(str, recipients))).encode()).hexdigest()[:12]


def identities_in(paths: Iterable[Path]) -> list[x25519.Identity]:
    """The private keys in files as age writes them: one a line, comments begin with "#"."""
    found = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise Trouble(f"The identity in {path} cannot be read: {error}.") from None
        for line in lines:
            if line.strip() and not line.startswith("#"):
                try:
                    found.append(x25519.Identity.from_str(line.strip()))
                except IdentityError:
                    raise Trouble(
                        f"{path} holds no identity: its line begins with AGE-SECRET-KEY-1."
                    ) from None
    if not found:
        raise Trouble("Say which identity opens the backup: --identity FILE.")
    return found


def new_identity(path: Path, made: str) -> str:
    """Write a new identity to `path`, which must not exist, for its owner's eyes only; its public half."""
    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Trouble(f"{path} cannot be made: {error.strerror}.") from None
    with os.fdopen(descriptor, "w") as file:
        file.write(f"# made: {made}\n# public key: {public}\n{identity}\n")
    return public


# --- Closing ---------------------------------------------------------------------------------------


class _Source(io.RawIOBase):
    """Pieces as a file to read from, counted and hashed on their way."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces, self.rest = iter(pieces), memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self.rest:
            piece = next(self.pieces, None)
            if piece is None:
                return 0
            self.rest = memoryview(piece)
        size = min(len(buffer), len(self.rest))
        buffer[:size] = self.rest[:size]
        self.rest = self.rest[size:]
        return size


class _Target:
    """Where closing or opening writes to. What goes wrong is kept: the library loses errors at the end of a file."""

    def __init__(self, sink: Sink) -> None:
        self.sink, self.bytes, self.hash = sink, 0, hashlib.sha256()
        self.error: BaseException | None = None

    def write(self, piece: bytes) -> int:
        if self.error is None:
            try:
                self.sink(piece)
            except BaseException as error:
                self.error = error
                raise
        self.bytes += len(piece)
        self.hash.update(piece)
        return len(piece)

    def flush(self) -> None:
        pass

    def refuse_broken(self) -> None:
        if self.error:
            raise self.error


class Counted:
    """Pieces, with their number of bytes and SHA-256 once they have passed."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces, self.bytes, self.hash = pieces, 0, hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.bytes += len(piece)
            self.hash.update(piece)
            yield piece


def packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces as gzip writes them."""
    packer = zlib.compressobj(LEVEL, wbits=GZIP)
    for piece in pieces:
        if out := packer.compress(piece):
            yield out
    yield packer.flush()


def close(
    pieces: Iterable[bytes],
    path: Path,
    recipients: list[x25519.Recipient],
    *,
    pack: bool = False,
) -> Closed:
    """Write `pieces`, closed for `recipients`, to `path`. Errors of the disk as they come; no half file is left."""
    content = Counted(pieces)
    try:
        with path.open("wb") as file:
            target = _Target(file.write)
            source = io.BufferedReader(_Source(packed(content) if pack else content), PIECE)
            encrypt_io(source, target, recipients)
            target.refuse_broken()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Closed(target.bytes, target.hash.hexdigest(), content.bytes, content.hash.hexdigest())


# --- Opening ---------------------------------------------------------------------------------------


class Unpacked:
    """A sink that takes what `packed` gave and passes on what was packed."""

    def __init__(self, sink: Sink) -> None:
        self.sink, self.unpacker = sink, zlib.decompressobj(wbits=GZIP)

    def __call__(self, piece: bytes) -> None:
        while piece:
            try:
                self.sink(self.unpacker.decompress(piece, PIECE))
            except zlib.error:
                raise Damaged("It is not packed as it was written.") from None
            piece = self.unpacker.unconsumed_tail

    def end(self) -> None:
        self.sink(self.unpacker.flush())
        if not self.unpacker.eof:
            raise Damaged("Its end is missing.")


def unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What was packed, in pieces; `Damaged`."""
    waiting: list[bytes] = []
    sink = Unpacked(waiting.append)
    for piece in pieces:
        sink(piece)
        yield from waiting
        waiting.clear()
    sink.end()
    yield from waiting


def open_to(
    pieces: Iterable[bytes],
    sink: Sink,
    identities: list[x25519.Identity],
    *,
    pack: bool = False,
) -> tuple[int, str]:
    """Pass on what is closed in `pieces`; its bytes and SHA-256 after unpacking.

    `WrongIdentity`, `Damaged`, and whatever `sink` raises.
    """
    inside = _Target(sink)
    unpacker = Unpacked(inside.write) if pack else None
    target = _Target(unpacker or inside.write)
    source = io.BufferedReader(_Source(pieces), PIECE)
    try:
        decrypt_io(source, target, identities)
        if unpacker and target.error is None:
            unpacker.end()
    except DecryptError as error:
        if "matching keys" in str(error):
            raise WrongIdentity("It was closed for another identity than this one.") from None
        raise Damaged("It is cut short, or no file of age.") from None
    except OSError as error:
        if (found := target.error or inside.error) is not None:
            raise found from None
        if error.errno is None:  # from within the library: the authentication of a piece failed
            raise Damaged("It was changed after it was written.") from None
        raise
    target.refuse_broken()
    return inside.bytes, inside.hash.hexdigest()


def lines_of(pieces: Iterable[bytes]) -> Iterator[str]:
    """The lines in `pieces`, without their ends."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield line.decode()
    if rest:
        yield rest.decode()
