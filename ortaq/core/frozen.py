"""Rows that stay: what was declared, sent or signed is evidence, and evidence is not edited."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models


class Frozen(Exception):
    """Somebody tried to change or delete what stays as it was: a mistake of the program, never of a person."""


class Kept(models.Model):
    """A row that is never deleted."""

    class Meta:
        abstract = True

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise Frozen(f"{self._meta.label} is never deleted.")


class WrittenOnce(Kept):
    """A row that is never changed and never deleted."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Frozen(f"{self._meta.label} is never changed.")
        super().save(*args, **kwargs)
