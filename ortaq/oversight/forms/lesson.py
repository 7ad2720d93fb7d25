"""Forms of lessons: what the records propose, ticked and worded; a lesson of the officer's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ortaq.law.findings import Finding
from ortaq.oversight.models import Lesson
from ortaq.oversight.procedure.lesson import LONGEST, Words, clean
from ortaq.oversight.queries.lesson import Proposal


class LessonForm(forms.Form):
    """One lesson in both languages."""

    kind = forms.ChoiceField(label=_("Kind of lesson"), choices=Lesson.Kind.choices)
    text_kk = forms.CharField(
        label=_("What next year's needs should take from it"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}),
    )
    text_ru = forms.CharField(
        label=_("In Russian"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}),
    )

    def words(self, once: Any, origin: str = "") -> Words:
        given = self.cleaned_data
        return Words(once, given["kind"], clean(given["text_kk"]), clean(given["text_ru"]), origin)


@dataclass(frozen=True, slots=True)
class Ticked:
    """A proposal as the page shows it: ticked or not, with what was typed and what lacks."""

    proposal: Proposal
    ticked: bool
    kk: str
    ru: str
    findings: Sequence[Finding] = ()

    @property
    def words(self) -> Words:
        one = self.proposal
        return Words(one.once, one.kind, clean(self.kk), clean(self.ru), one.origin)


def shown(proposals: Sequence[Proposal]) -> list[Ticked]:
    """Proposals before anybody touched them: those with words in both languages of their own are ticked."""
    return [
        Ticked(one, bool(one.kk and one.ru) and not one.one_language, one.kk, one.ru)
        for one in proposals
    ]


def read(proposals: Sequence[Proposal], data: Mapping[str, Any]) -> list[Ticked]:
    """Proposals as they were posted: `take-<once>`, `kk-<once>`, `ru-<once>`."""
    return [
        Ticked(
            one,
            f"take-{one.once}" in data,
            str(data.get(f"kk-{one.once}", one.kk)),
            str(data.get(f"ru-{one.once}", one.ru)),
        )
        for one in proposals
    ]
