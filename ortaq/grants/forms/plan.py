"""Forms of plans and proposals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.core import regions
from ortaq.core.money import MoneyField
from ortaq.documents.spreadsheet import read_table
from ortaq.faces.widgets import DateInput
from ortaq.grants.importing import day_of
from ortaq.grants.models import Plan, PlanVersion, Proposal, SmallGrantTerms, Topic
from ortaq.grants.reading import read_term, read_territory
from ortaq.people.models import Organisation
from ortaq.people.policy import is_operator, responsible_for

LONGEST = 20_000


ONE_PLAN_A_YEAR = _("This body already has a plan for this year. Open it and make a new version.")


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A new plan of a body."""

    class Meta:
        model = Plan
        fields = (
            "body",
            "level",
            "region_code",
            "year",
            "title_kk",
            "title_ru",
            "basis_kk",
            "basis_ru",
            "first_act_date",
            "first_act_number",
        )
        labels = {
            "body": _("Body that forms the plan"),
            "level": _("Budget level"),
            "region_code": _("Region (of a local plan)"),
            "year": _("Year"),
            "title_kk": _("Title"),
            "title_ru": _("Title"),
            "basis_kk": _("What the plan rests on"),
            "basis_ru": _("What the plan rests on"),
            "first_act_date": _("Date of the act that approved the plan"),
            "first_act_number": _("Number of that act"),
        }
        help_texts = {
            "first_act_date": _(
                "Only where the plan has been amended already, and so its first text is not entered here."
            ),
        }
        widgets = {
            "first_act_date": DateInput,
            "basis_kk": forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}),
            "basis_ru": forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST}),
        }
        error_messages = {NON_FIELD_ERRORS: {"unique_together": ONE_PLAN_A_YEAR}}

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body = self.fields["body"]
        assert isinstance(body, forms.ModelChoiceField)
        body.queryset = bodies
        self.fields["region_code"] = forms.ChoiceField(
            label=self.fields["region_code"].label,
            required=False,
            choices=[("", "—"), *regions.choices()],
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("level") == Plan.Level.LOCAL and not cleaned.get("region_code"):
            self.add_error("region_code", _("A local plan belongs to a region: choose it."))
        if bool(cleaned.get("first_act_date")) != bool(cleaned.get("first_act_number")):
            self.add_error("first_act_number", _("An act has a date and a number: write both."))
        return cleaned


def forming_bodies(actor: Any) -> Any:
    """Bodies for which the actor may start a plan: those they answer for, for the operator all."""
    bodies = Organisation.objects.filter(
        kind__in=(
            Organisation.Kind.STATE_BODY,
            Organisation.Kind.AUTHORISED_BODY,
            Organisation.Kind.OPERATOR,
        )
    ).order_by("sort")
    if is_operator(actor):
        return bodies
    return bodies.filter(pk__in=responsible_for(actor))


class ImportForm(forms.Form):
    """A table of topics and, if there is one, a table of printed totals."""

    table = forms.FileField(
        label=_("Table of topics (xlsx or csv)"),
        help_text=_(
            "The first row holds the headings of the plan. Amounts in thousand tenge or in tenge, as the "
            "heading says. Nothing is imported unless every row can be read."
        ),
    )
    totals = forms.FileField(
        label=_("Printed totals (csv or xlsx)"),
        required=False,
        help_text=_("They are shown beside the computed totals and change nothing."),
    )

    def clean_table(self) -> list[list[str]]:
        return self._read("table") or []

    def clean_totals(self) -> list[list[str]] | None:
        return self._read("totals")

    def _read(self, name: str) -> list[list[str]] | None:
        upload = self.cleaned_data.get(name)
        return read_table(upload) if upload else None


class ActForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """The act that approves or amends."""

    class Meta:
        model = PlanVersion
        fields = ("act_body", "act_date", "act_number")
        labels = {
            "act_body": _("Body that issued the act"),
            "act_date": _("Date of the act"),
            "act_number": _("Number of the act"),
        }
        widgets = {"act_date": DateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True  # a draft may lack its act, a version in force may not


class TopicForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A topic of a draft version with its amounts per year."""

    class Meta:
        model = Topic
        fields = (
            "number",
            "number_in_field",
            "field",
            "title_kk",
            "title_ru",
            "goal_kk",
            "goal_ru",
            "tasks_kk",
            "tasks_ru",
            "result_kk",
            "result_ru",
            "term_printed",
            "territory_printed",
        )
        labels = {
            "number": _("Number as printed"),
            "number_in_field": _("Number within the field as printed"),
            "field": _("Field"),
            "title_kk": _("Topic"),
            "title_ru": _("Topic"),
            "goal_kk": _("Goal"),
            "goal_ru": _("Goal"),
            "tasks_kk": _("Tasks (main directions)"),
            "tasks_ru": _("Tasks (main directions)"),
            "result_kk": _("Expected result"),
            "result_ru": _("Expected result"),
            "term_printed": _("Term of implementation as printed"),
            "territory_printed": _("Territory as printed"),
        }
        help_texts = {
            "number": "",
            "number_in_field": "",
            "term_printed": _("For example: 2020 жылғы ақпан-қараша. It is read as months below."),
            "territory_printed": _("For example: Ақмола облысы. It is read as regions below."),
        }

    def __init__(self, *args: Any, version: PlanVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        chosen = self.fields["field"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = version.fields.all()
        amounts = (
            {a.year: a.amount_tiyn for a in self.instance.amounts.all()} if self.instance.pk else {}
        )
        self.years = sorted({version.plan.year, version.plan.year + 1, *amounts})
        for year in self.years:
            self.fields[f"amount_{year}"] = MoneyField(
                label=_("Amount for %(year)s, tenge") % {"year": year},
                required=False,
                initial=amounts.get(year),
            )
        for name in self.fields:
            if name.endswith(("_kk", "_ru")):
                self.fields[name].widget.attrs.update(rows=3, maxlength=LONGEST)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _check_lengths(self, cleaned)
        if not any(cleaned.get(f"amount_{year}") for year in self.years):
            self.add_error(
                f"amount_{self.years[0]}", _("A topic has an amount for at least one year.")
            )
        return cleaned

    def amounts(self) -> dict[int, int]:
        """Tiyn by year, as entered."""
        return {
            year: self.cleaned_data[f"amount_{year}"]
            for year in self.years
            if self.cleaned_data.get(f"amount_{year}")
        }

    def save(self, commit: bool = True) -> Topic:
        topic: Topic = super().save(commit=False)
        territory = read_territory(topic.territory_printed, day_of(self.version))
        topic.version = self.version
        topic.term = read_term(topic.term_printed)
        topic.coverage = territory.coverage
        topic.regions = list(territory.regions)
        topic.region_count = territory.count
        if commit:
            topic.save()
        return topic


class SmallGrantsForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Small grants that a topic asks its grantee to give, as read from its words (GR-P-13)."""

    kind = forms.ChoiceField(
        label=_("Amount of each small grant"),
        required=False,
        choices=[
            ("", _("the topic asks for no small grants")),
            *SmallGrantTerms.Amount.choices,
        ],
    )
    settled = forms.BooleanField(
        label=_("The reading is confirmed: drop the remark"), required=False
    )

    class Meta:
        model = SmallGrantTerms
        fields = (
            "kind",
            "amount_tiyn",
            "minimum",
            "permitted_kk",
            "permitted_ru",
            "forbidden_kk",
            "forbidden_ru",
            "recipients_kk",
            "recipients_ru",
        )
        labels = {
            "amount_tiyn": _("Sum, tenge"),
            "minimum": _("Least number of small grants"),
            "permitted_kk": _("For what"),
            "permitted_ru": _("For what"),
            "forbidden_kk": _("Not for"),
            "forbidden_ru": _("Not for"),
            "recipients_kk": _("To whom"),
            "recipients_ru": _("To whom"),
        }
        help_texts = {"minimum": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            if name.endswith(("_kk", "_ru")):
                self.fields[name].widget.attrs.update(rows=2, maxlength=LONGEST)
        if not self.instance.remark:
            del self.fields["settled"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") in ("up_to", "exactly") and not cleaned.get("amount_tiyn"):
            self.add_error("amount_tiyn", _("Write the sum of one small grant."))
        _check_lengths(self, cleaned)
        return cleaned

    def terms(self) -> SmallGrantTerms | None:
        """The terms, unsaved; None when the topic asks for no small grants."""
        if not self.cleaned_data.get("kind"):
            return None
        terms: SmallGrantTerms = self.save(commit=False)
        if self.cleaned_data.get("settled"):
            terms.remark = ""
        return terms


def _check_lengths(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """A text longer than `LONGEST` is an error of its field."""
    for name, value in list(cleaned.items()):  # an error takes its field out
        if isinstance(value, str) and len(value) > LONGEST:
            form.add_error(
                name,
                ValidationError(
                    _("The text is longer than %(limit)s characters. Shorten it."),
                    params={"limit": LONGEST},
                ),
            )


class CopyForm(forms.Form):
    """Regions to which a topic is copied (GR-P-12)."""

    regions = forms.MultipleChoiceField(
        label=_("Regions"), widget=forms.CheckboxSelectMultiple, choices=regions.choices
    )


class ProposalForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """The eight items of a proposal (form GRANT-PP)."""

    class Meta:
        model = Proposal
        fields = (
            "name",
            "rationale",
            "goal",
            "tasks",
            "summary",
            "amount_tiyn",
            "geography",
            "expected_results",
        )
        labels = {
            "name": _("Name of the project"),
            "rationale": _("Rationale: why it is expedient"),
            "goal": _("Goal"),
            "tasks": _("Tasks"),
            "summary": _("Short description"),
            "amount_tiyn": _("Amount needed, tenge"),
            "geography": _("Geography"),
            "expected_results": _("Expected results"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs.update(rows=4, maxlength=LONGEST)
                field.max_length = LONGEST  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _check_lengths(self, cleaned)
        return cleaned


class AnswerForm(forms.Form):
    """The operator's answer to a proposal."""

    answer = forms.CharField(
        label=_("Answer to the NGO"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000
    )
