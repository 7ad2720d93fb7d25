"""Forms of the outcome: the protocol's number, its scan."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.core.files import SCANS, store
from ortaq.core.models import StoredFile
from ortaq.people.models import User


class ProtocolForm(forms.Form):
    number = forms.CharField(label=_("Number of the protocol"), max_length=40)


class ScanForm(forms.Form):
    scan = forms.FileField(
        label=_("Scan of the signed protocol"), help_text=_("PDF, PNG or JPG, up to 20 MB.")
    )

    def stored(self, person: User | None) -> StoredFile:
        """Keep the file; `ValidationError` for what is no scan."""
        upload = self.cleaned_data["scan"]
        return store(upload, name=upload.name, person=person, allowed=SCANS)
