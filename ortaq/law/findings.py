"""What the law says about a set of facts: a list of findings.

A finding is the same thing on a page, in a report, in the API and on the command
line: a code to search for, a severity, a sentence for the reader, the clause that
causes it and the numbers that were compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from .text import Text


class Severity(StrEnum):
    """How much a finding weighs. Only `ERROR` stops a step."""

    OK = "ok"
    NOT_APPLICABLE = "not_applicable"
    NOTICE = "notice"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule stands: the act's key, its edition and the place in it.

    `inferred` marks a rule that is this project's proposal where the act is silent.
    """

    act: str
    edition: str
    place: str
    inferred: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "act": self.act,
            "edition": self.edition,
            "place": self.place,
            "inferred": self.inferred,
        }

    def __str__(self) -> str:
        return f"{self.act}/{self.edition} {self.place}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of the law.

    `message` is a `Text`, or in the applications above `law` a lazily translated
    string. `numbers` are the values compared, by name, exact (int, Fraction,
    Decimal, date, str). `about` says which part of the input it concerns, for
    example `"budget.material_support"`, so that a page can put it beside the field.
    """

    code: str
    severity: Severity
    message: Any
    cite: Citation | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; fractions as "numerator/denominator", dates as ISO."""
        message = self.message.as_dict() if isinstance(self.message, Text) else str(self.message)
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": message,
            "cite": self.cite.as_dict() if self.cite else None,
            "numbers": {name: plain(value) for name, value in self.numbers.items()},
            "about": self.about,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Finding:
        """A finding as `as_dict` wrote it."""
        message = kept["message"]
        return cls(
            kept["code"],
            Severity(kept["severity"]),
            Text.of(message) if isinstance(message, dict) else message,
            Citation(**kept["cite"]) if kept["cite"] else None,
            kept["numbers"],
            kept["about"],
        )


def plain(value: Any) -> Any:
    """`value` as JSON can carry it without losing exactness."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Fraction):
        return (
            value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
        )
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return str(value)


def stops(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that stop a step."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]
