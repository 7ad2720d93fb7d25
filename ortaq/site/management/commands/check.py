from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.check import Command as SystemChecks

from ortaq.core import journal
from ortaq.projects import audit, tally
from ortaq.signing import audit as signed

# With one of these Django's own checks were meant, and perhaps no database is at hand.
SYSTEM_ONLY = ("tags", "list_tags", "deploy", "databases")
MOST_SHOWN = 200


class Command(SystemChecks):
    # Not a second word beside `check`: whoever asks whether this installation is in order asks this. Django itself never calls the command
    # (`migrate` and others run its checks directly), so that only a person or the night pays for the counting.
    help = (
        "Check the installation, then whether kept figures, sums of money, signatures and the journal hold "
        "together; run it every night. With app labels or --tag, --deploy, --database: the "
        "installation only."
    )

    def handle(self, *app_labels: Any, **options: Any) -> None:
        super().handle(*app_labels, **options)
        if app_labels or any(options[name] for name in SYSTEM_ONLY):
            return
        faults = 0
        for fault in self.faults():
            faults += 1
            if faults <= MOST_SHOWN:
                self.stderr.write(fault)
        if faults:
            raise CommandError(f"Figures, money and journal: {faults} faults.")
        self.stdout.write("Figures, money and journal hold together.")

    def faults(self) -> Any:
        """Each fault in one line: figures that their rows do not confirm, money, breaks of the journal."""
        for drift in tally.drifts():
            yield str(drift)
        yield from audit.faults()
        yield from signed.faults()
        for gap in journal.verify():
            yield f"journal: {gap}"
