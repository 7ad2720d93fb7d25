"""What is typed into the reading in of tables."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.registry.importing import kinds


class TableForm(forms.Form):
    """A table of the state, and what it is."""

    kind = forms.ChoiceField(
        label=_("What the table holds"),
        choices=kinds.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the table holds.")},
    )
    table = forms.FileField(
        label=_("Table (xlsx or csv)"),
        help_text=_(
            "Columns in any order, with headings in Kazakh or Russian; at most 50 000 rows. What would change is "
            "shown before anything is taken, and a table is taken as a whole or not at all."
        ),
        error_messages={"required": _("Choose the table.")},
    )
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
