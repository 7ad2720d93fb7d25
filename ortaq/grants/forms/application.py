"""Forms around applications: begin, describe, attach, withdraw, register paper, filter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.identifiers import validate_bin
from ortaq.faces.widgets import DateInput, InstantInput, ManyFilesField
from ortaq.grants.models import Application, Attachment, Competition, Lot
from ortaq.people.models import Organisation

LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский")]
State = Application.State


class StartForm(forms.Form):
    """A new application: its language (GR-A-14), its name, an earlier one to copy."""

    title = forms.CharField(label=_("Name of the project"), max_length=500)
    language = forms.ChoiceField(label=_("Language of the application"), choices=LANGUAGES)
    source = forms.ModelChoiceField(
        label=_("Copy from an earlier application"),
        help_text=_("Everything that stands in it is copied; you change what is different."),
        queryset=Application.objects.none(),
        required=False,
        empty_label=_("begin with an empty one"),
    )

    def __init__(self, *args: Any, earlier: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        assert isinstance(source, forms.ModelChoiceField)
        source.queryset = earlier
        source.label_from_instance = _name_of  # type: ignore[assignment, method-assign]
        if not earlier:
            del self.fields["source"]


def _name_of(application: Application) -> str:
    return f"{application.number or application.pk} · {application.title or '—'}"


# Not asked for while one drafts, yet not "(optional)" either: see the component `field`.
NEEDED_LATER = {"data-needed": "later"}


class DetailsForm(forms.Form):
    """Name, language and term of the project. An unfinished draft may leave the term open."""

    title = forms.CharField(label=_("Name of the project"), max_length=500)
    language = forms.ChoiceField(label=_("Language of the application"), choices=LANGUAGES)
    starts_on = forms.DateField(
        label=_("First day of the project"), widget=DateInput(attrs=NEEDED_LATER), required=False
    )
    ends_on = forms.DateField(
        label=_("Last day of the project"), widget=DateInput(attrs=NEEDED_LATER), required=False
    )


class AttachmentForm(forms.Form):
    """One file of parts 6-9."""

    kind = forms.ChoiceField(choices=Attachment.Kind.choices, widget=forms.HiddenInput())
    row = forms.RegexField(r"^~[a-z0-9_~-]{1,39}$", required=False, widget=forms.HiddenInput())
    about = forms.CharField(label=_("Whom or what it is about"), max_length=200, required=False)
    file = forms.FileField(
        label=_("File"), help_text=_("PDF, DOCX, XLSX, PNG or JPG, up to 20 MB.")
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For your own record; the operator sees that it was withdrawn, not why."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FilterForm(forms.Form):
    """What the operator looks for among the applications of a competition."""

    q = forms.CharField(
        label=_("Number, applicant or project"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), *((v, text) for v, text in State.choices if v != State.DRAFT)],
    )
    topic = forms.CharField(
        label=_("Topic: its number or words"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


def _topic_of(lot: Lot) -> str:
    title = lot.topic.title
    return f"{lot.topic.number}. {title[:100]}{'…' if len(title) > 100 else ''}"


class DeliveryForm(forms.Form):
    """What the desk writes down when a delivery arrives."""

    bin = forms.CharField(
        label=_("BIN of the applicant"),
        validators=[validate_bin],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    lot = forms.ModelChoiceField(label=_("Topic"), queryset=Lot.objects.none())
    title = forms.CharField(label=_("Name of the project"), max_length=500)
    language = forms.ChoiceField(label=_("Language of the application"), choices=LANGUAGES)
    method = forms.ChoiceField(label=_("How it came"))
    received_at = forms.DateTimeField(
        label=_("When it reached the operator"),
        help_text=_("Not when it was posted: the receipt decides whether it is in time."),
        widget=InstantInput(),
    )
    carrier = forms.CharField(
        label=_("Carrier of the electronic copy"),
        help_text=_("For example USB stick or CD; it stays with the operator."),
        max_length=200,
        required=False,
    )
    bound_and_signed = forms.BooleanField(
        label=_("The paper is bound, signed by the head or deputy, and sealed if there is a seal"),
        required=False,
    )
    scans = ManyFilesField(
        label=_("Electronic copy"),
        help_text=_("The Word document and the signed PDF scan."),
        required=False,
    )

    def __init__(self, *args: Any, competition: Competition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lot, method = self.fields["lot"], self.fields["method"]
        assert isinstance(lot, forms.ModelChoiceField)
        assert isinstance(method, forms.ChoiceField)
        lot.queryset = competition.lots.select_related("topic")
        lot.label_from_instance = _topic_of  # type: ignore[assignment, method-assign]
        methods = [Application.Method(name) for name in competition.methods]
        method.choices = [(m.value, m.label) for m in methods if m != Application.Method.PORTAL]
        self.fields["received_at"].initial = clock.now()

    def clean_bin(self) -> str:
        """The organisation must be known here: a delivery belongs to an account."""
        number = str(self.cleaned_data["bin"])
        self.organisation = Organisation.objects.filter(
            bin=number, kind=Organisation.Kind.NGO
        ).first()
        if self.organisation is None:
            raise ValidationError(
                _("No NGO with this BIN is registered here. Register it first, then the delivery."),
                code="unknown",
            )
        return number
