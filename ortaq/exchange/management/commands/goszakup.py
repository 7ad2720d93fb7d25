from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ortaq.exchange import goszakup
from ortaq.exchange.procedure import read


class Command(BaseCommand):
    help = (
        "Read new lots, contracts of the state social order and unfair suppliers from the state's procurement system, "
        "where the settings turn it on (docs/integrations.md)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--again",
            action="store_true",
            help="from the beginning, so that changed rows are met too",
        )

    def handle(self, *args: Any, again: bool, **options: Any) -> None:
        try:
            client = goszakup.client()
        except goszakup.Trouble as trouble:
            raise CommandError(f"{goszakup.TROUBLES[trouble.code]} ({trouble.why})") from trouble
        if client is None:
            self.stdout.write("Off: ORTAQ_GOSZAKUP is not set.")
            return
        failed = False
        for one in read(client, again=again):
            end = (
                goszakup.TROUBLES[one.error]
                if one.error
                else ""
                if one.done
                else "To be continued."
            )
            failed = failed or bool(one.error)
            self.stdout.write(
                f"{one.kind}: {one.new} new, {one.changed} changed, {one.same} as before, "
                f"{one.raised} to decide, {one.gone} over. {end}".rstrip()
            )
        if failed:
            raise CommandError("Not everything could be read; what was read is kept.")
