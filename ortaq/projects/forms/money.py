"""Forms of money: an expense, a decision on it, tranches. The pay of a month has its own (`pay.py`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.core import money
from ortaq.core.files import SCANS, store
from ortaq.core.identifiers import validate_bin, validate_iin
from ortaq.core.models import StoredFile
from ortaq.faces import say
from ortaq.faces.widgets import DateInput
from ortaq.people.models import User
from ortaq.projects import estimate
from ortaq.projects.models import Expense, Project, Tranche
from ortaq.projects.queries.money import LineFigures, by_line

from .blocks import EARLIEST, LATEST

LONG = 5_000
MOST_EVENTS = 500
SALT = "projects.scan"
Choices = list[tuple[Any, Any]]


class ScanForm(forms.Form):
    """A form with the copy of a document. What was uploaded stays when something else has to be mended."""

    scan = forms.FileField(
        label=_("Copy of the document"),
        required=False,
        help_text=_("PDF, PNG or JPG, up to 20 MB."),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput())
    file: StoredFile | None = None
    allowed = SCANS

    def keep(self, person: User | None) -> None:
        """Store what was uploaded, or find what the first sending left; errors stand at the field."""
        upload = self.files.get(self.add_prefix("scan"))
        if upload is not None:
            try:
                self.file = store(
                    upload, name=upload.name or "", person=person, allowed=self.allowed
                )
            except ValidationError as error:
                self.add_error("scan", error)
        else:
            try:
                pk = signing.loads(str(self.data.get(self.add_prefix("kept"), "")), salt=SALT)
            except signing.BadSignature:
                return
            self.file = StoredFile.objects.filter(pk=pk, uploaded_by=person).first()

    @property
    def token(self) -> str:
        """What the page carries in place of the file that is already here."""
        return signing.dumps(self.file.pk, salt=SALT) if self.file else ""


def day_in_bounds(form: forms.BaseForm, name: str) -> None:
    """A year that nobody means is a slip of the finger."""
    day = form.cleaned_data.get(name)
    if day and not EARLIEST <= day <= LATEST:
        form.add_error(name, _("Check the year."))


def line_choices(lines: Iterable[LineFigures], project: Project) -> Choices:
    """Lines under their cost items, each with what is left of the contract's money."""
    language = get_language() or "kk"
    known = estimate.items_of(project.contract)
    groups: dict[str, Choices] = {}
    for one in lines:
        line = one.line
        name = known[line.category].label.say(language) if line.category in known else ""
        said = f"{line.item or name} · {line.year} · {money.show(one.money.grant.left)}"
        groups.setdefault(name, []).append((str(line.pk), said))
    return [("", "—"), *groups.items()]


# --- An expense ----------------------------------------------------------------------------------


