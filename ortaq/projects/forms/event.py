"""Forms of events: the passport with its trainers, and what became of it."""

from __future__ import annotations

from copy import copy
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, regions
from ortaq.faces.widgets import InstantInput
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import Text
from ortaq.projects import lists, standard
from ortaq.projects.models import Event, Project, Trainer
from ortaq.projects.procedure.recognition import Line

from .participant import cells_of, pasted_field

LONG, MOST_PEOPLE, MOST_DAYS = 20_000, 100_000, 400
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
MOST_WRONG = 20  # rows of a pasted list that are named
BY_KIND, NONE = "", "none"
YEAR = 12
# Items of the information sheet that nothing else of the passport says (¶27, ¶30).
SHEET = {
    "methods": _("Forms and methods, interactive ones too"),
    "materials": _("Materials and certificates that participants get"),
    "participation": _("Conditions of participation, for those from other towns too"),
    "registration": _("Who answers for the event and how to register"),
}
# What a plan is measured against: not touched once the event was held.
PLANNED = ("place", "starts_at", "ends_at", "expected_participants", "format")


def _say(text: Text) -> str:
    return text.say(get_language() or "kk")


def region_choices(day: date) -> list[tuple[str, str]]:
    return [("", "—"), *((one.code, _say(one.name)) for one in regions.on(day))]


def _in_order(form: forms.BaseForm, begins: datetime | None, ends: datetime | None) -> None:
    """The event ends after it begins, within a time that can be meant."""
    for name, at in (("starts_at", begins), ("ends_at", ends)):
        if at and not EARLIEST <= clock.day_of(at) <= LATEST:
            form.add_error(name, _("Check the year."))
    if begins and ends and ends <= begins:
        form.add_error("ends_at", _("The event ends before it begins."))
    elif begins and ends and (ends - begins).days > MOST_DAYS:
        form.add_error("ends_at", _("The event is longer than a year: check the dates."))


