"""A stand-in for the service: the published shapes, rows in memory. In process, or served over HTTP by `application`.

It answers as the service does: 401 without the token, at most 200 rows, `after` and `pageInfo`, `next_page`, 404 for an address
that it has not. `failing` are statuses that the next answers have instead of what was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "double"  # noqa: S105 - it opens nothing
MOST = 200

LOTS = [
    {
        "id": 41000001,
        "lotNumber": "71234501-МӘТ1",
        "nameKz": "Жастар саласындағы мемлекеттік әлеуметтік тапсырыс",
        "nameRu": "Государственный социальный заказ в сфере молодёжи",
        "amount": 12500000.5,
        "customerBin": "050140000120",
        "trdBuyNumberAnno": "8812345-1",
        "TrdBuy": {"publishDate": "2026-02-10 10:00:00"},
    }
]
CONTRACTS = [
    {
        "id": 51000001,
        "contractNumberSys": "050140000120/260001/00",
        "contractNumber": "17",
        "descriptionKz": "Жастар саласындағы қызметтер",
        "descriptionRu": "Услуги в сфере молодёжи",
        "contractSum": 12000000,
        "finYear": 2026,
        "signDate": "2026-03-20 16:21:00",
        "customerBin": "050140000120",
        "supplierBiin": "150140000131",
        "trdBuyNumberAnno": "8812345-1",
    }
]
UNFAIR: list[dict[str, Any]] = []


@dataclass
class Double:
    """Rows as the service would give them; the lists may be filled by whoever uses it."""

    lots: list[dict[str, Any]] = field(default_factory=lambda: list(LOTS))
    contracts: list[dict[str, Any]] = field(default_factory=lambda: list(CONTRACTS))
    unfair: list[dict[str, Any]] = field(default_factory=lambda: list(UNFAIR))
    failing: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    name: str = "double"
    most: int = MOST

    def send(self, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """The answer to one request; `path` as under `/v3`."""
        self.asked.append(path)
        if self.failing and (status := self.failing.pop(0)):
            return status, b'{"message": "failing"}'
        at = urlsplit(path)
        said = {name: values[0] for name, values in parse_qs(at.query).items()}
        if at.path == "/graphql" and body is not None:
            return 200, json.dumps(self._graph(json.loads(body))).encode()
        if at.path == "/rnu" and body is None:
            return 200, json.dumps(self._unfair(said)).encode()
        return 404, b'{"message": "Not Found"}'

    def _graph(self, asked: dict[str, Any]) -> dict[str, Any]:
        query, variables = str(asked.get("query")), asked.get("variables") or {}
        name = "Lots" if " Lots(" in query else "Contract" if " Contract(" in query else ""
        if not name:
            return {"errors": [{"message": "unknown query"}]}
        rows = self.lots if name == "Lots" else self.contracts
        after, limit = int(variables.get("after") or 0), int(variables.get("limit") or self.most)
        if limit > MOST:
            return {"errors": [{"message": "limit"}]}
        left = sorted((row for row in rows if row["id"] > after), key=lambda row: row["id"])
        some = left[: min(limit, self.most)]
        info = {
            "hasNextPage": len(left) > len(some),
            "lastId": some[-1]["id"] if some else None,
            "totalCount": len(rows),
            "limitPage": limit,
        }
        return {"data": {name: some}, "extensions": {"pageInfo": info}}

    def _unfair(self, said: dict[str, str]) -> dict[str, Any]:
        after, limit = int(said.get("search_after", 0)), min(int(said["limit"]), self.most)
        left = sorted(
            (row for row in self.unfair if row["pid"] > after), key=lambda row: row["pid"]
        )
        some = left[:limit]
        more = len(left) > len(some)
        following = f"/v3/rnu?page=next&search_after={some[-1]['pid']}" if more else ""
        return {
            "total": len(self.unfair),
            "limit": limit,
            "next_page": following,
            "items": some,
        }

    def application(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """The double as a WSGI application, with its addresses under `/v3` as the service has them."""
        if environ.get("HTTP_AUTHORIZATION") != f"Bearer {TOKEN}":
            status, answer = 401, b'{"message": "Unauthorized"}'
        else:
            path = environ["PATH_INFO"].removeprefix("/v3")
            if environ.get("QUERY_STRING"):
                path += f"?{environ['QUERY_STRING']}"
            length = int(environ.get("CONTENT_LENGTH") or 0)
            posted = environ["REQUEST_METHOD"] == "POST"
            status, answer = self.send(path, environ["wsgi.input"].read(length) if posted else None)
        start_response(
            f"{status} answer",
            [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))],
        )
        return [answer]
