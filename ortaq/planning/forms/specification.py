"""Forms of technical specifications: beginning one, its sections, a service, the indicators."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.documents.forms import Section, form
from ortaq.faces import say
from ortaq.law.findings import Finding
from ortaq.law.standard.facts import FIELDS
from ortaq.law.standard.reading import head_count
from ortaq.law.standard.tables import MODES
from ortaq.planning import standard
from ortaq.planning.models import ExpectedIndicator, Service, Specification, Topic
from ortaq.planning.procedure import templates
from ortaq.planning.procedure.specification import GENERAL, OPTIONAL, guide, sections_of

from .merging import watch
from .texts import NEEDED_LATER

LONGEST = 10_000


class BeginForm(forms.Form):
    """How a new version begins: empty, from a template, or as a copy."""

    start = forms.ChoiceField(label=_("Begin with"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, topic: Topic, sources: list[Specification], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sources = {f"copy-{one.pk}": one for one in sources}
        start = self.fields["start"]
        assert isinstance(start, forms.ChoiceField)
        start.choices = [
            *((key, _source(one, topic)) for key, one in self.sources.items()),
            *(
                (f"template-{key}", _("a template: %(title)s") % {"title": say.text(title)})
                for key, title in templates.titles()
            ),
            ("empty", _("an empty specification")),
        ]
        start.initial = next(iter(self.sources), "empty")

    def source(self) -> Specification | None:
        """The specification to copy, if one was chosen."""
        return self.sources.get(self.cleaned_data["start"])

    def template(self) -> str:
        """The key of the template to fill in, empty without one."""
        kind, _dash, key = str(self.cleaned_data["start"]).partition("-")
        return key if kind == "template" else ""


def _source(one: Specification, topic: Topic) -> Any:
    if one.topic_id == topic.pk:
        return _("a copy of version %(number)s of this topic") % {"number": one.number}
    return _("a copy: %(topic)s, %(year)s, version %(number)s") % {
        "topic": one.topic.title[:120],
        "year": one.topic.formation.plan_year,
        "number": one.number,
    }


def section(key: str) -> Section:
    """A section as the guide's form words it."""
    return form(*GENERAL).section(key)


class SectionsForm(forms.Form):
    """The sections of the general requirements in both languages; a draft may lack any."""

    special_social_services = forms.BooleanField(
        label=_("These are special social services"),
        help_text=_("They follow a law of their own, so the Standard is not checked."),
        required=False,
    )
    grounds = forms.MultipleChoiceField(
        label=_("Grounds of a difficult life situation"),
        help_text=_("Only for special social services: those that the service is for."),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=NEEDED_LATER),
    )

    def __init__(self, *args: Any, specification: Specification, **kwargs: Any) -> None:
        kwargs["initial"] = stored_sections(specification)
        super().__init__(*args, **kwargs)
        self.specification = specification
        grounds = self.fields["grounds"]
        assert isinstance(grounds, forms.MultipleChoiceField)
        grounds.choices = [
            (code, say.text(ground.text))
            for code, ground in guide().grounds("life_situation_grounds").items()
        ]
        for key in sections_of(specification):
            one = section(key)
            attrs = {"rows": 4, "maxlength": LONGEST, **({} if key in OPTIONAL else NEEDED_LATER)}
            for language in ("kk", "ru"):
                self.fields[f"{key}_{language}"] = forms.CharField(
                    label=say.text(one.title),
                    max_length=LONGEST,
                    required=False,
                    widget=forms.Textarea(attrs={**attrs, "lang": language}),
                )
        watch(self)

    def sections(self) -> list[tuple[Section, str, str]]:
        """The sections with the name of their pair of fields and what the form says of them."""
        found = []
        for key in sections_of(self.specification):
            one = section(key)
            notes = (one.instruction, *one.items)
            found.append((one, key, "; ".join(filter(None, map(say.text, notes)))))
        return found


def stored_sections(specification: Specification) -> dict[str, Any]:
    """What a specification holds, by the fields of `SectionsForm`."""
    return {
        "special_social_services": specification.special_social_services,
        "grounds": specification.grounds,
        **{
            f"{key}_{language}": (specification.content.get(key) or {}).get(language, "")
            for key in sections_of(specification)
            for language in ("kk", "ru")
        },
    }


def content_of(values: Mapping[str, Any], specification: Specification) -> dict[str, Any]:
    """The content of a specification from the fields of `SectionsForm`."""
    return {
        key: {language: values[f"{key}_{language}"] for language in ("kk", "ru")}
        for key in sections_of(specification)
    }


# --- A service -----------------------------------------------------------------------------------


