"""The users' guides: the same pages in three languages, with the names that buttons and pages have, and pictures that are made."""

from __future__ import annotations

import re
from functools import cache

import polib
import pytest

from ortaq.core import catalogues
from ortaq.testing import screenshots

BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
# Bold where a sentence begins, and no name of anything: what a receipt is.
EMPHASIS = re.compile(r".*[.:]$")


def pages(language: str) -> dict[str, str]:
    folder = screenshots.GUIDES / language
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.md"))}


@cache
def names(language: str) -> frozenset[str]:
    """Everything that the pages say in a language."""
    sources = [
        path
        for path in catalogues.catalogues()
        if f"/{'kk' if language == 'en' else language}/" in path.as_posix()
    ]
    entries = [entry for path in sources for entry in polib.pofile(str(path))]
    return frozenset(entry.msgid if language == "en" else entry.msgstr for entry in entries)


@pytest.mark.parametrize("language", screenshots.LANGUAGES)
def test_a_guide_names_buttons_and_pages_as_they_are_called(language):
    wrong = {
        (page, bold)
        for page, text in pages(language).items()
        for bold in BOLD.findall(text)
        if not EMPHASIS.fullmatch(bold) and bold not in names(language)
    }
    assert wrong == set()


def test_the_guides_are_the_same_in_every_language():
    shapes = [
        {
            page: (text.count("\n#"), text.count("!["), len(BOLD.findall(text)))
            for page, text in pages(one).items()
        }
        for one in screenshots.LANGUAGES
    ]
    assert shapes[0]
    assert shapes[0] == shapes[1] == shapes[2]


def test_every_picture_of_a_guide_is_made_and_every_picture_made_is_shown():
    made = {
        (language, shot.name) for shot in screenshots.shots() for language in screenshots.LANGUAGES
    }
    assert screenshots.named() == made


def test_every_page_stands_in_the_table_of_contents():
    docs = screenshots.GUIDES.parent
    listed = (docs / "index.md").read_text("utf-8").splitlines()
    missing = {
        path.stem
        for path in docs.glob("*.md")
        if path.stem != "index" and not {path.stem, f"{path.stem}*"} & set(listed)
    }
    assert missing == set()
