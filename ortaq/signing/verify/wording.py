"""The sentences of verification, in `wording.toml`: they are printed by `ortaq verify` without Django too."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from ortaq.law.text import LANGUAGES, Text

PATH = Path(__file__).with_name("wording.toml")


@cache
def sentences() -> dict[str, Text]:
    """Every sentence by the code of its finding."""
    return {
        code: Text.of(texts)
        for code, texts in tomllib.loads(PATH.read_text(encoding="utf-8")).items()
    }


def wording(code: str, **values: object) -> Text:
    """The sentence of a finding, its `{placeholders}` filled in all three languages."""
    template = sentences()[code]
    return Text(
        **{
            language: getattr(template, language).format(
                **{
                    name: getattr(value, language) if isinstance(value, Text) else value
                    for name, value in values.items()
                }
            )
            for language in LANGUAGES
        }
    )
