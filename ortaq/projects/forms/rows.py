"""Blocks that are tables: team, estimate, the indicators of an activity.

Rows are found by their number; one that somebody else deleted meanwhile comes back as it was
typed. Two empty rows stand at the end; saving gives two more.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Model, prefetch_related_objects
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.core import money
from ortaq.projects import estimate, months, planned
from ortaq.projects.models import Activity, BudgetLine, Contract, Indicator, TeamMember

CELL, LONG = 3_000, 20_000
MOST_ROWS = 300


def new_key() -> str:
    """The identity of a row that the application did not have."""
    return f"~{secrets.token_hex(5)}"


class RowForm(forms.ModelForm):  # type: ignore[type-arg]  # each table has its own model
    """One row. `row` is the number of the record that it shows, empty for a new one."""

    row = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        self.contract = contract
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and field.max_length is None:
                field.max_length = CELL
                field.widget.attrs.setdefault("maxlength", CELL)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 2


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]
    """A table of rows: `existing` are its records in order."""

    existing: Sequence[Model] = ()

    def __init__(self, data: Any = None, *, contract: Contract, prefix: str = "row") -> None:
        self.contract = contract
        self.records = {record.pk: record for record in self.existing}
        super().__init__(
            data,
            prefix=prefix,
            initial=[{"row": pk} for pk in self.records],
            form_kwargs={"contract": contract},
        )

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs = super().get_form_kwargs(index)
        if index is None:
            return kwargs
        if self.is_bound:
            asked = str(self.data.get(f"{self.prefix}-{index}-row", ""))
            record = self.records.get(int(asked)) if asked.isascii() and asked.isdigit() else None
        else:
            record = list(self.records.values())[index] if index < len(self.records) else None
        return {**kwargs, "instance": record}

    def kept(self) -> list[Model]:
        """The records as typed, in order, unsaved; deleted ones are deleted from the table."""
        rows: list[Model] = []
        for form in self.forms:
            record = form.instance
            if form in self.deleted_forms:
                if record.pk:
                    record.delete()
            elif record.pk or form.has_changed():
                rows.append(form.save(commit=False))
        return rows


def rows_of(form: type[RowForm], base: type[Rows]) -> Any:
    return forms.formset_factory(
        form,
        formset=base,
        extra=2,
        can_delete=True,
        max_num=MOST_ROWS,
        validate_max=True,
        absolute_max=MOST_ROWS + 10,
    )


# --- Block II ------------------------------------------------------------------------------------


class MemberForm(RowForm):
    class Meta:
        model = TeamMember
        fields = ["table", "full_name", "post", "role", "contact", "duties", "share"]


class _Team(Rows):
    def __init__(self, data: Any = None, *, contract: Contract) -> None:
        self.existing = list(contract.team.all())
        super().__init__(data, contract=contract)

    def save(self, contract: Contract) -> None:
        for position, row in enumerate(self.kept(), 1):
            assert isinstance(row, TeamMember)
            row.contract, row.position = contract, position
            row.save()


TeamRows = rows_of(MemberForm, _Team)


# --- The estimate --------------------------------------------------------------------------------


class QuantityField(forms.DecimalField):
    """A quantity as people write it, with a comma or a point: "2,5", "1 200"."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = re.sub(r"[\s\u00a0\u202f]", "", value).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class LineForm(RowForm):
    """A line of the estimate. Grant funds left empty are what the other sources leave."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    category = forms.ChoiceField(label=_("Cost item"))
    activity = forms.TypedChoiceField(label=_("Activity"), required=False, empty_value=None)
    quantity = QuantityField(label=_("Quantity"), max_digits=14, decimal_places=4, min_value=0)
    own_tiyn = money.MoneyField(label=_("Own contribution"), required=False)
    other_tiyn = money.MoneyField(label=_("Other sources"), required=False)
    grant_tiyn = money.MoneyField(label=_("Grant funds"), required=False)

    class Meta:
        model = BudgetLine
        fields = [
            "year", "category", "activity", "item", "unit", "quantity", "unit_cost_tiyn",
            "own_tiyn", "other_tiyn", "grant_tiyn",
        ]  # fmt: skip

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, contract=contract, **kwargs)
        fields: dict[str, Any] = self.fields
        years = {int(month[:4]) for month in running(contract)}
        if self.instance._state.adding:
            # A new row is empty, so that it counts only when something is typed into it.
            self.initial.update(dict.fromkeys(("own_tiyn", "other_tiyn", "grant_tiyn")))
        else:
            years.add(self.instance.year)
        fields["year"].choices = [("", "—"), *((year, str(year)) for year in sorted(years))]
        if contract.instrument != Contract.Instrument.GRANT:
            fields["grant_tiyn"].label = _("Money of the contract")
        fields["category"].choices = [("", "—"), *_categories(contract)]
        activities = {str(one.pk): one for one in contract.activities.all()}
        fields["activity"].choices = [
            ("", "—"),
            *((pk, one.text[:80]) for pk, one in activities.items()),
        ]
        fields["activity"].coerce = lambda pk: _one_of(activities, pk)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("own_tiyn", "other_tiyn"):
            data[name] = data.get(name) or 0
        if data.get("grant_tiyn") is None and {"quantity", "unit_cost_tiyn"} <= set(data):
            line = BudgetLine(quantity=data["quantity"], unit_cost_tiyn=data["unit_cost_tiyn"])
            rest = line.total_tiyn - data["own_tiyn"] - data["other_tiyn"]
            data["grant_tiyn"] = max(rest, 0)
        return data


def _one_of(activities: Mapping[str, Activity], pk: object) -> Activity:
    if str(pk) not in activities:
        raise ValueError(pk)
    return activities[str(pk)]


def running(contract: Contract) -> list[str]:
    """The months of the contract's term; without a term those that activities name already."""
    term = months.between(contract.starts_on, contract.ends_on)
    return term or sorted({m for a in contract.activities.all() for m in a.months})


