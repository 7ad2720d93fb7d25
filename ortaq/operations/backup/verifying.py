"""Whether a picture can be brought back, as far as can be seen without its identity."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ortaq.operations.backup import contents, envelope, manifest
from ortaq.operations.backup.manifest import Manifest
from ortaq.operations.backup.place import Place


@dataclass(slots=True)
class Verified:
    """What was read, and every fault in a sentence."""

    bytes: int = 0
    objects: int = 0
    faults: list[str] = field(default_factory=list)


def parts(place: Place, picture: Manifest, found: Verified) -> None:
    """Read the parts of the picture and compare them with its manifest."""
    for name, said in picture.parts.items():
        counted = envelope.Counted(_read(place, picture.name_of(name), found))
        for _piece in counted:
            pass
        found.bytes += counted.bytes
        if counted.hash.hexdigest() != said.sha256 and counted.bytes:
            found.faults.append(f"{picture.name_of(name)} is damaged.")


def verify(place: Place, picture: Manifest, tell: Callable[[str], object] = print) -> Verified:
    """Read everything that the picture consists of and compare it with what was written.

    A damaged object is moved to `damaged/`, so that the next run copies its content anew.
    """
    found = Verified()
    parts(place, picture, found)
    if found.faults:
        return found
    for line in contents.listed(place, picture):
        counted = envelope.Counted(_read(place, line.name, found))
        for _piece in counted:
            pass
        found.bytes += counted.bytes
        found.objects += 1
        if counted.bytes and counted.hash.hexdigest() != line.closed_sha256:
            found.faults.append(f"{line.name} is damaged.")
            _move(place, line.name)
        if found.objects % 10_000 == 0:
            tell(f"{found.objects} of {picture.files} files are read.")
    return found


def _read(place: Place, name: str, found: Verified) -> Iterator[bytes]:
    try:
        yield from place.read(name)
    except FileNotFoundError:
        found.faults.append(f"{name} is missing.")
    except OSError as error:
        found.faults.append(f"{name} cannot be read: {error.strerror}.")


def _move(place: Place, name: str) -> None:
    """Out of the way of the next run, and not out of the world."""
    work = place.work() / "damaged"
    with work.open("wb") as file:
        file.writelines(place.read(name))
    place.put(work, f"{manifest.DAMAGED}/{name.rpartition('/')[2]}")
    place.drop(name)
