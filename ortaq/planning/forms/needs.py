"""Forms of needs assessments: head, answers, sources, conclusions, values, worksheets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq import law
from ortaq.core import clock, files, regions
from ortaq.core.models import StoredFile
from ortaq.faces import say
from ortaq.faces.widgets import DateInput
from ortaq.law import needs
from ortaq.people.models import Organisation, User
from ortaq.planning.models import Assessment, Baseline, Canvas, Card, Conclusion, Source
from ortaq.planning.procedure.editions import edition_of
from ortaq.planning.procedure.needs import edition_on

from .texts import LONGEST, NEEDED_LATER, ExactField, RowsField, long_text

CARD = 2000


class _Versioned(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A form that remembers which version of its row the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["version"] = self.instance.version

    @property
    def seen(self) -> int:
        """The version that the page showed."""
        return self.cleaned_data.get("version") or 0


class AssessmentForm(_Versioned):
    """The head of an assessment."""

    class Meta:
        model = Assessment
        fields = (
            "body",
            "kind",
            "title_kk",
            "title_ru",
            "field",
            "region_code",
            "begun_on",
            "baseline_of",
        )
        labels = {
            "body": _("State body"),
            "kind": _("Kind of assessment"),
            "title_kk": _("What is assessed"),
            "title_ru": _("What is assessed"),
            "begun_on": _("Begun on"),
            "baseline_of": _("Looks back at"),
        }
        help_texts = {
            "begun_on": _("It decides under which edition of the rules the assessment stands."),
            "baseline_of": _("Values of that assessment are measured again and compared."),
        }
        widgets = {"begun_on": DateInput}

    def __init__(self, *args: Any, bodies: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body, base = self.fields["body"], self.fields["baseline_of"]
        assert isinstance(body, forms.ModelChoiceField)
        assert isinstance(base, forms.ModelChoiceField)
        body.queryset = bodies
        if self.instance.pk:
            body.queryset, body.disabled = bodies.filter(pk=self.instance.body_id), True
        if len(body.queryset) == 1:  # nothing to choose
            body.initial, body.widget = body.queryset[0].pk, forms.HiddenInput()
        approved = Assessment.objects.filter(body__in=bodies, state=Assessment.State.APPROVED)
        base.queryset = approved.order_by("-approved_on", "-id")
        base.empty_label = str(_("no earlier assessment"))
        self.fields["kind"].widget = forms.RadioSelect(
            choices=[(key, say.text(kind.name)) for key, kind in needs.kinds().items()]
        )
        self.fields["title_ru"].widget.attrs |= NEEDED_LATER
        self.fields["begun_on"].initial = clock.today
        begun = self.instance.begun_on if self.instance.pk else clock.today()
        self.fields["field"] = forms.ChoiceField(
            label=pgettext_lazy("of the social order", "Field"),
            required=False,
            choices=[("", _("several fields")), *_field_choices(begun)],
        )
        self.fields["region_code"] = forms.ChoiceField(
            label=_("Region"), required=False, choices=[("", "—"), *regions.choices()]
        )

    def clean_begun_on(self) -> Any:
        day = self.cleaned_data["begun_on"]
        if day > clock.today():
            raise ValidationError(_("This day has not come yet."))
        try:
            edition_on(day)
        except law.Refused:
            raise ValidationError(
                _("No edition of the rules is known for this day. Choose a later one.")
            ) from None
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, field = cleaned.get("begun_on"), cleaned.get("field")
        if day and field and field not in dict(_field_choices(day)):
            self.add_error("field", _("The edition of that day does not name this field."))
        base, body = cleaned.get("baseline_of"), cleaned.get("body")
        if base and body and base.body_id != body.pk:
            self.add_error("baseline_of", _("Choose an assessment of the same state body."))
        elif base and cleaned.get("kind") == Assessment.Kind.PRELIMINARY:
            self.add_error(
                "baseline_of", _("A preliminary assessment is the first: it looks back at none.")
            )
        return cleaned


def _field_choices(day: Any) -> list[tuple[str, str]]:
    parameter = edition_on(day).parameter("fields.set")
    return [(one.key, say.text(one.text)) for one in law.fields_of(str(parameter.value))]


class AnswersForm(forms.Form):
    """An answer in Kazakh and Russian to each of the guide's questions, each with its version."""

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, question in needs.questions().items():
            stored = assessment.answers.get(key, {})
            for language in ("kk", "ru"):
                self.fields[f"{key}_{language}"] = forms.CharField(
                    label=say.text(question.text),
                    required=False,
                    max_length=LONGEST,
                    initial=stored.get(language, ""),
                    widget=forms.Textarea(attrs={"rows": 4, **NEEDED_LATER}),
                )
            self.fields[f"{key}_version"] = forms.IntegerField(
                required=False,
                min_value=0,
                initial=stored.get("version", 0),
                widget=forms.HiddenInput,
            )

    def given(self) -> dict[str, tuple[str, str, int]]:
        """By question: the two texts and the version that the page showed."""
        told = self.cleaned_data
        return {
            key: (told[f"{key}_kk"], told[f"{key}_ru"], told[f"{key}_version"] or 0)
            for key in needs.questions()
        }


