"""Blocks that are single fields: I, IV, the terms, the chain; and the forms of steps."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import money
from ortaq.core.files import SCANS, store
from ortaq.faces.widgets import DateInput
from ortaq.people.models import User
from ortaq.people.policy import RESPONSIBLE
from ortaq.people.queries import people_of
from ortaq.projects import completeness
from ortaq.projects.models import Approval, Contract

LONG = 20_000
MOST = 10**12
PERCENT = 100
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


class BlockForm(forms.Form):
    """A form of one block; `save` puts its values into the locked contract."""

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        self.contract = contract
        super().__init__(*args, **kwargs)

    def save(self, contract: Contract) -> None:
        raise NotImplementedError


class GeneralForm(BlockForm):
    """Block I: nine rows (GR-I-01)."""

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, contract=contract, initial=contract.general, **kwargs)
        for row, label in completeness.GENERAL.items():
            short = row in (*completeness.NAMES, "period")
            self.fields[row] = forms.CharField(
                label=label,
                required=False,
                max_length=LONG,
                widget=forms.Textarea({"rows": 2 if short else 4}),
            )
        self.fields["partners"].help_text = _("The number first, then each name on its own line.")
        for row in completeness.NAMES:
            self.fields[row].help_text = _(
                "With a capital letter, without quotation marks and without a full stop at the end."
            )

    def save(self, contract: Contract) -> None:
        contract.general = {row: self.cleaned_data[row] for row in completeness.GENERAL}
        contract.save(update_fields=["general"])


class EffectForm(BlockForm):
    """Block IV: six numbers (GR-I-10)."""

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, contract=contract, initial=contract.social_effect, **kwargs)
        for row, label in completeness.SOCIAL_EFFECT.items():
            self.fields[row] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=MOST
            )

    def save(self, contract: Contract) -> None:
        contract.social_effect = {row: self.cleaned_data[row] for row in completeness.SOCIAL_EFFECT}
        contract.save(update_fields=["social_effect"])


class TermsForm(BlockForm):
    """What the body that gives the money sets: names of the project, term, advance (GR-K-05)."""

    FIELDS = ("title_kk", "title_ru", "starts_on", "ends_on", "advance_tiyn")

    title_kk = forms.CharField(
        label=_("Name of the project in Kazakh"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea({"rows": 2}),
    )
    title_ru = forms.CharField(
        label=_("Name of the project in Russian"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea({"rows": 2}),
    )
    starts_on = forms.DateField(label=_("First day"), required=False, widget=DateInput())
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=DateInput())
    advance_tiyn = money.MoneyField(label=_("Advance"))

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        initial = {name: getattr(contract, name) for name in self.FIELDS}
        super().__init__(*args, contract=contract, initial=initial, **kwargs)
        percent = law.edition(contract.act, contract.edition).number("contract.advance_max")
        self.fields["advance_tiyn"].help_text = _(
            "At most %(percent)s%% of the grant: %(most)s."
        ) % {
            "percent": percent,
            "most": money.show(contract.sum_tiyn * percent // PERCENT),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        begins, ends = data.get("starts_on"), data.get("ends_on")
        for name in ("starts_on", "ends_on"):
            if data.get(name) and not EARLIEST <= data[name] <= LATEST:
                self.add_error(name, _("Check the year."))
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("The last day comes before the first one."))
        return data

    def save(self, contract: Contract) -> None:
        for name in self.FIELDS:
            setattr(contract, name, self.cleaned_data[name])
        contract.save(update_fields=[*self.FIELDS, "search"])


class ApprovalsForm(BlockForm):
    """Who agrees for the body that gives the money, place by place (GR-K-04)."""

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, contract=contract, **kwargs)
        people = {str(one.pk): one for one in people_of(contract.grantor_id, *RESPONSIBLE)}
        choices = [("", "—"), *((pk, one.full_name) for pk, one in people.items())]
        for place in contract.approvals.exclude(role=Approval.Role.GRANTEE):
            self.fields[f"place-{place.position}"] = forms.TypedChoiceField(
                label=place.get_role_display(),
                choices=choices,
                coerce=people.get,
                empty_value=None,
                required=False,
                # Whoever has left the body is offered no more, so the place stands empty.
                initial=str(place.person_id) if place.person_id else "",
            )

    def save(self, contract: Contract) -> None:
        for place in contract.approvals.exclude(role=Approval.Role.GRANTEE):
            place.person = self.cleaned_data.get(f"place-{place.position}")
            place.save(update_fields=["person"])


# --- Forms of steps ------------------------------------------------------------------------------


class RemarkForm(forms.Form):
    """Why a contract is returned or not concluded; beside agreeing it may stay empty."""

    remark = forms.CharField(
        label=_("Remark"), max_length=LONG, required=False, widget=forms.Textarea({"rows": 3})
    )


class NumberForm(forms.Form):
    """Number and date (GR-K-01)."""

    number = forms.CharField(label=_("Number of the contract"), max_length=40)
    concluded_on = forms.DateField(label=_("Date of the contract"), widget=DateInput())

    def facts(self, _person: User | None) -> dict[str, Any]:
        """What the step takes."""
        return dict(self.cleaned_data)


class SignForm(NumberForm):
    """The signed paper: number, date, scan (GR-K-01, GR-K-02)."""

    scan = forms.FileField(
        label=_("Scan of the signed contract"), help_text=_("PDF, PNG or JPG, up to 20 MB.")
    )

    def facts(self, person: User | None) -> dict[str, Any]:
        """What the step takes; `ValidationError` when the file is no scan."""
        upload = self.cleaned_data["scan"]
        return {
            **super().facts(person),
            "scan": store(upload, name=upload.name, person=person, allowed=SCANS),
        }
