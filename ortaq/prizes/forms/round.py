"""Forms of the officer who prepares the prize of a year."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.money import MoneyField
from ortaq.faces import say
from ortaq.planning.forms.merging import watch
from ortaq.prizes.models import Direction, Round
from ortaq.prizes.procedure.round_draft import directions_of

LONGEST = 20_000


class YearForm(forms.Form):
    """Of which year the prize is."""

    year = forms.IntegerField(label=_("Year"), min_value=2018, max_value=2100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = clock.today().year


class TextsForm(forms.Form):
    """The texts of the announcement. Anything may be missing until it is announced."""

    text_kk = forms.CharField(label=_("Text of the announcement"))
    text_ru = forms.CharField(label=_("Text of the announcement"))
    contacts_kk = forms.CharField(label=_("Where and when papers are taken, who answers questions"))
    contacts_ru = forms.CharField(label=_("Where and when papers are taken, who answers questions"))
    addressee_kk = forms.CharField(label=_("To whom applications are addressed"))
    addressee_ru = forms.CharField(label=_("To whom applications are addressed"))

    def __init__(self, data: Any = None, *, found: Round) -> None:
        super().__init__(data, initial={name: getattr(found, name) for name in self.base_fields})
        for name, field in self.fields.items():
            assert isinstance(field, forms.CharField)
            field.required = False
            field.max_length = 300 if name.startswith("addressee") else LONGEST
            rows = {"text": 8, "contacts": 4}.get(name[:-3])
            if rows:
                field.widget = forms.Textarea(attrs={"rows": rows, "data-needed": "later"})
        watch(self)


class DirectionsForm(forms.Form):
    """Which directions there are prizes in, and of what size: a box and a sum for each."""

    def __init__(self, *args: Any, found: Round, least: int, **kwargs: Any) -> None:
        self.known = directions_of(found.rules)
        kept = {one.field: one for one in found.directions.all()}
        super().__init__(*args, **kwargs)
        for one in self.known:
            there = kept.get(one.key)
            self.fields[f"on-{one.key}"] = forms.BooleanField(
                label=say.text(one.text), required=False, initial=there is not None
            )
            self.fields[f"sum-{one.key}"] = MoneyField(
                label=_("Prize, ₸"),
                required=False,
                initial=there.amount_tiyn if there else least,
            )

    def rows(self) -> Iterable[tuple[int, Any, Any]]:
        """Number, box and sum of each direction, as the page shows them."""
        for number, one in enumerate(self.known, 1):
            yield number, self[f"on-{one.key}"], self[f"sum-{one.key}"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for one in self.known:
            name = f"sum-{one.key}"
            if cleaned.get(f"on-{one.key}") and name in cleaned and cleaned[name] is None:
                self.add_error(name, _("Write the sum of the prize, or take the tick off."))
        return cleaned

    def sums(self) -> dict[str, int]:
        """{key of the direction: tiyn} of those that are ticked."""
        given = self.cleaned_data
        return {
            one.key: given[f"sum-{one.key}"]
            for one in self.known
            if given.get(f"on-{one.key}") and given.get(f"sum-{one.key}") is not None
        }


def name_of(direction: Direction) -> str:
    """A direction as a list of choices names it."""
    return f"{direction.position}. {say.text(direction.label)}"
