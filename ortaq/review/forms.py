"""What is typed on the pages of commissions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.faces.widgets import DateInput, InstantInput
from ortaq.people.models import User

from .models import Applicant, Dossier, Meeting, Seat

LONG = 2000


def reason_field(**kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=kwargs.pop("label", _("Reason")),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        **kwargs,
    )


def filled(form: forms.Form) -> dict[str, Any]:
    """What could be read of a form; the rest is None, and the step says what it lacks."""
    form.is_valid()
    return {name: form.cleaned_data.get(name) for name in form.fields}


def offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Let the field `name` choose among `rows`."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


class PersonForm(forms.Form):
    """A person, by the e-mail under which they sign in."""

    email = forms.EmailField(label=_("E-mail"))

    def clean_email(self) -> User:
        found = User.objects.filter(email=str(self.cleaned_data["email"]).lower()).first()
        if found is None:
            raise ValidationError(
                _("Nobody signs in here with this e-mail. Ask the person to register first."),
                code="unknown",
            )
        return found


class SecretaryForm(PersonForm):
    """The secretary of a commission."""

    email = forms.EmailField(label=_("E-mail of the secretary"))


class MemberForm(PersonForm):
    """A member of an appointed commission."""

    email = forms.EmailField(label=_("E-mail of the member"))
    chair = forms.BooleanField(label=_("Is the chair"), required=False)


class SuccessorForm(PersonForm):
    """Who comes in place of a member who leaves."""

    email = forms.EmailField(label=_("E-mail of the one who comes"))
    reason = reason_field(label=_("Why the member leaves, and by which decision (number and day)"))


class LeaveForm(forms.Form):
    """A member's wish to leave."""

    reason = reason_field(label=_("Why you wish to leave"))


class OrderForm(forms.Form):
    """The decision by which a commission is appointed."""

    order_number = forms.CharField(label=_("Number of the decision"), max_length=40)
    order_on = forms.DateField(label=_("Day of the decision"), widget=DateInput)
    order_by = forms.CharField(label=_("Who signed it: name and position"), max_length=300)


class VoteForm(forms.Form):
    """For or against, with a remark for the protocol."""

    side = forms.ChoiceField(
        label=_("Your vote"),
        choices=[("for", _("For")), ("against", _("Against"))],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_("Remark"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SendForm(forms.Form):
    """By when the declarations are asked back; no source sets this term."""

    due_on = forms.DateField(
        label=_("Declarations are asked by"), required=False, widget=DateInput()
    )


class ReasonForm(forms.Form):
    reason = reason_field()


class ProlongForm(forms.Form):
    until = forms.DateTimeField(label=_("New end of scoring"), widget=InstantInput())
    reason = reason_field()


class MemberField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A seat, chosen by the person's name."""

    def label_from_instance(self, obj: Seat) -> str:
        return obj.person.full_name


class ApplicantField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An applicant, chosen by the organisation's name."""

    def label_from_instance(self, obj: Applicant) -> str:
        return obj.organisation.name


class DossierField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A dossier, chosen by its number and applicant."""

    def label_from_instance(self, obj: Dossier) -> str:
        return f"{obj.number}: {obj.organisation.name}"


class ImposeForm(forms.Form):
    """A conflict of interest that the organiser knows of."""

    seat = MemberField(label=_("Member"), queryset=Seat.objects.none())
    applicant = ApplicantField(label=_("Applicant"), queryset=Applicant.objects.none())
    explanation = reason_field(label=_("What the conflict consists in, and how it is known"))

    def __init__(self, panel: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = panel.seats.filter(until=None, role=Seat.Role.MEMBER).select_related("person")
        offer(self, "seat", members.order_by("person__sort", "id"))
        applicants = panel.applicants.select_related("organisation")
        offer(self, "applicant", applicants.order_by("organisation__sort", "id"))


class RecuseForm(forms.Form):
    explanation = reason_field(label=_("What the conflict of interest consists in"))


class BallotForm(forms.Form):
    """A vote for chair or deputy."""

    office = forms.ChoiceField(choices=[("chair", ""), ("deputy", "")])
    candidate = forms.ModelChoiceField(queryset=Seat.objects.none())

    def __init__(self, panel: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "candidate", panel.seats.filter(until=None, role=Seat.Role.MEMBER))


class ChangeForm(forms.Form):
    """A change of points at the meeting."""

    criterion = forms.ChoiceField(label=_("Criterion"))
    points = forms.TypedChoiceField(label=_("New points"), coerce=int)
    reason = reason_field()

    def __init__(self, rubric: law.Rubric, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "kk"
        criterion, points = self.fields["criterion"], self.fields["points"]
        assert isinstance(criterion, forms.ChoiceField)
        assert isinstance(points, forms.ChoiceField)
        criterion.choices = [(c.key, c.label.say(language)) for c in rubric.criteria]
        allowed = sorted({value for c in rubric.criteria for value in c.allowed})
        points.choices = [(value, str(value)) for value in allowed]


class MinutesForm(forms.ModelForm):  # type: ignore[type-arg]
    """Place and minutes; kept while they are written."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Meeting
        fields = ("place", "minutes_kk", "minutes_ru")
        labels = {
            "place": _("Place of the meeting"),
            "minutes_kk": _("Minutes in Kazakh"),
            "minutes_ru": _("Minutes in Russian"),
        }
        widgets = {
            "minutes_kk": forms.Textarea(attrs={"rows": 12, "maxlength": 50_000}),
            "minutes_ru": forms.Textarea(attrs={"rows": 12, "maxlength": 50_000}),
        }


class TieForm(forms.Form):
    """How the meeting decided an equal highest score."""

    winner = DossierField(
        label=_("Chosen application"), queryset=Dossier.objects.none(), widget=forms.RadioSelect
    )
    votes_for = forms.IntegerField(label=_("Votes for"), min_value=0, max_value=15)
    votes_against = forms.IntegerField(label=_("Votes against"), min_value=0, max_value=15)
    reason = reason_field(label=_("Why"))

    def __init__(self, tied: list[Dossier], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [dossier.pk for dossier in tied]
        offer(
            self,
            "winner",
            Dossier.objects.filter(pk__in=numbers).select_related("organisation").order_by("id"),
        )
