"""What of persons is kept where: `personal.toml` as data. Everything that can hold a text, a file or a person is declared there,
so that a new field is thought about before it keeps anything of anybody.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from ortaq.law.text import Text

PATH = Path(__file__).with_name("personal.toml")
USER = "people.User"
# What can hold a name, an address, a text or a file. Choices hold one word of ours.
TEXTS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.BinaryField,
    models.GenericIPAddressField,
)
# Django's own, which hold names of our programs.
OURS = frozenset({"auth", "contenttypes"})
Field = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Personal data that are kept for one reason: why and by which clause, who sees them, how long and what happens then."""

    key: str
    title: Text
    why: Text
    sees: Text
    keeps: Text
    fields: tuple[Field, ...]

    @property
    def by_model(self) -> dict[str, list[str]]:
        """The fields of each model."""
        found: dict[str, list[str]] = {}
        for model, field in self.fields:
            found.setdefault(model, []).append(field)
        return found


@cache
def _read() -> tuple[tuple[Group, ...], frozenset[Field]]:
    found = tomllib.loads(PATH.read_text())
    groups = tuple(
        Group(
            one["key"],
            Text(**one["title"]),
            Text(**one["why"]),
            Text(**one["sees"]),
            Text(**one["keeps"]),
            tuple(_fields(one["fields"])),
        )
        for one in found["group"]
    )
    return groups, frozenset(_fields(found["plain"]["fields"]))


def _fields(text: str) -> Iterator[Field]:
    for line in filter(None, text.splitlines()):
        model, *names = line.split()
        yield from ((model, name) for name in names)


def groups() -> tuple[Group, ...]:
    """Everything that is kept of persons, by its reason."""
    return _read()[0]


def plain() -> frozenset[Field]:
    """What is declared to hold nothing of persons."""
    return _read()[1]


def fields_to_declare() -> list[Field]:
    """Every field of every model that can hold something of a person, in the order of the rooms."""
    return [
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model._meta.app_label not in OURS
        for field in model._meta.concrete_fields
        if can_hold(field)
    ]


def can_hold(field: models.Field) -> bool:  # type: ignore[type-arg]  # no run-time arguments
    """Whether a field can hold something of a person; of keys to other rows, only those to people do."""
    related: Any = field.related_model
    if related is not None:
        return bool(related._meta.label == USER)
    return isinstance(field, TEXTS) and not field.choices
