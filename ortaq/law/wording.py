"""All sentences that `law` says, in one data file: `wording.toml`.

A translator edits one file, and a test can prove that no language and no placeholder
is missing. Wording quoted from an act stands in the act's edition instead.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from .errors import Refused
from .text import Text

FILE = Path(__file__).with_name("wording.toml")


@cache
def sentences() -> dict[str, Text]:
    """Every sentence by its dotted name, for example `"grants.F1"`."""
    rooms = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        f"{room}.{name}": Text.of(wording)
        for room, entries in rooms.items()
        for name, wording in entries.items()
    }


def wording(name: str, /, **values: object) -> Text:
    """The sentence `name` with its `{placeholders}` filled in all languages.

    A value may itself be a `Text`: each language then gets its own wording of it.
    """
    template = sentences()[name]
    return Text(
        **{
            language: getattr(template, language).format(
                **{
                    key: value.say(language) if isinstance(value, Text) else value
                    for key, value in values.items()
                }
            )
            for language in ("kk", "ru", "en")
        }
    )


def refused(name: str, /, **values: object) -> Refused:
    """The refusal whose sentence is `refused.<name>` in the wording file."""
    return Refused(wording(f"refused.{name}", **values))
