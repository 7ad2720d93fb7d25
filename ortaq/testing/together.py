"""Several people press at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.db import connection

from ortaq.core import clock

PATIENCE = 60  # seconds


def at_once(*acts: Callable[[], Any], at: datetime | None = None) -> list[Any]:
    """Run the acts in threads that start together, each on a connection of its own.

    Gives, in the order of the acts, what each gave or the exception that it raised. A thread does not
    see the clock that the test has set: `at` is the instant for all of them.
    """
    barrier = threading.Barrier(len(acts), timeout=PATIENCE)
    results: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            with clock.frozen(at) if at else nullcontext():
                barrier.wait()
                results[number] = act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return results
