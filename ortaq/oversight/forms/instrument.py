"""Forms of the tools of monitoring: a mention, the answers of a beneficiary, until when a questionnaire is open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.files import JPEG, PNG, store
from ortaq.core.models import StoredFile
from ortaq.faces.widgets import DateInput
from ortaq.oversight.models import Answer, Mention
from ortaq.oversight.procedure.instrument import LONGEST_WORDS
from ortaq.oversight.tools.asked import SCALE, form_of, groups
from ortaq.oversight.tools.survey import OPEN_QUESTIONS, OVERALL
from ortaq.people.models import User

PICTURES = {PNG: "PNG", JPEG: "JPG"}


class MentionForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A mention in a social network."""

    link = forms.URLField(label=_("Link"), max_length=500, assume_scheme="https")
    picture = forms.FileField(
        label=_("Screenshot"), required=False, help_text=_("PNG or JPG, up to 20 MB.")
    )

    class Meta:
        model = Mention
        fields = ("link", "network", "seen_on", "tone", "text")
        widgets = {
            "seen_on": DateInput(),
            "text": forms.Textarea({"rows": 2, "maxlength": LONGEST_WORDS}),
        }

    def clean_seen_on(self) -> Any:
        day = self.cleaned_data["seen_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def stored(self, person: User | None) -> StoredFile | None:
        """Keep the screenshot; `ValidationError` when its content is no picture."""
        upload = self.cleaned_data["picture"]
        if not upload:
            return None
        return store(upload, name=upload.name or "", person=person, allowed=PICTURES)


class OpenForm(forms.Form):
    """Until when beneficiaries answer by the link."""

    open_until = forms.DateField(label=_("Open until the end of"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["open_until"].initial = clock.today() + timedelta(days=14)


class AnswerForm(forms.Form):
    """The questions of the questionnaire, in the reader's language. Only the first one must be answered."""

    # Programs fill in what people do not see.
    website = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "kk"
        for _heading, rows in groups("SO-MQ", "points"):
            for one in rows:
                must = one.key == OVERALL
                self.fields[one.key] = forms.TypedChoiceField(
                    label=one.label.say(language),
                    choices=[(mark, mark) for mark in SCALE],
                    coerce=int,
                    empty_value=None,
                    required=must,
                    widget=forms.RadioSelect(),
                    error_messages={
                        "required": _("Choose a rating from 1 to 5."),
                        "invalid_choice": _("Choose a rating from 1 to 5."),
                    },
                )
        sections = {one.key: one for one in form_of("SO-MQ").sections}
        for key in OPEN_QUESTIONS:
            self.fields[key] = forms.CharField(
                label=sections[key].title.say(language),
                required=False,
                max_length=LONGEST_WORDS,
                widget=forms.Textarea({"rows": 3}),
            )

    def answers(self) -> dict[str, Any]:
        """What was answered: marks as numbers, words; nothing for what was left open."""
        given = self.cleaned_data
        return {
            name: value
            for name, value in given.items()
            if name != "website" and value not in (None, "")
        }

    @property
    def rated(self) -> list[Any]:
        """The fields of marks, for the page."""
        return [
            self[name] for name in self.fields if name not in ("website", *OPEN_QUESTIONS, "way")
        ]

    @property
    def worded(self) -> list[Any]:
        """The fields of words, for the page."""
        return [self[name] for name in OPEN_QUESTIONS]


class InterviewForm(AnswerForm):
    """The same, entered by whoever does the visit."""

    way = forms.ChoiceField(
        label=_("How it was asked"),
        choices=[
            (Answer.Way.INTERVIEW, Answer.Way.INTERVIEW.label),
            (Answer.Way.PHONE, Answer.Way.PHONE.label),
        ],
        widget=forms.RadioSelect(),
        initial=Answer.Way.INTERVIEW,
    )

    def answers(self) -> dict[str, Any]:
        return {name: value for name, value in super().answers().items() if name != "way"}
