"""What every function of `law` raises for input that it cannot answer for."""

from __future__ import annotations

from .text import Text


class Refused(ValueError):
    """Bad input: one clear sentence in three languages (`text`).

    It says what is wrong and what would be right. It is not a finding: a finding is
    the law's answer to sound facts, a refusal says that the facts cannot be read.
    """

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text

    def __str__(self) -> str:
        return str(self.text)
