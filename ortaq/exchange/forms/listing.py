"""What is typed about an unfair supplier."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.exchange.procedure.listing import LISTING


class ListingForm(forms.Form):
    """What follows from a listing, and why."""

    step = forms.ChoiceField(
        label=_("What follows"),
        choices=[(name, step.title) for name, step in LISTING.steps.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what follows.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("What was looked at: the entry there, its ground and day, the organisation's own word."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("State the reason: whoever is concerned will read it.")},
    )  # fmt: skip
