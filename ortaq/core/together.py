"""Many who write to one place at one moment, served in one transaction instead of queueing for it.

A hall registers within a minute, three hundred forms at once. A transaction for each is three hundred waits for the same lock; so
whoever has the turn takes along all who wait for it in this process.
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from django.db import IntegrityError, connection

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Together(Generic[Asked, Answer]):
    """Does `act`, one transaction for a list of those who ask, with all who wait; it gives their answers in the same order.

    Nobody is answered before it is committed. When the database finds somebody of them there already, each is tried alone; any
    other error is everybody's. Inside a transaction of the caller's, which may yet be rolled back, nobody is taken along.
    """

    def __init__(self, act: Callable[[Sequence[Asked]], Sequence[Answer]]) -> None:
        self._act = act
        self._turn = threading.Lock()
        self._waiting: deque[tuple[Hashable, Asked, Future[Answer]]] = deque()

    def __call__(self, place: Hashable, asked: Asked) -> Answer:
        """The answer to `asked`. Only those of one `place` share a transaction."""
        mine: Future[Answer] = Future()
        if connection.in_atomic_block:
            self._serve([(asked, mine)])
            return mine.result()
        self._waiting.append((place, asked, mine))
        with self._turn:
            if not mine.done():  # nobody has taken me along
                for group in self._all_waiting():
                    self._serve(group)
        return mine.result()

    def _all_waiting(self) -> list[list[tuple[Asked, Future[Answer]]]]:
        groups = defaultdict(list)
        while self._waiting:
            place, asked, answer = self._waiting.popleft()
            groups[place].append((asked, answer))
        return list(groups.values())

    def _serve(self, group: Sequence[tuple[Asked, Future[Answer]]], *, again: bool = True) -> None:
        try:
            answers = self._act([asked for asked, _mine in group])
        except IntegrityError as error:
            for one in group:
                if again:
                    self._serve([one], again=False)
                else:
                    one[1].set_exception(error)
        except BaseException as error:  # noqa: BLE001 - each raises it where they wait
            for _asked, mine in group:
                mine.set_exception(error)
        else:
            for (_asked, mine), answer in zip(group, answers, strict=True):
                mine.set_result(answer)
