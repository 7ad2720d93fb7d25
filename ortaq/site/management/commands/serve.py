import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, BooleanOptionalAction
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from gunicorn.app.base import BaseApplication

from ortaq.site.whole import Application

# So many connections a process takes beside those that it works on, before it leaves them to the others: with the usual 1000 the one
# that wakes first takes nearly all of three hundred, and the others stand idle. Of connections kept open for nothing it closes some.
WAITING = 100


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn, told what to do here instead of in a file of its own."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Application:
        from ortaq.site.wsgi import application

        return application


class Command(BaseCommand):
    help = "Serve this installation; a demonstration also prints who can sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", default=8000, type=int)
        parser.add_argument("--workers", default=2, type=int, help="processes")
        parser.add_argument("--threads", default=8, type=int, help="threads in each process")
        parser.add_argument(
            "--work",
            action=BooleanOptionalAction,
            default=settings.DEMO,
            help="start a worker beside it (`ortaq work`)",
        )

    def handle(
        self,
        *args: Any,
        host: str,
        port: int,
        workers: int,
        threads: int,
        work: bool,
        **options: Any,
    ) -> None:
        refuse_taken(host, port)
        if settings.ORTAQ_METRICS_TOKEN:
            measure_together()
        if settings.DEMO:
            # It lives as long as this process holds the other end of its standard input.
            self.stand_in = start_beside("ncalayer")
        if work:
            self.worker = start_beside("work")
        Server(
            {
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                "workers": workers,
                "threads": threads,
                "worker_connections": threads + WAITING,
                "worker_class": "ortaq.site.worker.Worker",
                # The line of each request is written by the site itself, which knows its route (`ORTAQ_ACCESS_LOG`).
                "accesslog": None,
                "logconfig_dict": settings.LOGGING,
                "control_socket_disable": True,
                "loglevel": "warning",
                "when_ready": lambda _: self.welcome(host, port),
            }
        ).run()

    def welcome(self, host: str, port: int) -> None:
        """Say where the site is and, on a demonstration, who can sign in."""
        place = f"[{host}]" if ":" in host else host
        self.stdout.write(f"\nOrtaq is at http://{place}:{port}/ (stop it with Ctrl+C).\n")
        if settings.DEMO:
            from ortaq.demo.cast import PASSWORD, sign_ins

            self.stdout.write(
                f"Begin at http://{place}:{port}/demo/, where one click signs you in as one of the "
                f"invented people.\nOr sign in by e-mail; everybody's password is {PASSWORD}\n\n"
            )
            for email, who in sign_ins():
                self.stdout.write(f"  {email:<20} {who}")
            self.stdout.write(
                "\nDocuments are signed with test certificates: a stand-in of NCALayer answers at "
                f"{settings.ORTAQ_NCALAYER_URL}, and its signatures count nowhere else."
            )
        self.stdout.flush()


def start_beside(command: str) -> subprocess.Popen[bytes]:
    """A command in a process of its own, since gunicorn does not take threads along when it forks; it ends with this one."""
    call = [sys.executable, "-m", "ortaq", command, "--while-stdin"]
    return subprocess.Popen(call, stdin=subprocess.PIPE)  # noqa: S603 - one of our own


def measure_together() -> None:
    """The processes that this server starts write their figures into one folder of its own, which goes with it."""
    folder, owner = tempfile.mkdtemp(prefix="ortaq-metrics-"), os.getpid()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder

    @atexit.register
    def tidy() -> None:
        if os.getpid() == owner:  # and not each of the processes that it has forked
            shutil.rmtree(folder, ignore_errors=True)


def refuse_taken(host: str, port: int) -> None:
    """Stop with one sentence when something else listens there already."""
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        raise CommandError(
            f"Cannot listen on {host}, port {port} ({error.strerror}). "
            "Choose another port, for example: "
            + (f"--port {port + 1}" if settings.PACKAGED else f"PORT={port + 1} make run")
        ) from None
