"""Fields of forms that a page can bear: long texts, measured values, ticked rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.planning.values import exact

LONGEST = 5000
NEEDED_LATER = {"data-needed": "later"}  # not to save the draft, but to finish it


def long_text(field: forms.Field, *, rows: int) -> None:
    """Make a field a box of so many rows for at most `LONGEST` characters."""
    assert isinstance(field, forms.CharField)
    field.widget = forms.Textarea(attrs={"rows": rows, "maxlength": LONGEST})
    field.max_length = LONGEST
    field.validators.append(_not_longer)


def _not_longer(text: str) -> None:
    if len(text) > LONGEST:
        raise ValidationError(
            _("The text is longer than %(limit)s characters. Shorten it."),
            params={"limit": LONGEST},
        )


class ExactField(forms.DecimalField):
    """A measured value, exact; a comma or a point before the decimals, spaces between thousands."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.split()).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return exact(value, grouped=False) if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal"}


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Rows by their numbers; one that no row can have is refused before the database is asked."""

    def clean(self, value: Any) -> Any:
        for one in value or ():
            if not (str(one).isdecimal() and len(str(one)) < 19):
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": str(one)[:40]},
                )
        return super().clean(value)
