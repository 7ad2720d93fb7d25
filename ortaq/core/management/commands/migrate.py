"""`ortaq migrate`: Django's own, which makes the tables of an empty database quickly."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from ortaq.core import migrating


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if migrating.is_empty(connections[options["database"]]):
            with migrating.quickly():
                super().handle(*args, **options)
        else:
            super().handle(*args, **options)
