from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.check import Command as SystemChecks

from ortaq.core import clock
from ortaq.demo import travel
from ortaq.operations import checks

# With one of these Django's own checks were meant, and perhaps no database is at hand.
SYSTEM_ONLY = ("tags", "list_tags", "deploy", "databases")
MOST_SHOWN = 200


class Command(SystemChecks):
    # Not a second word beside `check`: whoever asks whether this installation is in order asks this. Django itself never calls the command
    # (`migrate` and others run its checks directly), so that only a person or the night pays for the counting.
    help = (
        "Check the installation, then whether everything that must hold does: states, receipts, files, sums, sheets, seals, "
        "the journal, duties, publications. Run it every night; --quick looks at samples. Ends with 1 and a line for each "
        "fault. With app labels or --tag, --deploy, --database: the installation only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--quick", action="store_true", help="look at the newest of each kind only"
        )

    # Between the two looks at what seems broken; a test has nobody at work.
    pause = checks.PAUSE

    def handle(self, *app_labels: Any, **options: Any) -> None:
        super().handle(*app_labels, **options)
        if app_labels or any(options[name] for name in SYSTEM_ONLY):
            return
        with clock.ahead(travel.ahead() if settings.DEMO else timedelta()):
            self.look(quick=options["quick"], loud=options["verbosity"] > 1)

    def look(self, *, quick: bool, loud: bool) -> None:
        faults = remarks = 0
        say = self.stdout.write if loud else None
        for fault in checks.certain(quick=quick, watch=say, pause=self.pause):
            if fault.remark:
                remarks += 1
            else:
                faults += 1
            if fault.remark and not loud:
                continue
            if faults + remarks * loud <= MOST_SHOWN:
                (self.stdout if fault.remark else self.stderr).write(str(fault))
        if remarks:
            self.stdout.write(f"{remarks} remarks, which break nothing (--verbosity 2 names them).")
        if faults:
            raise CommandError(f"What must hold does not: {faults} faults.")
        what = "Of the newest of each kind everything" if quick else "Everything"
        self.stdout.write(
            f"{what} that must hold does: states, receipts, files, sums, seals, journal, duties and publications hold together."
        )
