"""What is typed about an annual return."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.faces.widgets import DateInput
from ortaq.people.models import Organisation
from ortaq.registry import returns
from ortaq.registry.models import AnnualReturn, PaperReturn

from .shared import OrganisationByBin


class ReturnForm(forms.ModelForm):  # type: ignore[type-arg]
    """A return as the NGO database shows it."""

    organisation = OrganisationByBin(label=_("BIN of the NGO"))
    evidence = forms.CharField(label=_("number or address of the extract"), max_length=300)

    class Meta:
        model = AnnualReturn
        fields = ("organisation", "year", "sent_on", "evidence")
        widgets = {"sent_on": DateInput()}
        error_messages = {
            "__all__": {
                "unique_together": _(
                    "The return of this organisation on that year is recorded already."
                )
            }
        }

    def clean_organisation(self) -> Organisation:
        organisation: Organisation = self.cleaned_data["organisation"]
        if organisation.kind != Organisation.Kind.NGO:
            raise ValidationError(
                _("This organisation is not an NGO, so it files no return."), code="not_ngo"
            )
        return organisation

    def clean_year(self) -> int:
        year = int(self.cleaned_data["year"])
        if not 2000 <= year < clock.today().year:
            raise ValidationError(_("A return is on a past year."), code="year")
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        sent, year = cleaned.get("sent_on"), cleaned.get("year")
        if sent and sent > clock.today():
            self.add_error("sent_on", _("The return cannot have been sent on a day to come."))
        elif sent and year and sent.year <= year:
            self.add_error("sent_on", _("A return on a year is sent after that year has ended."))
        organisation = cleaned.get("organisation")
        if (
            year
            and organisation
            and AnnualReturn.objects.filter(organisation=organisation, year=year)
            .exclude(state=AnnualReturn.State.DRAFT)
            .exists()
        ):
            self.add_error(
                "year", _("The return of this organisation on that year is recorded already.")
            )
        return cleaned


class PaperForm(forms.Form):
    """A paper of the checklist."""

    file = forms.FileField(
        label=_("Add a file"),
        help_text=_("PDF, DOCX, XLSX, PNG or JPG, up to 20 MB."),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty. Choose another one."),
        },
    )


class WordForm(forms.Form):
    """The form filled in in Word."""

    file = forms.FileField(
        label=_("The form filled in in Word"),
        help_text=_("DOCX, up to 5 MB: the form that is issued here, in Kazakh or Russian."),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )


class PaperReturnForm(forms.ModelForm):  # type: ignore[type-arg]
    """How a return on paper came in."""

    organisation = OrganisationByBin(label=_("BIN of the NGO"))
    year = forms.IntegerField(label=_("Reporting year"))
    scan_file = forms.FileField(
        label=_("Scan of the paper with seal and signature"),
        required=False,
        help_text=_("PDF, PNG or JPG, up to 20 MB."),
    )

    class Meta:
        model = PaperReturn
        fields = ("posted_on", "received_on", "letter_number")
        widgets = {"posted_on": DateInput(), "received_on": DateInput()}

    field_order = ("organisation", "year", "posted_on", "received_on", "letter_number", "scan_file")

    def clean_organisation(self) -> Organisation:
        organisation: Organisation = self.cleaned_data["organisation"]
        if not returns.is_obliged(organisation):
            raise ValidationError(
                _("This organisation is not an NGO, so it files no return."), code="not_ngo"
            )
        return organisation

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        posted, received = cleaned.get("posted_on"), cleaned.get("received_on")
        today, year = clock.today(), cleaned.get("year")
        if year is not None and not 2000 <= year < today.year:
            self.add_error("year", _("A return is on a past year."))
        if received and received > today:
            self.add_error("received_on", _("The return cannot have come on a day to come."))
        if posted and received and posted > received:
            self.add_error("posted_on", _("It cannot have been posted after it came."))
        first = posted or received
        if first and year and first.year <= year:
            field = "posted_on" if posted else "received_on"
            self.add_error(field, _("A return on a year is sent after that year has ended."))
        organisation = cleaned.get("organisation")
        if organisation and year:
            row = AnnualReturn.objects.filter(organisation=organisation, year=year).first()
            if row and row.state not in (AnnualReturn.State.DRAFT, AnnualReturn.State.RETURNED):
                self.add_error(
                    "year",
                    _(
                        "A return of this organisation on that year is being checked or is approved already."
                    ),
                )
        return cleaned
