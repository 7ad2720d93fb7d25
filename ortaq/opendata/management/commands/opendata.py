"""`ortaq opendata`: the daily archive of all public tables."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ortaq.opendata import archive


class Command(BaseCommand):
    help = "Write today's archive of the open data, with its SHA-256; once a day is enough."

    def handle(self, *args: Any, **options: Any) -> None:
        made = archive.make()
        rows = sum(table["rows"] for table in made.tables.values())
        self.stdout.write(f"{made.name}: {rows} rows, {made.size} bytes, SHA-256 {made.sha256}")
