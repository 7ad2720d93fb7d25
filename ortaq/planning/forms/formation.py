"""Forms of lists of topics: the head, a topic, copying from another year, publishing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq import law
from ortaq.core import clock, regions
from ortaq.core.money import MoneyField
from ortaq.faces import say
from ortaq.faces.widgets import DateInput
from ortaq.people.models import Organisation
from ortaq.planning.models import Assessment, Formation, Topic
from ortaq.planning.procedure.drafting import ACT, edition_in_force
from ortaq.planning.procedure.drafting import fields as fields_of

from .texts import NEEDED_LATER, RowsField, long_text

EARLIEST_YEAR = 2018  # of the first edition of the rules
YEARS_AHEAD = 5


class HeadForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """The head of a list of topics. The edition is chosen only when it is begun."""

    class Meta:
        model = Formation
        fields = ("level", "plan_year", "introduction_kk", "introduction_ru")
        labels = {
            "level": _("Level"),
            "plan_year": _("Year of the social order"),
            "introduction_kk": _("What readers should know before the topics"),
            "introduction_ru": _("What readers should know before the topics"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].widget = forms.RadioSelect(choices=Formation.Level.choices)
        for name in ("introduction_kk", "introduction_ru"):
            long_text(self.fields[name], rows=3)

    def clean_plan_year(self) -> int:
        year: int = self.cleaned_data["plan_year"]
        last = clock.today().year + YEARS_AHEAD
        if not EARLIEST_YEAR <= year <= last:
            raise ValidationError(
                _("Write a year from %(first)s to %(last)s."),
                params={"first": EARLIEST_YEAR, "last": last},
            )
        return year


class BeginForm(HeadForm):
    """A new list of topics: for which body, which year, under which edition of the rules."""

    class Meta(HeadForm.Meta):
        fields = ("body", "plan_year", "level", "edition", "edition_reason")  # type: ignore[assignment]
        labels = {
            **HeadForm.Meta.labels,
            "body": _("State body"),
            "edition": _("Edition of the rules"),
            "edition_reason": _("Why another edition than the one in force"),
        }

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        forms.ModelForm.__init__(self, *args, **kwargs)
        body = self.fields["body"]
        assert isinstance(body, forms.ModelChoiceField)
        body.queryset = bodies
        if len(bodies) == 1:  # nothing to choose
            body.initial, body.widget = bodies[0].pk, forms.HiddenInput()
        self.current = edition_in_force()
        self.fields["edition"] = forms.ChoiceField(
            label=self.fields["edition"].label,
            choices=[
                (one.key, _edition(one, self.current)) for one in law.editions() if one.act == ACT
            ],
            initial=self.current,
        )
        level = self.fields["level"]
        level.widget = forms.RadioSelect(choices=Formation.Level.choices)
        last = Formation.objects.filter(body__in=bodies).order_by("-id").first()
        level.initial = last.level if last else _likely_level(bodies)
        self.fields["plan_year"].initial = clock.today().year + 1
        long_text(self.fields["edition_reason"], rows=2)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pinned = cleaned.get("edition") not in (None, self.current)
        if pinned and not (cleaned.get("edition_reason") or "").strip():
            self.add_error(
                "edition_reason",
                _("Write why the year runs under another edition than the one in force."),
            )
        return cleaned


def _likely_level(bodies: Any) -> str | None:
    """The level of a body that forms its first list: the authorised body's is central, one with a region local."""
    if len(bodies) != 1:
        return None
    if bodies[0].kind == Organisation.Kind.AUTHORISED_BODY:
        return Formation.Level.CENTRAL
    return Formation.Level.LOCAL if bodies[0].region_code else None


def _edition(one: law.Edition, current: str) -> str:
    return f"{one.key} ({_('in force now')})" if one.key == current else one.key


class TopicForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A row of annex 1. Anything but title, field and sum may be missing until it is published."""

    planned_tiyn = MoneyField(
        label=_("Planned volume of funding, in tenge"),
        help_text=_("In whole tenge, for example 4 500 000. Annex 1 prints it in thousand tenge."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Topic
        fields = (
            "field",
            "title_kk",
            "title_ru",
            "planned_tiyn",
            "justification_kk",
            "justification_ru",
            "sources",
            "assessments",
            "target_group_kk",
            "target_group_ru",
            "result_kk",
            "result_ru",
            "region_code",
            "financial_years",
            "programme",
        )
        labels = {
            "title_kk": _("Planned topic"),
            "title_ru": _("Planned topic"),
            "justification_kk": _("Justification"),
            "justification_ru": _("Justification"),
            "target_group_kk": _("Target group of the population"),
            "target_group_ru": _("Target group of the population"),
            "result_kk": _("Expected result"),
            "result_ru": _("Expected result"),
            "programme": _("Budget programme"),
        }

    def __init__(self, *args: Any, formation: Formation, kinds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"] = forms.ChoiceField(
            label=pgettext_lazy("of the social order", "Field"),
            choices=[("", "—"), *((f.key, say.text(f.text)) for f in fields_of(formation))],
        )
        self.fields["sources"] = forms.MultipleChoiceField(
            label=_("Sources of information that the justification names"),
            help_text=_("At least one; an assessment of needs counts too."),
            choices=[(key, say.text(text)) for key, text in kinds.items()],
            widget=forms.CheckboxSelectMultiple(attrs=NEEDED_LATER),
            required=False,
        )
        approved = Assessment.objects.filter(
            body=formation.body_id, state=Assessment.State.APPROVED
        ).order_by("-approved_on", "-id")
        self.fields["assessments"] = _Assessments(
            label=_("Assessments of needs that justify it"),
            queryset=approved,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields["region_code"] = forms.ChoiceField(
            label=_("Region"), required=False, choices=[("", "—"), *regions.choices()]
        )
        self.fields["financial_years"] = forms.TypedChoiceField(
            label=_("For how many financial years"),
            coerce=int,
            choices=[(n, str(n)) for n in (1, 2, 3)],
        )
        for name in ("title", "justification", "target_group", "result"):
            for language in ("kk", "ru"):
                rows = 2 if name == "title" else 4
                field = self.fields[f"{name}_{language}"]
                long_text(field, rows=rows)
                field.widget.attrs |= NEEDED_LATER
        if self.instance._state.adding:
            self.initial["region_code"] = formation.body.region_code
        else:
            self.initial["version"] = self.instance.version

    def clean_planned_tiyn(self) -> int:
        tiyn: int = self.cleaned_data["planned_tiyn"]
        if tiyn <= 0:
            raise ValidationError(_("The planned volume of funding is more than zero."))
        return tiyn


class _Assessments(RowsField):
    """Assessments by their title and day."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} ({say.day(obj.approved_on)})"


class CopyForm(forms.Form):
    """Topics of the body's other lists, ticked one by one."""

    topics = RowsField(
        queryset=Topic.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one topic.")},
    )

    def __init__(self, *args: Any, topics: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["topics"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = topics


class PublishForm(forms.Form):
    """The day until which comments are taken: the earliest lawful one, or a later one."""

    closes_on = forms.DateField(
        label=_("Comments are taken until"),
        widget=DateInput,
        required=False,
        help_text=_("Inclusive, to the end of that day by the time of Astana."),
    )

    def __init__(self, *args: Any, earliest: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earliest = earliest
        field = self.fields["closes_on"]
        field.initial = earliest
        field.widget.attrs["min"] = earliest.isoformat()

    def clean_closes_on(self) -> Any:
        day = self.cleaned_data["closes_on"]
        if day and day < self.earliest:
            raise ValidationError(
                _("The discussion lasts at least ten full working days: until %(day)s or longer."),
                params={"day": say.day(self.earliest)},
            )
        if day and (day - self.earliest).days > 366:
            raise ValidationError(_("The discussion ends within a year."))
        return day
