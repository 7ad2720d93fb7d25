from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

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
        sent, failed = letters.send_released()
        self.stdout.write(f"Sent {sent} letters, {failed} failed.")
