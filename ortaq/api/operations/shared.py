"""What operations share: their answers as the OpenAPI lists them, keyset pages, and how forms of the house are filled."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from ninja import Header
from pydantic import Field

from ortaq.api.problems import STATUS
from ortaq.api.schemas import ProblemOut
from ortaq.people.models import Organisation

Row = TypeVar("Row", bound=Model)
Form = TypeVar("Form", bound=forms.BaseForm)

Once = Annotated[
    str,
    Field(min_length=8, max_length=100, pattern=r"^[\x21-\x7e]+$"),
    Header(
        alias="Idempotency-Key",
        description="A word of your own for this very row: sent again, it makes no second one.",
    ),
]


def answers(good: Any, *, status: int = 200, also: Sequence[str] = ()) -> dict[Any, Any]:
    """The answers of an operation: `good` with `status`, and the errors that every operation or `also` this one gives."""
    words = ["unreadable", "not_found", "refused", "too_large", "too_many", *also]
    return {status: good, frozenset(STATUS[word] for word in words): ProblemOut}


OWN = ("unauthorised", "forbidden")
WRITES = (*OWN, "conflict")


def written(good: Any) -> dict[Any, Any]:
    """The answers of an operation that makes a row: 201, or 200 where the same key made it before."""
    return {201: good} | answers(good, also=WRITES)


def page(
    rows: QuerySet[Row], after: int | None, limit: int, show: Callable[[Row], dict[str, Any]]
) -> dict[str, Any]:
    """A page by falling primary key: rows below `after`, and the key to go on with; one query."""
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: limit + 1])
    following = found[limit - 1].pk if len(found) > limit else None
    return {"items": [show(one) for one in found[:limit]], "next": following}


def once_of(organisation: Organisation, key: str) -> uuid.UUID:
    """The `once` of a row that was made under this key: the same key of another organisation is another."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"ortaq:{organisation.pk}:{key}")


def filled(form: Form, given: Mapping[str, Any]) -> Form:
    """The form bound to what a page would send: as it stands, with `given` (by the form's own names) in place of what it says."""
    data = QueryDict(mutable=True)
    for name, field in form.fields.items():
        value = given[name] if name in given else form.get_initial_for_field(field, name)
        if isinstance(value, list | tuple):
            data.setlist(name, [str(one) for one in value])
        elif value is not None and value is not False:
            data[name] = _typed(value)
    form.data, form.is_bound = data, True
    return form


def _typed(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def party(organisation: Organisation) -> dict[str, Any]:
    return {"bin": organisation.bin, "name": named(organisation, "name")}


def named(row: Any, name: str) -> dict[str, str]:
    return {"kk": getattr(row, f"{name}_kk"), "ru": getattr(row, f"{name}_ru")}
