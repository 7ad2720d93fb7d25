"""A form sent twice makes one row; rows of a project are numbered 1, 2, 3 ... without gaps or twins."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import models, transaction

from ortaq.core.procedure import locked

from .models import Project

Row = TypeVar("Row", bound=models.Model)


def new() -> uuid.UUID:
    """What a page puts into its form: the same value comes back with each sending of it."""
    return uuid.uuid4()


def read(sent: Any) -> uuid.UUID:
    """The value that a form sent; a new one for what is none, so that nothing typed is lost."""
    try:
        return uuid.UUID(str(sent))
    except ValueError:
        return new()


@transaction.atomic
def make(
    model: type[Row], project: Project, once: uuid.UUID, build: Callable[[Project, int], Row]
) -> tuple[Row, bool]:
    """The row of `model` that the form `once` makes in `project`, and whether it is new.

    `build` gets the locked project and the next free number and returns the saved row. Sent again, the form gets the row it made before.
    """
    fresh = locked(Project, project.pk)
    rows = model._default_manager.filter(project=fresh)
    if found := rows.filter(once=once).first():
        return found, False
    last = rows.aggregate(last=models.Max("number"))["last"] or 0
    return build(fresh, last + 1), True
