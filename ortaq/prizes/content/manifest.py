"""What is hashed and kept with the receipt: the application as it was when it arrived."""

from __future__ import annotations

from typing import Any

from ortaq.documents.writing import paths

from .whole import Whole

FORMAT = "ortaq.prize-application/1"


def manifest(whole: Whole) -> dict[str, Any]:
    """The canonical content: who applies in which direction, every answer, every file with its hash."""
    application, organisation = whole.application, whole.application.organisation
    return {
        "format": FORMAT,
        "application": application.pk,
        "round": {"year": application.round.year, "edition": application.round.edition},
        "direction": application.direction.field,
        "applicant": {
            "bin": organisation.bin,
            "name_kk": organisation.name_kk,
            "name_ru": organisation.name_ru,
        },
        "language": application.language,
        "sections": paths.nest(paths.flatten(whole.data)),
        "files": files(whole),
    }


def files(whole: Whole) -> list[dict[str, Any]]:
    """The files as the receipt lists them."""
    return [
        {
            "kind": one.kind,
            "row": one.row,
            "name": one.file.name,
            "size": one.file.size,
            "sha256": one.file.sha256,
        }
        for one in whole.files
    ]
