"""What recurs on every installation, as data. `ortaq work` does it; the console shows it; nothing else knows it.

The order within a lane is the order of doing. All of it may run at any time and on several hosts: rows say what is due.
"""

from __future__ import annotations

from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _

from ortaq.core.work.jobs import HOUR, MINUTE, Recurring

# What the clock decides is not kept waiting by letters, nor letters by the work of the night.
CLOCK, LETTERS, NIGHT = "clock", "letters", "night"

_ALL = (
    Recurring("tick", _("End what is due, open bids"), ("tick",), CLOCK, MINUTE),
    Recurring("gazette", _("Publish what became public"), ("gazette",), CLOCK, MINUTE),
    Recurring("releases", _("Publish releases of social orders"), ("releases",), CLOCK, MINUTE),
    Recurring("remind", _("Write reminders"), ("remind",), LETTERS, HOUR),
    Recurring("digest", _("Write letters of subscriptions"), ("digest",), LETTERS, timedelta(minutes=10)),
    Recurring("post", _("Send letters"), ("post",), LETTERS, MINUTE),
    Recurring("seal", _("Seal the journal"), ("journal", "seal"), NIGHT, at=time(0, 5)),
    Recurring("archive", _("Archive of the open data"), ("opendata",), NIGHT, at=time(0, 30)),
    Recurring("tidy", _("Delete what has served its time"), ("tidy",), NIGHT, at=time(1, 30)),
    Recurring("gazette-all", _("Write all publications anew"), ("gazette", "--all"), NIGHT, at=time(2, 0)),
    Recurring("releases-all", _("Compare all releases"), ("releases", "--all"), NIGHT, at=time(3, 0)),
    Recurring("check", _("Check that all figures hold together"), ("check",), NIGHT, at=time(4, 0)),
)  # fmt: skip

SCHEDULE = {job.name: job for job in _ALL}
