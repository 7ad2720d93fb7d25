"""What is typed into an entry of the experts' register."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.core import regions
from ortaq.people.models import User
from ortaq.registry.models import Expert

from .shared import OrganisationByBin, direction_choices, with_empty


class EntryForm(forms.Form):
    """Where an expert works and lives; the directions stand in their own rows below."""

    employer = OrganisationByBin(
        label=_("BIN of the place of work"),
        required=False,
        help_text=_("Conflicts of interest are found by it."),
    )
    employer_name = forms.CharField(label=_("Place of work"), max_length=300, required=False)
    region_code = forms.ChoiceField(
        label=_("Region"), required=False, choices=lambda: with_empty(regions.choices(), "—")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (employer := cleaned.get("employer")) and not cleaned.get("employer_name"):
            cleaned["employer_name"] = employer.name_kk
        return cleaned

    @classmethod
    def of(cls, expert: Expert, data: Any = None) -> EntryForm:
        """The form as the expert's entry stands."""
        initial = {
            "employer": expert.employer.bin if expert.employer else "",
            "employer_name": expert.employer_name,
            "region_code": expert.region_code,
        }
        return cls(data, initial=initial)


class ProposalForm(EntryForm):
    """Somebody else, proposed by an NGO or by the operator."""

    email = forms.EmailField(
        label=_("E-mail of the expert"),
        help_text=_("The person gets a letter and can withdraw at any time."),
    )
    surname = forms.CharField(label=_("Surname"), max_length=80)
    given_name = forms.CharField(label=_("Given name"), max_length=80)
    patronymic = forms.CharField(label=_("Patronymic, if any"), max_length=80, required=False)
    agreed = forms.BooleanField(label=_("The person has agreed to be proposed."))
    field_order = ("email", "surname", "given_name", "patronymic", "agreed")

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if Expert.objects.filter(person__email=email).exists():
            raise ValidationError(
                _(
                    "A person with this e-mail has an entry in the register already. "
                    "One person has one entry."
                ),
                code="known",
            )
        return email

    def person(self) -> User:
        """The person of this e-mail, who is made known here if they are not yet."""
        wanted = self.cleaned_data
        found = User.objects.filter(email=wanted["email"]).first()
        return found or User.objects.create_user(
            wanted["email"],
            surname=wanted["surname"],
            given_name=wanted["given_name"],
            patronymic=wanted["patronymic"],
        )


class DirectionForm(forms.Form):
    """One direction: education, full years of work, evidence (GR-C-01)."""

    direction = forms.ChoiceField(
        label=_("Direction"), choices=lambda: with_empty(direction_choices(), "—")
    )
    education = forms.CharField(
        label=_("Education"),
        max_length=300,
        help_text=_("Institution, speciality, year, number of the diploma."),
    )
    years = forms.IntegerField(
        label=_("Full years of work in this direction"), min_value=0, max_value=70
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=300,
        required=False,
        help_text=_("For example entries of the labour book, or orders of appointment."),
    )


class BaseDirections(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows of directions; empty ones are left out, no direction stands twice."""

    def clean(self) -> None:
        if any(form.errors for form in self.forms if not form.cleaned_data.get("DELETE")):
            return
        chosen = [row["direction"] for row in self.rows()]
        if not chosen:
            raise ValidationError(_("State at least one direction."), code="none")
        if len(set(chosen)) < len(chosen):
            raise ValidationError(_("Each direction may be stated once."), code="twice")

    def rows(self) -> list[dict[str, Any]]:
        """The directions as stated."""
        return [
            {name: form.cleaned_data[name] for name in STATED}
            for form in self.forms
            if form.cleaned_data.get("direction") and not form.cleaned_data.get("DELETE")
        ]

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Leave this direction out")


STATED = ("direction", "education", "years", "evidence")
Directions = forms.formset_factory(
    DirectionForm,
    formset=BaseDirections,
    extra=2,
    max_num=15,
    absolute_max=30,  # or a thousand forms would be drawn for whoever says they sent as many
    can_delete=True,
)


def directions(expert: Expert | None = None, data: Any = None) -> BaseDirections:
    """The rows of directions, as the expert's entry has them."""
    initial = list(expert.directions.order_by("id").values(*STATED)) if expert else []
    return cast(BaseDirections, Directions(data, initial=initial, prefix="directions"))
