"""Every file that a row names is there as it came in; what belongs to nothing is told as a remark."""

from __future__ import annotations

import hashlib

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models

from ortaq.core import files
from ortaq.core.keys import key_of
from ortaq.core.models import StoredFile

from .told import FILES, PIECE, Fault, Faults, pieces


def stored(*, quick: bool = False) -> Faults:
    """Files that are not there, or not what they were when they came in; `quick` looks at names and sizes only."""
    for some in pieces(StoredFile.objects.only("pk", "sha256", "size"), quick=quick):
        for row in some:
            why = content_fault(files.path_of(row.sha256), row.size, "" if quick else row.sha256)
            if why:
                yield Fault(key_of(row), why, FILES)


def content_fault(path: str, size: int | None, digest: str) -> str:
    """What is wrong with the content at `path` in the store; "" where nothing is. Without `digest` only its size is asked."""
    try:
        there = default_storage.size(path)
        if size is not None and there != size:
            return f"its content has {there} bytes instead of {size}"
        if digest and _hash(path) != digest:
            return "its content was changed: the SHA-256 is another one"
    except FileNotFoundError:
        return "its content is not in the store"
    except OSError as error:
        return f"its content cannot be read ({error.strerror or type(error).__name__})"
    return ""


def _hash(path: str) -> str:
    with default_storage.open(path, "rb") as stream:
        found = hashlib.sha256()
        while some := stream.read(files.CHUNK):
            found.update(some)
    return found.hexdigest()


def orphans(*, quick: bool = False) -> Faults:
    """What lies in the store and belongs to no row, and rows that nothing refers to: remarks, no faults.

    Such a content is left where somebody's upload was cut off before its row was written.
    """
    if quick:
        return
    for folder in _folders(""):
        if len(folder) != 2:
            continue  # rooms look after folders of their own
        for inner in _folders(folder):
            names = default_storage.listdir(f"{folder}/{inner}")[1]
            for start in range(0, len(names), PIECE):
                some = names[start : start + PIECE]
                known = StoredFile.objects.filter(sha256__in=some).values_list("sha256", flat=True)
                for name in sorted(set(some) - set(known)):
                    yield Fault(
                        f"files/{folder}/{inner}/{name}",
                        "it belongs to no row",
                        "An upload was cut off, or a draft was discarded; it may be deleted after a day.",
                        remark=True,
                    )
    columns = _references()
    for rows in pieces(StoredFile.objects.only("pk")):
        pks = {row.pk for row in rows}
        for model, name in columns:
            used = model._default_manager.filter(**{f"{name}__in": pks})
            pks -= set(used.values_list(name, flat=True))
        for pk in sorted(pks):
            yield Fault(
                f"core.storedfile:{pk}",
                "nothing refers to it",
                "It was taken out of a draft, or its upload was cut off.",
                remark=True,
            )


def _references() -> list[tuple[type[models.Model], str]]:
    """Every column of the house that names a stored file."""
    found: list[tuple[type[models.Model], str]] = []
    for model in apps.get_models(include_auto_created=True):
        found += [
            (model, column.name)
            for column in model._meta.concrete_fields
            if column.related_model is StoredFile
        ]
    return found


def _folders(path: str) -> list[str]:
    try:
        return sorted(default_storage.listdir(path)[0])
    except (FileNotFoundError, NotImplementedError):
        return []
