"""What a form still lacks: values not filled in or not readable, tables without rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.faces import say
from ortaq.law.findings import Finding, Severity

from . import paths, values
from .slots import Rows, Slot


def _said(label: law.Text) -> str:
    # A label in the midst of a sentence goes without the stop it ends with on the form.
    return say.text(label).rstrip(".: ")


said = lazy(_said, str)

TROUBLES = {
    "not_a_number": _("“{label}”: write a whole number, digits only."),
    "not_a_quantity": _("“{label}”: write a number, for example 12 or 1,5."),
    "not_a_sum": _("“{label}”: write a sum in tenge, for example 1 200 000 or 1 200 000,50."),
    "not_a_month": _("“{label}”: write a month, for example 03.2018."),
    "not_a_day": _("“{label}”: write a day, for example 31.03.2020."),
    "not_a_bin": _("“{label}”: this is no business identification number; check its 12 digits."),
}


def of_value(slot: Slot, value: Any, cite: law.Citation | None, about: str) -> Iterator[Finding]:
    """What is wrong with the value of a slot; `about` is its place in findings."""
    if value is None and slot.required:
        message = format_lazy(_("“{label}” is not filled in."), label=said(slot.label))
        yield _error("missing", message, cite, about)
    elif code := values.trouble(slot.kind, value):
        yield _error(code, format_lazy(TROUBLES[code], label=said(slot.label)), cite, about)


def of_table(
    rows: Rows, title: Any, flat: Mapping[str, Any], cite: law.Citation | None, place: str
) -> Iterator[Finding]:
    """What is wrong with the rows of a table called `title`; `place` begins their `about`."""
    order = flat.get(f"{rows.path}/{paths.ORDER}", [])
    if len(order) < rows.least:
        message = _("“{title}”: at least one row is needed.")
        if rows.least > 1:
            message = _("“{title}”: at least {least} rows are needed, there are {number}.")
        message = format_lazy(message, title=said(title), least=rows.least, number=len(order))
        yield _error("no_rows", message, cite, place)
    for number, row in enumerate(order, 1):
        cells = [(slot, flat.get(f"{rows.path}/{row}/{slot.path}")) for slot in rows.slots]
        missing = [slot.label for slot, value in cells if value is None and slot.required]
        if missing:
            message = format_lazy(
                _("“{title}”, row {number}: not filled in: {columns}."),
                title=said(title),
                number=number,
                columns=listed(missing),
            )
            yield _error("row_incomplete", message, cite, f"{place}/{row}")
        for slot, value in cells:
            if value is not None:
                yield from of_value(slot, value, cite, f"{place}/{row}/{slot.path}")


def _listed(labels: Iterable[Any]) -> str:
    return "; ".join(say.text(label) for label in labels)


listed = lazy(_listed, str)


def _error(code: str, message: Any, cite: law.Citation | None, about: str) -> Finding:
    return Finding(code, Severity.ERROR, message, cite, about=about)
