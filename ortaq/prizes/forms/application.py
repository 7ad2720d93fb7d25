"""Forms around applications: begin, attach, register paper, refuse."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core import clock
from ortaq.core.identifiers import validate_account, validate_bin
from ortaq.faces import say
from ortaq.faces.widgets import InstantInput, ManyFilesField
from ortaq.law.text import Text
from ortaq.people.models import Organisation
from ortaq.prizes.content.parts import papers_asked
from ortaq.prizes.models import Application, Attachment, Direction, Round

from .round import name_of

LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский")]
MOST_SHEETS = 10_000
# May stay empty, yet is not "(optional)": see the component `field`.
NEEDED_LATER = {"data-needed": "later"}


class DirectionForm(forms.Form):
    """The direction of the application and its language."""

    direction = forms.ModelChoiceField(
        label=_("Direction"),
        queryset=Direction.objects.none(),
        empty_label=_("choose one"),
        help_text=_("One NGO is nominated in one direction a year."),
    )
    language = forms.ChoiceField(label=_("Language of the application"), choices=LANGUAGES)

    def __init__(self, *args: Any, found: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["direction"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = found.directions.all()
        field.label_from_instance = name_of  # type: ignore[assignment, method-assign]


class StartForm(DirectionForm):
    """A new application, or a copy of an earlier one."""

    source = forms.ModelChoiceField(
        label=_("Copy from an earlier application"),
        help_text=_("Everything that stands in it is copied; you change what is different."),
        queryset=Application.objects.none(),
        required=False,
        empty_label=_("begin with an empty one"),
    )
    once = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, earlier: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = uuid.uuid4()
        source = self.fields["source"]
        assert isinstance(source, forms.ModelChoiceField)
        source.queryset = earlier
        source.label_from_instance = _application  # type: ignore[assignment, method-assign]
        if not earlier:
            del self.fields["source"]


def _application(one: Application) -> str:
    return f"{one.number or one.pk} · {say.text(one.direction.label)}"


class FileForm(forms.Form):
    """One file of an application."""

    kind = forms.ChoiceField(choices=Attachment.Kind.choices, widget=forms.HiddenInput())
    row = forms.RegexField(r"\A~?[a-z0-9_~-]{0,39}\Z", required=False, widget=forms.HiddenInput())
    file = forms.FileField(
        label=_("File"), help_text=_("PDF, DOCX, XLSX, PNG or JPG, up to 20 MB.")
    )
    original = forms.BooleanField(
        label=_("This is the original: the bank's own electronic certificate, or a scan of the paper original that we can show"),
        required=False,
    )  # fmt: skip


class DeliveryForm(DirectionForm):
    """What the officer writes down when an application arrives on paper."""

    bin = forms.CharField(
        label=_("BIN of the applicant"),
        validators=[validate_bin],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    way = forms.ChoiceField(
        label=_("How it came"),
        choices=[(way.value, way.label) for way in (Application.Way.POST, Application.Way.HAND)],
    )
    received_at = forms.DateTimeField(
        label=_("When it reached you"),
        help_text=_("Not when it was posted: the receipt decides whether it is in time."),
        widget=InstantInput(),
    )
    carrier = forms.CharField(
        label=_("Electronic copy"),
        help_text=_("CD or USB flash drive; it stays with you."),
        max_length=200,
        required=False,
    )
    bank = forms.CharField(
        label=_("Bank or its branch, by the certificate"), max_length=300, required=False
    )
    bic = forms.CharField(label=_("Bank identification code"), max_length=11, required=False)
    iban = forms.CharField(
        label=_("Account (IIK)"), max_length=34, required=False, validators=[validate_account]
    )
    scans = ManyFilesField(
        label=_("Scans and files of the electronic copy"),
        help_text=_("PDF, DOCX, XLSX, PNG or JPG, up to 20 MB."),
        required=False,
    )
    once = forms.UUIDField(widget=forms.HiddenInput())

    field_order = ("bin", "direction", "language", "way", "received_at", "carrier")

    def __init__(self, *args: Any, found: Round, **kwargs: Any) -> None:
        super().__init__(*args, found=found, **kwargs)
        self.fields["once"].initial = uuid.uuid4()
        self.fields["received_at"].initial = clock.now()
        self.papers = papers_asked(found.rules)
        for row in self.papers:
            self.fields[f"sheets-{row['key']}"] = forms.IntegerField(
                label=_("Sheets"),
                required=False,
                min_value=0,
                max_value=MOST_SHEETS,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", **NEEDED_LATER}),
            )

    def asked(self) -> list[tuple[dict[str, str], Any]]:
        """The six kinds of papers, each with the field for its sheets."""
        return [
            (
                {**row, "text": say.text(Text(row["kk"], row["ru"], row["en"]))},
                self[f"sheets-{row['key']}"],
            )
            for row in self.papers
        ]

    def clean_bin(self) -> str:
        """The organisation must be known here: its people get the receipt."""
        number = str(self.cleaned_data["bin"])
        self.organisation = Organisation.objects.filter(bin=number).first()
        if self.organisation is None:
            raise ValidationError(
                _(
                    "No organisation with this BIN is registered here. Register it first, then the application."
                ),
                code="unknown",
            )
        return number

    def sheets(self) -> dict[str, int | None]:
        """How many sheets of each kind are there; None where the paper is missing."""
        given = self.cleaned_data
        return {row["key"]: given.get(f"sheets-{row['key']}") or None for row in self.papers}

    def account(self) -> dict[str, str]:
        """Rows 9-11 of annex 2."""
        return {name: self.cleaned_data[name] for name in ("bank", "bic", "iban")}


class RefusalForm(forms.Form):
    """Why an application is refused."""

    ground = forms.ChoiceField(
        label=pgettext_lazy("refusal", "Ground"),
        choices=[
            ("", "—"),
            *((one.value, one.label) for one in Application.Ground if one.value),
        ],
        required=False,
    )
    reason = forms.CharField(
        label=pgettext_lazy("refusal", "Reason"),
        help_text=_("The applicant reads it in its letter when the list is published."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )
