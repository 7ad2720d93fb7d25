"""Forms of councils: their members, sessions, recommendations; the list of topics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, files, regions
from ortaq.core.models import StoredFile
from ortaq.faces import say
from ortaq.faces.widgets import DateInput
from ortaq.people.models import Organisation, User
from ortaq.planning.models import (
    Council,
    CouncilMember,
    Formation,
    Information,
    Recommendation,
    Session,
    Topic,
)
from ortaq.planning.procedure.council import Advice
from ortaq.planning.queries.council import Decided, Heard, kinds_left

from .texts import RowsField

LONGEST = 5000
MINUTES = 50_000
YEARS_AHEAD = 5
MOST_DAYS_AWAY = 366
EARLIEST_YEAR = 2018


class NameForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """What a council is called and where it sits."""

    class Meta:
        model = Council
        fields = ("name_kk", "name_ru", "region_code")
        labels = {"name_kk": _("Name of the council"), "name_ru": _("Name of the council")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"] = forms.ChoiceField(
            label=_("Region"),
            help_text=_(
                "State bodies of this region without a council of their own find it by it."
            ),
            required=False,
            choices=[("", "—"), *regions.choices()],
        )


class CouncilForm(NameForm):
    """A new council: of which kind, at which body."""

    class Meta(NameForm.Meta):
        fields = ("body", "kind", *NameForm.Meta.fields)  # type: ignore[assignment]
        labels = {**NameForm.Meta.labels, "body": _("State body"), "kind": _("Kind of the council")}

    def __init__(self, *args: Any, bodies: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = {body.pk: kinds_left(body) for body in bodies}
        body, free = self.fields["body"], [pk for pk, kinds in self.left.items() if kinds]
        assert isinstance(body, forms.ModelChoiceField)
        body.queryset = Organisation.objects.filter(pk__in=free).order_by("sort")
        if len(free) == 1:  # nothing to choose
            body.initial, body.widget = free[0], forms.HiddenInput()
        kinds = {kind for left in self.left.values() for kind in left}
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind of the council"),
            choices=[choice for choice in Council.Kind.choices if choice[0] in kinds],
            widget=forms.RadioSelect,
            initial=next(iter(kinds)) if len(kinds) == 1 else None,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        body, kind = cleaned.get("body"), cleaned.get("kind")
        if body and kind and kind not in self.left[body.pk]:
            self.add_error(
                "kind",
                _(
                    "This body has such a council already, or may have none: "
                    "the Coordination Council sits at the authorised body."
                ),
            )
        return cleaned


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A new member; the account is found by its e-mail."""

    email = forms.EmailField(
        label=_("E-mail of the account"),
        help_text=_(
            "Only if the member signs in here: then the papers of the sessions are open to them."
        ),
        required=False,
        max_length=254,
    )

    class Meta:
        model = CouncilMember
        fields = ("full_name", "position", "office", "since")
        labels = {
            "full_name": _("Full name"),
            "position": _("Position and organisation"),
            "office": _("Office on the council"),
            "since": _("Member since"),
        }
        widgets = {"since": DateInput}

    field_order = ("full_name", "position", "office", "since", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = clock.today()

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if email:
            self.instance.person = User.objects.filter(email=email, is_active=True).first()
            if self.instance.person is None:
                raise ValidationError(
                    _(
                        "Nobody has an account with this address. Leave it empty, "
                        "or ask the member to register first."
                    )
                )
        return email


class EndForm(forms.Form):
    """The day from which somebody is no longer a member."""

    until = forms.DateField(label=_("No longer a member from"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = clock.today()


class _DayForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """The day of a session is not far away when it is set; its minutes may be written years later."""

    def clean_held_on(self) -> Any:
        day = self.cleaned_data["held_on"]
        far = abs((day - clock.today()).days) > MOST_DAYS_AWAY
        if far and "held_on" in self.changed_data:
            raise ValidationError(_("The day of a session lies within a year from today."))
        return day


class CallForm(_DayForm):
    """A session: its day, its place, and what is laid before the council."""

    agenda = RowsField(
        label=_("What is laid before the council"),
        queryset=Information.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one list of topics.")},
    )

    class Meta:
        model = Session
        fields = ("held_on", "place")
        labels = {"held_on": _("Day of the session"), "place": _("Place")}
        widgets = {"held_on": DateInput}

    def __init__(self, *args: Any, waiting: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agenda = self.fields["agenda"]
        assert isinstance(agenda, forms.ModelMultipleChoiceField)
        agenda.queryset = waiting
        agenda.label_from_instance = _laid  # type: ignore[method-assign]
        if not self.is_bound:
            agenda.initial = list(waiting.values_list("pk", flat=True))


def _laid(obj: Any) -> str:
    information: Information = obj
    return f"{information.body.name}: {information.formation.title} ({say.day(clock.day_of(information.issued_at))})"


class MinutesForm(_DayForm):
    """The minutes of a session and who was there."""

    scan = forms.FileField(
        label=_("Scan of the minutes"), help_text=_("PDF, PNG or JPG."), required=False
    )
    present = RowsField(
        label=_("Who was present"),
        queryset=CouncilMember.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Session
        fields = ("held_on", "place", "number", "minutes_kk", "minutes_ru")
        labels = {
            "held_on": _("Day of the session"),
            "place": _("Place"),
            "number": _("Number of the minutes"),
            "minutes_kk": _("Minutes"),
            "minutes_ru": _("Minutes"),
        }
        widgets = {"held_on": DateInput}

    def __init__(self, *args: Any, seated: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = self.fields["present"]
        assert isinstance(present, forms.ModelMultipleChoiceField)
        present.queryset = seated
        for name in ("minutes_kk", "minutes_ru"):
            self.fields[name] = forms.CharField(
                label=_("Minutes"),
                required=False,
                max_length=MINUTES,
                widget=forms.Textarea(attrs={"rows": 5, "maxlength": MINUTES}),
            )
        if not self.is_bound:
            self.initial["version"] = self.instance.version
            self.initial["present"] = list(self.instance.present.values_list("pk", flat=True))

    def show_version(self, version: int) -> None:
        """The page that comes back saves over this version."""
        data = cast(QueryDict, self.data).copy()
        data["version"] = str(version)
        self.data = data

    def stored(self, person: Any) -> StoredFile | None:
        """The scan kept, if one was given; `ValidationError` for one that is not taken."""
        upload = self.cleaned_data.get("scan")
        if not upload:
            return None
        return files.store(upload, name=upload.name, person=person, allowed=files.SCANS)


def _long_text(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST}),
    )


class AdviceForm(forms.Form):
    """What the council recommends on one topic."""

    verdict = forms.ChoiceField(
        label=_("Recommendation"),
        choices=Recommendation.Verdict.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    text_kk = _long_text(_("Reasons, what should be changed"))
    text_ru = _long_text(_("Reasons, what should be changed"))

    def __init__(self, data: Any, *, heard: Heard) -> None:
        self.heard = heard
        said = heard.advised
        initial = {n: getattr(said, n) for n in ("verdict", "text_kk", "text_ru")} if said else {}
        super().__init__(data, prefix=f"topic-{heard.topic.pk}", initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        verdict = cleaned.get("verdict")
        words = cleaned.get("text_kk", "").strip() or cleaned.get("text_ru", "").strip()
        if verdict and verdict != Recommendation.Verdict.INCLUDE and not cleaned["text_kk"].strip():
            self.add_error("text_kk", _("Write what the council wants changed, or why not."))
        if words and not verdict and not self.errors:
            self.add_error("verdict", _("Choose what the council recommends."))
        return cleaned

    @property
    def advice(self) -> Advice | None:
        """What was entered; None while nothing is."""
        given = self.cleaned_data
        if not given.get("verdict"):
            return None
        return Advice(given["verdict"], given["text_kk"].strip(), given["text_ru"].strip())


class SubmitForm(forms.Form):
    """For which year the Information is, and which council it goes to."""

    plan_year = forms.IntegerField(
        label=_("The Information is for the year"),
        help_text=_("It is entered and not computed: the act says “for the relevant year” only."),
    )
    council = forms.ModelChoiceField(
        label=_("Council that hears the topics"),
        queryset=Council.objects.none(),
        required=False,
        empty_label=None,
    )

    def __init__(self, *args: Any, formation: Formation, councils: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["plan_year"].initial = formation.plan_year
        council = self.fields["council"]
        assert isinstance(council, forms.ModelChoiceField)
        council.queryset = councils
        found = list(councils[:2])
        if formation.level == Formation.Level.CENTRAL or len(found) < 2:
            del self.fields["council"]
        else:
            council.initial = found[0].pk
            council.label_from_instance = _seated_at  # type: ignore[method-assign]

    def clean_plan_year(self) -> int:
        year: int = self.cleaned_data["plan_year"]
        last = clock.today().year + YEARS_AHEAD
        if not EARLIEST_YEAR <= year <= last:
            raise ValidationError(
                _("Write a year from %(first)s to %(last)s."),
                params={"first": EARLIEST_YEAR, "last": last},
            )
        return year


def _seated_at(obj: Any) -> str:
    return f"{obj.name} ({obj.body.name})"


class AnswerForm(forms.Form):
    """Whether one topic is on the list, and why."""

    state = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (Topic.State.LISTED, _("put on the list of topics")),
            (Topic.State.DROPPED, _("left off the list of topics")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Decide whether this topic is on the list.")},
    )
    reason_kk = _long_text(_("Reasons"))
    reason_ru = _long_text(_("Reasons"))

    def __init__(self, data: Any, *, line: Decided) -> None:
        self.line = line
        advised = line.advised
        initial = {}
        if advised is not None:  # what the council recommends stands ready
            against = advised.verdict == Recommendation.Verdict.EXCLUDE
            initial["state"] = Topic.State.DROPPED if against else Topic.State.LISTED
        super().__init__(data, prefix=f"topic-{line.topic.pk}", initial=initial)


class WithoutCouncilForm(forms.Form):
    """Why the list is formed without the council's recommendations."""

    without_council = forms.CharField(
        label=_("Why the list is formed without the council"),
        help_text=_("The public page of the list shows this."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}),
    )


@dataclass(frozen=True, slots=True)
class ListForms:
    """The page on which the list of topics is formed."""

    answers: list[AnswerForm]
    without: WithoutCouncilForm | None

    def is_valid(self) -> bool:
        """Everything is looked at, so that every error shows at once."""
        valid = [one.is_valid() for one in self.answers]
        return all(valid) and (self.without is None or self.without.is_valid())

    @property
    def facts(self) -> dict[str, Any]:
        """What the step `form_list` asks for."""
        given = {one.line.topic.pk: one.cleaned_data for one in self.answers}
        return {
            "topics": {pk: row["state"] for pk, row in given.items()},
            "reasons": {pk: (row["reason_kk"], row["reason_ru"]) for pk, row in given.items()},
            "without_council": self.without.cleaned_data["without_council"] if self.without else "",
        }


def list_forms(data: Any, lines: Iterable[Decided], *, heard: bool) -> ListForms:
    """The forms of the list; without recommendations (`heard` is false) it asks why."""
    return ListForms(
        [AnswerForm(data, line=line) for line in lines],
        None if heard else WithoutCouncilForm(data),
    )
