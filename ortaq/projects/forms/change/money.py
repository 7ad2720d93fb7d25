"""Money from one line of the estimate to another (GR-K-07, GR-K-08)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.core import money
from ortaq.projects import changing, estimate
from ortaq.projects.changing import Row
from ortaq.projects.forms.rows import CELL, QuantityField, new_key
from ortaq.projects.models import BudgetLine
from ortaq.projects.queries.money import by_line

from .base import ChangeForm, Kind, shortened

NEW = "new"
MOST_MOVES = 30


class MoveForm(forms.Form):
    """So much from this line to that one."""

    source = forms.ChoiceField(label=_("From the line"))
    target = forms.ChoiceField(label=_("To the line"))
    sum_tiyn = money.MoneyField(label=_("Sum to move"))
    source_quantity = QuantityField(
        label=_("New quantity where the money is taken from"),
        required=False,
        max_digits=14,
        decimal_places=4,
        min_value=0,
        help_text=_("Left empty, the unit cost changes."),
    )
    target_quantity = QuantityField(
        label=_("New quantity where the money goes to"),
        required=False,
        max_digits=14,
        decimal_places=4,
        min_value=0,
        help_text=_("Left empty, the unit cost changes."),
    )

    def __init__(self, *args: Any, lines: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        target: Any = self.fields["target"]
        source.choices = [("", "—"), *lines]
        target.choices = [("", "—"), *lines, (NEW, _("a new line, described below"))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("sum_tiyn") == 0:
            self.add_error("sum_tiyn", _("State how much is moved."))
        if data.get("source") and data.get("source") == data.get("target"):
            self.add_error("target", _("This is the line from which the money is taken."))
        return data


Moves: Any = forms.formset_factory(
    MoveForm, extra=3, max_num=MOST_MOVES, validate_max=True, absolute_max=MOST_MOVES + 1
)


class LineForm(ChangeForm):
    """Any number of moves at once; each line changes by their balance, and its parts still make its total."""

    kind = Kind.LINE
    title = _("Money between lines of the estimate")

    item = forms.CharField(
        label=_("What the new line is for"),
        required=False,
        max_length=CELL,
        widget=forms.Textarea({"rows": 2}),
    )
    category = forms.ChoiceField(label=_("Cost item"), required=False)
    activity = forms.ChoiceField(label=_("Activity"), required=False)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=500)
    OF_NEW_LINE = ("item", "category", "activity", "unit")

    @classmethod
    def again(cls, typed: dict[str, list[str]]) -> dict[str, list[str]]:
        """With one more move to fill in."""
        there = int(typed["move-TOTAL_FORMS"][0])
        return typed | {"move-TOTAL_FORMS": [str(min(there + 1, MOST_MOVES))]}

    def prepare(self) -> None:
        language = get_language() or "kk"
        category: Any = self.fields["category"]
        category.choices = [
            ("", "—"),
            *(
                (key, f"{item.group.say(language)}: {item.label.say(language)}")
                for key, item in estimate.items_of(self.contract).items()
            ),
        ]
        self.choose("activity", self.plan.activities)
        self.left = {one.line.key: one.money.grant.left for one in by_line(self.project)}
        lines = [(key, self.said(line)) for key, line in self.plan.lines.items()]
        data = self.data if self.is_bound else None
        self.moves = Moves(data, prefix="move", form_kwargs={"lines": lines})

    def said(self, line: BudgetLine) -> str:
        """A line as the list shows it: what for, how much of the body's money, how much of it is left."""
        return _("%(line)s: %(sum)s, left %(left)s") % {
            "line": shortened(line.item) or line.category,
            "sum": money.show(line.grant_tiyn),
            "left": money.show(self.left.get(line.key, 0)),
        }

    @property
    def new_line(self) -> list[Any]:
        """The fields that describe a new line."""
        return [self[name] for name in self.OF_NEW_LINE]

    def is_valid(self) -> bool:
        return all([self.moves.is_valid(), super().is_valid()])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.moves.is_valid():
            moved = [one.cleaned_data for one in self.moves if one.has_changed()]
            if any(one["target"] == NEW for one in moved):
                for name in ("item", "category"):
                    if not data.get(name):
                        self.add_error(name, _("Describe the new line to which money is moved."))
            if not self.errors:
                self.found = self._rows(moved, data)
        return data

    def _rows(self, moved: list[Mapping[str, Any]], data: Mapping[str, Any]) -> list[Row]:
        balance: dict[str, int] = {}
        quantity: dict[str, Decimal] = {}
        for one in moved:
            for end, sign in (("source", -1), ("target", 1)):
                balance[one[end]] = balance.get(one[end], 0) + sign * one["sum_tiyn"]
                if one[f"{end}_quantity"] is not None:
                    quantity[one[end]] = one[f"{end}_quantity"]
        rows: list[Row] = []
        for key, tiyn in balance.items():
            if key == NEW:
                rows.append(self._begun(tiyn, quantity.get(NEW), moved, data))
            else:
                rows += self._changed(key, tiyn, quantity.get(key))
        return rows

    def _changed(self, key: str, tiyn: int, quantity: Decimal | None) -> Iterator[Row]:
        line = self.plan.lines[key]
        grant = line.grant_tiyn + tiyn
        if grant < 0:
            self.add_error(
                None,
                _("“%(line)s” has only %(sum)s.")
                % {"line": shortened(line.item), "sum": money.show(line.grant_tiyn)},
            )
            return
        after = {"grant_tiyn": grant}
        total = line.own_tiyn + line.other_tiyn + grant
        if total:
            kept = line.quantity if quantity is None else quantity
            after["unit_cost_tiyn"] = self._unit_cost(line.item, total, kept)
            after["quantity"] = kept
        else:  # nothing is bought any more, at whatever price
            after["quantity"] = Decimal(0)
        for name, value in after.items():
            if row := self.plan.row(changing.LINE, key, name, value):
                yield row

    def _unit_cost(self, item: str, total: int, quantity: Decimal) -> int:
        """Total by quantity, in whole tiyn; an error on the page where there is no such price."""
        cost = Fraction(total) / Fraction(quantity) if quantity else Fraction(0)
        if not quantity or cost.denominator != 1:
            self.add_error(
                None,
                ValidationError(
                    _(
                        "%(total)s cannot be divided into %(quantity)s units of “%(line)s” exactly. State its new quantity."
                    ),
                    params={
                        "total": money.show(total),
                        "quantity": f"{quantity.normalize():f}",
                        "line": shortened(item),
                    },
                ),
            )
        return int(cost)

    def _begun(
        self,
        tiyn: int,
        quantity: Decimal | None,
        moved: list[Mapping[str, Any]],
        data: Mapping[str, Any],
    ) -> Row:
        first = next(one["source"] for one in moved if one["target"] == NEW)
        number = Decimal(1) if quantity is None else quantity
        return changing.begin(
            changing.LINE,
            new_key(),
            {
                "year": self.plan.lines[first].year,
                "category": data["category"],
                "activity": data["activity"] or None,
                "item": data["item"],
                "unit": data["unit"],
                "quantity": number,
                "unit_cost_tiyn": self._unit_cost(data["item"], tiyn, number),
                "grant_tiyn": tiyn,
            },
        )

    def meant(self) -> Iterator[Row | None]:
        yield from self.found
