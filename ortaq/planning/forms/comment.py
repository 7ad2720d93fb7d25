"""Forms of comments: written by anybody, decided and hidden by an officer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ortaq.people.actor import Actor
from ortaq.people.models import Organisation
from ortaq.planning.models import Comment, Topic

LONGEST = 5000


class TopicField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Topics by their number and the beginning of their title."""

    def label_from_instance(self, obj: Any) -> str:
        title = obj.title
        return f"{obj.position}. {title if len(title) <= 90 else title[:89] + '…'}"


class CommentForm(forms.Form):
    """A comment: a guest names themselves, whoever is signed in may speak for an NGO."""

    topic = TopicField(
        label=_("On which topic"),
        queryset=Topic.objects.none(),
        required=False,
        empty_label=_("on the whole list"),
    )
    organisation = forms.ModelChoiceField(
        label=_("In whose name"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("in my own name"),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=250,
        help_text=_("It stands beside your comment and in the report on the discussion."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        help_text=_(
            "We send you a letter with a link: the comment counts once you open it. "
            "The address is shown to nobody."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    text = forms.CharField(
        label=_("Comment or proposal"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST}),
    )
    # Programs fill in what people do not see.
    website = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
        label=_("Leave this field empty"),
    )

    def __init__(
        self, *args: Any, actor: Actor, ngos: list[Organisation], topics: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        topic, organisation = self.fields["topic"], self.fields["organisation"]
        assert isinstance(topic, forms.ModelChoiceField)
        assert isinstance(organisation, forms.ModelChoiceField)
        topic.queryset = topics
        if actor.is_signed_in:
            del self.fields["name"], self.fields["email"], self.fields["website"]
        if ngos:
            organisation.queryset = Organisation.objects.filter(pk__in=[one.pk for one in ngos])
            if actor.acting_for in ngos:
                organisation.initial = actor.acting_for
        else:
            del self.fields["organisation"]

    @property
    def is_trap_sprung(self) -> bool:
        """Whether a program filled in the field that nobody sees."""
        return bool(self.cleaned_data.get("website"))


DECISIONS = [choice for choice in Comment.Decision.choices if choice[0]]


class DecisionForm(forms.Form):
    """Whether a comment is accepted, and why, in both languages (SO-F-09)."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the comment is accepted.")},
    )
    reasons_kk = forms.CharField(
        label=_("Reasons"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}),
    )
    reasons_ru = forms.CharField(
        label=_("Reasons"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}),
    )


class OneDecisionForm(DecisionForm):
    """The decision on one comment, with what annex 2 prints of it."""

    summary = forms.CharField(
        label=_("Summary for the report"),
        help_text=_("Left empty: the report prints the comment as it was written."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST}),
    )
    # The instant of the decision that the page showed.
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    field_order = ("summary", "decision", "reasons_kk", "reasons_ru")


class ManyDecisionsForm(DecisionForm):
    """One decision on the comments that are ticked."""

    comments = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={"required": _("Tick the comments that are decided alike.")},
    )

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["comments"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(number, number) for number in numbers]


class HideForm(forms.Form):
    """Why a comment is hidden from the public page."""

    reason = forms.CharField(
        label=_("Why it is hidden"),
        help_text=_("The public page shows this reason in place of the comment."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
    )

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        if not reason:
            raise ValidationError(_("Write why the comment is hidden."))
        return reason
