"""Translation catalogues: compiled here with polib, so that no machine needs gettext to run.

The compiled files are not committed; `ortaq compilecatalogues` makes those that are missing or
older than their source, and `--check` says what is untranslated.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import polib

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("kk", "ru")


def catalogues() -> Iterator[Path]:
    """The source of every catalogue of the house."""
    return iter(sorted(ROOT.glob("*/locale/*/LC_MESSAGES/*.po")))


def compile_all() -> int:
    """Compile what is missing or stale; gives how many catalogues were written."""
    written = 0
    for source in catalogues():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        # Whole or not at all: a server or a second run may be reading this very file.
        draft = target.with_suffix(f".{os.getpid()}.draft")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        written += 1
    return written


def read(source: Path) -> Any:
    """A catalogue as polib reads it, to be looked at only: what has not changed is not read again."""
    return _read(source, source.stat().st_mtime_ns)


@cache
def _read(source: Path, _changed: int) -> Any:
    return polib.pofile(str(source))


def gaps(source: Path) -> list[str]:
    """What is missing in a catalogue: "path: message (why)", one for each message."""
    catalogue = read(source)
    name = source.relative_to(ROOT.parent)
    return [
        *(f"{name}: {entry.msgid!r} (untranslated)" for entry in catalogue.untranslated_entries()),
        *(f"{name}: {entry.msgid!r} (fuzzy)" for entry in catalogue.fuzzy_entries()),
    ]


def known(app: Path, language: str) -> list[str]:
    """The keys of an app's catalogue of `language`, in its order; none where there is none."""
    source = app / "locale" / language / "LC_MESSAGES" / "django.po"
    return keys(source) if source.exists() else []


def keys(source: Path) -> list[str]:
    """Every message of a catalogue, with its context where it has one, in its order."""
    return [entry.msgid_with_context for entry in read(source) if not entry.obsolete]


def disagreements(language: str) -> list[str]:
    """Messages that two rooms translate differently: a page would show the words of either."""
    said: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for source in ROOT.glob(f"*/locale/{language}/LC_MESSAGES/*.po"):
        for entry in read(source).translated_entries():
            words = (entry.msgstr, *entry.msgstr_plural.values())
            rooms = said.setdefault(entry.msgid_with_context, {}).setdefault(words, [])
            rooms.append(source.relative_to(ROOT).parts[0])
    return [f"{key!r}: {ways}" for key, ways in sorted(said.items()) if len(ways) > 1]


def wrong_placeholders(source: Path) -> list[str]:
    """Messages whose translation names other values than the message: it would fail when shown."""
    wrong = []
    for entry in read(source).translated_entries():
        allowed = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
        for said in [entry.msgstr, *entry.msgstr_plural.values()]:
            # One form of a plural may leave a number out ("one day"), none may invent one.
            missing = (
                set() if entry.msgid_plural else placeholders(entry.msgid) - placeholders(said)
            )
            if missing or placeholders(said) - allowed:
                wrong.append(f"{source.relative_to(ROOT.parent)}: {entry.msgid!r} → {said!r}")
                break
    return wrong


def placeholders(text: str) -> set[str]:
    """The named values in a message: "%(name)s", "{name}"."""
    return set(re.findall(r"%\(\w+\)[a-z]|\{\w*\}", text))
