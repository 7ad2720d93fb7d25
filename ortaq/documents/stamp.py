"""By what a paper is told from another: its number and day, the edition of its form, the hash of its values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.functional import Promise

from ortaq.core.canonical import sha256
from ortaq.law.text import Text

from . import forms
from .paper import Linked
from .showing import day

EDITION = Text("{id} нысаны, {edition} жылғы редакция", "форма {id}, редакция {edition} года", "form {id}, edition {edition}")  # fmt: skip
OF = Text("{day} № {number}", "№ {number} от {day}", "No. {number} of {day}")
NUMBER = Text("№ {number}", "№ {number}", "No. {number}")
BETWEEN = " · "


def hash_of(form: forms.Form, values: Mapping[str, Any]) -> str:
    """SHA-256 (64 hexadecimal digits) of the canonical `values` of a form in its edition. The language
    of the paper does not count, so both languages of the same values have the same hash.
    """
    return sha256({"form": form.id, "edition": form.edition, "values": _plain(values)})


def head(number: str, on: date | None, language: str) -> str:
    """The number and the day above a paper, "" when it has neither."""
    if number and on:
        return OF.fill(number=number, day=day(on)).say(language)
    if number:
        return NUMBER.fill(number=number).say(language)
    return day(on) if on else ""


def foot(form: forms.Form, values: Mapping[str, Any], language: str, note: str = "") -> str:
    """What stands at the foot of every page: `note`, the edition of the form and, once it is filled, the hash."""
    edition = EDITION.fill(id=form.id, edition=form.edition).say(language)
    note = BETWEEN.join(part for part in (note, edition) if part)
    return foot_of(note, hash_of(form, values) if any(values.values()) else "")


def foot_of(note: str, digest: str) -> str:
    """The same for a paper whose content its room has hashed already: a protocol, an application as received."""
    return BETWEEN.join(part for part in (note, digest and f"SHA-256 {digest}") if part)


def _plain(value: Any) -> Any:
    """`value` with lazy texts and numbers of rows as JSON knows them; of a text with links its words, since where a link leads is the
    paper's affair and not the form's.
    """
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Linked):
        return value.text
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
