"""How a signature arrives: from NCALayer as text, or as a file that was made elsewhere."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from .procedure import MOST

ARMOUR = re.compile(rb"-----(?:BEGIN|END) [A-Z0-9 #]+-----")
SEQUENCE = 0x30  # the first byte of every CMS


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
        except ValueError:
            raise ValidationError(
                _(
                    "This is no signature file. A signature (CMS) is wanted, as the program of your key makes it."
                )
            ) from None
        return data


def der(given: bytes) -> bytes:
    """The bytes of a CMS that came as they are, in base64 or as PEM; `ValueError` for anything else."""
    if given[:1] == bytes([SEQUENCE]) and not given.isascii():
        return given
    try:
        found = base64.b64decode(b"".join(ARMOUR.sub(b"", given).split()), validate=True)
    except binascii.Error as error:
        raise ValueError("neither DER nor base64") from error
    if found[:1] != bytes([SEQUENCE]):
        raise ValueError("not a CMS")
    return found
