"""Forms of topics that NGOs propose: written, answered, made a topic of a list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq import law
from ortaq.core.money import MoneyField
from ortaq.faces import say
from ortaq.people.models import Organisation
from ortaq.planning.models import Formation, TopicProposal
from ortaq.planning.procedure.drafting import ACT, edition_in_force

LONGEST = 5000


class ProposalForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A topic that an NGO proposes to a state body."""

    amount_tiyn = MoneyField(
        label=_("Sum needed, in tenge"), help_text=_("If you know it."), required=False
    )

    class Meta:
        model = TopicProposal
        fields = (
            "organisation",
            "body",
            "field",
            "title",
            "problem",
            "target_group",
            "result",
            "amount_tiyn",
        )
        labels = {
            "body": _("State body that could order it"),
            "title": _("Topic that you propose"),
            "problem": _("What problem it solves, and how you know of it"),
            "target_group": _("Whom it is for"),
            "result": _("What will be different afterwards"),
        }

    def __init__(self, *args: Any, ngos: list[Organisation], bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = {str(one.pk): one for one in ngos}
        self.fields["organisation"] = forms.TypedChoiceField(
            label=_("In the name of"),
            choices=[(pk, one.name) for pk, one in mine.items()],
            coerce=mine.get,
            initial=ngos[0].pk,
            widget=forms.HiddenInput if len(ngos) == 1 else forms.Select,
        )
        body = self.fields["body"]
        assert isinstance(body, forms.ModelChoiceField)
        body.queryset, body.empty_label = bodies, "—"
        edition = law.edition(ACT, edition_in_force())
        fields = law.fields_of(str(edition.parameter("fields.set").value))
        self.fields["field"] = forms.ChoiceField(
            label=pgettext_lazy("of the social order", "Field"),
            choices=[("", "—"), *((one.key, say.text(one.text)) for one in fields)],
        )
        for name, rows in (("title", 2), ("problem", 6), ("target_group", 2), ("result", 3)):
            field = self.fields[name]
            assert isinstance(field, forms.CharField)
            field.widget = forms.Textarea(attrs={"rows": rows, "maxlength": field.max_length})

    def clean_amount_tiyn(self) -> int | None:
        tiyn: int | None = self.cleaned_data["amount_tiyn"]
        if tiyn is not None and tiyn <= 0:
            raise ValidationError(_("The sum is more than zero, or left empty."))
        return tiyn


class AnswerProposalForm(forms.Form):
    """What the state body says to the NGO."""

    answer = forms.CharField(
        label=_("Answer to the NGO"),
        help_text=_("The NGO gets it by letter and sees it on this page."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}),
    )


class TakeUpForm(AnswerProposalForm):
    """Into which draft the topic goes, in which language it is written, at which sum."""

    formation = forms.ModelChoiceField(
        label=_("List of topics that takes it"), queryset=Formation.objects.none(), empty_label=None
    )
    language = forms.ChoiceField(
        label=_("The proposal is written in"),
        choices=[("kk", _("Kazakh")), ("ru", _("Russian"))],
        widget=forms.RadioSelect,
    )
    planned_tiyn = MoneyField(label=_("Planned volume of funding, in tenge"))

    field_order = ("formation", "language", "planned_tiyn", "answer")

    def __init__(self, *args: Any, proposal: TopicProposal, drafts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = False
        formation = self.fields["formation"]
        assert isinstance(formation, forms.ModelChoiceField)
        formation.queryset = drafts
        formation.label_from_instance = _title  # type: ignore[method-assign]
        if not self.is_bound:
            self.initial["language"] = "ru" if proposal.author.language == "ru" else "kk"
            self.initial["planned_tiyn"] = proposal.amount_tiyn
            self.initial["formation"] = drafts.first()

    def clean_planned_tiyn(self) -> int:
        tiyn: int = self.cleaned_data["planned_tiyn"]
        if tiyn <= 0:
            raise ValidationError(_("The planned volume of funding is more than zero."))
        return tiyn


def _title(obj: Any) -> str:
    return str(obj.title)
