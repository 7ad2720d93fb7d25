from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ortaq.core import catalogues


class Command(BaseCommand):
    help = "Compile the translation catalogues that changed, without gettext."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only say which messages lack a translation"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if check:
            gaps = [gap for source in catalogues.catalogues() for gap in catalogues.gaps(source)]
            if gaps:
                raise CommandError("\n".join([*gaps, f"{len(gaps)} messages lack a translation."]))
            self.stdout.write("Every message of every catalogue is translated.")
            return
        compiled = catalogues.compile_all()
        if options["verbosity"]:
            self.stdout.write(f"Compiled {compiled} catalogues.")
