"""Forms of the operator's check."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.core import files
from ortaq.core.models import StoredFile
from ortaq.grants.models import AdmissibilityCheck
from ortaq.grants.procedure.admissibility import MOST_LETTERS


class CheckForm(forms.Form):
    """One item of the check: result, reason, evidence."""

    result = forms.ChoiceField(
        label=_("Result"), choices=AdmissibilityCheck.Result.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason, if the requirement is not met"),
        help_text=_("The applicant gets it in the notice."),
        required=False,
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        help_text=_("For example the number and date of an extract."),
        required=False,
        max_length=300,
    )
    file = forms.FileField(label=_("Extract or scan"), required=False)

    def stored(self, person: Any) -> StoredFile | None:
        """The file kept, if one was given; `ValidationError` for one that is not taken."""
        upload = self.cleaned_data.get("file")
        if not upload:
            return None
        return files.store(upload, name=upload.name, person=person, allowed=files.SCANS)
