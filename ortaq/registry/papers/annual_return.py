"""The annual return on its form, with the number of its receipt and its hash (NG-028)."""

from __future__ import annotations

from typing import Any

from ortaq.core import clock
from ortaq.documents.filling import fill
from ortaq.documents.paper import Paper
from ortaq.law.text import Text
from ortaq.registry.content.parts import PAPERS, form
from ortaq.registry.models import ReturnVersion

LANGUAGES = ("kk", "ru")


def make(version: ReturnVersion, language: str) -> Paper:
    """What was sent, in the words of the form; both languages stand in it whichever is chosen for its labels."""
    content = version.content
    day = clock.day_of(version.sent_at)
    values = {
        "fields": {"year": str(content["year"]), "filled_on": day},
        "sections": sections(content, language),
        "signatures": {"head": _head(content)},
    }
    return fill(form(), values, language, number=version.receipt, on=day)


def sections(content: dict[str, Any], language: str) -> dict[str, Any]:
    """The sections as `documents.filling` takes them: choices by their words, attached papers as there."""
    found: dict[str, Any] = {}
    attached = {one["paper"] for one in content["papers"]}
    for section in form().sections:
        table = section.tables[0]
        value = content["sections"].get(section.key)
        words = {
            column.key: {one.key: one.text for one in column.choices}
            for column in table.leaves()
            if column.choices
        }
        if section.key == PAPERS:
            there = words["there"]
            marked = dict(value or {}) | {key: {"there": "yes"} for key in attached}
            found[section.key] = {
                key: {"there": _said(there, one.get("there"), language)}
                for key, one in marked.items()
            }
        elif table.shape == "rows":
            found[section.key] = [
                {
                    key: _said(words[key], cell, language) if key in words else cell
                    for key, cell in row.items()
                }
                for row in value or []
            ]
        else:
            found[section.key] = value or {}
    return found


def _said(words: dict[str, Text], key: Any, language: str) -> str:
    return words[key].say(language) if key in words else str(key or "")


def _head(content: dict[str, Any]) -> dict[str, str]:
    head = content["sections"].get("head", {})
    names = (head.get(part) for part in ("surname", "given_name", "patronymic"))
    return {
        "position": str(head.get("position_kk") or ""),
        "name": " ".join(str(name) for name in names if name),
    }
