from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ortaq.core.keyfolder import Sealed
from ortaq.operations.procedure import keys
from ortaq.operations.queries.keys import status


class Command(BaseCommand):
    help = (
        "status: how the keys of the installation lie, and what would be lost without them. new: another secret key. "
        "rotate: wrap everything under the present secret key. drafts: write drafts of bids under another key."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["status", "new", "rotate", "drafts"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        try:
            {"status": self.status, "new": self.new, "rotate": self.rotate, "drafts": self.drafts}[
                action
            ]()
        except Sealed as why:
            raise CommandError(f"{why} Run `ortaq keys status`.") from why

    def status(self) -> None:
        found = status()
        self.stdout.write(
            f"{found.folder}: {len(found.state.present)} keys under the present secret key, {len(found.state.earlier)} under an "
            f"earlier one, {len(found.state.unreadable)} unreadable.\n"
            f"Closed with them: {found.bids} sealed bids in {found.tenders} tenders, {found.drafts} drafts."
        )
        for one in found.remarks:
            self.stdout.write(f"  {'FAULT ' if one.fault else ''}{one.text}")
        if not found.sound:
            raise CommandError("Something cannot be opened: see above.")

    def new(self) -> None:
        try:
            path = keys.new_secret()
        except keys.NotOurs:
            raise CommandError(
                "The secret key comes from ORTAQ_SECRET_KEY. Put the present one into ORTAQ_SECRET_KEY_OLD, another one into "
                "ORTAQ_SECRET_KEY, restart every process, then run `ortaq keys rotate`."
            ) from None
        self.stdout.write(
            f"{path} holds another secret key, {path.with_suffix('.old')} the earlier ones.\n"
            "Put both into the backup of keys, restart every process, then run `ortaq keys rotate`."
        )

    def rotate(self) -> None:
        self.stdout.write(f"Wrapped anew: {keys.rotate()} keys.")

    def drafts(self) -> None:
        self.stdout.write(f"Written anew: {keys.renew_drafts()} drafts.")
