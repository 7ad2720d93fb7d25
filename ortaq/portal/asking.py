"""What lists of publications can be narrowed by. What nobody knows narrows nothing, and the page says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, regions
from ortaq.faces import say
from ortaq.gazette.models import Publication
from ortaq.gazette.moments import AWARDED, CONTRACTED, COUNTED, PLANNED

Kind, Instrument = Publication.Kind, Publication.Instrument

# What stands for "nothing named": a publication without a field, or about several regions.
NONE = "none"
FIRST_YEAR, YEARS_AHEAD = 2018, 2
BIN = re.compile(r"[0-9]{12}\Z", re.ASCII)
MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])\Z", re.ASCII)

MOMENTS = {PLANNED: _("Planned"), AWARDED: _("Awarded"), CONTRACTED: _("In contracts")}


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters as words; "" for none. `alone`: only what is about this region and no other."""

    of: str = ""
    kind: str = ""
    year: str = ""
    field: str = ""
    region: str = ""
    alone: str = ""
    instrument: str = ""
    body: str = ""
    recipient: str = ""
    month: str = ""

    def query(self, **other: str) -> str:
        """These filters, with `other` ones, as the query of an address."""
        found = {name: getattr(self, name) for name in FILTERS} | other
        return urlencode({name: value for name, value in found.items() if value})

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are meant; none for all."""
        kinds = COUNTED.get(self.of, ())
        return (
            (tuple(one for one in kinds if one == self.kind) if kinds else (self.kind,))
            if self.kind
            else kinds
        )

    @property
    def months(self) -> tuple[date, date] | None:
        """The first day of the month that is meant, and that of the next."""
        found = MONTH.match(self.month)
        if found is None:
            return None
        year, month = int(found[1]), int(found[2])
        return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


FILTERS = tuple(Asked.__dataclass_fields__)


def years() -> list[int]:
    """The years that one can ask for, the last first."""
    return list(range(clock.today().year + YEARS_AHEAD, FIRST_YEAR - 1, -1))


def fields() -> dict[str, Any]:
    """Key and words of every field that the law knows."""
    return {key: law.field(key).text for key in law.fields.fields_by_name().values()}


def choices() -> dict[str, dict[str, Any]]:
    """What each filter can be, in words; in the order in which a page offers it."""
    nothing = {NONE: _("not named")}
    return {
        "of": MOMENTS,
        "kind": {
            value: label for value, label in Kind.choices if value not in (Kind.NGO, Kind.BODY)
        },
        "year": {str(year): str(year) for year in years()} | nothing,
        "field": {key: say.text(text) for key, text in fields().items()} | nothing,
        "region": dict(regions.choices()) | {NONE: _("several regions or the whole country")},
        "instrument": dict(Instrument.choices) | nothing,
    }


def asked_of(given: Mapping[str, Any]) -> tuple[Asked, bool]:
    """The filters of an address, and whether one of them was left out because nobody knows its value."""
    known = choices() | {"alone": {"1": ""}}
    known["kind"] = dict(Kind.choices)
    found = {name: _said(given, name) for name in FILTERS}
    good = {
        name: value
        for name, value in found.items()
        if value and (value in known[name] if name in known else _is_good(name, value))
    }
    return Asked(**good), any(value and name not in good for name, value in found.items())


def _said(given: Mapping[str, Any], name: str) -> str:
    return str(given.get(name, "")).strip()[:100]


def _is_good(name: str, value: str) -> bool:
    if name == "month":
        return MONTH.match(value) is not None
    return value == NONE or BIN.match(value) is not None
