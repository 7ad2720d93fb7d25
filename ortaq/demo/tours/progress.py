"""How far a visitor has come in the tours: a cookie of names and numbers, since signing in as somebody else ends the session."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse

COOKIE = "ortaq_tours"
AGE = 90 * 24 * 3600
_WRITTEN = re.compile(r"[a-z]{1,20}(\.\d{1,3}){0,60}(~[a-z]{1,20}(\.\d{1,3}){0,60}){0,20}")


@dataclass(slots=True)
class Progress:
    """The tour in which the visitor is, the number of the step, and the steps done of each tour."""

    tour: str = ""
    number: int = 0
    done: dict[str, set[int]] = field(default_factory=dict)

    def of(self, tour: str) -> set[int]:
        return self.done.get(tour, set())

    def take(self, tour: str, number: int) -> None:
        """The visitor goes to this step now."""
        self.tour, self.number = tour, number
        self.done.setdefault(tour, set()).add(number)

    def forget(self, tour: str) -> None:
        """The tour begins anew."""
        self.done.pop(tour, None)
        if self.tour == tour:
            self.tour, self.number = "", 0


def read(request: HttpRequest) -> Progress:
    """What the cookie tells; nothing where it is not one of ours."""
    written = request.COOKIES.get(COOKIE, "")
    if not _WRITTEN.fullmatch(written):
        return Progress()
    (here, *numbers), *rest = (part.split(".") for part in written.split("~"))
    done = {name: {int(one) for one in ones} for name, *ones in rest}
    if here == "none" or not numbers:
        return Progress(done=done)
    return Progress(here, int(numbers[0]), done)


def write(response: HttpResponse, progress: Progress) -> None:
    """Keep it in the visitor's browser."""
    here = f"{progress.tour}.{progress.number}" if progress.tour else "none"
    done = [".".join([name, *map(str, sorted(ones))]) for name, ones in progress.done.items()]
    response.set_cookie(COOKIE, "~".join([here, *done]), max_age=AGE, httponly=True, samesite="Lax")
