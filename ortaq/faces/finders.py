"""Serves the listed files of npm packages as static files under `packages/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage

from . import packages

PREFIX = "packages"


class PackageFiles(FileSystemStorage):
    """Reads `packages.FILES` under their short names."""

    prefix = PREFIX

    def path(self, name: str) -> str:
        return str(packages.path_of(packages.FILES[name]))


class PackageFinder(BaseFinder):
    """An allow-list: a whole package would cost minutes to compress and may not even be complete."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = PackageFiles(location=settings.ORTAQ_NODE_MODULES)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file behind the static path `path`, or nothing when it is not one of ours."""
        prefix, _, name = path.partition("/")
        if prefix != PREFIX or name not in packages.FILES:
            return []
        found = self.storage.path(name)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for name in packages.FILES:
            yield name, self.storage
