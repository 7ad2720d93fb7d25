"""Forms of annexes 5 and 9: a period to report on, who signs, what is said of a project."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock
from ortaq.oversight import annex9
from ortaq.oversight.models import Account, StatutoryReport
from ortaq.oversight.procedure.statutory import LONGEST, TEXTS
from ortaq.people.models import Membership, Organisation, Role

LANGUAGES = ("kk", "ru")
NEEDED_LATER = {"data-needed": "later"}  # not to save it, but to report
# The edition of 2018 is the first one.
FIRST_YEAR = 2018


class PeriodForm(forms.Form):
    """A report that the clock has not opened yet, or of an earlier period."""

    body = forms.ModelChoiceField(
        label=_("State body"), queryset=Organisation.objects.none(), empty_label=None
    )
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    period = forms.ChoiceField(label=_("Period"), choices=StatutoryReport.Period.choices)

    def __init__(self, bodies: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body, year = self.fields["body"], self.fields["year"]
        assert isinstance(body, forms.ModelChoiceField)
        assert isinstance(year, forms.TypedChoiceField)
        body.queryset = bodies
        years = range(clock.today().year, FIRST_YEAR - 1, -1)
        year.choices = [(one, str(one)) for one in years]

    def clean(self) -> dict[str, Any]:
        """Of the first half of 2018 no source says which edition was in force."""
        found = super().clean() or {}
        if found.get("year") and found.get("period"):
            try:
                edition = annex9.edition_at(found["year"], found["period"])
            except law.Refused:
                message = _("It cannot be told which edition of the rules was in force then.")
                self.add_error("period", message)
            else:
                if not annex9.asks_for(edition, found["period"]):
                    message = _(
                        "The edition of that year asks for no report on evaluation of its own."
                    )
                    self.add_error("period", message)
        return found


class SignerForm(forms.Form):
    """Who signs the report (SO-R-07)."""

    signer = forms.CharField(label=_("Signed by"), max_length=250)
    signer_position = forms.CharField(label=_("Position"), max_length=300)
    acting = forms.BooleanField(label=_("Acts for the first head, who is absent"), required=False)


def signer_of(report: StatutoryReport) -> dict[str, Any]:
    """Who signed the last round, before the first one the head of the body as registered; at most one query."""
    if report.signer:
        return {
            "signer": report.signer,
            "signer_position": report.signer_position,
            "acting": report.acting,
        }
    heads = Membership.objects.current().filter(organisation=report.body_id, role=Role.HEAD)
    head = heads.select_related("user").order_by("pk").first()
    return {"signer": head.user.full_name if head else ""}


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """What the body says of a project in a year, in two languages."""

    class Meta:
        model = Account
        fields = [f"{name}_{language}" for name in TEXTS for language in LANGUAGES]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST, **NEEDED_LATER})
