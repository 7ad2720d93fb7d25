"""A filled form as {path: value}, and as the form's own nesting again.

    {"basics": {"goal": "..."}, "risks": [{"id": "~a1", "risk": "..."}]}
    {"basics/goal": "...", "risks/~a1/risk": "...", "risks/#": ["~a1"]}

Rows of tables have an id that begins with "~" and never changes; "#" holds their order.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

ORDER = "#"
ROW_ID = re.compile(r"~[a-z0-9_~-]{1,38}")
Flat = dict[str, Any]


def new_row() -> str:
    """An id for a new row."""
    return f"~{secrets.token_hex(5)}"


def flatten(data: Mapping[str, Any]) -> Flat:
    """`data` by path; empty values are left out."""
    flat: Flat = {}
    _flatten(data, "", flat)
    return flat


def _flatten(value: Any, path: str, flat: Flat) -> None:
    if isinstance(value, Mapping):
        for key, item in value.items():
            _flatten(item, f"{path}/{key}" if path else key, flat)
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        flat[f"{path}/{ORDER}"] = [row["id"] for row in value]
        for row in value:
            cells = {key: cell for key, cell in row.items() if key != "id"}
            _flatten(cells, f"{path}/{row['id']}", flat)
    elif not is_empty(value):
        flat[path] = value


def nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    """The nesting that `flat` describes; rows that the order does not name are left out."""
    tree: dict[str, Any] = {}
    for path, value in flat.items():
        *steps, last = path.split("/")
        node = tree
        for step in steps:
            node = node.setdefault(step, {})
        node[last] = value
    return {key: _rows(node) for key, node in tree.items()}


def _rows(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if ORDER in node:
        return [{"id": row, **node.get(row, {})} for row in node[ORDER]]
    return {key: _rows(child) for key, child in node.items()}


def without_empty_rows(data: Any) -> Any:
    """`data` without rows in which nothing was written: what is checked, printed and submitted."""
    if isinstance(data, Mapping):
        return {key: without_empty_rows(value) for key, value in data.items()}
    if isinstance(data, list) and any(isinstance(item, Mapping) for item in data):
        return [row for row in data if is_written(row)]
    return data


def is_written(row: Mapping[str, Any]) -> bool:
    """Whether anybody wrote into a row. Its id is given to it, and to a line of the estimate its
    cost item ("row") and activity.
    """
    given = {"id", "row", "activity"} if "row" in row else {"id"}
    return any(not is_empty(value) for key, value in row.items() if key not in given)


def is_empty(value: Any) -> bool:
    """Whether nothing was written. Nought is something."""
    return value is None or value is False or value in ("", [])


def table_of(path: str) -> str | None:
    """The table whose row a path lies in: "risks/~a1/risk" → "risks"; None outside rows."""
    table, mark, _ = path.partition("/~")
    return table if mark else None


def unit_of(path: str) -> str:
    """What is saved together: a row of a table, a person, or a single field."""
    steps = path.split("/")
    for index, step in enumerate(steps):
        if step.startswith("~"):
            return "/".join(steps[: index + 1])
    return path
