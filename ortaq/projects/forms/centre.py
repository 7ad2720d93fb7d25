"""The form of a civic (resource) centre."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.projects.models import Centre
from ortaq.projects.queries import centre as queries

LONG = 5_000


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONG,
        widget=forms.Textarea({"rows": 3}),
    )


class CentreForm(forms.Form):
    """Five items of the information and presentation package (¶46), and the base of table 9."""

    name_kk = forms.CharField(label=_("Name in Kazakh"), required=False, max_length=500)
    name_ru = forms.CharField(label=_("Name in Russian"), required=False, max_length=500)
    activities = _text(_("List of activities"))
    working_hours = _text(_("Working hours"))
    contacts = _text(_("Contacts of the staff"), _("Work telephones and addresses only."))
    feedback = _text(_("Feedback: how complaints and proposals are taken"))
    level = forms.ChoiceField(label=_("Level by table 9"), required=False)
    premises_m2 = forms.DecimalField(
        label=_("Premises, m²"), required=False, min_value=0, max_digits=8, decimal_places=2
    )
    equipment = forms.MultipleChoiceField(
        label=_("Equipment"), required=False, widget=forms.CheckboxSelectMultiple()
    )

    def __init__(self, *args: Any, centre: Centre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(centre, name) for name in self.fields}
        language = get_language() or "kk"
        levels = [(key, text.say(language)) for key, text in queries.levels()]
        for name, choices in (
            ("level", [("", "—"), *levels]),
            ("equipment", [(key, text.say(language)) for key, text in queries.equipment()]),
        ):
            field: Any = self.fields[name]
            field.choices = choices