class ServiceForm(forms.Form):
    """One service. Which values are asked follows from its kind, form and mode (the Standard's tables).

    `given` are the facts so far: of a stored service, or of what is being typed.
    """

    name_kk = forms.CharField(label=_("Name"), max_length=500)
    name_ru = forms.CharField(
        label=_("Name"), max_length=500, required=False, widget=forms.TextInput(attrs=NEEDED_LATER)
    )
    requirements_kk = forms.CharField(
        label=_("Requirements and expected result"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, **NEEDED_LATER}),
    )
    requirements_ru = forms.CharField(
        label=_("Requirements and expected result"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, **NEEDED_LATER}),
    )
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=10**6, initial=1)

    def __init__(
        self,
        *args: Any,
        specification: Specification,
        kind: str,
        service: Service | None = None,
        **kwargs: Any,
    ) -> None:
        self.specification, self.kind = specification, kind
        self.years = specification.topic.financial_years
        kwargs["initial"] = stored_service(service) if service else {}
        super().__init__(*args, **kwargs)
        self._add_head()
        if service and not self.is_bound:
            self.bare = standard.skeleton(service.facts)
        else:
            self.bare = self._chosen()
        self.asked = (
            []
            if specification.special_social_services
            else standard.asked(self.bare, years=self.years, edition=specification.edition)
        )
        for one in self.asked:
            self._add(one)
        watch(self)

    def _add_head(self) -> None:
        """What decides on the rest: form, offline or online, topic, rows."""
        forms_ = standard.forms_of(self.kind)
        may_be_empty = self.kind in standard.WITHOUT_FORM
        if len(forms_) > 1:
            self.fields["form"] = forms.ChoiceField(
                label=_("Form by the Standard"),
                choices=[
                    *([("", _("materials only"))] if may_be_empty else []),
                    *((key, say.text(label)) for key, label in forms_),
                ],
                required=not may_be_empty,
            )
        if self.kind in standard.BY_MODE:
            words = {"offline": _("offline"), "online": _("online")}
            self.fields["format"] = forms.ChoiceField(
                label=_("Mode"), choices=[(key, words[key]) for key in MODES]
            )
        if self.kind == "consultation":
            self.fields["topic"] = forms.ChoiceField(
                label=_("What is consulted on"),
                choices=[(key, say.text(label)) for key, label in standard.topics()],
            )
        if rows := standard.rows_of(self.kind):
            self.fields["rows"] = forms.MultipleChoiceField(
                label=_("Methods of collecting information")
                if self.kind == "research"
                else _("Materials"),
                choices=[(key, say.text(label)) for key, label in rows],
                required=False,
                widget=forms.CheckboxSelectMultiple(
                    attrs=NEEDED_LATER if self.kind == "research" else {}
                ),
            )

    def _chosen(self) -> dict[str, Any]:
        """The facts that decide what is asked: what was sent, else what the page shows first."""
        bare: dict[str, Any] = {"service": self.kind}
        known = standard.forms_of(self.kind)
        if len(known) == 1:
            bare["form"] = known[0][0]
        for name in ("form", "format", "topic"):
            if name in self.fields:
                choices = dict(self.fields[name].choices)  # type: ignore[attr-defined]
                value = self.data.get(self.add_prefix(name), "")
                if value and value in choices:
                    bare[name] = value
                elif name != "form" or self.kind not in standard.WITHOUT_FORM:
                    bare[name] = next(key for key in choices if key)
        if "rows" in self.fields:
            listed, word = standard.LISTS[self.kind]
            name = self.add_prefix("rows")
            chosen = self.data.getlist(name) if self.is_bound else []  # type: ignore[attr-defined]
            rows = [key for key, _label in standard.rows_of(self.kind) if key in chosen]
            bare[listed] = [{word: key} for key in rows]
        return bare

    def _add(self, one: standard.Asked) -> None:
        name = field_name(one)
        label = say.text(standard.label_in_row(one, self.bare))
        attrs = {"inputmode": "decimal", "class": "short", **NEEDED_LATER}
        help_text = say.text(one.bounds)
        if one.kind == "tick":
            self.fields[name] = forms.BooleanField(label=label, required=False)
        elif one.kind == "paper":
            self.fields[name] = forms.ChoiceField(
                label=label, required=False, choices=[("", "—"), *((p, p) for p in one.choices)]
            )
        elif FIELDS.get(one.field.split(".")[0]) is head_count or "." in one.field:
            self.fields[name] = forms.IntegerField(
                label=label,
                help_text=help_text,
                required=False,
                min_value=0,
                max_value=10**9,
                widget=forms.TextInput(attrs={**attrs, "inputmode": "numeric"}),
            )
        else:
            self.fields[name] = forms.DecimalField(
                label=label,
                help_text=help_text,
                required=False,
                localize=True,
                min_value=0,
                max_digits=12,
                decimal_places=4,
                widget=forms.TextInput(attrs=attrs),
            )
        if one.kind == "duration":
            words = {"minute": _("minutes"), "hour": _("hours"), "day": _("days")}
            self.fields[f"{name}_unit"] = forms.ChoiceField(
                label=_("Unit of the duration"),
                choices=[(unit, words[unit]) for unit in standard.DURATIONS],
                initial="hour",
                required=False,
                widget=forms.Select(attrs=NEEDED_LATER),
            )

    def clean(self) -> dict[str, Any]:
        """What could be read is checked, even where another field is wrong."""
        cleaned = super().clean() or {}
        try:
            self.said = self.findings()
        except law.Refused as refused:
            raise ValidationError(say.text(refused.text)) from None
        return cleaned

    def facts(self, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The facts of the service, as the Standard reads them; from `values`, else from the form."""
        given = self.cleaned_data if values is None else values
        facts: dict[str, Any] = dict(self.bare)
        targets: dict[str, Any] = {}
        if name := standard.LISTS.get(self.kind):
            listed, word = name
            facts[listed] = [dict(row) for row in self.bare.get(listed, ())]
        for one in self.asked:
            value = given.get(field_name(one))
            if one.kind == "tick":
                value = bool(value)
            elif value in (None, ""):
                continue
            elif one.kind == "duration":
                unit = given.get(f"{field_name(one)}_unit") or "hour"
                value = {"value": _exact(value), "unit": unit}
            else:
                value = _exact(value)
            if one.row:
                row = next(r for r in facts[listed] if r[word] == one.row)
                row["format" if one.field == "paper" else one.field] = value
                continue
            group, _dot, part = one.field.partition(".")
            if group == "equipment":
                targets.setdefault("equipment", [])
                targets["equipment"] += [part] if value else []
            elif part:
                targets.setdefault(group, {})[part] = value
            else:
                targets[group] = value
        if targets:
            facts["targets"] = targets
        return facts

    def findings(self) -> list[Finding]:
        """What the Standard says of what was typed; nothing for special social services."""
        if self.specification.special_social_services:
            return []
        others = standard.event_forms(self.specification.services.all())
        own = [self.bare["form"]] if self.kind == "event" else []
        return standard.findings(
            self.facts(),
            years=self.years,
            forms=[*others, *own],
            edition=self.specification.edition,
        )

    def values(self) -> list[tuple[standard.Asked, Any, Any]]:
        """Each asked value with its bound field and, for a duration, that of the unit."""
        return [
            (
                one,
                self[field_name(one)],
                self[f"{field_name(one)}_unit"] if one.kind == "duration" else None,
            )
            for one in self.asked
        ]


def field_name(one: standard.Asked) -> str:
    """The name of the field in which an asked value is given."""
    return "-".join(filter(None, ("value", one.row, one.field.replace(".", "-"))))


def _exact(value: Any) -> Any:
    """A number as JSON keeps it without loss: whole, or a decimal in words."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"
    return value


def stored_service(service: Service) -> dict[str, Any]:
    """What a service holds, by the fields of `ServiceForm`."""
    facts = service.facts
    found: dict[str, Any] = {
        name: getattr(service, name)
        for name in ("name_kk", "name_ru", "requirements_kk", "requirements_ru", "quantity")
    }
    found |= {name: facts[name] for name in ("form", "format", "topic") if name in facts}
    kind = str(facts.get("service", ""))
    if name := standard.LISTS.get(kind):
        listed, word = name
        found["rows"] = [row[word] for row in facts.get(listed, ())]
    specification = service.specification
    for one in standard.asked(
        facts, years=specification.topic.financial_years, edition=specification.edition
    ):
        value = standard.value_of(facts, one)
        if value is None:
            continue
        if one.kind == "duration":
            found[f"{field_name(one)}_unit"] = value["unit"]
            value = value["value"]
        found[field_name(one)] = (
            Decimal(value) if isinstance(value, str) and one.kind != "paper" else value
        )
    return found


# --- Indicators ----------------------------------------------------------------------------------


class IndicatorForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    class Meta:
        model = ExpectedIndicator
        fields = ("level", "nature", "text_kk", "text_ru", "expected")
        labels = {"text_kk": _("In Kazakh"), "text_ru": _("In Russian"), "expected": _("Expected")}
        widgets = {
            "text_kk": forms.Textarea(attrs={"rows": 2, "lang": "kk"}),
            "text_ru": forms.Textarea(attrs={"rows": 2, "lang": "ru", **NEEDED_LATER}),
        }


# Rows are saved as a whole, so a row is known by its place and not by a key that another save renews.
IndicatorFormSet = forms.formset_factory(
    IndicatorForm, extra=2, can_delete=True, max_num=60, absolute_max=60
)


def stored_indicators(specification: Specification) -> list[dict[str, Any]]:
    """The rows of `IndicatorFormSet` as they are stored."""
    return list(specification.indicators.values(*IndicatorForm.Meta.fields))


def indicators_of(formset: Any) -> list[ExpectedIndicator]:
    """The indicators as typed, without the rows that are struck out or empty."""
    return [
        ExpectedIndicator(**{name: one.cleaned_data[name] for name in IndicatorForm.Meta.fields})
        for one in formset.forms
        if one.cleaned_data.get("text_kk") and not one.cleaned_data.get("DELETE")
    ]
