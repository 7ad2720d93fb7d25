"""Templates from which a technical specification may begin: sections, services and indicators as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ortaq.law.text import Text
from ortaq.planning.models import ExpectedIndicator, Service, Specification

FILE = Path(__file__).parents[1] / "data" / "specification_templates.toml"


@cache
def templates() -> Mapping[str, Mapping[str, Any]]:
    """The templates by key, in the order of the file."""
    return tomllib.loads(FILE.read_text("utf-8"))["templates"]  # type: ignore[no-any-return]


def titles() -> list[tuple[str, Text]]:
    """The templates by key, with their titles."""
    return [(key, Text.of(one["title"])) for key, one in templates().items()]


def fill(specification: Specification, key: str) -> None:
    """Write the template `key` into an empty draft; `KeyError` when there is none."""
    common, own = _common(), templates()[key]
    specification.content = {**common, **own.get("content", {})}
    specification.save(update_fields=["content"])
    Service.objects.bulk_create(
        Service(
            specification=specification,
            key=f"s{number}",
            position=number,
            name_kk=one["name"]["kk"],
            name_ru=one["name"]["ru"],
            requirements_kk=one["requirements"]["kk"],
            requirements_ru=one["requirements"]["ru"],
            quantity=one.get("quantity", 1),
            facts=one["facts"],
        )
        for number, one in enumerate(own.get("services", ()), 1)
    )
    ExpectedIndicator.objects.bulk_create(
        ExpectedIndicator(
            specification=specification,
            position=number,
            level=one["level"],
            nature=one["nature"],
            text_kk=one["text"]["kk"],
            text_ru=one["text"]["ru"],
            expected=one["expected"],
        )
        for number, one in enumerate(own.get("indicators", ()), 1)
    )


@cache
def _common() -> Mapping[str, Any]:
    """Sections that read alike in every template."""
    return tomllib.loads(FILE.read_text("utf-8"))["common"]  # type: ignore[no-any-return]
