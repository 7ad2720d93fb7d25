"""Where an edition wants signatures that are electronic: its table `[signatures.<kind>]`.

    [signatures.contract]
    mode = "optional"          # required, optional or off
    cite = "guide, comparison table"
    inferred = true

An installation may say otherwise; that is asked above `law`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .findings import Citation
from .text import Text
from .wording import wording

REQUIRED, OPTIONAL, OFF = "required", "optional", "off"
MODES = (REQUIRED, OPTIONAL, OFF)
KINDS = (
    "application", "declaration", "score_sheet", "protocol", "contract", "report", "act",
    "bid", "annual_return", "prize_application",
)  # fmt: skip
FIELDS = {"mode", "cite", "inferred", "requirement", "remark"}


@dataclass(frozen=True, slots=True)
class Signing:
    """What an edition says of the signature on one kind of paper."""

    kind: str
    mode: str
    cite: Citation

    @property
    def label(self) -> Text:
        return wording(f"signatures.{self.kind}")

    def as_dict(self) -> dict[str, Any]:
        return {"mode": self.mode, "label": self.label.as_dict(), "cite": self.cite.as_dict()}


def read(table: Any, where: str) -> dict[str, dict[str, Any]]:
    """The table as it stands in a file, each row with its name (`label`) and its mode in words (`said`).

    `ValueError` with a sentence for anything in it that means nothing: a mistyped mode would go unnoticed until
    somebody did not have to sign.
    """
    if not isinstance(table, Mapping):
        raise ValueError(f"{where}: signatures is no table.")  # noqa: TRY004  (a mistake in data)
    return {kind: _row(kind, row, f"{where}: signatures.{kind}") for kind, row in table.items()}


def _row(kind: str, row: Any, where: str) -> dict[str, Any]:
    if kind not in KINDS:
        raise ValueError(f"{where}: there is no such paper; known are {', '.join(KINDS)}.")
    if not isinstance(row, Mapping) or not {"mode", "cite"} <= set(row) <= FIELDS:
        raise ValueError(
            f"{where}: a row has mode and cite, and may have inferred, requirement, remark."
        )
    if row["mode"] not in MODES:
        raise ValueError(f"{where}: “{row['mode']}” is no mode; known are {', '.join(MODES)}.")
    label, said = wording(f"signatures.{kind}"), wording(f"signatures.{row['mode']}")
    return {**row, "label": label.as_dict(), "said": said.as_dict()}
