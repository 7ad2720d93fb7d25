import sys
from argparse import ArgumentParser
from contextlib import suppress
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from websockets.sync.server import Server

from ortaq.demo import stand_in
from ortaq.signing import ncalayer_double


class Command(BaseCommand):
    help = "A stand-in of NCALayer for the demonstration: signs at once, with test certificates."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--while-stdin", action="store_true", help="stop when standard input is closed"
        )

    def handle(self, *args: Any, while_stdin: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "This installation is no demonstration: here only a real NCALayer signs. "
                "Set ORTAQ_DEMO=1 on an installation that holds nothing else."
            )
        port = stand_in.port()
        if port is None:
            raise CommandError(
                f"The pages look for NCALayer at {settings.ORTAQ_NCALAYER_URL}; the stand-in speaks "
                "ws://. Leave ORTAQ_NCALAYER_URL out."
            )
        try:
            server = ncalayer_double.server(stand_in.stand_in(), port)
        except OSError as error:
            raise CommandError(
                f"Port {port} is taken ({error.strerror}): another stand-in may be running. "
                f"Another port: ORTAQ_NCALAYER_URL=ws://127.0.0.1:{port + 1}/"
            ) from None
        with server:
            if while_stdin:
                Thread(target=_closed, args=[server], daemon=True).start()
            else:
                self.stdout.write(
                    f"The stand-in of NCALayer is at ws://{ncalayer_double.HOST}:{port}/ "
                    "(stop it with Ctrl+C). Its signatures count in this demonstration only."
                )
                self.stdout.flush()
            with suppress(KeyboardInterrupt):
                server.serve_forever()


def _closed(server: Server) -> None:
    sys.stdin.buffer.read()
    server.shutdown()
