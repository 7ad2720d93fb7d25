from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ortaq.core import letters


class Command(BaseCommand):
    help = "Send the released letters of the outbox."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--again", action="store_true", help="also try those that could not be sent before"
        )

    def handle(self, *args: Any, again: bool, **options: Any) -> None:
        if again:
            letters.retry()
        done = letters.send_released()
        told = (
            f"Sent {done.sent} letters, {done.failed} failed, {done.later} are tried again later."
        )
        if done.away:
            raise CommandError(f"{told} The mail server does not answer: {done.away}")
        self.stdout.write(told)
