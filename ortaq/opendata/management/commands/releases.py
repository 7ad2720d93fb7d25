"""`ortaq releases`: what became public of social orders, by OCDS."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ortaq.opendata.ocds import keeping


class Command(BaseCommand):
    help = "Publish the releases of social orders that have become due; run it every minute, after `gazette`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="compare everything, not only what is new"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        done = keeping.catch_up(everything=options["all"])
        self.stdout.write(f"Released {done.releases}, withdrew {done.withdrawn} processes.")
