"""What is typed into a subscription."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import regions
from ortaq.core.kazakh import sort_key
from ortaq.gazette.models import Publication
from ortaq.law.fields import fields_by_name
from ortaq.people.models import AddressField, Language
from ortaq.subscriptions.filters import Filters, NotUnderstood, no_page
from ortaq.subscriptions.models import Subscription


def _fields() -> list[tuple[str, str]]:
    language = get_language() or "kk"
    told = [(key, law.field(key).text.say(language)) for key in fields_by_name().values()]
    return [("", str(_("every field"))), *sorted(told, key=lambda pair: sort_key(pair[1]))]


def _regions() -> list[tuple[str, str]]:
    return [("", str(_("the whole country"))), *regions.choices()]


def _kinds() -> list[tuple[str, str]]:
    return [(kind, str(capfirst(label))) for kind, label in Publication.Kind.choices]


class SubscriptionForm(forms.Form):
    """What is followed, how often, and where letters go."""

    kind = forms.MultipleChoiceField(
        label=_("What it is about"),
        help_text=_("Leave all open to hear of everything."),
        choices=_kinds,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field = forms.ChoiceField(label=_("Field"), choices=_fields, required=False)
    region = forms.ChoiceField(label=_("Region"), choices=_regions, required=False)
    ngo = forms.CharField(
        label=_("BIN of an NGO"),
        help_text=_("Only what concerns this NGO."),
        max_length=12,
        required=False,
    )
    body = forms.CharField(
        label=_("BIN of a state body"),
        help_text=_("Only what this body publishes."),
        max_length=12,
        required=False,
    )
    # The key of a page: only a link from that page brings it.
    page = forms.CharField(max_length=80, required=False, widget=forms.HiddenInput)
    frequency = forms.ChoiceField(
        label=_("How often"),
        choices=Subscription.Frequency.choices,
        initial=Subscription.Frequency.DAILY,
        widget=forms.RadioSelect,
    )
    address = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={
            "required": _("Write the address to which letters go."),
            "invalid": _("Write an e-mail address such as name@example.kz."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    # A field that no person sees and only a program fills in.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))  # fmt: skip

    def clean_address(self) -> str:
        return str(AddressField().to_python(self.cleaned_data["address"]))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if self.errors:
            return told
        try:
            self.filters = Filters.read(told)
        except NotUnderstood as wrong:
            raise ValidationError(wrong.sentences) from wrong
        if not self.filters.is_there():
            raise ValidationError(no_page(self.filters.page))
        return told

    @property
    def is_trap_sprung(self) -> bool:
        return bool(self.data.get("website"))


class ManageForm(forms.Form):
    """How often letters of one subscription come."""

    frequency = forms.ChoiceField(choices=Subscription.Frequency.choices)


class LanguageForm(forms.Form):
    """The language of letters."""

    language = forms.ChoiceField(choices=Language.choices)
