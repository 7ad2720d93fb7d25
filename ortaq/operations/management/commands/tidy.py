"""`ortaq tidy`: delete what has served its time; every night."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.core.management import call_command
from django.core.management.base import BaseCommand

from ortaq.core import clock, letters, work
from ortaq.core.work import jobs

# Days: who tried to sign in, and what the worker did.
SIGN_INS, RUNS = 90, 30


class Command(BaseCommand):
    help = "Delete what has served its time: sessions, old results of long work, old runs, letters with codes, personal data whose time is over."

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        call_command("clearsessions")
        call_command("personal", "due", stdout=self.stdout)
        tries = 0
        for model in (AccessAttempt, AccessFailureLog, AccessLog):
            old = model.objects.filter(attempt_time__lt=now - timedelta(days=SIGN_INS))
            tries += old.delete()[0]
        letters.tidy()
        runs = jobs.tidy(now - timedelta(days=RUNS))
        self.stdout.write(
            f"Deleted {work.tidy()} works, {runs} runs and {tries} attempts to sign in."
        )
