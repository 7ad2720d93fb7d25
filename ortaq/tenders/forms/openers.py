"""Forms of those who open the bids."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.people.models import User
from ortaq.tenders import shares
from ortaq.tenders.queries.openers import keyholder


class NameForm(forms.Form):
    """A person to be named, by the address with which they sign in."""

    email = forms.EmailField(
        label=_("E-mail of the person"),
        help_text=_(
            "With which they sign in here. They must have drawn their code before, on the page “My opening key”."
        ),
    )

    def clean_email(self) -> User:
        """The person; one answer for whoever is unknown and whoever has no key."""
        found = keyholder(self.cleaned_data["email"])
        if found is None:
            raise ValidationError(
                _("Nobody with an opening key signs in with this address."), code="unknown"
            )
        return found


class CodeForm(forms.Form):
    """A code as it stands on somebody's paper."""

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("25 letters and digits, as on your paper; groups and capitals do not matter."),
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code-typed",
            }
        ),
    )

    def clean_code(self) -> str:
        code = shares.read_code(self.cleaned_data["code"])
        if not code:
            raise ValidationError(
                _("A code has 25 letters and digits. Compare it with your paper sign by sign."),
                code="shape",
            )
        return code
