"""The form of pay: what several people of the team were paid for one month (IM-067, IM-070)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.core import money
from ortaq.faces.widgets import DateInput
from ortaq.projects import months
from ortaq.projects.models import Expense, Project, TeamMember
from ortaq.projects.payroll import CATEGORIES, DUES, Due, dues_of, in_team
from ortaq.projects.queries.money import by_line, month_to_pay

from .money import LONG, ScanForm, day_in_bounds, line_choices


class PersonPay(forms.Form):
    """What one person was paid for a month: accrued, and each tax and contribution."""

    accrued = money.MoneyField(label=_("Accrued"), required=False)

    def __init__(self, *args: Any, person: TeamMember, known: Sequence[Due], **kwargs: Any) -> None:
        self.person, self.known = person, known
        super().__init__(*args, **kwargs)
        self.prefix = f"p{person.pk}"
        language = get_language() or "kk"
        for due in known:
            self.fields[due.key] = money.MoneyField(label=due.short.say(language), required=False)
        self.fields["number"] = forms.CharField(
            label=_("Own document number"), required=False, max_length=100
        )
        for field in self.fields.values():  # that each may stay empty is said once, above
            field.widget.attrs["data-needed"] = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        typed = {due.key: data.get(due.key) or 0 for due in self.known}
        withheld = sum(typed[due.key] for due in self.known if not due.on_top)
        if any(typed.values()) and not data.get("accrued") and "accrued" in data:
            self.add_error("accrued", _("Taxes are typed, but nothing is accrued."))
        elif data.get("accrued") and withheld > data["accrued"]:
            self.add_error("accrued", _("More is withheld than accrued."))
        return data

    @property
    def taxes(self) -> dict[str, int]:
        """Each tax and contribution that is not zero, by its key."""
        return {
            due.key: self.cleaned_data[due.key]
            for due in self.known
            if self.cleaned_data.get(due.key)
        }


class PayForm(ScanForm):
    """The pay of several people for one month: salaries, or payments under civil-law contracts.

    The page is of one `month` (default: the first that is not paid yet), since both the people and the taxes are those of a month.
    `people` were in the team in it; whoever was not, but stands in what was sent, stays too, so that nothing typed is lost.
    `absent` are the others of the table.
    """

    month = forms.ChoiceField(label=_("Month"), widget=forms.HiddenInput())
    source = forms.ChoiceField(label=_("Source of the money"), choices=Expense.Source.choices)
    document = forms.ChoiceField(label=_("Document"), choices=Expense.Document.choices)
    document_number = forms.CharField(label=_("Document number"), max_length=100)
    spent_on = forms.DateField(label=_("Date of the document"), widget=DateInput())
    line = forms.ChoiceField(label=_("Line for the pay"))
    social_tax = forms.ChoiceField(label=_("Line for social tax and contributions"), required=False)
    medical_insurance = forms.ChoiceField(
        label=_("Line for compulsory medical insurance"),
        required=False,
        help_text=_("Left empty, what the employer pays on top goes to the line for the pay."),
    )
    reason = forms.CharField(
        label=_("Why it is recorded all the same"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, project: Project, table: str, month: str
    ) -> None:
        self.project, self.table = project, table
        contract = project.contract
        term = months.between(contract.starts_on, contract.ends_on)
        asked = str(data.get("month", "")) if data else month
        month = asked if asked in term else month_to_pay(project, table)
        figures = by_line(project)
        self.lines = {str(one.line.pk): one.line for one in figures}
        first = {one.line.category: str(one.line.pk) for one in reversed(figures)}
        wanted = "salaries_lines" if table == TeamMember.Table.STAFF else "services_natural_lines"
        initial = {
            "month": month,
            "line": first.get(wanted, ""),
            "document": "payroll" if table == TeamMember.Table.STAFF else "act",
            **{category: first.get(category, "") for category in CATEGORIES},
        }
        super().__init__(data, files, initial=initial)
        fields: dict[str, Any] = self.fields
        language = get_language() or "kk"
        fields["month"].choices = [(one, months.said([one], language)) for one in term]
        for name in ("line", *CATEGORIES):
            fields[name].choices = line_choices(figures, project)
        self.of, self.months = month, term
        known = dues_of(month)
        self.people: list[PersonPay] = []
        self.absent: list[TeamMember] = []
        for one in contract.team.filter(table=table):
            grid = PersonPay(data, person=one, known=known)
            if in_team(one, month) or grid.has_changed():
                self.people.append(grid)
            else:
                self.absent.append(one)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        day_in_bounds(self, "spent_on")
        return data

    def is_valid(self) -> bool:
        valid = all([super().is_valid(), *(one.is_valid() for one in self.people)])
        if valid and not any(one.cleaned_data.get("accrued") for one in self.people):
            self.add_error(None, _("Nothing is accrued to anybody yet."))
            return False
        return valid

    def pay(self) -> list[Expense]:
        """The expenses, unsaved: for each person the pay, and on other lines what the employer pays on top."""
        found: list[Expense] = []
        for one in self.people:
            if one.cleaned_data.get("accrued"):
                found += self._of(one)
        return found

    def _of(self, one: PersonPay) -> list[Expense]:
        data = self.cleaned_data
        main = self.lines[data["line"]]
        by_line = {main.pk: dict[str, int]()}
        for due in DUES:
            if due.key in one.taxes:
                line = self.lines.get(data.get(due.category, "") if due.on_top else "", main)
                by_line.setdefault(line.pk, {})[due.key] = one.taxes[due.key]
        on_top = {due.key for due in DUES if due.on_top}
        lines = {line.pk: line for line in self.lines.values()}
        return [
            Expense(
                line=lines[pk],
                source=data["source"],
                activity=lines[pk].activity,
                document=data["document"],
                document_number=one.cleaned_data["number"] or data["document_number"],
                spent_on=data["spent_on"],
                payee=one.person.full_name[:300],
                payee_is_organisation=False,
                sum_tiyn=sum(tiyn for key, tiyn in taxes.items() if key in on_top)
                + (one.cleaned_data["accrued"] if pk == main.pk else 0),
                taxes=taxes,
                person=one.person,
                month=data["month"],
                scan=self.file,
                reason=data["reason"],
            )
            for pk, taxes in by_line.items()
        ]
