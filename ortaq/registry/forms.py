"""What is typed into the registers."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, money, regions, terms
from ortaq.core.identifiers import validate_bin
from ortaq.core.models import CalendarDay, IndexValue
from ortaq.faces.widgets import DateInput
from ortaq.people.models import Organisation, User

from .models import Affiliation, AnnualReturn, Expert
from .queries import years_kept

DIRECTIONS = "grants_2019_guide"
SLIP = 3  # times larger or smaller


def direction_choices() -> list[tuple[str, str]]:
    """The directions of grants in the reader's language."""
    language = get_language() or "kk"
    return [(field.key, field.text.say(language)) for field in law.fields_of(DIRECTIONS)]


def with_empty(choices: list[tuple[str, str]], text: Any) -> list[tuple[str, Any]]:
    return [("", text), *choices]


class OrganisationByBin(forms.CharField):
    """An organisation, named by its BIN: an official knows it, and no list of all is shown."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(max_length=12, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        validate_bin(text)
        found = Organisation.objects.filter(bin=text).first()
        if found is None:
            raise ValidationError(
                _(
                    "No organisation with this BIN is registered here. Check the digits, or ask "
                    "the organisation to register."
                ),
                code="unknown",
            )
        return found


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


class TieForm(forms.ModelForm):  # type: ignore[type-arg]
    """A tie of a person to an organisation; who declares their own needs no document."""

    organisation = OrganisationByBin(label=_("BIN of the organisation"))

    class Meta:
        model = Affiliation
        fields = ("organisation", "kind", "since", "until", "source")
        widgets = {"since": DateInput(), "until": DateInput()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The tie cannot end before it begins."))
        return cleaned


class TieEndForm(forms.Form):
    """The first day on which a tie no longer holds."""

    until = forms.DateField(label=_("No longer since"), widget=DateInput())

    def __init__(self, tie: Affiliation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tie = tie

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if self.tie.since and until < self.tie.since:
            raise ValidationError(_("The tie cannot end before it begins."), code="order")
        return until


class ReturnForm(forms.ModelForm):  # type: ignore[type-arg]
    """A return as the NGO database shows it."""

    organisation = OrganisationByBin(label=_("BIN of the NGO"))

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
            and AnnualReturn.objects.filter(organisation=organisation, year=year).exists()
        ):
            self.add_error(
                "year", _("The return of this organisation on that year is recorded already.")
            )
        return cleaned


def _kept_then(day: date) -> date:
    """`day`, if the tables of the law are kept for it."""
    years = years_kept()
    if day.year not in years:
        raise ValidationError(
            _("Dates from %(first)s to %(last)s are kept here. Check the year."),
            code="year",
            params={"first": years[0], "last": years[-1]},
        )
    return day


class DayForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a day is, and the act that makes it so."""

    class Meta:
        model = CalendarDay
        fields = ("day", "kind", "source_act")
        widgets = {"day": DateInput()}

    def clean_day(self) -> date:
        return _kept_then(self.cleaned_data["day"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day, kind = cleaned.get("day"), cleaned.get("kind")
        if day and kind:
            known = terms.working_calendar().row(day)
            if kind == (known.kind.value if known else CalendarDay.Kind.ORDINARY):
                self.add_error("kind", _("The calendar says this of the day already."))
        return cleaned


class IndexForm(forms.ModelForm):  # type: ignore[type-arg]
    """The value of the index from a day on, and the act that sets it."""

    class Meta:
        model = IndexValue
        fields = ("valid_from", "amount_tiyn", "source_act")
        widgets = {"valid_from": DateInput()}

    def clean_valid_from(self) -> date:
        return _kept_then(self.cleaned_data["valid_from"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, amount = cleaned.get("valid_from"), cleaned.get("amount_tiyn")
        if since is None or amount is None:
            return cleaned
        before = law.mci_on(since, terms.index_values())
        if (before.valid_from, before.amount_tiyn) == (since, amount):
            self.add_error("amount_tiyn", _("The table says this already."))
        # The index grows by some per cent a year: what is far off has a digit too few or too many.
        elif before.amount_tiyn and not amount < before.amount_tiyn * SLIP < amount * SLIP**2:
            message = _(
                "The value before it is %(before)s: this one has a digit too few or too many."
            )
            shown = money.show(before.amount_tiyn)
            self.add_error("amount_tiyn", ValidationError(message, "slip", {"before": shown}))
        return cleaned


class ReasonForm(forms.Form):
    """Why something was decided."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
