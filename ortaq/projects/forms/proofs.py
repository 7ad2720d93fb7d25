"""How much of which indicator is proved: a number for each, two for a pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.projects.models import Activity, Indicator, Project
from ortaq.projects.procedure.evidence import Proves
from ortaq.projects.queries import evidence as queries

MOST = 10**12
TWO_NUMBERS = (Indicator.Reading.PAIR, Indicator.Reading.WITHIN)


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator with its one or two fields."""

    goal: queries.Goal
    amount: forms.BoundField
    second: forms.BoundField | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The indicators of one activity; open where something stands in it."""

    activity: Activity
    lines: Sequence[Line]
    is_open: bool


class ProofsForm(forms.Form):
    """How much of which indicator is proved: a number for each, empty for most."""

    def __init__(
        self, *args: Any, project: Project, proved: Mapping[int, tuple[int, int | None]] = {}, **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.project = project
        self.goals = queries.goals_of(project)
        self.activities: set[int] = set()
        for _activity, goals in self.goals:
            for goal in goals:
                one = goal.indicator
                amount, second = proved.get(one.pk, (None, None))
                self._number(f"proof-{one.pk}", _("how much"), amount)
                if one.reading in TWO_NUMBERS:
                    pair = one.reading == Indicator.Reading.PAIR
                    label = _("of the second number") if pair else _("how many in it")
                    self._number(f"second-{one.pk}", label, second)

    def _number(self, name: str, label: Any, initial: int | None) -> None:
        self.fields[name] = forms.IntegerField(
            label=label, required=False, min_value=0, max_value=MOST, initial=initial
        )

    def groups(self) -> list[Group]:
        """The indicators by activity, as the page shows them."""
        found = []
        for activity, goals in self.goals:
            lines = []
            for goal in goals:
                pk = goal.indicator.pk
                second = f"second-{pk}"
                lines.append(
                    Line(goal, self[f"proof-{pk}"], self[second] if second in self.fields else None)
                )
            said = any(
                bound.value() or bound.errors
                for line in lines
                for bound in (line.amount, line.second)
                if bound is not None
            )
            found.append(Group(activity, lines, said or activity.pk in self.activities))
        return found

    def proves(self) -> list[Proves]:
        """What was said of each indicator, of a valid form."""
        data, found = self.cleaned_data, []
        for _activity, goals in self.goals:
            for goal in goals:
                one = goal.indicator
                amount, second = data.get(f"proof-{one.pk}"), data.get(f"second-{one.pk}")
                if amount or second:
                    found.append(Proves(one, amount or 0, second))
        return found
