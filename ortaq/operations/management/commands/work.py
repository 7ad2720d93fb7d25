"""`ortaq work`: one worker process; run as many as you like, on any host."""

from __future__ import annotations

import signal
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ortaq.core.work.worker import Worker
from ortaq.operations.schedule import SCHEDULE


class Command(BaseCommand):
    help = (
        "Do what recurs and what people asked for, until told to stop. Any number of workers may run, on any "
        "number of hosts. A signal to stop lets it finish what it has begun."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do what is due now and end: for timers"
        )
        parser.add_argument(
            "--while-stdin",
            action="store_true",
            help="live as long as whoever started it: `ortaq serve` of a demonstration",
        )

    def handle(self, *args: Any, once: bool, while_stdin: bool, **options: Any) -> None:
        worker = Worker(SCHEDULE, say=self.stdout.write)
        if once:
            done = worker.once()
            self.stdout.write(f"Did {done} things.")
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: worker.leave())
        if while_stdin:
            threading.Thread(target=_leave_with_parent, args=(worker,), daemon=True).start()
        worker.run()


def _leave_with_parent(worker: Worker) -> None:
    """Wait until the other end of the standard input is gone, as after any end of its holder."""
    sys.stdin.buffer.read()
    worker.leave()
