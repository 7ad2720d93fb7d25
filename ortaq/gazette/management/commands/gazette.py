from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ortaq.gazette import keeping


class Command(BaseCommand):
    help = "Write anew what changed of all that is public; run it every minute."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all",
            action="store_true",
            dest="everything",
            help="write everything anew, not only what changed",
        )

    def handle(self, *args: Any, everything: bool, **options: Any) -> None:
        changed = keeping.catch_up()
        if everything:
            changed += keeping.write_all()
        self.stdout.write(f"Changed {changed} publications.")
