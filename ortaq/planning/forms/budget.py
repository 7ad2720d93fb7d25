"""Forms of the budget: the request of one topic with its estimate, and the approved sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.money import MAX_TIYN, MoneyField, show
from ortaq.documents.forms import form as blank
from ortaq.faces import say
from ortaq.faces.widgets import DateInput
from ortaq.planning.models import BudgetRequest, EstimateLine, Service, Topic
from ortaq.planning.procedure.budgeting import LEVELS, QUESTIONS, total_of

from .merging import watch
from .texts import NEEDED_LATER

LONGEST = 10_000
FORM = ("SO-BR", "2019")
TOO_MUCH = _("This comes to more than any budget holds. Look for a slip of the finger.")


class RequestForm(forms.Form):
    """The questions of the sample in both languages; a draft may lack any."""

    programme = forms.CharField(
        label=_("Budget programme"),
        help_text=_("Its number and name, as the budget prints them."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=NEEDED_LATER),
    )
    level = forms.ChoiceField(
        label=_("Level of the budget"),
        required=False,
        widget=forms.Select(attrs=NEEDED_LATER),
    )

    def __init__(
        self, *args: Any, topic: Topic, request: BudgetRequest | None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = stored_request(topic, request)
        super().__init__(*args, **kwargs)
        level = self.fields["level"]
        assert isinstance(level, forms.ChoiceField)
        level.choices = [("", "—"), *((key, say.text(text)) for key, text in LEVELS.items())]
        for group, keys in QUESTIONS.items():
            rows = blank(*FORM).section(group).tables[0]
            for key in keys:
                for language in ("kk", "ru"):
                    self.fields[f"{key}_{language}"] = forms.CharField(
                        label=say.text(rows.row(key).label),
                        max_length=LONGEST,
                        required=False,
                        widget=forms.Textarea(attrs={"rows": 4, "lang": language, **NEEDED_LATER}),
                    )
        watch(self)

    def groups(self) -> list[tuple[Any, list[str]]]:
        """The headings of the sample with their questions, for the page."""
        return [
            (blank(*FORM).section(group).title, list(keys)) for group, keys in QUESTIONS.items()
        ]


def stored_request(topic: Topic, request: BudgetRequest | None) -> dict[str, Any]:
    """What a request holds, by the fields of `RequestForm`; a new one is filled from its topic."""
    content = request.content if request else {}
    found = {"programme": topic.programme, "level": (content.get("level") or {}).get("key", "")}
    for keys in QUESTIONS.values():
        for key in keys:
            for language in ("kk", "ru"):
                found[f"{key}_{language}"] = (content.get(key) or {}).get(language, "")
    if request is None:
        for language in ("kk", "ru"):
            found[f"expected_result_{language}"] = getattr(topic, f"result_{language}")
            found[f"target_group_{language}"] = getattr(topic, f"target_group_{language}")
            found[f"tasks_{language}"] = getattr(topic, f"justification_{language}")
    return found


class LineForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A line of the estimate."""

    class Meta:
        model = EstimateLine
        fields = ("service", "item_kk", "item_ru", "unit", "quantity", "unit_cost_tiyn")
        labels = {
            "unit_cost_tiyn": _("Unit cost, tenge"),
        }

    def __init__(self, *args: Any, services: Sequence[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_key = {str(one.pk): one for one in services}  # not asked of the database row by row
        self.fields["service"] = forms.TypedChoiceField(
            label=_("Activity"),
            required=False,
            coerce=lambda key: _named(by_key, key),
            empty_value=None,
            choices=[("", _("the whole project")), *((key, s.name) for key, s in by_key.items())],
        )
        self.fields["item_ru"].widget.attrs |= {"lang": "ru", **NEEDED_LATER}
        self.fields["item_kk"].widget.attrs |= {"lang": "kk"}
        self.fields["quantity"].localize = True
        self.fields["quantity"].widget = forms.TextInput(
            attrs={"inputmode": "decimal", "class": "short"}
        )
        self.fields["quantity"].widget.is_localized = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and {"quantity", "unit_cost_tiyn"} <= cleaned.keys():
            line = EstimateLine(**{n: cleaned[n] for n in ("quantity", "unit_cost_tiyn")})
            if line.total_tiyn > MAX_TIYN:
                self.add_error("unit_cost_tiyn", TOO_MUCH)
        return cleaned

    def clean_unit_cost_tiyn(self) -> int:
        tiyn: int = self.cleaned_data["unit_cost_tiyn"]
        if tiyn <= 0:
            raise ValidationError(_("The unit cost is more than zero."))
        return tiyn

    def clean_quantity(self) -> Any:
        quantity = self.cleaned_data["quantity"]
        if quantity <= 0:
            raise ValidationError(_("The quantity is more than zero."))
        return quantity


def _named(by_key: dict[str, Service], key: Any) -> Service:
    """The service with this key; `ValueError` as `coerce` says it."""
    try:
        return by_key[str(key)]
    except KeyError:
        raise ValueError(key) from None


class _Lines(forms.BaseFormSet):  # type: ignore[type-arg]  # not subscriptable when it runs
    """The estimate as a whole: its total, too, is a sum that people mean."""

    def clean(self) -> None:
        if not any(self.errors) and total_of(lines_of(self)) > MAX_TIYN:
            raise ValidationError(TOO_MUCH)


# Rows are saved as a whole, so a row is known by its place and not by a key that another save renews.
LineFormSet = forms.formset_factory(
    LineForm, formset=_Lines, extra=3, can_delete=True, max_num=300, absolute_max=300
)


def stored_lines(lines: Iterable[EstimateLine]) -> list[dict[str, Any]]:
    """The rows of `LineFormSet` as they are stored."""
    return [
        {name: getattr(one, name) for name in LineForm.Meta.fields}
        | {"service": one.service_id, "quantity": one.amount}
        for one in lines
    ]


def lines_of(formset: Any) -> list[EstimateLine]:
    """The lines as typed, without those that are struck out or empty."""
    return [
        EstimateLine(**{name: one.cleaned_data[name] for name in LineForm.Meta.fields})
        for one in formset.forms
        if one.cleaned_data.get("item_kk") and not one.cleaned_data.get("DELETE")
    ]


class ApprovedForm(forms.Form):
    """The approved sum of each topic of the list, and the act of the budget."""

    decision = forms.CharField(
        label=_("Act that approved the budget"),
        help_text=_("For example: decision of the maslikhat № 12/3-VII."),
        max_length=300,
    )
    decided_on = forms.DateField(label=_("Its day"), widget=DateInput)

    def __init__(self, *args: Any, topics: Sequence[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics = list(topics)
        for topic in self.topics:
            self.fields[f"sum-{topic.pk}"] = MoneyField(
                label=f"{topic.position}. {topic.title}",
                help_text=_("Requested: %(sum)s. Zero where the budget gives nothing.")
                % {"sum": show(topic.requested_tiyn)},
            )

    def clean_decided_on(self) -> Any:
        day = self.cleaned_data["decided_on"]
        if day > clock.today():
            raise ValidationError(_("The day of the act has not come yet."))
        return day

    def facts(self) -> dict[str, Any]:
        """What the step is told: the sums by topic, the act and its day."""
        return {
            "sums": {topic.pk: self.cleaned_data[f"sum-{topic.pk}"] for topic in self.topics},
            "decision": self.cleaned_data["decision"],
            "decided_on": self.cleaned_data["decided_on"],
        }
