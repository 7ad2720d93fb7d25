"""What is typed about an annual return."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.faces.widgets import DateInput
from ortaq.people.models import Organisation
from ortaq.registry.models import AnnualReturn

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
