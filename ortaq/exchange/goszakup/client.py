"""What is asked of the service, and its answers as rows.

Lots and contracts by GraphQL, where rows come in the order of their numbers and `after` is the number of the last one; the
register of unfair suppliers by REST, whose `next_page` names the place to go on from. The shapes are those of the
published description of OWS v3; the service itself could not be reached from where this was written.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from ortaq.core import money
from ortaq.core.identifiers import validate_bin
from ortaq.documents.text import printable
from ortaq.exchange.models.received import Kind

from .transport import Transport, Trouble

LIMIT = 200  # the service gives no more at once
# Trade method "state social order"; known from other people's programs only (interop.md 7.5).
SOCIAL_ORDER = 52
LONGEST_TEXT = 5000

LOTS = (
    "query($limit: Int, $after: Int) { Lots(limit: $limit, after: $after, "
    f"filter: {{refTradeMethodsId: [{SOCIAL_ORDER}]}}) "
    "{ id lotNumber nameKz nameRu amount customerBin trdBuyNumberAnno TrdBuy { publishDate } } }"
)
CONTRACTS = (
    "query($limit: Int, $after: Int) { Contract(limit: $limit, after: $after, "
    f"filter: {{faktTradeMethodsId: [{SOCIAL_ORDER}]}}) "
    "{ id contractNumberSys contractNumber descriptionKz descriptionRu contractSum finYear signDate "
    "customerBin supplierBiin trdBuyNumberAnno } }"
)
QUERIES = {Kind.LOT: ("Lots", LOTS), Kind.CONTRACT: ("Contract", CONTRACTS)}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: fields as in `models.Received`."""

    external: int
    raw_sha256: str
    source: str
    number: str = ""
    title_kk: str = ""
    title_ru: str = ""
    customer_bin: str = ""
    supplier_bin: str = ""
    sum_tiyn: int | None = None
    year: int | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, where to go on, and whether there is more. `left_out`: rows about private persons."""

    rows: Sequence[Row]
    after: int
    more: bool
    left_out: int = 0


class Client:
    """Reads pages by way of a transport. Every method raises `Trouble` and never anything else of the network."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def page(self, kind: str, after: int) -> Page:
        """The rows of a kind that follow number `after` (0: from the beginning), at most `LIMIT`."""
        found = self._unfair(after) if kind == Kind.UNFAIR else self._graph(Kind(kind), after)
        if found.more and found.after <= after:
            raise Trouble("odd", f"{kind}: the list does not move on")
        return found

    def _graph(self, kind: Kind, after: int) -> Page:
        name, query = QUERIES[kind]
        variables = {"limit": LIMIT} | ({"after": after} if after else {})
        body = json.dumps({"query": query, "variables": variables}).encode()
        answer = self._ask("/graphql", body)
        if answer.get("errors"):
            raise Trouble("odd", f"{name}: {str(answer['errors'])[:120]}")
        data = answer.get("data")
        items = _rows(data.get(name) if isinstance(data, dict) else None, name)
        extensions = answer.get("extensions")
        info = extensions.get("pageInfo") if isinstance(extensions, dict) else None
        if not isinstance(info, dict) or not isinstance(info.get("hasNextPage"), bool):
            raise Trouble("odd", f"{name}: no pageInfo")
        read = _lot if kind is Kind.LOT else _contract
        source = f"{self.transport.name}/v3/graphql {name}"
        rows = [read(one, source) for one in items]
        last = info.get("lastId") if rows else after
        return Page(rows, _whole(last, "lastId"), info["hasNextPage"] and bool(rows))

    def _unfair(self, after: int) -> Page:
        path = f"/rnu?limit={LIMIT}"
        if after:
            path += f"&page=next&search_after={after}"
        answer = self._ask(path, None)
        items = _rows(answer.get("items"), "rnu")
        source = f"{self.transport.name}/v3/rnu"
        rows = [row for one in items if (row := _listed(one, source))]
        following = str(answer.get("next_page") or "")
        place = re.search(r"[?&]search_after=([0-9]{1,18})(?:&|$)", following)
        if following and place is None:
            raise Trouble("odd", "rnu: next_page")
        return Page(
            rows,
            int(place[1]) if place else after,
            more=place is not None and bool(items),
            left_out=len(items) - len(rows),
        )

    def _ask(self, path: str, body: bytes | None) -> dict[str, Any]:
        status, text = self.transport.send(path, body)
        if status in (401, 403):
            raise Trouble("refused", f"HTTP {status}")
        if status != 200:
            raise Trouble("down" if status >= 500 or status == 429 else "odd", f"HTTP {status}")
        try:
            # Sums are numbers with a point: read as they are written.
            answer = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise Trouble("odd", f"{path.partition('?')[0]}: no JSON") from error
        if not isinstance(answer, dict):
            raise Trouble("odd", f"{path.partition('?')[0]}: no object")
        return answer


