"""How bodies are read: JSON without what could mean two things, or nothing."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser


class StrictParser(Parser):
    """Refuses names given twice, NaN, NUL and halves of characters; whatever it raises is an unreadable body."""

    def parse_body(self, request: HttpRequest) -> Any:
        content = json.loads(
            request.body, object_pairs_hook=_once_each, parse_constant=_no_constant
        )
        _refuse_unwritable(content)
        return content


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse_unwritable(content: Any) -> None:
    """Texts that no database keeps."""
    if isinstance(content, str):
        if "\x00" in content:
            raise ValueError("NUL")
        content.encode()  # raises for half of a surrogate pair
    elif isinstance(content, dict):
        for name, value in content.items():
            _refuse_unwritable(name)
            _refuse_unwritable(value)
    elif isinstance(content, list):
        for value in content:
            _refuse_unwritable(value)
