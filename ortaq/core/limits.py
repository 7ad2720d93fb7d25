"""How often something was done lately, counted once by all hosts together."""

from __future__ import annotations

import logging

from django.core.cache import caches
from django.db import DatabaseError

CACHE = "limits"
ALONE = "process"
log = logging.getLogger(__name__)


def count(name: str, seconds: int) -> int:
    """One more of `name`; how many there were within `seconds` from the first of them, this one included.

    Where the database does not answer, what does not need it (a kept page, a replica) goes on: this process counts for itself.
    """
    try:
        return _counted(CACHE, name, seconds)
    except DatabaseError:
        log.warning("Limits are counted by each process alone: the database does not answer.")
        return _counted(ALONE, name, seconds)


def _counted(alias: str, name: str, seconds: int) -> int:
    cache = caches[alias]
    if (counted := getattr(cache, "counted", None)) is not None:
        return int(counted(name, seconds))
    cache.add(name, 0, seconds)
    try:
        return int(cache.incr(name))
    except ValueError:  # the time ended, or the cache let go of it, this moment
        return 1