# --- Rows -----------------------------------------------------------------------------------------


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _rows(items: Any, name: str) -> list[Mapping[str, Any]]:
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise Trouble("odd", f"{name}: no rows")
    if len(items) > LIMIT:
        raise Trouble("odd", f"{name}: more rows than were asked for")
    return items


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**62:
        raise Trouble("odd", name)
    return value


def _sha256(row: Mapping[str, Any]) -> str:
    text = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _text(value: Any, most: int = LONGEST_TEXT) -> str:
    return printable(value).strip()[:most] if isinstance(value, str) else ""


def _bin(value: Any) -> str:
    """The BIN of a legal person; "" for an IIN and for whatever else."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    try:
        validate_bin(text)
    except ValidationError:
        return ""
    return text


def _sum(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    tiyn = Decimal(value) * money.TIYN
    if not 0 <= tiyn <= money.MAX_TIYN or tiyn != tiyn.to_integral_value():
        return None
    return int(tiyn)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _year(value: Any) -> int | None:
    known = isinstance(value, int) and not isinstance(value, bool) and 1991 <= value <= 2100
    return value if known else None


def _lot(row: Mapping[str, Any], source: str) -> Row:
    announced = row.get("TrdBuy")
    on = _day(announced.get("publishDate")) if isinstance(announced, dict) else None
    return Row(
        _whole(row.get("id"), "Lots.id"),
        _sha256(row),
        source,
        number=_text(row.get("lotNumber") or row.get("trdBuyNumberAnno"), 100),
        title_kk=_text(row.get("nameKz")),
        title_ru=_text(row.get("nameRu")),
        customer_bin=_bin(row.get("customerBin")),
        sum_tiyn=_sum(row.get("amount")),
        year=on.year if on else None,
        on=on,
    )


def _contract(row: Mapping[str, Any], source: str) -> Row:
    return Row(
        _whole(row.get("id"), "Contract.id"),
        _sha256(row),
        source,
        number=_text(row.get("contractNumberSys") or row.get("contractNumber"), 100),
        title_kk=_text(row.get("descriptionKz")),
        title_ru=_text(row.get("descriptionRu")),
        customer_bin=_bin(row.get("customerBin")),
        supplier_bin=_bin(row.get("supplierBiin")),
        sum_tiyn=_sum(row.get("contractSum")),
        year=_year(row.get("finYear")),
        on=_day(row.get("signDate")),
    )


def _listed(row: Mapping[str, Any], source: str) -> Row | None:
    """An unfair supplier; None for a private person, of whom nothing is kept."""
    bin_ = _bin(row.get("supplier_biin"))
    number = _whole(row.get("pid"), "rnu.pid")
    if not bin_:
        return None
    return Row(
        number,
        _sha256(row),
        source,
        title_kk=_text(row.get("supplier_name_kz")),
        title_ru=_text(row.get("supplier_name_ru")),
        supplier_bin=bin_,
        on=_day(row.get("index_date")),
    )
