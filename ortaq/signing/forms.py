"""How a signature arrives: from NCALayer as text, or as a file that was made elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from .procedure import MOST
from .verify.cms import Unreadable, der


class SignatureForm(forms.Form):
    """One CMS as NCALayer gave it; `cleaned_data["der"]` are its bytes."""

    cms = forms.CharField(widget=forms.HiddenInput, max_length=2 * MOST)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                data["der"] = der(self._given())
            except Unreadable:
                raise ValidationError(
                    _(
                        "This is no signature file. A signature (CMS) is wanted, as the program of your key makes it."
                    )
                ) from None
        return data

    def _given(self) -> bytes:
        return str(self.cleaned_data["cms"]).encode()


class SignatureFileForm(SignatureForm):
    """One CMS as a chosen file."""

    cms = None  # type: ignore[assignment]  # the way of Django to drop a field
    file = forms.FileField(
        label=_("Signature file (CMS)"),
        help_text=_("The signature file (.cms, .p7s, .sig), not the document itself; up to 1 MB."),
        widget=forms.FileInput(attrs={"accept": ".cms,.p7s,.p7m,.sig,.pem,.txt"}),
    )

    def clean_file(self) -> bytes:
        found = self.cleaned_data["file"]
        if found.size > MOST:
            raise ValidationError(
                _(
                    "This file has %(size)s: too much for a signature. Choose the signature file, not the document."
                )
                % {"size": filesizeformat(found.size)}
            )
        return bytes(found.read())

    def _given(self) -> bytes:
        return bytes(self.cleaned_data["file"])


def form_for(data: Any, files: Any) -> SignatureForm:
    """The form that somebody sent, or the empty one of a file."""
    if data.get("cms"):
        return SignatureForm(data)
    return SignatureFileForm(data or None, files or None)
