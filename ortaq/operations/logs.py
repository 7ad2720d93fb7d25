"""The lines of the log: for machines (JSON) or for people (text), in both without anything of persons.

It is safe by what is let in, not by what is looked for. Of a message from the house the text is kept, and scrubbed; of one
from a library only its template with the numbers in it, since what libraries put into theirs are paths, names and e-mails.
Of an exception its type and the places that it went through are kept, never its words: databases and forms say in them what
somebody typed. Of the rest only the fields in `FIELDS` are written.
"""

from __future__ import annotations

import logging
import re
import traceback
from datetime import UTC, datetime
from http.client import responses
from pathlib import Path
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from .present import present

ROOT = Path(__file__).resolve().parents[2]
# What a line may carry beside its message (`extra=`), all of them numbers or words of this program.
FIELDS = ("method", "status", "ms", "queries", "database_ms", "user", "job", "work")
PLACES = 25
PHRASES = frozenset(responses.values())
OWN = ("ortaq", "__main__")

SCRUBBED = (
    (re.compile(r"[^\s@<>'\"]+@[^\s@<>'\"]+"), "<e-mail>"),
    (re.compile(r"\?[^\s'\"]*=[^\s'\"]*"), "?…"),
    (re.compile(r"(?<!\d)\+?[78][\s(-]*7\d\d[\d\s()-]{7,12}(?!\d)"), "<telephone>"),
    (re.compile(r"(?<!\d)\d{12}(?!\d)"), "<number>"),
    (re.compile(r"(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}"), "<token>"),
)
_HOLE = re.compile(r"%(\(\w+\))?[-#0 +]*\d*(\.\d+)?[a-zA-Z]")


def scrubbed(text: str) -> str:
    """`text` without e-mails, telephones, IIN and BIN, tokens and query strings."""
    for found, instead in SCRUBBED:
        text = found.sub(instead, text)
    return text


def message(record: logging.LogRecord) -> str:
    """What a record says, as far as it may be written."""
    if record.name.split(".")[0] in OWN:
        return scrubbed(record.getMessage())
    if record.name.startswith("django.security"):
        # Django hands in the finished words of the exception; the name of the logger says what it was.
        return record.name.rpartition(".")[2]
    template = str(record.msg)
    args = record.args
    if isinstance(args, dict):
        kept: Any = {name: _of_library(value) for name, value in args.items()}
    else:
        kept = tuple(_of_library(value) for value in args or ())
    try:
        # Every hole takes text now, whatever it was made for.
        text = _HOLE.sub(lambda hole: f"%{hole[1] or ''}s", template) % kept if kept else template
    except (TypeError, ValueError, KeyError):
        text = template
    return scrubbed(text)


def _of_library(value: Any) -> str:
    plain = isinstance(value, int | float) or value in PHRASES
    if isinstance(value, str) and re.fullmatch(r"[A-Z_]{1,20}", value):
        plain = True  # names of signals, methods, states
    return str(value) if plain else "…"


def places(trace: TracebackType | None) -> list[str]:
    """Where an exception went through, the innermost last: "ortaq/core/files.py:120 store"."""
    frames = traceback.extract_tb(trace)[-PLACES:]
    return [f"{short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def short(path: str) -> str:
    """A file of the house from its root; of a library from its package."""
    for start in ("site-packages/", f"{ROOT}/", "lib/python3"):
        if start in path:
            return path.rpartition(start)[2]
    return Path(path).name


def name_of(error: type[BaseException]) -> str:
    return f"{error.__module__}.{error.__qualname__}".removeprefix("builtins.")


def chain(error: BaseException | None) -> list[dict[str, Any]]:
    """An exception and those that it came from: type and places of each, no words."""
    told: list[dict[str, Any]] = []
    while error is not None and len(told) < 5:
        told.append({"type": name_of(type(error)), "places": places(error.__traceback__)})
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told


def said(record: logging.LogRecord) -> dict[str, Any]:
    """A record as it may be written, in the order in which it is written."""
    line: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": message(record),
    }
    if watched := present.get():
        line |= {"request": watched.number, "route": watched.route}
    line |= {name: vars(record)[name] for name in FIELDS if vars(record).get(name) is not None}
    if record.exc_info and (errors := chain(record.exc_info[1])):
        line["error"] = errors
    return line


class Json(JsonFormatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return self.serialize_log_record(said(record))


class Text(logging.Formatter):
    """The same for a person who reads along."""

    def format(self, record: logging.LogRecord) -> str:
        line = said(record)
        errors = line.pop("error", [])
        head = f"{line.pop('at')} {line.pop('level').upper():<7} {line.pop('logger')}: {line.pop('message')}"
        lines = [" ".join([head, *(f"{name}={value}" for name, value in line.items())])]
        for error in errors:
            lines += [f"  {error['type']}", *(f"    {place}" for place in error["places"])]
        return "\n".join(lines)
