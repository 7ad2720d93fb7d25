"""Text in the three languages that Ortaq speaks.

`law` knows no web framework and no "current language": it hands out all three
and the caller picks. Wording quoted from an act is in the act's own language;
an empty translation falls back in the order given by `FALLBACK`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LANGUAGES = ("kk", "ru", "en")
FALLBACK = {"kk": ("kk", "ru", "en"), "ru": ("ru", "kk", "en"), "en": ("en", "ru", "kk")}


@dataclass(frozen=True, slots=True)
class Text:
    """One wording in Kazakh, Russian and English; an empty one is unknown."""

    kk: str = ""
    ru: str = ""
    en: str = ""

    @classmethod
    def of(cls, data: Mapping[str, str]) -> Text:
        """Read `{kk = "...", ru = "...", en = "..."}` as it stands in an act's file."""
        return cls(kk=data.get("kk", ""), ru=data.get("ru", ""), en=data.get("en", ""))

    def say(self, language: str) -> str:
        """The wording in `language`, or in the nearest language that has one."""
        for code in FALLBACK.get(language, LANGUAGES):
            if wording := getattr(self, code):
                return str(wording)
        return ""

    def fill(self, **values: object) -> Text:
        """The same text with its `{placeholders}` filled in every language."""
        return Text(*(wording.format(**values) if wording else "" for wording in self))

    def __iter__(self) -> Iterator[str]:
        return iter((self.kk, self.ru, self.en))

    def __str__(self) -> str:
        return self.say("en")

    def as_dict(self) -> dict[str, str]:
        """`{"kk": ..., "ru": ..., "en": ...}` for JSON."""
        return {"kk": self.kk, "ru": self.ru, "en": self.en}


# For fields of dataclasses: no wording at hand.
EMPTY = Text()
