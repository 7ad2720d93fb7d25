"""What is typed into the standing watch."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.registry.procedure.standing_flag import FLAG


class FlagDecisionForm(forms.Form):
    """What was done about a flagged thing, and why."""

    step = forms.ChoiceField(
        label=_("What was done"),
        choices=[(name, step.title) for name, step in FLAG.steps.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what was done.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("What was looked at and, where it was refused or ended, the number and day of the document."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("State the reason: whoever is concerned will read it.")},
    )  # fmt: skip
