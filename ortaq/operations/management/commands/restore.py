from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ortaq.operations.backup import Trouble, bringing, envelope, running


class Command(BaseCommand):
    help = (
        "Bring a picture that `ortaq backup` took back into an empty machine, and look whether everything is there. "
        "See docs/backup.md."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="folder or https://store/bucket/prefix")
        parser.add_argument(
            "--identity",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="the private key, from `ortaq backup --new-key`; may be said more than once",
        )
        parser.add_argument("--picture", default="", help="its name (default: the newest)")
        parser.add_argument(
            "--only", nargs="+", choices=bringing.PARTS, default=bringing.PARTS, help="only these"
        )
        parser.add_argument(
            "--over",
            action="store_true",
            help="into a machine that is not empty: the picture replaces its database",
        )

        parser.add_argument(
            "--no-migrate",
            action="store_false",
            dest="migrate",
            help="leave the tables as they stood, for the older program that is to run on them",
        )

        parser.add_argument(
            "--no-check",
            action="store_false",
            dest="checked",
            help="let people in sooner: run `ortaq check` afterwards yourself",
        )

    def handle(self, *args: Any, source: str, **options: Any) -> None:
        try:
            faults = running.restore(
                source,
                options["picture"],
                envelope.identities_in(options["identity"]),
                only=options["only"],
                over=options["over"],
                migrate=options["migrate"],
                checked=options["checked"],
                tell=self.stdout.write,
            )
        except Trouble as why:
            raise CommandError(str(why)) from None
        except OSError as why:
            raise CommandError(running.explained(why)) from None
        if faults:
            raise CommandError(
                "\n".join(
                    [*faults[:50], f"The picture is back, and {len(faults)} faults were found."]
                )
            )
        self.stdout.write("Everything is back.")
