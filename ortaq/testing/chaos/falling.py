"""Where a process is killed exactly, and by how much its clock is off: told to it by files in the installation's folder.

fall-<point>     whoever comes to this point first takes the file away and kills itself, as `kill -9` would
clock            seconds by which the clock runs ahead of the system's
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse

from ortaq.core import clock

# Where: half of an upload is written; the file is there and its row is not; rows are there and not committed; committed
# and not answered; outcomes are published in part; bids are opened in part.
POINTS = ("piece", "file", "row", "commit", "publishing", "opening")


def folder() -> Path:
    return Path(settings.VAR) / "chaos"


def fall(point: str) -> None:
    """Die here, if somebody wants it."""
    try:
        (folder() / f"fall-{point}").unlink()
    except OSError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


class _Ahead:
    """Stands in for the clock's own variable: how far ahead the clock is stands in a file."""

    def __init__(self) -> None:
        self.seen: tuple[float, timedelta] = (0.0, timedelta())

    def get(self) -> timedelta:
        path = folder() / "clock"
        try:
            changed = path.stat().st_mtime
            if changed != self.seen[0]:
                self.seen = (changed, timedelta(seconds=float(path.read_text() or 0)))
        except (OSError, ValueError):
            pass
        return self.seen[1]


class BeforeTheAnswer:
    """After the work of a request is committed, before anybody hears of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < 400:
            fall("commit")
        return response


def before(point: str, owner: Any, name: str) -> None:
    """Let whoever calls `owner.name` fall before it."""
    real = getattr(owner, name)

    @wraps(real)
    def falls(*args: Any, **kwargs: Any) -> Any:
        fall(point)
        return real(*args, **kwargs)

    setattr(owner, name, falls)


def install() -> None:
    """Put the points into the program."""
    from ortaq.core import files
    from ortaq.core.models import StoredFile
    from ortaq.grants.procedure import outcome_letters
    from ortaq.tenders.procedure import bid_draft, tender_opening

    folder().mkdir(parents=True, exist_ok=True)
    clock._ahead = _Ahead()  # type: ignore[assignment]  # noqa: SLF001
    before("file", StoredFile.objects, "create")
    before("file", bid_draft, "_added")
    before("row", BaseDatabaseWrapper, "_commit")
    before("publishing", outcome_letters, "release")
    before("opening", tender_opening, "tell_bidders")
    real = files._written  # noqa: SLF001

    def written(file: Any, pieces: Iterable[bytes]) -> int:
        def halves() -> Iterator[bytes]:
            for piece in pieces:
                yield piece[: len(piece) // 2]
                if (folder() / "fall-piece").exists():
                    file.flush()
                    fall("piece")
                yield piece[len(piece) // 2 :]

        return int(real(file, halves()))

    files._written = written  # noqa: SLF001
