"""Who writes at one moment is written together, and nobody pays for another."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from django.db import IntegrityError, OperationalError

from ortaq.core.together import Together
from ortaq.testing.together import PATIENCE, at_once


class Writing:
    """Writes names into places, the first one slowly: all others wait for it meanwhile."""

    def __init__(self, others: int) -> None:
        self.together = Together(self.write)
        self.others = others
        self.written: list[Sequence[str]] = []
        self.begun = threading.Event()

    def write(self, names: Sequence[str]) -> list[str]:
        if not self.begun.is_set():
            self.begun.set()
            assert all_wait(self.together, self.others)
        if "down" in names:
            raise OperationalError("database is locked")
        if "known" in names:
            raise IntegrityError(f"{names} came to one who is there")
        self.written.append(names)
        return [name.upper() for name in names]

    def of(self, *names: str) -> list[object]:
        """What each is answered, when the first has begun before the others come."""

        def ask(name: str) -> str:
            if name != names[0]:
                assert self.begun.wait(PATIENCE)
            return self.together(name[0], name)

        return at_once(*((lambda name=name: ask(name)) for name in names))


def all_wait(together: Together[str, str], others: int) -> bool:
    for _try in range(PATIENCE * 100):
        if len(together._waiting) == others:
            return True
        threading.Event().wait(0.01)
    return False


@pytest.mark.req("IM-037")
def test_who_waits_is_taken_along_by_whoever_has_the_turn_each_with_those_of_their_place():
    writing = Writing(others=4)
    assert writing.of("a1", "a2", "b1", "a3", "b2") == ["A1", "A2", "B1", "A3", "B2"]
    assert [sorted(one) for one in writing.written[:1]] == [["a1"]]
    assert sorted(sorted(one) for one in writing.written[1:]) == [["a2", "a3"], ["b1", "b2"]]


@pytest.mark.req("IM-037")
def test_one_who_is_there_already_takes_nobody_down_with_them():
    answers = Writing(others=3).of("k1", "k2", "known", "k3")
    assert [answers[n] for n in (0, 1, 3)] == ["K1", "K2", "K3"]
    assert isinstance(answers[2], IntegrityError)


def test_a_database_that_fails_fails_for_all_of_them_and_the_next_is_served():
    writing = Writing(others=2)
    answers = writing.of("d1", "down", "d2")
    assert answers[0] == "D1"
    assert [type(one) for one in answers[1:]] == [OperationalError] * 2
    assert writing.together("d", "d3") == "D3"
