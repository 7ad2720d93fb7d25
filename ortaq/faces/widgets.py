"""Inputs that browsers know how to help with."""

from __future__ import annotations

from typing import Any

from django import forms


class DateInput(forms.DateInput):
    """A day, picked from the browser's calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        # Whatever the reader's language: the browser takes and gives ISO and shows its own way.
        super().__init__(attrs, format="%Y-%m-%d")


class InstantInput(forms.DateTimeInput):
    """A day and a time of it, in Asia/Almaty."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")
