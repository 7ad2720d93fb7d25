"""Forms of the project itself: its settings, what is noted of an indicator, where the places of an activity lie."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.core import regions
from ortaq.law.findings import Finding
from ortaq.people.queries import people_of
from ortaq.projects.models import Indicator, Place, Project
from ortaq.projects.policy.contract import WRITERS
from ortaq.projects.procedure.project import ANNOTATION, SETTINGS_FIELDS

LONG = 2_000
MOST_LEVELS, LEVEL_LENGTH = 20, 300
MOST_EVENTS = 999  # of one activity in one place


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Manager, level, civic centre, special social services. Saved by the step `settings`, never by itself."""

    class Meta:
        model = Project
        fields = SETTINGS_FIELDS
        help_texts = {
            "level": _("The Standard asks for publications in mass media of the same level."),
            "is_civic_centre": _(
                "The project runs a civic (resource) centre with its package of services."
            ),
            "special_social_services": _(
                "Centres of special social services are not measured by the Standard."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        manager = self.fields["manager"]
        assert isinstance(manager, forms.ModelChoiceField)
        manager.queryset = people_of(self.instance.contract.grantee_id, *WRITERS)
        manager.required = False
        manager.empty_label = _("not named")


class IndicatorForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Level, who set it, where its figures come from; the scale of a qualitative one, a level on each line."""

    levels = forms.CharField(
        label=_("Levels of the scale"),
        required=False,
        max_length=LONG * 3,
        widget=forms.Textarea({"rows": 5}),
        help_text=_(
            "Only for a qualitative indicator: what each level means, one on each line, beginning with level 0. Its "
            "value is then the highest level that is proved, and proofs are not added up."
        ),
    )

    class Meta:
        model = Indicator
        fields = ("level", "set_by", "source")
        widgets = {"source": forms.Textarea({"rows": 2, "maxlength": LONG})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["levels"] = "\n".join(self.instance.scale)

    def clean_levels(self) -> list[str]:
        """The names of the levels; at least two, or none at all."""
        found = [one.strip() for one in self.cleaned_data["levels"].splitlines() if one.strip()]
        if len(found) == 1:
            raise forms.ValidationError(
                _("A scale has at least two levels: the first line is level 0.")
            )
        if len(found) > MOST_LEVELS or any(len(one) > LEVEL_LENGTH for one in found):
            raise forms.ValidationError(
                _("Write at most %(count)s levels of at most %(length)s characters each."),
                params={"count": MOST_LEVELS, "length": LEVEL_LENGTH},
            )
        return found

    def values(self) -> dict[str, Any]:
        """What the step `annotate` takes."""
        cleaned = self.cleaned_data | {"scale": self.cleaned_data["levels"]}
        return {name: cleaned[name] for name in ANNOTATION}


class PlaceForm(forms.Form):
    """Where one place of the plan lies and how many events are planned there."""

    region = forms.ChoiceField(label=_("Region"), required=False)
    events = forms.IntegerField(
        label=_("Events planned"), required=False, min_value=1, max_value=MOST_EVENTS
    )

    def __init__(self, data: Any, *, place: Place, fixed: bool) -> None:
        super().__init__(data, prefix=f"p{place.pk}")
        self.place = place
        region: Any = self.fields["region"]
        region.choices = [("", "—"), *regions.choices()]
        if place.region and place.region not in dict(region.choices):  # of an older year
            known = regions.find(place.region)
            region.choices.append((place.region, known.name.say(get_language() or "kk") if known else place.region))  # fmt: skip
        self.initial = {"region": place.region, "events": place.events}
        if place.events is not None and fixed:
            self.fields["events"].disabled = True
            self.fields["events"].help_text = (
                _("Given already: another number needs a request for a change of the place.")
                if place.by_hand
                else _("The text of the plan says it: another number needs a request for a change.")
            )


class PlacesForm:
    """The places of one activity; `fixed` numbers cannot be typed over by whoever reads the page."""

    def __init__(self, data: Any, places: Iterable[Place], *, mends: bool) -> None:
        self.rows = [
            PlaceForm(data, place=one, fixed=not (mends and one.by_hand)) for one in places
        ]

    def is_valid(self) -> bool:
        valid = [row.is_valid() for row in self.rows]  # every row says what is wrong with it
        return all(valid)

    def values(self) -> dict[int, tuple[str, int | None]]:
        """What the step `places` takes: region and number by the key of the place."""
        return {
            row.place.pk: (row.cleaned_data["region"], row.cleaned_data["events"])
            for row in self.rows
        }

    def say(self, findings: Iterable[Finding]) -> None:
        """Put what the step found beside the fields."""
        by_name = {f"{row.prefix}-events": row for row in self.rows}
        for one in findings:
            if one.about in by_name:
                by_name[one.about].add_error("events", str(one.message))
