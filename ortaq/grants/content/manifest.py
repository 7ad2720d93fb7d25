"""What is hashed and kept with the receipt: the application as it was when it arrived."""

from __future__ import annotations

from typing import Any

from ortaq.documents.writing import paths

from .estimate import estimate_of
from .parts import BUDGET
from .whole import Whole, Written

FORMAT = "ortaq.application/1"


def manifest(whole: Whole) -> dict[str, Any]:
    """The canonical content: who applies for what, every form, every file with its hash."""
    application, organisation = whole.application, whole.application.organisation
    topic = application.lot.topic
    return {
        "format": FORMAT,
        "competition": {
            "key": application.competition_id,
            "edition": application.competition.edition,
        },
        "topic": {"number": topic.number, "title_kk": topic.title_kk, "title_ru": topic.title_ru},
        "applicant": {
            "bin": organisation.bin,
            "name_kk": organisation.name_kk,
            "name_ru": organisation.name_ru,
        },
        "language": application.language,
        "title": application.title,
        "starts_on": application.starts_on,
        "ends_on": application.ends_on,
        "parts": [
            {"form": one.part.form_id, "year": one.part.year, "sections": settled(one)}
            for one in whole.written
        ],
        "files": files(whole),
    }


def files(whole: Whole) -> list[dict[str, Any]]:
    """The files as the receipt lists them."""
    return [
        {
            "kind": one.kind,
            "about": one.about,
            "name": one.file.name,
            "size": one.file.size,
            "sha256": one.file.sha256,
        }
        for one in whole.attachments
    ]


def settled(written: Written) -> dict[str, Any]:
    """The sections of a form as submitted: no empty rows, and the grant money of each budget
    line written out where it had been left to be what the other sources leave.
    """
    data = paths.nest(paths.flatten(written.data))
    if written.part.key == BUDGET:
        lines = estimate_of(written.form, data).lines
        grants = {line.id: line.sums.grant for line in lines}
        for row in (data.get("budget") or {}).get("lines") or []:
            row["grant"] = grants.get(row["id"], row.get("grant"))
    return data
