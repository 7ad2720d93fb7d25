"""Activities, indicators and the planned social effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.projects import changing, completeness
from ortaq.projects.changing import Plan, Row
from ortaq.projects.forms.rows import CELL, new_key
from ortaq.projects.models import Activity, Indicator
from ortaq.projects.planned import LARGEST, settle, written

from .base import ChangeForm, Kind, area, shortened
from .terms import TermFields


class NewActivityForm(TermFields, ChangeForm):
    kind = Kind.ACTIVITY
    title = _("A new activity")
    section = forms.ChoiceField(label=_("Section"), choices=Activity.Section)
    task = area(
        _("Task"),
        required=False,
        rows=2,
        help_text=_("Only for activities of a task: its text, the same for all its activities."),
    )
    text = area(_("Activity: name, goal, participants, content"))
    place = area(
        _("Place"),
        required=False,
        rows=2,
        help_text=_(
            "Each place on its own line, with the number of events if it is planned: Көкшетау – 3 іс-шара."
        ),
    )
    channel = area(
        _("Channel"),
        required=False,
        rows=2,
        help_text=_("Only for information work: names of mass media, web resources, SMS."),
    )
    indicators = area(
        _("Indicators and planned values"),
        rows=4,
        help_text=_("Each on its own line, for example: Қатысушылар: 100-ден кем емес."),
    )
    field_order = ["section", "task", "text", "place", "channel", "months", "term", "indicators"]

    def prepare(self) -> None:
        self.offer_months(self.contract)

    def meant(self) -> Iterator[Row | None]:
        key = new_key()
        values = {**self.cleaned_data, "term": self.printed(self.contract)}
        yield changing.begin(changing.ACTIVITY, key, values)
        for text, value in written(self.cleaned_data["indicators"]):
            one = Indicator(text=text, planned=value)
            settle(one)
            fields = {name: getattr(one, name) for name in changing.FIELDS[changing.INDICATOR]}
            yield changing.begin(changing.INDICATOR, f"{key}/", fields)


class ActivityTextForm(ChangeForm):
    kind = Kind.ACTIVITY
    title = _("The topic or content of an activity")
    activity = forms.ChoiceField(label=_("Activity"))
    text = area(_("Activity: name, goal, participants, content"))
    channel = area(
        _("New channel"),
        required=False,
        rows=2,
        help_text=_("Only for information work; left empty, it stays as it is."),
    )

    def prepare(self) -> None:
        self.choose("activity", self.plan.activities)

    def meant(self) -> Iterator[Row | None]:
        data = self.cleaned_data
        yield self.plan.row(changing.ACTIVITY, data["activity"], "text", data["text"])
        if data["channel"]:
            yield self.plan.row(changing.ACTIVITY, data["activity"], "channel", data["channel"])


class DropActivityForm(ChangeForm):
    kind = Kind.ACTIVITY
    title = _("An activity falls away")
    activity = forms.ChoiceField(label=_("Activity"))

    def prepare(self) -> None:
        self.choose("activity", self.plan.activities)

    def meant(self) -> Iterator[Row | None]:
        key = self.cleaned_data["activity"]
        for one in self.plan.activities[key].indicators.all():
            yield self.plan.end(changing.INDICATOR, f"{key}/{one.position}")
        yield self.plan.end(changing.ACTIVITY, key)


# --- Indicators ---


class PlannedFields(forms.Form):
    planned = forms.CharField(
        label=_("Planned value"),
        max_length=CELL,
        help_text=_("For example: 200; 50-ден кем емес; 6/1."),
    )
    minimum = forms.IntegerField(
        label=_("Number"),
        required=False,
        min_value=0,
        max_value=LARGEST,
        help_text=_("Only if the planned value does not say it as a number."),
    )

    def read(self) -> dict[str, Any]:
        """The planned value as text and as numbers."""
        value = Indicator(
            planned=self.cleaned_data["planned"], minimum=self.cleaned_data["minimum"]
        )
        settle(value)
        return {name: getattr(value, name) for name in ("planned", "reading", "minimum", "second")}


class IndicatorForm(PlannedFields, ChangeForm):
    kind = Kind.INDICATOR
    title = _("The planned value of an indicator")
    indicator = forms.ChoiceField(label=_("Indicator"))
    text = forms.CharField(
        label=_("New wording"),
        max_length=CELL,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Left empty, it stays as it is."),
    )
    field_order = ["indicator", "planned", "minimum", "text"]

    def prepare(self) -> None:
        field: Any = self.fields["indicator"]
        field.choices = [("", "—"), *indicators(self.plan)]

    def meant(self) -> Iterator[Row | None]:
        values = self.read()
        if self.cleaned_data["text"]:
            values["text"] = self.cleaned_data["text"]
        for name, value in values.items():
            yield self.plan.row(changing.INDICATOR, self.cleaned_data["indicator"], name, value)


def indicators(plan: Plan) -> list[tuple[str, list[tuple[str, str]]]]:
    """The indicators to choose from, under their activities."""
    return [
        (
            shortened(activity.text),
            [
                (f"{key}/{one.position}", f"{shortened(one.text)} ({one.planned[:60]})")
                for one in activity.indicators.all()
            ],
        )
        for key, activity in plan.activities.items()
    ]


class NewIndicatorForm(PlannedFields, ChangeForm):
    kind = Kind.INDICATOR
    title = _("A new indicator of an activity")
    activity = forms.ChoiceField(label=_("Activity"))
    text = area(_("Indicator"), rows=2)
    field_order = ["activity", "text"]

    def prepare(self) -> None:
        self.choose("activity", self.plan.activities)

    def meant(self) -> Iterator[Row | None]:
        values = {**self.read(), "text": self.cleaned_data["text"]}
        yield changing.begin(changing.INDICATOR, f"{self.cleaned_data['activity']}/", values)


class DropIndicatorForm(ChangeForm):
    kind = Kind.INDICATOR
    title = _("An indicator falls away")
    indicator = forms.ChoiceField(label=_("Indicator"))

    def prepare(self) -> None:
        field: Any = self.fields["indicator"]
        field.choices = [("", "—"), *indicators(self.plan)]

    def meant(self) -> Iterator[Row | None]:
        yield self.plan.end(changing.INDICATOR, self.cleaned_data["indicator"])


class EffectForm(ChangeForm):
    kind = Kind.INDICATOR
    title = _("The planned social effect")

    def prepare(self) -> None:
        for name, label in completeness.SOCIAL_EFFECT.items():
            self.fields[name] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=LARGEST,
                initial=self.contract.social_effect.get(name),
                required=self.contract.social_effect.get(name) is not None,
            )

    def meant(self) -> Iterator[Row | None]:
        for name in completeness.SOCIAL_EFFECT:
            yield self.plan.row(
                changing.CONTRACT, "", f"social_effect.{name}", self.cleaned_data[name]
            )
