"""Databases on a PostgreSQL server, made when first asked for."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql


def database(server: str, name: str, jit: str) -> str:
    """The address of database `name` on `server`, with just-in-time compilation on or off."""
    parts = urlsplit(server)
    with psycopg.connect(server, autocommit=True) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    query = dict(parse_qsl(parts.query)) | {"options": f"-c jit={jit}"}
    return urlunsplit(parts._replace(path=f"/{name}", query=urlencode(query, quote_via=quote)))
