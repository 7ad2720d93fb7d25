"""Forms around bids: begin, attach."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.faces import say
from ortaq.tenders.models import Bid

LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский")]
SLOTS = [
    ("charter", _("Charter")),
    ("consent", _("Letter of consent")),
    ("experience", _("Proof of experience")),
    ("other", _("Other papers the documentation asks for")),
]


class StartForm(forms.Form):
    """A new bid: its language, an earlier one to copy."""

    language = forms.ChoiceField(label=_("Language of the bid"), choices=LANGUAGES)
    source = forms.ModelChoiceField(
        label=_("Copy from an earlier bid"),
        help_text=_("Goals, experience, team and files are copied; you change what is different."),
        queryset=Bid.objects.none(),
        required=False,
        empty_label=_("begin with an empty one"),
    )

    def __init__(self, *args: Any, earlier: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        assert isinstance(source, forms.ModelChoiceField)
        source.queryset = earlier
        source.label_from_instance = _name_of  # type: ignore[assignment, method-assign]
        if not earlier:
            del self.fields["source"]


def _name_of(bid: Bid) -> str:
    return f"{bid.number or bid.pk} · {say.text(bid.lot.topic.title)[:120]}"


class FileForm(forms.Form):
    """One file of a bid."""

    slot = forms.ChoiceField(choices=SLOTS, widget=forms.HiddenInput())
    file = forms.FileField(
        label=_("File"), help_text=_("PDF, DOCX, XLSX, PNG or JPG, up to 20 MB.")
    )
