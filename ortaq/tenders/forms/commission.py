"""What is typed on the pages of review and contract."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.core.files import SCANS, store
from ortaq.core.models import StoredFile
from ortaq.faces.widgets import DateInput
from ortaq.law.rubric import Rubric
from ortaq.tenders.models import Bid

from .tender import NEEDED_LATER

LONG = 2000


class ScoresForm(forms.Form):
    """One value for each criterion, its words beside the choice, and what is said to it."""

    market_days = forms.IntegerField(
        label=_("Experience on the market of the service, days"),
        help_text=_("It decides between equal conditional prices."),
        min_value=0,
        max_value=36_500,
    )

    def __init__(self, rubric: Rubric, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubric, language = rubric, (get_language() or "kk")[:2]
        for criterion in rubric.criteria:
            self.fields[criterion.key] = forms.TypedChoiceField(
                label=criterion.label.say(language),
                choices=[
                    (level.points, f"{level.points} – {level.meaning.say(language)}")
                    for level in criterion.levels
                ],
                coerce=int,
                empty_value=None,
                required=False,  # a bid that is out anyway need not be scored
                widget=forms.RadioSelect,
            )
            self.fields[f"{criterion.key}-ground"] = forms.CharField(
                label=_("Ground"),
                max_length=LONG,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def scores(self) -> dict[str, int]:
        """The points that were chosen."""
        given = {key: self.cleaned_data.get(key) for key in self.rubric.keys}
        return {key: value for key, value in given.items() if value is not None}

    def grounds(self) -> dict[str, str]:
        given = {key: self.cleaned_data.get(f"{key}-ground", "") for key in self.rubric.keys}
        return {key: value.strip() for key, value in given.items() if value.strip()}

    def pairs(self) -> list[Any]:
        """Each criterion with its field and its ground, in order."""
        return [
            (criterion, self[criterion.key], self[f"{criterion.key}-ground"])
            for criterion in self.rubric.criteria
        ]


class BidField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, row: Bid) -> str:
        return f"{row.number} · {row.organisation}"


class TieForm(forms.Form):
    """Which of equal bids, and why."""

    winner = BidField(
        label=_("Which bid wins"), queryset=Bid.objects.none(), widget=forms.RadioSelect
    )
    ground = forms.CharField(
        label=_("Ground of the decision"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, tied: Iterable[Bid], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Bid.objects.filter(pk__in=[bid.pk for bid in tied]).select_related("organisation")
        field = self.fields["winner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows.order_by("id")


# --- The contract --------------------------------------------------------------------------------------


class TermsForm(forms.Form):
    """What the customer sets: the advance and the days."""

    advance_percent = forms.IntegerField(
        label=_("Advance in per cent of the sum (up to 50)"), min_value=0, max_value=100
    )
    starts_on = forms.DateField(label=_("First day of the services"), widget=DateInput)
    ends_on = forms.DateField(label=_("Last day of the services"), widget=DateInput)


class RequisitesForm(forms.Form):
    """The supplier's own part of the contract (SO-T-104): it may be saved with gaps, not agreed to."""

    address = forms.CharField(label=_("Legal address"), max_length=300, required=False)
    bank = forms.CharField(label=_("Bank"), max_length=200, required=False)
    account = forms.CharField(label=_("Account (IIC)"), max_length=34, required=False)
    bic = forms.CharField(label=_("Bank code (BIC)"), max_length=11, required=False)
    beneficiary_code = forms.CharField(
        label=_("Beneficiary code (Kbe)"), max_length=2, required=False
    )
    signer = forms.CharField(label=_("Who signs: full name"), max_length=300, required=False)
    position = forms.CharField(label=_("Position of the signer"), max_length=200, required=False)
    basis = forms.CharField(
        label=_("Acts by: charter, or power of attorney with number and day"),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.update(NEEDED_LATER)


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label=_("Why"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class NumberForm(forms.Form):
    """Number and day."""

    number = forms.CharField(label=_("Number of the contract"), max_length=40)
    concluded_on = forms.DateField(label=_("Day of the contract"), widget=DateInput)


class SignForm(NumberForm):
    """The signed copy: number, day, scan."""

    scan = forms.FileField(
        label=_("Signed copy"),
        help_text=_("Signed by both sides, scanned: PDF, PNG or JPG, up to 20 MB."),
    )

    def stored(self, person: Any) -> StoredFile:
        """Keep the file; `ValidationError` for what is no scan."""
        upload = self.cleaned_data["scan"]
        return store(upload, name=upload.name, person=person, allowed=SCANS)
