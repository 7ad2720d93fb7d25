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
    """One CMS, as NCALayer gave it (`cms`) or as a chosen file; `cleaned_data["der"]` are its bytes."""

    cms = forms.CharField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("Signature file (CMS)"),
        required=False,
        help_text=_("The signature file (.cms, .p7s, .sig), not the document itself; up to 1 MB."),
        widget=forms.FileInput(attrs={"accept": ".cms,.p7s,.p7m,.sig,.pem,.txt"}),
    )

    def clean_file(self) -> bytes:
        found = self.cleaned_data["file"]
        if found is None:
            return b""
        if found.size > MOST:
            raise ValidationError(
                _(
                    "This file has %(size)s: too much for a signature. Choose the signature file, not the document."
                )
                % {"size": filesizeformat(found.size)}
            )
        return bytes(found.read())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        given = data["file"] or data["cms"].encode()
        if not given:
            raise ValidationError(_("There is no signature yet: sign, or choose a signature file."))
        try:
            data["der"] = der(given)
        except Unreadable:
            raise ValidationError(
                _(
                    "This is no signature file. A signature (CMS) is wanted, as the program of your key makes it."
                )
            ) from None
        return data
