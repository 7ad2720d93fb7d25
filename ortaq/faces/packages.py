"""Files that come from npm packages: which of them the pages use, and where they lie.

Nothing of other people's is committed. `FILES` is the whole list; a file that is missing on the
machine names itself and says what to do.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_FONT = "@fontsource-variable/noto-sans/files/noto-sans-{}-wght-normal.woff2"

# The name under static/packages/ → the path under node_modules.
FILES = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    # The style sheet names its map, so collected static files need it too.
    "bootstrap.min.css.map": "bootstrap/dist/css/bootstrap.min.css.map",
    **{
        f"noto-sans-{subset}.woff2": _FONT.format(subset)
        for subset in ("cyrillic", "cyrillic-ext", "latin", "latin-ext")
    },
}


def path_of(inside: str) -> Path:
    """The file at `inside` node_modules; `ImproperlyConfigured` names it when it is not there."""
    path: Path = settings.ORTAQ_NODE_MODULES / inside
    if not path.is_file():
        raise ImproperlyConfigured(
            f"{path} is missing. Run `make setup` (or `npm ci --ignore-scripts`), or point "
            "ORTAQ_NODE_MODULES to the folder where the packages are."
        )
    return path


@lru_cache(maxsize=256)
def icon_paths(name: str) -> str:
    """The shapes inside the SVG of a Bootstrap icon, for example "check-circle-fill"."""
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise ValueError(f"{name!r} is no name of an icon")
    source = path_of(f"bootstrap-icons/icons/{name}.svg").read_text("utf-8")
    return source.partition(">")[2].rpartition("</svg>")[0].strip()
