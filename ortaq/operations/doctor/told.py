"""How a trouble is told."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, why it matters, what to do. Not `wrong`: it works, and could be better. `stops`: nothing else can be asked."""

    what: str
    why: str
    do: str
    wrong: bool = True
    stops: bool = False

    def __str__(self) -> str:
        head = "WRONG " if self.wrong else "ADVICE"
        lines = [f"{head}  {self.what}", f"        {self.why}", f"        → {self.do}"]
        return "\n".join(
            textwrap.fill(line, 110, subsequent_indent=" " * 10, break_on_hyphens=False)
            if len(line) > 110
            else line
            for line in lines
        )


def advice(what: str, why: str, do: str) -> Trouble:
    """Something that works, and could be better."""
    return Trouble(what, why, do, wrong=False)
