"""The form of a new token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .models import Token

DAYS = (30, 90, 180, 365)
CHOSEN = {scope.value: scope.label for scope in Token.Scope if scope != Token.Scope.READ}


def _lengths() -> list[tuple[int, str]]:
    return [
        (days, ngettext("%(days)s day", "%(days)s days", days) % {"days": days}) for days in DAYS
    ]


class TokenForm(forms.Form):
    """What a token is for, what it may do beside reading, and how long."""

    name = forms.CharField(
        label=_("What the token is for"),
        max_length=100,
        help_text=_("For example the program that uses it: whoever sees the list knows what stops when it is revoked."),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=_("What it may do beside reading"),
        required=False,
        choices=list(CHOSEN.items()),
        widget=forms.CheckboxSelectMultiple(),
    )
    days = forms.TypedChoiceField(
        label=_("How long it is in force"),
        coerce=int,
        initial=90,
        choices=_lengths,
    )
    once = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["once"].error_messages["required"] = _("Reload the page and try again.")