class SourceForm(_Versioned):
    """A source of information, of a kind that the edition names."""

    upload = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("PDF, DOCX, XLSX, PNG or JPG. Only your body reads it."),
    )

    link = forms.URLField(
        label=_("Address on the internet"), required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = Source
        fields = ("kind", "title", "publisher", "dated_on", "link", "finding")
        labels = {
            "title": _("What source it is"),
            "publisher": _("Whose it is"),
            "dated_on": _("Of which day"),
            "finding": _("What it shows"),
        }
        help_texts = {
            "title": _("For example: survey of 400 parents, spring 2026."),
        }
        widgets = {"dated_on": DateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = needs.sources(edition_of(self.instance.assessment))
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind of source"),
            choices=[("", "—"), *((key, say.text(kind.text)) for key, kind in kinds.items())],
        )
        long_text(self.fields["finding"], rows=4)

    def stored(self, person: User | None) -> StoredFile | None:
        """The uploaded file, None without one; `ValidationError` for a file that is none of ours."""
        upload = self.cleaned_data.get("upload")
        return files.store(upload, name=upload.name, person=person) if upload else None


class ConclusionForm(_Versioned):
    """A conclusion and the sources that it rests on."""

    class Meta:
        model = Conclusion
        fields = ("text_kk", "text_ru", "sources")
        labels = {"text_kk": _("Conclusion"), "text_ru": _("Conclusion")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sources"] = RowsField(
            label=_("Sources that it rests on"),
            help_text=_("At least three distinct ones by the time the assessment is approved."),
            queryset=self.instance.assessment.sources.all(),
            widget=forms.CheckboxSelectMultiple(attrs=NEEDED_LATER),
            required=False,
        )
        for name in ("text_kk", "text_ru"):
            long_text(self.fields[name], rows=4)
            self.fields[name].widget.attrs |= NEEDED_LATER


class BaselineForm(_Versioned):
    """A measured value. One measured before takes its indicator and its unit from there."""

    value = ExactField(label=_("Value"), max_digits=18, decimal_places=4)

    class Meta:
        model = Baseline
        fields = (
            "earlier",
            "indicator_kk",
            "indicator_ru",
            "value",
            "unit",
            "measured_on",
            "source",
        )
        labels = {
            "earlier": _("The same indicator measured before"),
            "indicator_kk": _("Indicator"),
            "indicator_ru": _("Indicator"),
            "unit": _("Unit"),
            "measured_on": _("Measured on"),
            "source": _("Source"),
        }
        help_texts = {"unit": _("For example: persons, per cent.")}
        widgets = {"measured_on": DateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assessment = self.instance.assessment
        source, earlier = self.fields["source"], self.fields["earlier"]
        assert isinstance(source, forms.ModelChoiceField)
        assert isinstance(earlier, forms.ModelChoiceField)
        source.queryset, source.empty_label = assessment.sources.all(), "—"
        if assessment.baseline_of_id is None:
            del self.fields["earlier"]
        else:
            earlier.queryset = Baseline.objects.filter(assessment=assessment.baseline_of_id)
            earlier.empty_label = "—"
        self.fields["indicator_kk"].required = False
        for name in ("indicator_kk", "indicator_ru"):
            self.fields[name].widget.attrs |= NEEDED_LATER

    def clean_measured_on(self) -> Any:
        day = self.cleaned_data["measured_on"]
        if day > clock.today():
            raise ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        earlier = cleaned.get("earlier")
        if earlier is not None:
            cleaned["indicator_kk"] = cleaned.get("indicator_kk") or earlier.indicator_kk
            cleaned["indicator_ru"] = cleaned.get("indicator_ru") or earlier.indicator_ru
            cleaned["unit"] = earlier.unit
            others = Baseline.objects.filter(
                assessment=self.instance.assessment_id, earlier=earlier
            ).exclude(pk=self.instance.pk)
            if others.exists():
                self.add_error("earlier", _("This indicator is measured again already."))
        elif not cleaned.get("indicator_kk") and "indicator_kk" not in self.errors:
            self.add_error("indicator_kk", _("Write what is measured."))
        return cleaned


class CanvasForm(_Versioned):
    """Title and context of a worksheet; its kind is chosen once."""

    class Meta:
        model = Canvas
        fields = ("kind", "title")
        labels = {"kind": _("Worksheet"), "title": _("What is analysed")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["kind"]
        else:
            self.fields["kind"].widget = forms.RadioSelect(
                choices=[(key, say.text(one.name)) for key, one in needs.worksheets().items()]
            )
        for key, part in needs.context().items():
            self.fields[f"context_{key}"] = forms.CharField(
                label=say.text(part.text),
                required=False,
                max_length=CARD,
                initial=self.instance.context.get(key, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def context_fields(self) -> list[forms.BoundField]:
        """The fields of the context, in the guide's order."""
        return [self[f"context_{key}"] for key in needs.context()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.instance.context = {
            key: text for key in needs.context() if (text := cleaned.get(f"context_{key}", ""))
        }
        return cleaned


class CardForm(_Versioned):
    """A thought on a worksheet."""

    class Meta:
        model = Card
        fields = ("text", "cell")
        labels = {"text": _("Text of the card")}
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "maxlength": CARD})}

    def __init__(self, *args: Any, canvas: Canvas, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cells = needs.worksheets()[canvas.kind].cells
        self.fields["cell"] = forms.ChoiceField(
            label=_("Cell of the worksheet"),
            choices=[(one.key, say.text(one.name)) for one in cells],
        )
