"""Forms of the information to the Government: a year to begin, its conclusions, the number of the letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.oversight.models import GovernmentInformation
from ortaq.oversight.procedure.government import LONGEST, TEXTS

from .statutory import FIRST_YEAR


class YearForm(forms.Form):
    """A year whose information the clock has not opened."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = self.fields["year"]
        assert isinstance(year, forms.TypedChoiceField)
        years = range(clock.today().year - 1, FIRST_YEAR - 1, -1)
        year.choices = [(one, str(one)) for one in years]


class SummaryForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """The conclusions in two languages. Both are asked for by the step, so neither keeps a draft from being saved."""

    use_required_attribute = False

    class Meta:
        model = GovernmentInformation
        fields = TEXTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TEXTS:
            self.fields[name].required = True
            self.fields[name].widget.attrs |= {"rows": 12, "maxlength": LONGEST}
