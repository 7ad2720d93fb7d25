"""What was published before a test begins."""

from __future__ import annotations

from typing import Any

from ortaq.core import journal
from ortaq.gazette.models import Publication
from ortaq.people.models import Organisation


def publications() -> dict[str, str]:
    """The title of everything that is public, by key."""
    rows = Publication.objects.filter(withdrawn=False)
    return dict(rows.values_list("key", "title_kk"))


def a_name(organisation: Organisation, **names: Any) -> None:
    """The organisation is called otherwise, as its journal tells."""
    for name, value in names.items():
        setattr(organisation, name, value)
    organisation.save()
    journal.append(organisation, "edited")
