"""The site made out of docs/ by `make docs`: nothing on it comes from another address."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

from ortaq import __version__

HERE = Path(__file__).parent
LINK = re.compile(r"\[([^\]]*)\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")
IMAGE = re.compile(r"^!\[[^\]]*\]\(([^)]+)\)\n?", re.MULTILINE)
PATTERN = re.compile(r"^([a-z-]+)\*\n", re.MULTILINE)
log = logging.getLogger(__name__)

project = "Ortaq"
author = "Ortaq"
version = release = __version__
language = "en"
exclude_patterns = ["_build"]

extensions = ["myst_parser"]
myst_heading_anchors = 3
suppress_warnings = [
    "misc.highlighting_failure",  # examples of the API name themselves for the suite
]

html_theme = "furo"
html_title = f"Ortaq {release}"
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}


def prepare(app: Sphinx, page: str, source: list[str]) -> None:
    """Leave out pictures that nobody has made here, and links into the sources, which the site does not carry;
    in the table of contents: patterns without a page.

    A link that leads nowhere is a warning, and so an error.
    """
    folder = (HERE / page).parent
    text = IMAGE.sub(lambda found: found[0] if (folder / found[1]).is_file() else "", source[0])

    def led(found: re.Match[str]) -> str:
        target = (folder / found[2]).resolve()
        if not target.exists() and not (folder / f"{found[2]}.md").exists():
            log.warning("%s leads to %s, which is not there", page, found[2])
        inside = target.is_relative_to(HERE) and target.is_file()
        return found[0] if inside else f"`{target.name}`" if target.suffix else found[1]

    text = PATTERN.sub(lambda found: found[0] if list(folder.glob(f"{found[1]}*.md")) else "", text)
    source[0] = re.sub(r"(?<!!)" + LINK.pattern, led, text)


def speak(app: Sphinx, page: str, template: str, context: dict[str, Any], *rest: Any) -> None:
    """A guide says in which language it is: readers aloud and browsers go by that."""
    if page.startswith("guides/"):
        context["language"] = page.split("/")[1]


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", speak)
    app.connect("source-read", prepare)
