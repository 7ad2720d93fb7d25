"""Cases that stand as data beside the tests."""

import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).with_name("cases")


def cases(name: str) -> dict[str, Any]:
    """The tables of `cases/<name>.toml`."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def named(case: Any) -> str | None:
    """The name of a case for pytest."""
    return case["name"] if isinstance(case, dict) and "name" in case else None
