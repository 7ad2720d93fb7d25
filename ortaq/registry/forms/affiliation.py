"""What is typed about a tie."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.faces.widgets import DateInput
from ortaq.registry.models import Affiliation

from .shared import OrganisationByBin


class TieForm(forms.ModelForm):  # type: ignore[type-arg]
    """A tie of a person to an organisation; who declares their own needs no document."""

    organisation = OrganisationByBin(label=_("BIN of the organisation"))

    class Meta:
        model = Affiliation
        fields = ("organisation", "kind", "since", "until", "source")
        widgets = {"since": DateInput(), "until": DateInput()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The tie cannot end before it begins."))
        return cleaned


class TieEndForm(forms.Form):
    """The first day on which a tie no longer holds."""

    until = forms.DateField(label=_("No longer since"), widget=DateInput())

    def __init__(self, tie: Affiliation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tie = tie

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if self.tie.since and until < self.tie.since:
            raise ValidationError(_("The tie cannot end before it begins."), code="order")
        return until
