"""A decision about what stands against an organisation: one of a procedure's steps, and why."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.core.procedure import Procedure


class DecisionForm(forms.Form):
    """Whoever inherits says of which procedure the steps are, and in which words they are asked for."""

    procedure: ClassVar[Procedure[Any]]
    asked: ClassVar[Any]
    missing: ClassVar[Any]
    looked_at: ClassVar[Any]

    step = forms.ChoiceField(widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("State the reason: whoever is concerned will read it.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step, reason = self.fields["step"], self.fields["reason"]
        assert isinstance(step, forms.ChoiceField)
        step.choices = [(name, one.title) for name, one in self.procedure.steps.items()]
        step.label, reason.help_text = self.asked, self.looked_at
        step.error_messages["required"] = self.missing
