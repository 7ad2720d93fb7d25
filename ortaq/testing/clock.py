"""A clock that a test sets and moves, carried into the live server's threads too."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import ClassVar

from django.http import HttpRequest, HttpResponse

from ortaq.core import clock


class TestClock:
    """The `clock` fixture: stands still at an instant until the test moves it."""

    __test__ = False  # the name is not that of a test case
    instant: ClassVar[datetime | None] = None
    # Where a clock stands that no test has set yet, and whose it is.
    untouched: ClassVar[tuple[datetime, TestClock] | None] = None

    def __init__(self) -> None:
        self._stack = ExitStack()

    def begin(self, instant: datetime) -> None:
        """Stand still there, as long as nobody cares when."""
        TestClock.untouched = self.set(instant), self

    def set(self, instant: datetime) -> datetime:
        """Make it `instant` (aware); gives it back."""
        self._stack.close()
        self._stack.enter_context(clock.frozen(instant))
        TestClock.instant, TestClock.untouched = instant, None
        return instant

    def travel(self, **duration: float) -> datetime:
        """Move on by `timedelta(**duration)`, back when negative; gives the new instant."""
        return self.set(clock.now() + timedelta(**duration))

    def release(self) -> None:
        """Let the system's time through again."""
        self._stack.close()
        TestClock.instant = TestClock.untouched = None


class ClockMiddleware:
    """Answers a request at the test's instant, in whichever thread the server works."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if TestClock.instant is None:
            return self.get_response(request)
        with clock.frozen(TestClock.instant):
            return self.get_response(request)
