"""Forms of the organiser from the scoring on: who scores, a decision, a diploma, a transfer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ortaq.core.money import MoneyField
from ortaq.faces.widgets import DateInput
from ortaq.people.models import User
from ortaq.prizes.models import Application, Award, Decision
from ortaq.prizes.procedure.paying import stated
from ortaq.prizes.standings import Standing

LONG = 20_000
MOST_NAMED = 50


# Not for the browser to demand, but the step does: so nothing says that it is optional.
NEEDED = {"data-needed": "later"}


def _long(rows: int, **more: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "maxlength": LONG, **more})


class ScorersForm(forms.Form):
    """Who scores, by the addresses with which they sign in."""

    people = forms.CharField(
        label=_("E-mails of those who score, one on each line"),
        help_text=_("Each of them needs an account here. A letter tells them what to do."),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 5, "maxlength": LONG, "autocomplete": "off", **NEEDED}
        ),
    )

    def clean_people(self) -> list[User]:
        """The people, in the order in which they were written; raises `ValidationError` with all addresses that lead to nobody."""
        words = self.cleaned_data["people"].replace(",", " ").replace(";", " ").lower().split()
        emails = list(dict.fromkeys(words))
        if len(emails) > MOST_NAMED:
            raise ValidationError(_("These are too many addresses at once."))
        for email in emails:
            EmailValidator(
                message=_("This is no e-mail address: {email}").format(email=email[:80])
            )(email)
        found = {one.email: one for one in User.objects.filter(email__in=emails, is_active=True)}
        if unknown := [email for email in emails if email not in found]:
            message = ngettext_lazy(
                "Nobody has an account with this address: {emails}. Ask this person to sign up first.",
                "Nobody has an account with these addresses: {emails}. Ask these people to sign up first.",
                len(unknown),
            )
            raise ValidationError(str(message).format(emails=", ".join(unknown)))
        return [found[email] for email in emails]


class DecisionForm(forms.Form):
    """Who gets the prize of a direction, why, and what becomes of what equal parts leave over."""

    recipients = forms.TypedMultipleChoiceField(
        label=_("Recipients"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=NEEDED),
        help_text=_("One, several in equal parts, or none: then the prize is not given."),
    )
    remainder = forms.ChoiceField(
        label=_("What becomes of what equal parts leave over"),
        choices=[row for row in Decision.Remainder.choices if row[0]],
        required=False,
        widget=forms.RadioSelect,
    )
    reason_kk = forms.CharField(
        label=_("Reason in Kazakh"), max_length=LONG, required=False, widget=_long(4, **NEEDED)
    )
    reason_ru = forms.CharField(
        label=_("Reason in Russian"), max_length=LONG, required=False, widget=_long(4, **NEEDED)
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, standing: Standing, data: Any = None) -> None:
        decision = standing.decision
        chosen = standing.recipients if decision else [o for o in standing.nominees if o.proposed]
        initial = {
            "recipients": [one.application.pk for one in chosen],
            "reason_kk": decision.reason_kk if decision else "",
            "reason_ru": decision.reason_ru if decision else "",
            "remainder": decision.remainder if decision else "",
            "version": decision.version if decision else 0,
        }
        super().__init__(data, initial=initial)
        self.applications = {one.application.pk: one.application for one in standing.nominees}
        choices = [
            (one.application.pk, f"{one.application.applicant_name} ({one.key})")
            for one in standing.nominees
        ]
        field = self.fields["recipients"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = choices

    def facts(self) -> dict[str, Any]:
        """What the step "decide" is told."""
        given = self.cleaned_data
        chosen: list[Application] = [self.applications[pk] for pk in given["recipients"]]
        return {
            "recipients": chosen,
            "remainder": given["remainder"],
            "reason_kk": given["reason_kk"],
            "reason_ru": given["reason_ru"],
            "version": given["version"] or 0,
        }


class DiplomaForm(forms.Form):
    """The number of a diploma, and the day on which it was handed over."""

    diploma_number = forms.CharField(
        label=_("Number of the diploma"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=NEEDED),
        help_text=_("With the number the diploma can be printed."),
    )
    diploma_on = forms.DateField(
        label=_("Handed over on"),
        required=False,
        widget=DateInput,
        help_text=_("Leave it empty until the diploma is handed over."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, award: Award, data: Any = None) -> None:
        initial = {
            "diploma_number": award.diploma_number or proposed_number(award),
            "diploma_on": award.diploma_on,
            "version": award.version,
        }
        super().__init__(data, initial=initial)


def proposed_number(award: Award) -> str:
    """A number for a diploma that has none: year, direction, and the recipient's turn in it."""
    earlier = Award.objects.filter(direction=award.direction_id, pk__lt=award.pk).count()
    return f"{award.direction.round.year}-{award.direction.position:02}-{earlier + 1}"


class PaymentForm(forms.Form):
    """The transfer: when, how much, and to the account of the bank certificate."""

    paid_on = forms.DateField(
        label=_("Transferred on"), required=False, widget=DateInput(attrs=NEEDED)
    )
    paid_tiyn = MoneyField(
        label=_("Sum transferred, tenge"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "money", **NEEDED}),
    )
    bank = forms.CharField(label=_("Bank, by the certificate"), max_length=300, required=False)
    bic = forms.CharField(
        label=_("Bank identification code, by the certificate"),
        max_length=11,
        required=False,
        widget=forms.TextInput(attrs=NEEDED),
    )
    account = forms.CharField(
        label=_("Account (IIK), by the certificate"),
        max_length=34,
        required=False,
        widget=forms.TextInput(attrs=NEEDED),
    )
    account_remark = forms.CharField(
        label=_("Why the accounts differ"),
        help_text=_("Only where the certificate does not say what annex 2 says."),
        max_length=LONG,
        required=False,
        widget=_long(2),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, award: Award, data: Any = None) -> None:
        told = stated(award)
        initial = {
            "paid_on": award.paid_on,
            "paid_tiyn": award.share_tiyn if award.paid_tiyn is None else award.paid_tiyn,
            "bank": award.bank or told["bank"][:300],
            # The codes are copied from the paper on purpose: only then are the two compared (PR-021).
            "bic": award.bic,
            "account": award.account,
            "account_remark": award.account_remark,
            "version": award.version,
        }
        super().__init__(data, initial=initial)
