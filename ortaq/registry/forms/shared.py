"""What the forms of several nouns share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core.identifiers import validate_bin
from ortaq.people.models import Organisation

DIRECTIONS = "grants_2019_guide"


def direction_choices() -> list[tuple[str, str]]:
    """The directions of grants in the reader's language."""
    language = get_language() or "kk"
    return [(field.key, field.text.say(language)) for field in law.fields_of(DIRECTIONS)]


def with_empty(choices: list[tuple[str, str]], text: Any) -> list[tuple[str, Any]]:
    return [("", text), *choices]


class OrganisationByBin(forms.CharField):
    """An organisation, named by its BIN: an official knows it, and no list of all is shown."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(max_length=12, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        validate_bin(text)
        found = Organisation.objects.filter(bin=text).first()
        if found is None:
            raise ValidationError(
                _(
                    "No organisation with this BIN is registered here. Check the digits, or ask "
                    "the organisation to register."
                ),
                code="unknown",
            )
        return found


class ReasonForm(forms.Form):
    """Why something was decided."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