def _categories(contract: Contract) -> list[tuple[str, str]]:
    language = get_language() or "kk"
    return [
        (key, f"{item.group.say(language)}: {item.label.say(language)}")
        for key, item in estimate.items_of(contract).items()
    ]


class _Budget(Rows):
    def __init__(self, data: Any = None, *, contract: Contract) -> None:
        self.existing = list(contract.budget.select_related("activity"))
        # Every row offers the same activities: read them once.
        prefetch_related_objects([contract], "activities")
        super().__init__(data, contract=contract)

    def save(self, contract: Contract) -> None:
        for position, row in enumerate(self.kept(), 1):
            assert isinstance(row, BudgetLine)
            row.contract, row.position = contract, position
            row.key = row.key or new_key()
            row.save()


BudgetRows = rows_of(LineForm, _Budget)


# --- Block III, one activity -----------------------------------------------------------------------


class IndicatorForm(RowForm):
    class Meta:
        model = Indicator
        fields = ["text", "planned", "minimum"]
        help_texts = {
            "planned": _("For example: 200; 50-ден кем емес; 6/1."),
            "minimum": _("Only if the planned value does not say it as a number."),
        }

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, contract=contract, **kwargs)
        if self.instance.reading not in (Indicator.Reading.UNREAD, Indicator.Reading.BY_HAND):
            self.initial["minimum"] = None  # the text says it; it is read again from there


class _Indicators(Rows):
    def __init__(self, data: Any = None, *, contract: Contract, activity: Activity | None) -> None:
        self.existing = list(activity.indicators.all()) if activity else []
        super().__init__(data, contract=contract)


IndicatorRows = rows_of(IndicatorForm, _Indicators)


class ActivityForm(forms.ModelForm):  # type: ignore[type-arg]
    """One activity with its indicators (GR-I-04..09)."""

    months = forms.MultipleChoiceField(
        label=_("Months"), required=False, widget=forms.CheckboxSelectMultiple()
    )

    class Meta:
        model = Activity
        fields = ["section", "task", "text", "place", "channel", "months", "term"]
        help_texts = {
            "task": _("Only for activities of a task: its text, the same for all its activities."),
            "place": _(
                "Each place on its own line, with the number of events if it is planned: Көкшетау – 3 іс-шара."
            ),
            "channel": _("Only for information work: names of mass media, web resources, SMS."),
            "term": _("Left empty, it is written from the months."),
        }

    def __init__(
        self, data: Any = None, *, contract: Contract, activity: Activity | None = None
    ) -> None:
        self.contract = contract
        super().__init__(data, instance=activity)
        self.rows = IndicatorRows(data, contract=contract, activity=activity)
        known = sorted({*running(contract), *(activity.months if activity else ())})
        fields: dict[str, Any] = self.fields
        fields["months"].choices = [
            (month, months.said([month], get_language() or "kk")) for month in known
        ]
        for field in fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs |= {"rows": 3, "maxlength": LONG}
                field.max_length = LONG

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.rows.is_valid()])

    def save(self, contract: Contract) -> Activity:  # type: ignore[override]
        activity: Activity = super().save(commit=False)
        activity.contract = contract
        if activity._state.adding:
            last = contract.activities.order_by("-position").values_list("position", flat=True)
            activity.position = (last.first() or 0) + 1
            activity.key = new_key()
        if not activity.term:
            term = months.between(contract.starts_on, contract.ends_on)
            language = "ru" if contract.title_ru and not contract.title_kk else "kk"
            activity.term = months.said(activity.months, language, of=term)
        activity.save()
        for position, row in enumerate(self.rows.kept(), 1):
            assert isinstance(row, Indicator)
            row.activity, row.position = activity, position
            planned.settle(row)
            row.save()
        return activity
