"""What stands outside the database and without which it cannot be read: keys of seals (wrapped, as they lie), the secret key,
trusted certificates.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.conf import settings

from ortaq.core import keyfolder
from ortaq.operations.backup.envelope import Damaged

SECRET = "secret_key.json"  # noqa: S105 - a name of a file
FOLDERS = {
    "seals": "ORTAQ_SEALS",
    "anchors": "ORTAQ_SIGNING_ANCHORS",
    "authority": "ORTAQ_SIGNING_AUTHORITY",
}


def content() -> tuple[bytes, int]:
    """All of it as a tar, and how many files there are. It is small: a key has a hundred bytes."""
    stream, count = io.BytesIO(), 0
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for folder, path in _files():
            try:
                said = path.read_bytes()
            except FileNotFoundError:  # a key that was dropped meanwhile
                continue
            _add(tar, folder, said)
            count += 1
        fallbacks = list(settings.SECRET_KEY_FALLBACKS)
        said = json.dumps({"secret_key": settings.SECRET_KEY, "fallbacks": fallbacks}).encode()
        _add(tar, SECRET, said)
    return stream.getvalue(), count


def _files() -> Iterator[tuple[str, Path]]:
    for name, setting in FOLDERS.items():
        root = Path(getattr(settings, setting))
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.name.startswith("tmp"):  # a key that is being written
                yield f"{name}/{path.relative_to(root).as_posix()}", path


def _add(tar: tarfile.TarFile, name: str, said: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(said), 0o600
    tar.addfile(info, io.BytesIO(said))


def bring_back(packed: bytes) -> list[str]:
    """Write everything where this installation keeps it; what an administrator must still do, in sentences.

    A key that is here already under the same name is left as it is.
    """
    notes: list[str] = []
    try:
        with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
            files = {one.name: tar.extractfile(one) for one in tar if one.isfile()}
            contents = {name: file.read() for name, file in files.items() if file}
            secret = json.loads(contents.pop(SECRET))
    except (tarfile.TarError, KeyError, ValueError):
        raise Damaged("The keys of this picture are not what was written.") from None
    for name, said in contents.items():
        folder, *rest = PurePosixPath(name).parts
        if folder not in FOLDERS or ".." in rest or not rest:
            raise Damaged(f"The keys of this picture hold a strange name: {name}.")
        path = Path(getattr(settings, FOLDERS[folder])).joinpath(*rest)
        if path.exists() and path.read_bytes() != said:
            notes.append(f"{path} is here already and says something else; it was left as it is.")
        elif not path.exists():
            write(path, said)
    notes += _secret_key(secret["secret_key"], secret["fallbacks"])
    if unreadable := keyfolder.state().unreadable:
        notes.append(
            f"{len(unreadable)} keys of seals cannot be opened with the secret key, "
            f"{unreadable[0]} for example."
        )
    return notes


def _secret_key(key: str, fallbacks: list[str]) -> list[str]:
    """Make the secret key of the picture that of this installation, where the environment does not say another."""
    if key == settings.SECRET_KEY:
        return []
    path = Path(settings.VAR) / "secret_key"
    if os.environ.get("ORTAQ_SECRET_KEY"):
        aside = path.with_name("secret_key.restored")
        write(aside, key.encode())
        note = f"ORTAQ_SECRET_KEY is not the secret key of the picture, which lies now in {aside}: put it there."
    else:
        if path.exists():
            path.replace(path.with_name("secret_key.before"))
        write(path, key.encode())
        if fallbacks:  # what `site.settings.earlier_secret_keys` reads
            write(path.with_name("secret_key.old"), "\n".join(fallbacks).encode())
        note = f"The secret key of the picture stands now in {path}; restart whatever runs."
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = key, fallbacks
    return [note]


def write(path: Path, said: bytes) -> None:
    """Write a file whole, for its owner's eyes only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    work = path.with_name(f".{path.name}.part")
    descriptor = os.open(work, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(said)
        file.flush()
        os.fsync(file.fileno())
    work.replace(path)
