"""Publications for the tests of this room, as the gazette would write them."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from ortaq.core import clock
from ortaq.gazette.models import Publication
from ortaq.gazette.queries import watermark

_keys = count(1)


def publish(title: str = "Жас ерікті", kind: str = "competition", **told: Any) -> Publication:
    """One more publication with the next number."""
    number, now = watermark() + 1, clock.now()
    values = {
        "key": f"test:{next(_keys)}",
        "address": f"/there/{number}/",
        "title_kk": title,
        "title_ru": title,
        "published_at": now,
        "changed_at": now,
        "closes_at": now + timedelta(days=10),
        "place": number,
        "sequence": number,
        "digest": "",
    }
    return Publication.objects.create(kind=kind, **{**values, **told})
