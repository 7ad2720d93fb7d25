"""The links by which a page can be followed, for the tag `{% follow … %}` of the faces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from ortaq.core.keys import key_of

from .filters import Filters, NotUnderstood


def links(about: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """(address, words) of each way to follow what these filters mean, where `page` may be the row that a page shows; none
    where they mean nothing.
    """
    page = about.get("page")
    try:
        query = Filters.read(
            {**about, "page": key_of(page) if isinstance(page, Model) else page}
        ).query
    except NotUnderstood:  # an organisation with a BIN that is none, in an old table
        return []
    tail = f"?{query}" if query else ""
    return [
        (reverse("subscriptions:subscribe") + tail, _("by e-mail")),
        (reverse("subscriptions:atom") + tail, _("as a news feed (Atom)")),
        (reverse("subscriptions:deadlines") + tail, _("terms in a calendar (iCal)")),
    ]
