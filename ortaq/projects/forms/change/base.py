"""What every form of a request for a change has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ortaq.core.files import SCANS
from ortaq.faces.widgets import DateInput
from ortaq.projects import changing
from ortaq.projects.changing import Plan, Row
from ortaq.projects.forms.rows import LONG
from ortaq.projects.models import Change, Project

Kind = Change.Kind
CHOSEN = 100  # characters of a record that a list to choose from shows


class ChangeForm(forms.Form):
    """One thing that can change. `rows()` after `is_valid()` are the rows that it means, none where nothing differs."""

    kind: ClassVar[Change.Kind]
    title: ClassVar[str | Promise]

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Why the plan cannot be kept as it was signed."),
    )
    effect = forms.CharField(
        label=_("Effect on tasks, indicators and money"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What becomes different for the result of the project; if nothing, say so."),
    )
    letter = forms.FileField(
        label=_("Letter or other ground, scanned"),
        required=False,
        help_text=_("Only if there is one. PDF, PNG or JPG, up to 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SCANS)}),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, project: Project, plan: Plan
    ) -> None:
        self.project, self.plan, self.contract = project, plan, plan.contract
        super().__init__(data, files)
        self.prepare()
        asked = [name for name in self.fields if name not in ("reason", "effect", "letter")]
        self.order_fields([*asked, "reason", "effect", "letter"])
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs.setdefault("maxlength", LONG)
        for name in ("reason", "effect"):  # asked for by the step that sends
            self.fields[name].widget.attrs["data-needed"] = ""

    @classmethod
    def again(cls, typed: dict[str, list[str]]) -> dict[str, list[str]]:
        """What was typed, to be gone on with."""
        return typed

    def prepare(self) -> None:
        """Choices and present values."""

    def rows(self) -> list[Row]:
        return [row for row in self.meant() if row is not None]

    def meant(self) -> Iterator[Row | None]:
        """The rows, with None for what stands so already."""
        raise NotImplementedError

    def choose(self, name: str, records: dict[str, Any], empty: str = "—") -> None:
        """Let the field `name` choose among records by their keys."""
        field: Any = self.fields[name]
        field.choices = [
            ("", empty),
            *((key, shortened(changing.about(record))) for key, record in records.items()),
        ]


def shortened(text: str) -> str:
    """A text as a list to choose from shows it."""
    plain = " ".join(text.split())
    return plain if len(plain) <= CHOSEN else f"{plain[: CHOSEN - 1]}…"


def area(label: Any, *, required: bool = True, rows: int = 3, help_text: Any = "") -> forms.CharField:  # fmt: skip
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONG,
        widget=forms.Textarea({"rows": rows}),
        help_text=help_text,
    )


def day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=DateInput())
