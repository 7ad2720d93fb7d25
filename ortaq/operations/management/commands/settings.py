import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ortaq.operations import declared

PAGE = declared.HOUSE.parent / "docs" / "settings.md"


class Command(BaseCommand):
    help = "List every setting with its value here; secrets are not shown. --page writes docs/settings.md."
    requires_system_checks = []  # it is asked where something is broken

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--page", action="store_true", help="write docs/settings.md of a checkout"
        )
        parser.add_argument("--set", action="store_true", help="only those that are set here")

    def handle(self, *args: Any, page: bool, **options: Any) -> None:
        if page:
            return self.write(PAGE)
        section = ""
        for one in declared.settings():
            value = os.environ.get(one.name)
            if options["set"] and value is None:
                continue
            if one.section != section:
                section = one.section
                self.stdout.write(f"\n{section}")
            self.stdout.write(f"  {one.name} = {self.shown(one, value)}\n      {one.about}")
        return None

    @staticmethod
    def shown(one: declared.Setting, value: str | None) -> str:
        if value is None:
            return f"{one.default or '(empty)'} (default, {one.kind})"
        return "(set, not shown)" if one.is_secret else value

    def write(self, page: Path) -> None:
        if not page.parent.is_dir():
            raise CommandError("There is no folder docs/ here: this is no checkout of the sources.")
        page.write_text(declared.page())
        self.stdout.write(f"{page} is written.")