def _boxes(form: Any) -> None:
    """Large boxes for long texts, with a limit that the browser knows."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs |= {"rows": 3, "maxlength": LONG}
            field.max_length = LONG


class PassportForm(forms.ModelForm):  # type: ignore[type-arg]
    """The passport of an event (IM-023). Of one that was held, only what no plan was measured by."""

    standard_form = forms.ChoiceField(
        label=_("Service and form by the Standard"),
        required=False,
        help_text=_("Left as it is, it follows from the kind of event."),
    )
    informing = forms.MultipleChoiceField(
        label=_("How participants are informed"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )
    region = forms.ChoiceField(label=_("Region"), required=False)
    activity = forms.TypedChoiceField(
        label=_("Activity of the plan"),
        required=False,
        empty_value=None,
        help_text=_("The event counts for the indicators of this activity."),
    )
    premises_m2 = forms.IntegerField(
        label=_("Area of the premises, m²"), required=False, min_value=0, max_value=100_000
    )
    equipment = forms.MultipleChoiceField(
        label=_("Equipment there"), required=False, widget=forms.CheckboxSelectMultiple()
    )

    class Meta:
        model = Event
        fields = [
            "activity", "kind", "standard_form", "title_kk", "title_ru", "format", "level", "region", "place", "starts_at",
            "ends_at", "duration_minutes", "expected_participants", "expected_result", "programme", "informing",
        ]  # fmt: skip
        widgets = {"starts_at": InstantInput(), "ends_at": InstantInput()}
        labels = {"title_kk": _("Name of the event")}
        help_texts = {
            "duration_minutes": _("Left empty, it is from the beginning to the end."),
            "programme": _("For example: 10:00 registration; 10:30 lecture ..."),
        }

    def __init__(
        self, data: Any = None, *, project: Project, event: Event | None = None, **kwargs: Any
    ) -> None:
        self.project = project
        self.held = event is not None and event.state == Event.State.HELD
        super().__init__(data, instance=copy(event) if event else Event(project=project), **kwargs)
        fields: dict[str, Any] = self.fields
        known = event.facts if event else {}
        self._choose(fields, event)
        for name, label in SHEET.items():
            fields[f"sheet_{name}"] = forms.CharField(
                label=label, required=False, widget=forms.Textarea(), initial=known.get("sheet", {}).get(name, "")
            )  # fmt: skip
        for name, least, most in (
            ("expected_participants", 1, MOST_PEOPLE),
            ("duration_minutes", 1, MOST_DAYS * 24 * 60),
        ):
            fields[name].validators += [MinValueValidator(least), MaxValueValidator(most)]
            fields[name].widget.attrs |= {"min": least, "max": most}
        if event is not None:
            chosen = f"{event.service}/{event.form}" if event.service else NONE
            automatic = standard.BY_KIND.get(Event.Kind(event.kind), NONE)
            self.initial["standard_form"] = BY_KIND if chosen == automatic else chosen
            self.initial["activity"] = str(event.activity_id or "")
        else:
            self.initial.setdefault("level", project.level)
        if standard.is_multi_year(project):
            self.initial.update({key: known.get(key) for key in ("premises_m2", "equipment")})
        else:
            del fields["premises_m2"], fields["equipment"]
        if self.held:
            for name in PLANNED:
                del fields[name]
            fields["reason"] = forms.CharField(
                label=_("Why it is corrected"), widget=forms.Textarea(), max_length=2000
            )
        _boxes(self)

    def _choose(self, fields: dict[str, Any], event: Event | None) -> None:
        """What each list offers: this contract's activities, the Standard's forms, the regions of that day."""
        activities = {str(one.pk): one for one in self.project.contract.activities.all()}
        fields["activity"].choices = [
            ("", "—"),
            *((pk, one.text[:90]) for pk, one in activities.items()),
        ]
        fields["activity"].coerce = lambda pk: activities[pk]
        edition = self.project.standard
        groups = [
            (_say(service), [(key, _say(label)) for key, label in offered])
            for service, offered in standard.forms_of(edition)
        ]
        fields["standard_form"].choices = [
            (BY_KIND, _("By the kind of event")), *groups, (NONE, _("None of them")),
        ]  # fmt: skip
        if not groups:
            del fields["standard_form"]
        fields["informing"].choices = [(key, _say(label)) for key, label in standard.ways(edition)]
        if not fields["informing"].choices:
            del fields["informing"]
        day = clock.day_of(event.starts_at) if event else clock.today()
        fields["region"].choices = region_choices(day)
        fields["equipment"].choices = [
            (key, _say(text)) for key, text in standard.equipment(edition)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        begins, ends = data.get("starts_at"), data.get("ends_at")
        _in_order(self, begins, ends)
        if self.held:
            begins, ends = self.instance.starts_at, self.instance.ends_at
        lasts = data.get("duration_minutes")
        if (
            lasts
            and begins
            and ends
            and begins < ends
            and lasts * 60 > (ends - begins).total_seconds()
        ):
            self.add_error(
                "duration_minutes", _("This is longer than the time from the beginning to the end.")
            )
        return data

    def _post_clean(self) -> None:
        """The model's own checks need the whole row; the database keeps them."""

    def values(self) -> dict[str, Any]:
        """The fields of `Event` as typed; what was not valid is left out."""
        data = self.cleaned_data
        found = {
            name: data[name]
            for name in self.Meta.fields
            if name in data and name in self.fields and name != "standard_form"
        }
        if "standard_form" in self.fields:
            chosen = data.get("standard_form", BY_KIND)
            if chosen == BY_KIND:
                chosen = standard.BY_KIND.get(data.get("kind", ""), "")
            service, _slash, form = ("" if chosen == NONE else chosen).partition("/")
            found |= {"service": service, "form": form}
        facts: dict[str, Any] = {
            "sheet": {name: data[f"sheet_{name}"] for name in SHEET if data.get(f"sheet_{name}")}
        }
        facts |= {key: data[key] for key in ("premises_m2", "equipment") if data.get(key)}
        return found | {"facts": facts}

    def candidate(self) -> Event | None:
        """The event as typed so far, for the Standard to look at; None while its time or size is missing."""
        event = copy(self.instance)
        for name, value in self.values().items():
            setattr(event, name, value)
        event.project = self.project
        whole = event.starts_at and event.ends_at and event.expected_participants
        return event if whole and event.starts_at < event.ends_at else None


class TrainerForm(forms.Form):
    """Who teaches or advises: the experience that table 7 and ¶14 ask about."""

    full_name = forms.CharField(label=_("Full name"), max_length=300)
    years = forms.IntegerField(
        label=_("Experience, years"), required=False, min_value=0, max_value=70
    )
    months = forms.IntegerField(label=_("and months"), required=False, min_value=0, max_value=11)
    about = forms.CharField(
        label=_("Experience of similar events"),
        required=False,
        max_length=5000,
        widget=forms.Textarea({"rows": 2}),
    )

    def trainer(self) -> dict[str, Any]:
        data = self.cleaned_data
        told = data["years"] is not None or data["months"] is not None
        months = (data["years"] or 0) * YEAR + (data["months"] or 0) if told else None
        return {"full_name": data["full_name"], "experience_months": months, "about": data["about"]}


