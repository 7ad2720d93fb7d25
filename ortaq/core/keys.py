"""Short names for rows of any room: `grants.application:17`, `person:5`, `organisation:12`.

The journal and the duties speak of things above their floor without importing them.
"""

from __future__ import annotations

from django.db import models


def key_of(row: models.Model) -> str:
    """The key of a saved row; people and organisations have the short form."""
    label = row._meta.label_lower
    short = {"people.user": "person", "people.organisation": "organisation"}.get(label, label)
    return f"{short}:{row.pk}"


def person(pk: int) -> str:
    return f"person:{pk}"


def organisation(pk: int) -> str:
    return f"organisation:{pk}"
