"""What people type about themselves and their organisations."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm
from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, regions
from ortaq.faces.widgets import DateInput

from .models import Language, Organisation, Role, Standing, User


class SignUpForm(SignupForm):  # type: ignore[misc]  # allauth has no types
    surname = forms.CharField(label=_("Surname"), max_length=80)
    given_name = forms.CharField(label=_("Given name"), max_length=80)
    patronymic = forms.CharField(
        label=_("Patronymic, if you have one"), max_length=80, required=False
    )
    field_order = ("surname", "given_name", "patronymic", "email", "password1", "password2")


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("surname", "given_name", "patronymic", "iin", "phone", "language")
        labels = {"language": _("Language of pages and letters")}
        help_texts = {
            "iin": _(
                "Needed of experts and commission members, to detect conflicts of interest, and of whoever signs electronically."
            ),
        }

    def clean_iin(self) -> str | None:
        # Empty stays NULL: the column is unique, and many people leave it out.
        return self.cleaned_data["iin"] or None

    def save(self, commit: bool = True) -> Any:
        if "iin" in self.changed_data:  # the certificate was joined to another number
            self.instance.iin_confirmed_at = None
        return super().save(commit)


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """An organisation in both languages; its BIN is asked once, when it is registered."""

    class Meta:
        model = Organisation
        fields = (
            "bin",
            "name_kk",
            "name_ru",
            "legal_form",
            "region_code",
            "address_kk",
            "address_ru",
            "email",
            "phone",
            "registered_on",
            "charter_goals",
        )
        widgets = {
            "bin": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            "registered_on": DateInput(),
            "charter_goals": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {
            "bin": _("12 digits, as in the certificate of state registration."),
            "charter_goals": _(
                "Applications are compared with it: their topic must match the charter."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"] = forms.ChoiceField(
            label=_("Region"), choices=[("", "—"), *regions.choices()], required=False
        )
        if self.instance.pk:
            del self.fields["bin"]


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.OFFICER)
    language = forms.ChoiceField(label=_("Language of the letter"), choices=Language.choices)


class StandingForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Standing
        fields = ("kind", "since", "evidence", "source")
        widgets = {"since": DateInput(), "evidence": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "evidence": _("What was found: number and date of the act, or the extract."),
            "source": _("Where it was found: court, tax authority, register and its address."),
        }


class StandingEndForm(forms.Form):
    until = forms.DateField(label=_("No longer since"), widget=DateInput(), initial=clock.today)
    reason = forms.CharField(
        label=_("Evidence that it ended"), widget=forms.Textarea(attrs={"rows": 3})
    )


class ActForForm(forms.Form):
    """The choice of a hat: the number of one of one's organisations, or 0 for oneself."""

    organisation = forms.IntegerField(min_value=0)
    next = forms.CharField(required=False)
