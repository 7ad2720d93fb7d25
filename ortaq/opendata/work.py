"""Everything that is public, as it is now, written by the worker for whoever is signed in; passers-by take the archive of the day."""

from __future__ import annotations

import tempfile

from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, work
from ortaq.people.policy import is_signed_in

from . import archive
from .tables import TABLES


@work.kind("open-data", _("All open data as they are now (zip)"), offered=is_signed_in)
def write_archive(task: work.Task) -> None:
    """It changes nothing."""
    sizes: dict[str, dict[str, int]] = {}
    with tempfile.TemporaryFile() as file:
        for piece in archive.pieces(sizes):
            task.progress(max(len(sizes) - 1, 0), len(TABLES))
            file.write(piece)
        task.hand_over(file, f"{archive.name_of(clock.today())}-now.zip")
