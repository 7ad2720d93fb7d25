"""What every page has at hand."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe

from ortaq import __version__

from . import hooks


def house(request: HttpRequest) -> dict[str, Any]:
    """`actor`, `site_name`, `navigation` (links of this reader), `bars` (the demo's clock and
    the like), `notices` (what is to be known of this page's thing) and `demo`, `release` (of Ortaq), each computed only when a template looks at it.
    """
    # A request refused on the doorstep (a foreign host name) has no actor yet, and no navigation.
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "site_name": settings.SITE_NAME,
        "release": __version__,
        "languages": tuple(settings.LANGUAGES),
        "demo": settings.DEMO,
        "navigation": SimpleLazyObject(
            lambda: hooks.links_for(request) if actor is not None else None
        ),
        "bars": SimpleLazyObject(
            # Each bar is rendered by a template of its own room and so already escaped.
            lambda: mark_safe("".join(bar(request) for bar in hooks.bars))  # noqa: S308
        ),
        "notices": SimpleLazyObject(
            lambda: mark_safe("".join(one(request) for one in hooks.notices))  # noqa: S308
        ),
    }
