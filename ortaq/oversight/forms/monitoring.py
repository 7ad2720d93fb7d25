"""Forms of the plan of monitoring: a visit, an expert, the notice of conflict of interest."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.documents import forms as papers
from ortaq.faces.widgets import DateInput
from ortaq.oversight.models import Engagement, MonitoringPlan
from ortaq.oversight.procedure.notice import QUESTIONS
from ortaq.oversight.procedure.plan import edition_of
from ortaq.oversight.procedure.visit import Planned, officers
from ortaq.people.models import User
from ortaq.registry.models import Expert
from ortaq.review.models import Statement

LONG, LONG_DETAILS = 20_000, 2_000


class VisitForm(forms.Form):
    """A planned visit. Who does it: the project's expert, or an officer of the body."""

    planned_on = forms.DateField(label=_("Planned for"), widget=DateInput())
    place = forms.CharField(label=_("Place"), max_length=500, required=False)
    tools = forms.MultipleChoiceField(
        label=_("Tools"),
        widget=forms.CheckboxSelectMultiple(),
        required=False,
        help_text=_("The NGO does not know of the visit and of its tools before it begins."),
    )
    officer = forms.ModelChoiceField(
        label=_("Officer in charge"),
        queryset=User.objects.none(),
        required=False,
        empty_label="—",
    )
    expert = forms.BooleanField(label=_("The independent expert does it"), required=False)

    def __init__(
        self, plan: MonitoringPlan, engagement: Engagement | None, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.engagement = engagement
        tools = self.fields["tools"]
        assert isinstance(tools, forms.MultipleChoiceField)
        language = get_language() or "kk"
        tools.choices = [
            (key, ground.text.say(language))
            for key, ground in edition_of(plan).grounds("monitoring_tools").items()
        ]
        officer = self.fields["officer"]
        assert isinstance(officer, forms.ModelChoiceField)
        officer.queryset = officers(plan)
        if engagement is None:
            del self.fields["expert"]
        else:
            self.fields["expert"].help_text = engagement.expert.name

    def asked(self) -> Planned:
        """What the step takes."""
        given = self.cleaned_data
        by_expert = self.engagement is not None and given.get("expert")
        officer = given["officer"]
        return Planned(
            given["planned_on"],
            given["place"],
            given["tools"],
            officer=officer.pk if officer else None,
            engagement=self.engagement.pk if by_expert and self.engagement else None,
        )


class EngageForm(forms.Form):
    """Which expert of the register monitors the project."""

    expert = forms.ModelChoiceField(label=_("Expert"), queryset=Expert.objects.none())
    document = forms.CharField(label=_("Order or contract"), max_length=200, required=False)

    def __init__(self, experts: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expert = self.fields["expert"]
        assert isinstance(expert, forms.ModelChoiceField)
        expert.queryset = experts


def as_typed(statement: Statement | None) -> dict[str, str]:
    """What a notice that is still to be signed holds, as the form's initial values."""
    if statement is None or statement.taken_at is not None:
        return {}
    found = {"conflict": "no_conflict"}
    for key, answer in statement.content["answers"].items():
        found |= {key: "yes" if answer["yes"] else "no", f"{key}-details": answer["details"]}
    return found


class NoticeForm(forms.Form):
    """The notice in the words of its form: five questions, one of two statements (annexes 4 and 6).

    Read with `filled`: what it lacks is said by the step that signs it.
    """

    YES_NO = (("yes", _("yes")), ("no", _("no")))

    def __init__(self, form: papers.Form, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "kk"
        sections = {section.key: section for section in form.sections}
        rows = {row.key: row for row in sections["questions"].table("questions").rows}
        for key in QUESTIONS:
            self.fields[key] = forms.ChoiceField(
                label=f"{rows[key].num} {rows[key].label.say(language)}",
                choices=self.YES_NO,
                required=False,
                widget=forms.RadioSelect({"data-needed": ""}),
            )
            self.fields[f"{key}-details"] = forms.CharField(
                label=_("If yes, what the question asks for"),
                required=False,
                max_length=LONG_DETAILS,
                widget=forms.Textarea({"rows": 2}),
            )
        self.statements = [
            (choice.key, choice.text.say(language)) for choice in sections["declaration"].choices
        ]
        self.fields["conflict"] = forms.ChoiceField(
            label=_("Statement"),
            choices=self.statements,
            required=False,
            widget=forms.RadioSelect(),
        )

    def only_conflict(self) -> None:
        """For whoever has stated that there is none: what is left to state is a conflict that was discovered."""
        statement = self.fields["conflict"]
        assert isinstance(statement, forms.ChoiceField)
        statement.choices = [one for one in self.statements if one[0] == "conflict_exists"]
        statement.initial = "conflict_exists"

    def answers(self) -> dict[str, dict[str, Any]]:
        """The answers as the step takes them; None for a question left open."""
        given = self.cleaned_data
        return {
            key: {
                "yes": {"yes": True, "no": False}.get(given.get(key, "")),
                "details": given.get(f"{key}-details", ""),
            }
            for key in QUESTIONS
        }

    def conflict(self) -> bool | None:
        """Which statement was chosen; None for none."""
        return {"no_conflict": False, "conflict_exists": True}.get(
            self.cleaned_data.get("conflict", "")
        )


class YearForm(forms.Form):
    """The year to plan."""

    year = forms.IntegerField(label=_("Year"), min_value=2015, max_value=2100)