class ExpenseForm(ScanForm, forms.ModelForm):  # type: ignore[type-arg]
    """One expense as its document says it."""

    line = forms.TypedChoiceField(
        label=_("Line of the estimate"), help_text=_("Beside each line stands what is left of it.")
    )
    sum_tiyn = money.MoneyField(label=_("Sum"))
    event = forms.TypedChoiceField(label=_("Event"), required=False, empty_value=None)
    activity = forms.TypedChoiceField(
        label=_("Activity of the plan"),
        required=False,
        empty_value=None,
        help_text=_("Left empty, it is that of the event or of the line."),
    )
    payee_is_organisation = forms.TypedChoiceField(
        label=_("Who was paid"),
        coerce=lambda value: value == "yes",
        choices=[
            ("yes", _("an organisation")),
            ("no", _("a natural person or individual entrepreneur")),
        ],
        initial="yes",
    )
    spent_on = forms.DateField(label=_("Date of the document"), widget=DateInput())
    reason = forms.CharField(
        label=_("Why it is recorded all the same"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea({"rows": 2}),
    )

    class Meta:
        model = Expense
        fields = [
            "line", "sum_tiyn", "document", "document_number", "spent_on", "payee",
            "payee_is_organisation", "payee_number", "source", "event", "activity", "what_for",
            "for_holding_event", "reason",
        ]  # fmt: skip

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        self.project = project
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.lines = by_line(project)
        lines = {str(one.line.pk): one.line for one in self.lines}
        fields["line"].choices = line_choices(self.lines, project)
        fields["line"].coerce = lines.__getitem__
        events = {
            str(one.pk): one
            for one in project.event_set.exclude(state="cancelled").order_by("-starts_at")[
                :MOST_EVENTS
            ]
        }
        fields["event"].choices = [
            ("", "—"),
            *(
                (pk, f"{say.day(one.starts_at)} · {one.title_kk[:80]}")
                for pk, one in events.items()
            ),
        ]
        fields["event"].coerce = events.__getitem__
        activities = {str(one.pk): one for one in project.contract.activities.all()}
        fields["activity"].choices = [
            ("", "—"),
            *((pk, one.text[:80]) for pk, one in activities.items()),
        ]
        fields["activity"].coerce = activities.__getitem__
        fields["what_for"].widget.attrs |= {"rows": 2, "maxlength": LONG}
        fields["what_for"].max_length = LONG
        fields["payee"].widget.attrs |= {"list": "payees", "autocomplete": "off"}
        fields["payee_number"].widget.attrs |= {
            "list": "payee-numbers", "inputmode": "numeric", "autocomplete": "off",
        }  # fmt: skip
        fields["payee_number"].help_text = _("12 digits.")

    def clean_sum_tiyn(self) -> int:
        tiyn: int | None = self.cleaned_data["sum_tiyn"]
        if not tiyn:
            raise ValidationError(_("State a sum above zero."))
        return tiyn

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        day_in_bounds(self, "spent_on")
        number = "".join(str(data.get("payee_number") or "").split())
        data["payee_number"] = number
        if number:
            try:
                (validate_bin if data.get("payee_is_organisation") else validate_iin)(number)
            except ValidationError as error:
                self.add_error("payee_number", error)
        event, line = data.get("event"), data.get("line")
        data["activity"] = (
            data.get("activity")
            or (event.activity if event else None)
            or (line.activity if line else None)
        )
        return data

    def expense(self) -> Expense:
        """What is typed so far, unsaved: whatever cannot be read is left out."""
        made = Expense(scan=self.file)
        for name in self.Meta.fields:
            if name in self.cleaned_data:
                setattr(made, name, self.cleaned_data[name])
        return made

    def _post_clean(self) -> None:
        """The row is checked as a whole when it is recorded, with its project and number."""


class DecisionForm(forms.Form):
    """What the body says of an expense, or why the NGO voids it."""

    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=LONG, widget=forms.Textarea({"rows": 2})
    )
    admitted_tiyn = money.MoneyField(label=_("Admitted sum"), required=False)


# --- Tranches ------------------------------------------------------------------------------------


class TrancheForm(forms.ModelForm):  # type: ignore[type-arg]
    """One tranche that is not paid yet; a row without a sum is left out."""

    planned_on = forms.DateField(label=_("Planned for"), required=False, widget=DateInput())
    planned_tiyn = money.MoneyField(label=_("Planned sum"), required=False)

    class Meta:
        model = Tranche
        fields = ["planned_tiyn", "planned_on", "condition", "is_advance"]
        widgets = {"condition": forms.Textarea({"rows": 2, "maxlength": LONG})}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        day_in_bounds(self, "planned_on")
        if data.get("condition") and not data.get("planned_tiyn"):
            self.add_error("planned_tiyn", _("State a sum above zero."))
        return data

    def _post_clean(self) -> None:
        """The step looks at all rows together."""


class TranchePlan:
    """The unpaid tranches and two empty rows."""

    EXTRA = 2

    def __init__(self, data: Any, project: Project) -> None:
        rows: list[Tranche] = list(project.tranches.filter(paid_on=None))
        self.rows = [
            TrancheForm(data, instance=one, prefix=f"t{at}")
            for at, one in enumerate([*rows, *(Tranche() for _row in range(self.EXTRA))])
        ]

    def is_valid(self) -> bool:
        valid = [row.is_valid() for row in self.rows]  # every row says what is wrong with it
        return all(valid)

    def planned(self) -> list[Tranche]:
        """The rows as typed, unsaved, in order."""
        return [
            Tranche(
                planned_tiyn=row.cleaned_data["planned_tiyn"],
                planned_on=row.cleaned_data["planned_on"],
                condition=row.cleaned_data["condition"],
                is_advance=row.cleaned_data["is_advance"],
            )
            for row in self.rows
            if row.cleaned_data.get("planned_tiyn")
        ]


class PaymentForm(forms.Form):
    """A payment as its document says it."""

    number = forms.IntegerField(min_value=1, max_value=32_000, widget=forms.HiddenInput())
    paid_tiyn = money.MoneyField(label=_("Sum paid"))
    paid_on = forms.DateField(label=_("Paid on"), widget=DateInput())
    document = forms.CharField(
        label=_("Number of the payment document"), required=False, max_length=100
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        day_in_bounds(self, "paid_on")
        return data
