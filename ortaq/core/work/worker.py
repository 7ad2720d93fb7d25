"""One worker process: it looks every few seconds what is due, and each lane does one thing at a time.

Any number of workers may run on any number of hosts: rows are claimed (`lease`), so nothing is done twice at once.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from logging import getLogger
from threading import Event

from django.db import DatabaseError, close_old_connections, connection
from django.db.models import BooleanField, Exists, ExpressionWrapper

from ortaq.core import clock
from ortaq.core.models import Job

from . import doing, jobs, lease
from .jobs import Recurring, Schedule

log = getLogger(__name__)

LOOK_EVERY = 3.0  # seconds between two looks; an idle worker asks one question in that time
LONGEST_PAUSE = 30.0  # seconds between two attempts while the database is gone
ASKED = "asked"  # the lane of works that people asked for

# How the time is told to a step of the worker: a demonstration's clock travels. None: no step may be begun just now.
Surroundings = Callable[[], AbstractContextManager[None] | None]
surroundings: list[Surroundings] = []


class Worker:
    """`run` until `leave` is called, or do all that is due `once`."""

    def __init__(
        self, schedule: Schedule, *, say: Callable[[str], None] = lambda _said: None
    ) -> None:
        self.schedule = schedule
        self.leaving = Event()
        self._say = say
        lanes = {job.lane for job in schedule.values()} | {ASKED}
        self._lanes: dict[str, Future[None] | None] = dict.fromkeys(sorted(lanes))

    def leave(self) -> None:
        """Finish what is begun, begin nothing more; long work stops where it can be begun anew."""
        self.leaving.set()

    # --- All that is due, once ----------------------------------------------------------------------

    def once(self) -> int:
        """Do what is due now, in the calling thread; how many steps were done."""
        with _now() as may:
            if not may:
                return 0
            due, asked = self._due()
            done = sum(self._run(job, row) for job, row in due)
            while asked and not self.leaving.is_set() and doing.do_next(self.leaving):
                done += 1
        return done

    # --- For as long as the process lives -------------------------------------------------------------

    def run(self) -> None:
        """Look, hand out, sleep, until told to leave."""
        pause = LOOK_EVERY
        with ThreadPoolExecutor(len(self._lanes), thread_name_prefix="ortaq-work") as pool:
            while not self.leaving.wait(pause):
                try:
                    close_old_connections()
                    self._hand_out(pool)
                    pause = LOOK_EVERY
                except DatabaseError as error:
                    connection.close()
                    log.warning("The database does not answer: %s", type(error).__name__)
                    pause = min(pause * 2, LONGEST_PAUSE)
            self._say("Leaving; what is begun is finished first.")

    def _hand_out(self, pool: ThreadPoolExecutor) -> None:
        idle = [lane for lane, future in self._lanes.items() if future is None or future.done()]
        if not idle:
            return
        with _now() as may:
            if not may:
                return
            due, asked = self._due()
        if asked and ASKED in idle:
            self._lanes[ASKED] = pool.submit(self._step, self._works)
        for lane in idle:
            waiting = [(job, row) for job, row in due if job.lane == lane]
            if waiting:
                self._lanes[lane] = pool.submit(self._step, partial(self._jobs, waiting))

    def _step(self, act: Callable[[], None]) -> None:
        """What a lane does, on a connection that is looked after as a request's."""
        try:
            close_old_connections()
            with _now() as may:
                if may:
                    act()
        except DatabaseError as error:
            connection.close()
            log.warning("The database went away in the middle of a step: %s", type(error).__name__)
        except Exception:
            log.exception("A step of the worker failed.")
        finally:
            close_old_connections()

    def _jobs(self, waiting: list[tuple[Recurring, Job]]) -> None:
        for job, row in waiting:
            if self.leaving.is_set():
                return
            self._run(job, row)

    def _works(self) -> None:
        while not self.leaving.is_set() and doing.do_next(self.leaving):
            pass

    # --- Both --------------------------------------------------------------------------------------------

    def _due(self) -> tuple[list[tuple[Recurring, Job]], bool]:
        """The jobs that are due, in the order of the schedule, and whether long work waits: one question."""
        now = clock.now()
        free = ExpressionWrapper(lease.free(), BooleanField())
        found = list(Job.objects.annotate(asked=Exists(doing.to_do()), free=free))
        held = {row.name for row in found if not row.free}
        rows = jobs.rows_of(self.schedule, found, now)
        due = [
            (job, rows[name])
            for name, job in self.schedule.items()
            if name in rows and name not in held and job.is_due(rows[name], now)
        ]
        asked = found[0].asked if found else doing.to_do().exists()
        return due, asked

    def _run(self, job: Recurring, row: Job) -> bool:
        went = jobs.run(job, row)
        if went is False:
            self._say(f"{job.name} failed.")
        return went is not None


class _now(ExitStack):  # noqa: N801 - reads as a word in a with statement
    """The surroundings of one step; gives whether it may be begun."""

    def __enter__(self) -> bool:  # type: ignore[override]
        super().__enter__()
        for surrounding in surroundings:
            entered = surrounding()
            if entered is None:
                return False
            self.enter_context(entered)
        return True