class Trainers(forms.BaseFormSet):  # type: ignore[type-arg]
    """The trainers of an event; two empty rows stand at the end."""

    def __init__(self, data: Any = None, *, trainers: list[Trainer]) -> None:
        super().__init__(
            data,
            prefix="trainer",
            initial=[
                {
                    "full_name": one.full_name,
                    "years": None
                    if one.experience_months is None
                    else one.experience_months // YEAR,
                    "months": (one.experience_months or 0) % YEAR or None,
                    "about": one.about,
                }
                for one in trainers
            ],
        )

    def values(self) -> list[dict[str, Any]]:
        """The trainers as typed, in order; rows that are empty, struck out or not valid are left out."""
        gone = {id(form) for form in self.deleted_forms} if self.is_valid() else set()
        return [
            form.trainer()
            for form in self.forms
            if id(form) not in gone and form.is_valid() and form.cleaned_data.get("full_name")
        ]


TrainerRows: Any = forms.formset_factory(
    TrainerForm, formset=Trainers, extra=2, can_delete=True, max_num=30, validate_max=True, absolute_max=40
)  # fmt: skip


class HeldForm(forms.Form):
    """What became of an event (IM-036)."""

    starts_at = forms.DateTimeField(label=_("Began"), widget=InstantInput())
    ends_at = forms.DateTimeField(label=_("Ended"), widget=InstantInput())
    place = forms.CharField(label=_("Where it was held"), max_length=500)
    men = forms.IntegerField(label=_("Men"), required=False, min_value=0, max_value=MOST_PEOPLE)
    women = forms.IntegerField(label=_("Women"), required=False, min_value=0, max_value=MOST_PEOPLE)
    result = forms.CharField(
        label=_("Result"),
        max_length=LONG,
        widget=forms.Textarea({"rows": 4}),
        help_text=_(
            "What participants learnt, agreed or got; it goes into the report as it stands."
        ),
    )
    deviation = forms.CharField(
        label=_("Deviation from the plan and its reason"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed when the day, the place or the number of people is not as planned."),
    )

    def __init__(self, data: Any = None, *, event: Event) -> None:
        self.event = event
        names = ("starts_at", "ends_at", "place", "men", "women", "result", "deviation")
        super().__init__(data, initial={name: getattr(event, name) for name in names})
        self.lines: list[Line] = []
        if event.state == Event.State.PLANNED:
            self.fields["people"] = pasted_field(_("Who came: paste the list here"))
            self.fields["people"].required = False
        if event.state == Event.State.HELD:
            self.fields["reason"] = forms.CharField(
                label=_("Why it is corrected"), max_length=2000, widget=forms.Textarea({"rows": 2})
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        _in_order(self, data.get("starts_at"), data.get("ends_at"))
        if pasted := str(data.pop("people", "")):
            self._read(pasted)
        return data

    def _read(self, pasted: str) -> None:
        """The people of a pasted list, all of them or, when a row cannot be read, nobody."""
        try:
            self.lines, findings = lists.read(cells_of(pasted.encode()))
        except ValidationError as refused:
            self.add_error("people", refused)
            return
        wrong = [str(one.message) for one in findings if one.severity is Severity.ERROR]
        if wrong:
            self.add_error(
                "people", [*wrong[:MOST_WRONG], *(["…"] if len(wrong) > MOST_WRONG else [])]
            )
        elif len(self.lines) > lists.MOST:
            self.add_error("people", _("Divide the table: at most 10 000 people at once."))

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class ReasonForm(forms.Form):
    """Why an event is cancelled."""

    reason = forms.CharField(
        label=_("Reason"), max_length=LONG, required=False, widget=forms.Textarea({"rows": 3})
    )


def said_of(form: PassportForm, trainers: Any) -> list[Finding]:
    """What the Standard says of what is typed, saved or not; no query but the form's own."""
    event = form.candidate()
    if event is None:
        return []
    found = [Trainer(**row) for row in trainers.values()]
    try:
        return standard.said(event, standard.NOTHING, found)
    except law.Refused:
        return []
