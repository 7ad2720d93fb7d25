import os
import shutil
from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from ortaq.core import clock
from ortaq.demo import loading, story, travel


class Command(BaseCommand):
    help = "Load the demonstration: an invented competition on the real plan of 2020; an installed package then serves it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--stage", choices=story.STAGES, default="announced", help="how far the story goes"
        )
        parser.add_argument(
            "--fresh", action="store_true", help="delete the demonstration that is here first"
        )
        parser.add_argument(
            "--serve",
            action=BooleanOptionalAction,
            default=settings.PACKAGED,
            help="serve it afterwards",
        )
        parser.add_argument("--port", default=8000, type=int, help="where it is served")

    def handle(
        self, *args: Any, stage: str, fresh: bool, serve: bool, port: int, **options: Any
    ) -> None:
        if settings.DEMO and "ORTAQ_DATABASE_URL" not in os.environ:  # its own database, made here
            make_tables()
        if fresh or not loading.is_here():
            self.stdout.write("Loading the demonstration ...")
            self.stdout.flush()
        try:
            new = loading.load(stage, fresh=fresh)
        except loading.NotLoaded as why:
            raise CommandError(str(why)) from None
        if not new:
            self.stdout.write("The demonstration is here already; --fresh begins it anew.")
        with clock.ahead(travel.ahead()):
            now = clock.now()
        found = loading.numbers()
        self.stdout.write(
            f"Demonstration at {now:%d.%m.%Y %H:%M}: {found.organisations} organisations, "
            f"{found.people} people, {found.applications} applications, {found.sheets} score "
            f"sheets, {found.contracts} contracts."
        )
        if serve:
            call_command("serve", port=port)


def make_tables() -> None:
    """The tables of the demonstration's own database; a wheel brings them along, since making them takes a minute."""
    place, brought = Path(settings.DATABASES["default"]["NAME"]), settings.BUNDLED / "empty.sqlite3"
    if brought.is_file() and not (place.exists() and place.stat().st_size):
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(brought, place)
    call_command("migrate", verbosity=0)
