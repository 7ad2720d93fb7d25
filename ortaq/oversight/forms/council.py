"""Forms of an expert council: the announcement, a nomination, the composition, the NGO council's answer."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.faces.widgets import DateInput
from ortaq.oversight.models import ExpertCouncil, Nomination
from ortaq.oversight.procedure.council_checks import WORDS, YEARS, anniversary, edition_of
from ortaq.oversight.queries.council import ngo_councils
from ortaq.people.models import Organisation, User
from ortaq.planning.models import Council

LONG = 20_000
# Not for the browser to demand, but the step does: so nothing says that it is optional.
NEEDED = {"data-needed": "later"}


def _long(rows: int, **more: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "maxlength": LONG, **more})


def _account(email: str) -> User:
    """Who signs in with this address; raises `ValidationError` for nobody."""
    found = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        message = _("Nobody has an account with this address. Ask this person to sign up first.")
        raise ValidationError(message)
    return found


class AnnouncementForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Name and announcement in both languages; a draft may lack the rest of them."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = ExpertCouncil
        fields = WORDS
        labels = {
            "title_kk": _("Name of the council"),
            "title_ru": _("Name of the council"),
            "announcement_kk": _("Announcement"),
            "announcement_ru": _("Announcement"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in WORDS:
            field = self.fields[name]
            assert isinstance(field, forms.CharField)
            if name.startswith("announcement"):
                field.widget, field.max_length = _long(8), LONG
            if name != "title_kk":  # not to save the draft, but to publish it
                field.required = False
                field.widget.attrs |= NEEDED
        self.fields["version"].initial = self.instance.version

    def values(self) -> dict[str, str]:
        """The four texts as the step takes them."""
        return {name: self.cleaned_data[name] for name in WORDS}


class NewForm(AnnouncementForm):
    """A new council: of which body."""

    body = forms.ModelChoiceField(label=_("State body"), queryset=Organisation.objects.none())
    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    field_order = ("body", *WORDS)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version"]
        body = self.fields["body"]
        assert isinstance(body, forms.ModelChoiceField)
        body.queryset = bodies
        if len(bodies) == 1:  # nothing to choose
            body.initial, body.widget = bodies[0].pk, forms.HiddenInput()
        self.fields["once"].initial = uuid.uuid4()


class NominationForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """What a person says of themselves when they put themselves forward."""

    class Meta:
        model = Nomination
        fields = ("experience", "education", "organisation")
        labels = {
            "experience": _("Experience in the field"),
            "education": _("Education"),
            "organisation": _("Organisation of civil society"),
        }
        help_texts = {
            "experience": _("Which work with people, projects or evaluations, where, since when."),
            "organisation": _("If you belong to one."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("experience", 5), ("education", 2)):
            field = self.fields[name]
            assert isinstance(field, forms.CharField)
            field.widget, field.max_length = _long(rows), LONG


class AnswerForm(forms.Form):
    """Whether a candidate comes into the composition, and why not."""

    chosen = forms.ChoiceField(
        label=_("Decision"),
        choices=[("yes", _("into the composition")), ("no", _("not into the composition"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_(
            "Needed for whoever is not chosen, and for whoever was late; the candidate reads it in a letter."
        ),
        required=False,
        max_length=LONG,
        widget=_long(2, **NEEDED),
    )


class InviteForm(forms.Form):
    """Whom the body puts into the composition itself."""

    email = forms.EmailField(label=_("E-mail of the account"), max_length=254)
    experience = forms.CharField(
        label=_("Experience in the field"), max_length=LONG, widget=_long(3)
    )

    def clean_email(self) -> User:
        return _account(self.cleaned_data["email"])


class RemarkForm(forms.Form):
    """A step with a reason."""

    remark = forms.CharField(
        label=_("Reason"), required=False, max_length=LONG, widget=_long(3, **NEEDED)
    )


class LayForm(forms.Form):
    """The NGO council before which the composition is laid."""

    laid_before = forms.ModelChoiceField(
        label=_("NGO cooperation council"),
        queryset=Council.objects.none(),
        required=False,
        empty_label="—",
        widget=forms.Select(attrs=NEEDED),
    )

    def __init__(self, *args: Any, council: ExpertCouncil, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, found = self.fields["laid_before"], ngo_councils(council.body)
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = found
        field.label_from_instance = _told  # type: ignore[method-assign]
        if len(found) == 1:
            field.initial = found[0]


def _told(obj: Any) -> str:
    return f"{obj.name} ({obj.body.name})"


class OfficeForm(forms.Form):
    """From when to when the council is in office; what is unusual is said once and taken when ticked."""

    office_from = forms.DateField(
        label=_("First day in office"), widget=DateInput(attrs=NEEDED), required=False
    )
    office_until = forms.DateField(
        label=_("Last day in office"), widget=DateInput(attrs=NEEDED), required=False
    )
    seen = forms.BooleanField(label=_("I have seen this; the days are right."), required=False)

    def __init__(self, *args: Any, council: ExpertCouncil, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today, years = clock.today(), edition_of(council).parameter(YEARS).value
        self.fields["office_from"].initial = today
        if isinstance(years, int):
            self.fields["office_until"].initial = anniversary(today, years) - timedelta(days=1)
        self.hidden_seen = self.fields.pop("seen")

    def ask_again(self, warnings: list[str]) -> bool:
        """Show what is unusual with a tick; whether it was ticked already."""
        self.fields["seen"] = self.hidden_seen
        ticked = bool(self.data.get("seen"))
        if not ticked:
            for warning in warnings:
                self.add_error("office_until", warning)
        return ticked


class ApproveForm(OfficeForm):
    """The minutes by which the NGO council approved."""

    approved_on = forms.DateField(
        label=_("Day of the approval"), widget=DateInput(attrs=NEEDED), required=False
    )
    approval_number = forms.CharField(
        label=_("Number of the minutes"), required=False, max_length=40
    )
    field_order = ("approved_on", "approval_number", "office_from", "office_until")


class ReplaceForm(forms.Form):
    """A member leaves; perhaps another person comes."""

    reason = forms.CharField(
        label=_("Why the member leaves"), required=False, max_length=LONG, widget=_long(2, **NEEDED)
    )
    email = forms.EmailField(
        label=_("E-mail of the account of the new member"),
        help_text=_("Left empty: the place stays free."),
        required=False,
        max_length=254,
    )
    experience = forms.CharField(
        label=_("Experience of the new member"),
        required=False,
        max_length=LONG,
        widget=_long(3, **NEEDED),
    )
    approved_on = forms.DateField(
        label=_("Day on which the NGO council approved the new member"),
        widget=DateInput(attrs=NEEDED),
        required=False,
    )
    approval_number = forms.CharField(
        label=_("Number of the minutes"), required=False, max_length=40
    )

    def clean_email(self) -> User | None:
        email: str = self.cleaned_data["email"]
        return _account(email) if email else None


def days_of(form: forms.Form) -> dict[str, date | None]:
    """The days of a form that was read, for a step."""
    return {
        name: form.cleaned_data.get(name)
        for name, field in form.fields.items()
        if isinstance(field, forms.DateField)
    }
