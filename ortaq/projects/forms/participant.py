"""Forms of participants: registering and rating by telephone, a paper list typed in, a table read in."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.documents.spreadsheet import read_table
from ortaq.documents.text import printable
from ortaq.projects import identity, lists
from ortaq.projects.feedback import Question
from ortaq.projects.procedure.recognition import Line

ROWS = 30
LONGEST_REVIEW = 5000
QUESTIONS = {
    "applied": _("Do you apply what you learnt in practice?"),
    "involved": _("Were you drawn into what happened?"),
}


class RegisterForm(forms.Form):
    """What the list of participants asks for (IM-037), and nothing more."""

    name = forms.CharField(
        label=_("Full name"),
        max_length=lists.LONGEST["name"],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your full name.")},
    )
    workplace = forms.CharField(
        label=_("Place of work or study"),
        help_text=_("Leave it empty if you have none."),
        max_length=lists.LONGEST["workplace"],
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    contact = forms.CharField(
        label=_("Telephone or e-mail"),
        max_length=lists.LONGEST["contact"],
        error_messages={"required": _("Write your telephone or e-mail.")},
    )
    consent = forms.BooleanField(
        error_messages={
            "required": _("Without your consent we may not keep your data: tick the box.")
        }
    )
    # Programs fill in what people do not see.
    website = forms.CharField(required=False, label=_("Leave this field empty"))

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if not any(letter.isalpha() for letter in name):
            raise ValidationError(_("Write your full name."))
        return name

    def clean_contact(self) -> str:
        if known := identity.contact_of(self.cleaned_data["contact"]):
            return known
        raise ValidationError(
            _(
                "Write a telephone with all its digits, for example +7 700 000 00 01, or an e-mail such as name@example.kz."
            )
        )

    def line(self) -> Line:
        given = self.cleaned_data
        return Line(1, given["name"], " ".join(given["workplace"].split()), given["contact"])


class CodeForm(forms.Form):
    """The code of somebody whose telephone does not hold their link."""

    code = forms.CharField(
        label=_("Your personal code"),
        help_text=_("Ten letters and digits: it was shown after you registered and stands at the end of your link."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write your personal code.")},
    )  # fmt: skip


class RateForm(forms.Form):
    """A rating from 1 to 5, what tables 2 and 5 ask, and a review."""

    points = forms.TypedChoiceField(
        label=_("How satisfied are you?"),
        choices=[(str(n), str(n)) for n in range(1, 6)],
        coerce=int,
        error_messages={
            "required": _("Choose a rating from 1 to 5."),
            "invalid_choice": _("Choose a rating from 1 to 5."),
        },
    )
    applied = forms.TypedChoiceField(
        choices=[("yes", _("yes")), ("no", _("no"))],
        coerce=lambda value: value == "yes",
        required=False,
        empty_value=None,
    )
    review = forms.CharField(
        label=_("Your review"),
        help_text=_("If you like: what was good, what could be better?"),
        required=False,
        max_length=LONGEST_REVIEW,
    )

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = QUESTIONS.get(question, "")
        if not question:
            del self.fields["applied"]

    def answer(self) -> dict[str, Any]:
        """What `procedure.participant.rate` takes beside the points."""
        given = self.cleaned_data
        return {"applied": given.get("applied"), "review": given["review"]}


class GridForm:
    """A list typed row by row: name, place, contact, rating and, where it is asked, whether it is applied. Rows left empty are left out.

    It reads what was sent by plain names ("name-3"), so that a row with a mistake comes back as it was typed.
    """

    columns = ("name", "workplace", "contact", "points", "applied")

    def __init__(self, data: Any = None, *, attended: bool) -> None:
        self.data = data
        self.attended = attended
        self.lines, self.findings = lists.checked(self._rows()) if data is not None else ([], [])

    def _rows(self) -> list[tuple[int, dict[str, str]]]:
        return [
            (row["number"], typed | {"attended": "1" if self.attended else "0"})
            for row in self.rows
            if any(
                (typed := {name: printable(row[name]).strip() for name in self.columns}).values()
            )
        ]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each row as typed, with its number and what is wrong with it."""
        wrong: dict[str, list[Any]] = {}
        for one in getattr(self, "findings", ()):
            wrong.setdefault(one.about, []).append(one)
        return [
            {
                "number": number,
                "findings": wrong.get(f"row-{number}", []),
                **{name: self._sent(name, number) for name in self.columns},
            }
            for number in range(1, ROWS + 1)
        ]

    def _sent(self, name: str, number: int) -> str:
        if self.data is None:
            return ""
        return str(self.data.get(f"{name}-{number}", ""))[:6000]


def pasted_field(label: Any) -> forms.CharField:
    """A box for a list of participants, one a line."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=lists.LONGEST_PASTED,
        help_text=_(
            "One person a line, in the order of the form: full name; place of work or study; contact. "
            "Cells copied from a spreadsheet can be pasted as they are."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )


def cells_of(content: bytes) -> list[list[str]]:
    """The cells of a table that was uploaded or pasted; `ValidationError` when it is none."""
    return read_table(io.BytesIO(content), max_rows=lists.MOST + 20)


class ListForm(forms.Form):
    """A table of participants, as a file or pasted."""

    table = forms.FileField(
        label=_("Table of participants (xlsx or csv)"),
        required=False,
        help_text=_(
            "Columns: full name, place of work or study, contact; rating, applied and review if you have them. "
            "At most 10 000 rows. Nothing is entered unless every row can be read."
        ),
    )
    pasted = pasted_field(_("Or paste the list here"))
    content = b""
    name = ""
    cells: list[list[str]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload, pasted = cleaned.get("table"), cleaned.get("pasted", "")
        if upload:
            self.content, self.name = upload.read(), upload.name
        elif not pasted.strip():
            if not self.errors:
                self.add_error("table", _("Choose a file or paste the list."))
            return cleaned
        try:
            self.cells = cells_of(self.content if upload else pasted.encode())
        except ValidationError as refused:
            self.add_error("table" if upload else "pasted", refused)
        return cleaned
