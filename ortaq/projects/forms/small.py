"""Forms of small grants: the competition, an application, what becomes of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.core import identifiers, money, regions
from ortaq.core.files import SCANS
from ortaq.core.money import MAX_TIYN
from ortaq.faces.widgets import InstantInput
from ortaq.projects.models import Expense, SmallCompetition, SmallGrant

LONG = 20_000
STORY = 5_000


class CompetitionForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """The grantee's own announcement and rules; both languages stand side by side."""

    class Meta:
        model = SmallCompetition
        fields = (
            "title_kk", "title_ru", "announcement_kk", "announcement_ru", "rules_kk", "rules_ru", "closes_at",
        )  # fmt: skip
        labels = {
            "title_kk": _("Name of the competition"),
            "title_ru": _("Name of the competition"),
            "announcement_kk": _("Announcement"),
            "announcement_ru": _("Announcement"),
            "rules_kk": _("Rules"),
            "rules_ru": _("Rules"),
        }
        widgets = {"closes_at": InstantInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            # What is still missing is said by the step that publishes.
            field.required = name == "title_kk"
            if not name.endswith("_ru"):
                field.widget.attrs["data-needed"] = ""
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs |= {"rows": 8, "maxlength": LONG}
                field.max_length = LONG  # type: ignore[attr-defined]


class ApplicationForm(forms.ModelForm):  # type: ignore[type-arg]
    """An application by whoever: a citizen, an initiative group, an NGO."""

    consented = forms.BooleanField(label=_("I agree to the processing of my personal data"), required=False)  # fmt: skip
    # Programs fill in what people do not see.
    website = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
        label=_("Leave this field empty"),
    )

    class Meta:
        model = SmallGrant
        fields = (
            "applicant", "name", "contact", "identifier", "region", "title", "text", "asked_tiyn",
            "consented",
        )  # fmt: skip
        labels = {"asked_tiyn": _("Sum asked for")}
        widgets = {"applicant": forms.RadioSelect, "region": forms.Select}
        help_texts = {
            "name": _("It is not published, unless the applicant is an NGO."),
            "contact": _(
                "To tell you the result; it is not published. To an e-mail we send the receipt and the result."
            ),
            "identifier": _("Twelve digits; may be left empty by a citizen or a group."),
            "title": _("It is published if you are selected: write no names or addresses."),
            "asked_tiyn": _("In tenge."),
        }

    def __init__(self, *args: Any, on_paper: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["applicant"].choices = SmallGrant.Applicant.choices
        fields["applicant"].initial = SmallGrant.Applicant.CITIZEN
        region = forms.ChoiceField(
            label=fields["region"].label, choices=[("", "—"), *regions.choices()]
        )
        fields["region"] = region
        fields["text"].widget.attrs |= {"rows": 8, "maxlength": STORY}
        fields["text"].max_length = STORY
        fields["contact"].widget.attrs["autocomplete"] = "tel"
        if on_paper:
            del fields["website"]
            fields["consented"].label = _("The applicant's signed consent is kept with the paper")

    def clean_asked_tiyn(self) -> int:
        tiyn: int = self.cleaned_data["asked_tiyn"]
        if not 0 < tiyn <= MAX_TIYN:
            raise ValidationError(_("State the sum that you ask for."))
        return tiyn

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text) > STORY:
            raise ValidationError(_("Write at most %(most)s characters."), params={"most": STORY})
        return text.replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        number, is_ngo = data.get("identifier") or "", data.get("applicant") == "ngo"
        try:
            if is_ngo and "identifier" in data:
                identifiers.validate_bin(number)
            elif number:
                identifiers.validate_iin(number)
        except ValidationError as error:
            self.add_error("identifier", error)
        if not data.get("consented"):
            self.add_error(
                "consented", _("Without consent to the processing of personal data an application cannot be received.")
            )  # fmt: skip
        return data

    @property
    def is_trap_sprung(self) -> bool:
        """Whether a program filled in the field that nobody sees."""
        return bool(self.cleaned_data.get("website"))


def why(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONG,
        widget=forms.Textarea({"rows": 3, "data-needed": ""}),
    )


class ChooseForm(forms.Form):
    """The decision on one application."""

    given_tiyn = money.MoneyField(label=_("Sum given"), required=False)
    purpose_checked = forms.BooleanField(
        label=_("The money is for a purpose that the topic permits"), required=False
    )
    reason = why(_("Reason of the decision"), required=False)

    def __init__(self, *args: Any, grant: SmallGrant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["given_tiyn"].widget.attrs["data-needed"] = ""
        self.initial = {
            "given_tiyn": grant.given_tiyn or grant.asked_tiyn,
            "purpose_checked": grant.purpose_checked,
            "reason": grant.reason,
        }


class PayForm(forms.Form):
    """The expense by which a small grant was paid."""

    expense: Any = forms.ModelChoiceField(
        label=_("Expense"), queryset=Expense.objects.none(), required=False
    )

    def __init__(self, *args: Any, payments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["expense"]
        field.queryset = payments
        field.label_from_instance = lambda one: (
            f"№ {one.number} · {one.payee[:60]} · {money.show(one.sum_tiyn)}"
        )


class ProveForm(forms.Form):
    """How the use of the money was proved."""

    proof = why(_("How the use was proved"), required=False)
    file = forms.FileField(
        label=_("Report or documents, scanned"),
        required=False,
        help_text=_("PDF, PNG or JPG, up to 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SCANS)}),
    )


class GiveBackForm(forms.Form):
    """Money that came back."""

    returned_tiyn = money.MoneyField(label=_("Sum returned"), required=False)
    reason = why(_("Why it was returned"), required=False)


class ReasonForm(forms.Form):
    reason = why(_("Reason"), required=False)


class ProlongForm(forms.Form):
    closes_at = forms.DateTimeField(label=_("Applications until"), widget=InstantInput(), required=False)  # fmt: skip


class DecideForm(forms.Form):
    """Publishing the results, with the signed protocol if there is one."""

    protocol = forms.FileField(
        label=_("Signed protocol, scanned"),
        required=False,
        help_text=_("Only if there is one. PDF, PNG or JPG, up to 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SCANS)}),
    )
