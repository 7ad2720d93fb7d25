"""Forms of tenders: search, the documentation, lots, files, questions and clarifications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock, terms
from ortaq.core.money import MoneyField
from ortaq.faces import say
from ortaq.faces.widgets import DateInput, InstantInput
from ortaq.people.models import Organisation
from ortaq.planning.forms.merging import watch
from ortaq.planning.models import Topic
from ortaq.tenders.choices import CHOICES, chosen, edition_of
from ortaq.tenders.models import Lot, Tender, TenderFile
from ortaq.tenders.queries.tender import Asked

LONGEST = 20_000
LAST_HOUR = time(18)
NEEDED_LATER = {"data-needed": "later"}  # not to save the draft, but to approve it


class SearchForm(forms.Form):
    """What tenders are searched for (SO-T-062)."""

    q = forms.CharField(
        label=_("Tender, lot or customer"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    bin = forms.RegexField(
        r"\A[0-9]{1,12}\Z",
        label=_("BIN of the customer"),
        required=False,
        error_messages={"invalid": _("A BIN has twelve digits; write it or its beginning.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 12}),
    )
    sum_from = MoneyField(label=_("Sum of the lot: from, ₸"), required=False)
    sum_to = MoneyField(label=_("to, ₸"), required=False)

    def asked(self) -> Asked:
        """What was asked for; a field that cannot be read asks for nothing."""
        self.is_valid()
        given = self.cleaned_data
        return Asked(
            given.get("q") or "", given.get("bin") or "", given.get("sum_from"), given.get("sum_to")
        )


class TopicsForm(forms.Form):
    """The topics that a tender buys, all of one customer."""

    topics = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, topics: Sequence[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ready = {topic.pk: topic for topic in topics}
        field = self.fields["topics"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(pk, pk) for pk in self.ready]
        field.error_messages["invalid_choice"] = _(
            "A topic is not ready for a tender any more. Choose anew."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            topics = self.chosen()
            if not topics:
                raise ValidationError(_("Choose at least one topic."))
            if len({topic.formation.body_id for topic in topics}) > 1:
                raise ValidationError(
                    _("The topics belong to different customers. Begin a tender for each.")
                )
        return cleaned

    def chosen(self) -> list[Topic]:
        """The topics meant, in the order in which they are listed."""
        ticked = set(self.cleaned_data.get("topics") or ())
        return [topic for pk, topic in self.ready.items() if pk in ticked]


class BeginForm(TopicsForm):
    """A new tender: for which topics, and who organises it."""

    organiser = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label=_("Single organiser"),
        required=False,
        empty_label=_("the customer organises the tender itself"),
        help_text=_(
            "Only where another state body holds tenders for this customer: its commission has "
            "at least five members."
        ),
    )

    def __init__(self, *args: Any, organisers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organiser"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = organisers


class TenderForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """The texts of the documentation. Anything may be missing until it is approved."""

    class Meta:
        model = Tender
        fields = (
            "title_kk",
            "title_ru",
            "closes_at",
            "conditions_kk",
            "conditions_ru",
            "contact",
        )
        labels = {
            "title_kk": _("Name of the tender"),
            "title_ru": _("Name of the tender"),
            "closes_at": _("Last instant for bids"),
            "conditions_kk": _("Conditions"),
            "conditions_ru": _("Conditions"),
            "contact": _("Who answers questions"),
        }
        help_texts = {
            "closes_at": _(
                "Time of Astana. At least 20 calendar days after the announcement; bids are then "
                "opened by themselves."
            ),
            "contact": _("Name, telephone and e-mail; everybody reads it."),
        }
        widgets = {"closes_at": InstantInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("conditions_kk", "conditions_ru"):
            field = self.fields[name]
            assert isinstance(field, forms.CharField)
            field.max_length = LONGEST
            field.validators.append(_not_longer)
            field.widget.attrs.update(rows=10, maxlength=LONGEST)
        for name in ("title_kk", "title_ru"):
            self.fields[name].required = False
        for one in chosen(self.instance):
            key = one.choice.key
            self.fields[key] = forms.ChoiceField(
                label=say.text(one.parameter.label),
                choices=list(one.choice.options.items()),
                help_text=one.choice.why,
                initial=one.value,
            )
            self.fields[f"{key}_cite"] = forms.CharField(
                label=_("Place of the procurement rules"),
                required=False,
                max_length=120,
                initial=one.place,
                help_text=_("For example: order No. 648, paragraph 223."),
            )
        for name in TenderForm.Meta.fields:
            self.fields[name].widget.attrs.update(NEEDED_LATER)
        watch(self)

    @property
    def questions(self) -> list[tuple[Any, Any]]:
        """The fields of each open question, for the page."""
        return [(self[one.key], self[f"{one.key}_cite"]) for one in CHOICES]


def stored_texts(tender: Tender) -> dict[str, Any]:
    """The present values of the fields of `TenderForm`."""
    values = {name: getattr(tender, name) for name in TenderForm.Meta.fields}
    for one in chosen(tender):
        values |= {one.choice.key: one.value, f"{one.choice.key}_cite": one.place}
    return values


def choices_of(values: dict[str, Any]) -> dict[str, dict[str, str]]:
    """What the tender keeps of the open questions."""
    return {
        one.key: {"value": values[one.key], "cite": values[f"{one.key}_cite"].strip()}
        for one in CHOICES
    }


def first_closing(edition: Any) -> datetime:
    """A deadline that stays lawful if the tender is announced on the last day for that."""
    announced = terms.due_at(edition, "announce.after_approval", clock.now())
    day = clock.day_of(terms.due_at(edition, "bids", announced))
    while day.weekday() > 4:  # a working day reads better; no source asks for one
        day += timedelta(days=1)
    return datetime.combine(day, LAST_HOUR, tzinfo=clock.ALMATY)


def _not_longer(text: str) -> None:
    if len(text) > LONGEST:
        raise ValidationError(
            _("The text is longer than %(limit)s characters. Shorten it."),
            params={"limit": LONGEST},
        )


class LotForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Sum, dates and advance of a lot."""

    class Meta:
        model = Lot
        fields = ("allocated_tiyn", "starts_on", "ends_on", "advance_percent")
        labels = {
            "allocated_tiyn": _("Allocated sum, ₸"),
            "starts_on": _("Services from"),
            "ends_on": _("Services until"),
            "advance_percent": _("Advance, %"),
        }
        widgets = {"starts_on": DateInput(NEEDED_LATER), "ends_on": DateInput(NEEDED_LATER)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = edition_of(self.instance.tender).number("advance.max")
        self.fields["advance_percent"].widget.attrs.update(min=0, max=self.most)

    def clean_allocated_tiyn(self) -> int:
        given: int = self.cleaned_data["allocated_tiyn"]
        if given <= 0:
            raise ValidationError(_("Write a sum above zero."))
        return given

    def clean_advance_percent(self) -> int:
        given: int = self.cleaned_data["advance_percent"]
        if given > self.most:
            raise ValidationError(
                _("An advance is at most %(most)s per cent. Write that or less."),
                params={"most": self.most},
            )
        return given


class FileForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A part of the documentation that is a file."""

    upload = forms.FileField(label=_("File"), help_text=_("PDF, DOCX, XLSX, PNG or JPG."))

    class Meta:
        model = TenderFile
        fields = ("part", "title_kk", "title_ru")
        labels = {"title_kk": _("Its name"), "title_ru": _("Its name")}
        widgets = {"title_ru": forms.TextInput(NEEDED_LATER)}


class QuestionForm(forms.Form):
    """A question on the documentation."""

    text = forms.CharField(
        label=_("Your question"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody reads the question and the clarification; your name is not shown."),
    )


class AnswerForm(forms.Form):
    """The clarification, in both languages, for everybody."""

    answer_kk = forms.CharField(
        label=_("Clarification"), max_length=6000, widget=forms.Textarea(attrs={"rows": 5})
    )
    answer_ru = forms.CharField(
        label=_("Clarification"), max_length=6000, widget=forms.Textarea(attrs={"rows": 5})
    )
