"""Forms of the consultation journal: a line typed fast, its correction, what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core import clock
from ortaq.faces.widgets import DateInput
from ortaq.projects import once
from ortaq.projects.models import Activity, Consultation, Project, TeamMember
from ortaq.projects.procedure.consultation import MOST_AT_ONCE, FollowUp
from ortaq.projects.procedure.recognition import Line

LONG = 20_000
MOST_MONTHS, MOST_MINUTES = 900, 10_000
UNKNOWN = ("", "—")


class LineForm(forms.Form):
    """What was asked and advised, when, how, by whom."""

    day = forms.DateField(label=_("Date"), widget=DateInput())
    topic = forms.ChoiceField(label=_("Kind of question"), choices=Consultation.Topic.choices)
    how = forms.ChoiceField(label=_("How"), choices=Consultation.How.choices)
    question = forms.CharField(
        label=_("Question and advice"), max_length=LONG, widget=forms.Textarea({"rows": 3})
    )
    consultant = forms.TypedChoiceField(
        label=_("Consultant, one of the team"), required=False, empty_value=None
    )
    consultant_name = forms.CharField(
        label=_("or another consultant: full name"), required=False, max_length=300
    )
    experience_months = forms.IntegerField(
        label=_("Consultant's experience, months"),
        required=False,
        min_value=0,
        max_value=MOST_MONTHS,
        help_text=_("Written once: left empty, it is taken from this consultant's last line."),
    )
    materials = forms.CharField(
        label=_("Materials given"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("The consultant prepares a set of materials for the consumer (Standard, ¶32)."),
    )
    minutes = forms.IntegerField(
        label=_("Duration, minutes"), required=False, min_value=1, max_value=MOST_MINUTES
    )
    volume = forms.ChoiceField(
        label=_("Volume"), choices=Consultation.Volume.choices, required=False
    )
    interaction = forms.ChoiceField(
        label=_("Interaction"), choices=Consultation.Interaction.choices, required=False
    )
    visiting = forms.BooleanField(label=_("With a visit to the consumer"), required=False)
    activity = forms.TypedChoiceField(
        label=_("Activity of the plan"), required=False, empty_value=None
    )
    # What stands on the page at once, and what a press opens.
    FIRST: tuple[str, ...] = ("day", "how", "topic", "question", "consultant", "consultant_name")
    MORE: tuple[str, ...] = (
        "experience_months",
        "materials",
        "minutes",
        "volume",
        "interaction",
        "visiting",
        "activity",
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = TeamMember.objects.filter(contract=project.contract_id)
        _choices(self.fields["consultant"], {one.pk: (one, one.full_name) for one in team})
        plan = Activity.objects.filter(contract=project.contract_id)
        _choices(self.fields["activity"], {one.pk: (one, one.text[:90]) for one in plan})

    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]

    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE]

    @property
    def opens_more(self) -> bool:
        return any(name in self.errors for name in self.MORE)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day.year < 2000:
            raise ValidationError(_("Check the year."))
        return day

    def clean_volume(self) -> str:
        return str(self.cleaned_data["volume"] or Consultation.Volume.ONE_OFF)

    def clean_interaction(self) -> str:
        return str(self.cleaned_data["interaction"] or Consultation.Interaction.EXPERT)

    def given(self) -> dict[str, Any]:
        """The fields of `Consultation` as the procedure takes them."""
        return {name: self.cleaned_data[name] for name in (*self.FIRST, *self.MORE)}

    @staticmethod
    def of(row: Consultation) -> dict[str, Any]:
        """A line as the form shows it."""
        names = (*LineForm.FIRST, *LineForm.MORE)
        shown = {name: getattr(row, name) for name in names}
        return shown | {"consultant": row.consultant_id, "activity": row.activity_id}


class ConsultationForm(LineForm):
    """A new line: who was consulted, known again by the contact."""

    once = forms.CharField(required=False, widget=forms.HiddenInput())
    full_name = forms.CharField(label=_("Full name or name of the organisation"), max_length=300)
    contact = forms.CharField(
        label=_("Telephone or e-mail"),
        required=False,
        max_length=200,
        help_text=_("Whoever comes again is known by it."),
    )
    workplace = forms.CharField(
        label=_("Place of work or study, settlement"), required=False, max_length=300
    )
    is_organisation = forms.BooleanField(label=_("An organisation was consulted"), required=False)
    others = forms.CharField(
        label=_("Others of the same group"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One on each line: name; telephone or e-mail; place of work or study."),
    )
    MORE = ("others", "is_organisation", *LineForm.MORE)
    PEOPLE = ("full_name", "contact", "workplace")

    def __init__(self, *args: Any, last: Consultation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first: dict[str, Any] = {"once": once.new(), "day": clock.today()}
        if last is not None:
            kept = ("how", "topic", "consultant", "consultant_name", "volume", "interaction")
            before = self.of(last)
            first |= {name: before[name] for name in kept} | {"activity": last.activity_id}
        self.initial = {**first, **self.initial}
        self.fields["full_name"].widget.attrs["autofocus"] = True

    def people_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.PEOPLE]

    def clean_once(self) -> uuid.UUID:
        return once.read(self.cleaned_data["once"])

    def clean_others(self) -> list[Line]:
        found = []
        for number, text in enumerate(self.cleaned_data["others"].splitlines(), 1):
            if not text.strip():
                continue
            parts = [part.strip() for part in text.split(";")]
            if not parts[0] or len(parts) > 3 or max(map(len, parts)) > 200:
                raise ValidationError(
                    _("Line %(line)s: write the name; the contact; the place of work or study."),
                    params={"line": number},
                )
            name, contact, workplace = (*parts, "", "")[:3]
            found.append(Line(number + 1, name, workplace, contact, attended=False))
        if len(found) >= MOST_AT_ONCE:
            raise ValidationError(
                _("At most %(most)s people at once."), params={"most": MOST_AT_ONCE}
            )
        return found

    def people(self) -> list[Line]:
        """Whoever was consulted, each with a line of the journal."""
        data = self.cleaned_data
        first = Line(1, data["full_name"], data["workplace"], data["contact"], attended=False)
        return [first, *data["others"]]

    def given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*LineForm.FIRST, *LineForm.MORE)}


class FollowForm(forms.Form):
    """What came of one consultation."""

    applied = forms.TypedChoiceField(
        label=_("Advice or materials applied"),
        required=False,
        choices=[UNKNOWN, ("yes", _("yes")), ("no", _("no"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
    )
    points = forms.TypedChoiceField(
        label=_("Rating"),
        required=False,
        choices=[UNKNOWN, *((n, str(n)) for n in range(5, 0, -1))],
        coerce=int,
        empty_value=None,
    )
    applied_how = forms.CharField(
        label=_("How it was applied"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea({"rows": 1}),
    )
    review = forms.CharField(
        label=pgettext_lazy("of a participant", "Review"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea({"rows": 1}),
    )

    def told(self, number: int) -> FollowUp:
        data = self.cleaned_data
        return FollowUp(
            number, data["applied"], data["applied_how"], data["points"], data["review"]
        )

    @staticmethod
    def of(row: Consultation) -> dict[str, Any]:
        applied = {None: "", True: "yes", False: "no"}[row.applied]
        return {
            "applied": applied,
            "points": row.points or "",
            "applied_how": row.applied_how,
            "review": row.review,
        }


def _choices(field: Any, rows: Mapping[int, tuple[Any, str]]) -> None:
    field.choices = [UNKNOWN, *((str(pk), label) for pk, (_row, label) in rows.items())]
    known = {str(pk): row for pk, (row, _label) in rows.items()}
    field.coerce = known.get
