"""Forms of competitions: drafting, topics, extension, repetition, questions and answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, files
from ortaq.faces.widgets import DateInput, InstantInput
from ortaq.grants.models import Competition, Lot, PlanVersion, Topic

LONGEST = 20_000
# What a new draft is called until the operator names it: content, in both languages.
TITLES = {
    "title_kk": "Үкіметтік емес ұйымдарға мемлекеттік гранттар беру конкурсы",
    "title_ru": "Конкурс на предоставление государственных грантов для неправительственных "
    "организаций",
}


def closing_time(edition: law.Edition) -> time:
    """The hour at which acceptance ends unless the operator sets another (18:00)."""
    return time.fromisoformat(str(edition.parameter("acceptance.closing_time").value))


def first_closing(edition: law.Edition) -> datetime:
    """The earliest lawful end of acceptance for an announcement of today."""
    day = clock.today() + timedelta(days=edition.window("acceptance").least)
    return datetime.combine(day, closing_time(edition), tzinfo=clock.ALMATY)


class CompetitionForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """What the announcement says besides its topics. Anything may be missing until it is announced."""

    class Meta:
        model = Competition
        fields = (
            "title_kk",
            "title_ru",
            "text_kk",
            "text_ru",
            "contacts_kk",
            "contacts_ru",
            "closes_at",
            "latest_project_end",
            "balance_date",
            "check_days",
            "by_portal",
            "by_post",
            "by_hand",
            "by_email",
        )
        labels = {
            "title_kk": _("Title"),
            "title_ru": _("Title"),
            "text_kk": _("Text of the announcement"),
            "text_ru": _("Text of the announcement"),
            "contacts_kk": _("Contacts for advice"),
            "contacts_ru": _("Contacts for advice"),
            "closes_at": _("Acceptance ends"),
            "latest_project_end": _("Projects must end by"),
            "balance_date": _("Reporting date of the balance sheet"),
            "check_days": _("Working days for the check of applications"),
            "by_portal": _("on this site"),
            "by_post": _("by post"),
            "by_hand": _("by hand"),
            "by_email": _("by e-mail"),
        }
        help_texts = {
            "closes_at": _(
                "Time of Astana. 20 to 30 calendar days after the announcement, whose day is not counted."
            ),
            "check_days": _("Left empty: as many as the edition of the rules sets."),
        }
        widgets = {
            "closes_at": InstantInput,
            "latest_project_end": DateInput,
            "balance_date": DateInput,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("text_kk", "text_ru", "contacts_kk", "contacts_ru"):
            field = self.fields[name]
            assert isinstance(field, forms.CharField)
            field.max_length = LONGEST
            field.validators.append(_not_longer)
            field.widget.attrs.update(rows=12 if name.startswith("text") else 5, maxlength=LONGEST)
        self.fields["check_days"].widget.attrs.update(min=1, max=60)

    def clean_check_days(self) -> int | None:
        days: int | None = self.cleaned_data["check_days"]
        if days is not None and not 1 <= days <= 60:
            raise ValidationError(_("Write a number of working days from 1 to 60, or nothing."))
        return days


def _not_longer(text: str) -> None:
    if len(text) > LONGEST:
        raise ValidationError(
            _("The text is longer than %(limit)s characters. Shorten it."),
            params={"limit": LONGEST},
        )


class TopicsForm(forms.Form):
    """Topics of one version: ticked one by one; whole fields by their own boxes."""

    topics = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        error_messages={
            "invalid_choice": _("A topic is not of this version of the plan. Choose anew.")
        },
    )
    fields_whole = forms.TypedMultipleChoiceField(coerce=int, required=False)
    everything = forms.BooleanField(required=False)

    def __init__(self, *args: Any, version: PlanVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        for name, rows in (("topics", version.topics), ("fields_whole", version.fields)):
            field = self.fields[name]
            assert isinstance(field, forms.TypedMultipleChoiceField)
            field.choices = [(pk, pk) for pk in rows.values_list("pk", flat=True)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.chosen():
            raise ValidationError(_("Choose at least one topic of the plan."))
        return cleaned

    def chosen(self) -> list[Topic]:
        """The topics meant, each once, in the order of the plan."""
        topics = self.version.topics.prefetch_related("amounts").select_related("version")
        if self.cleaned_data.get("everything"):
            return list(topics)
        ticked = self.cleaned_data.get("topics") or ()
        whole = self.cleaned_data.get("fields_whole") or ()
        return list(topics.filter(Q(pk__in=ticked) | Q(field__in=whole)))


class ExtensionForm(forms.Form):
    """A decision that moves the end of acceptance (GR-A-06)."""

    new_closes_at = forms.DateTimeField(
        label=_("New end of acceptance"), widget=InstantInput, help_text=_("Time of Astana.")
    )
    decided_on = forms.DateField(label=_("Date of the decision"), widget=DateInput)
    number = forms.CharField(label=_("Number of the decision"), max_length=40)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody can read it on the page of the competition."),
    )
    scan = forms.FileField(
        label=_("Scan of the decision"), required=False, help_text=_("PDF, PNG or JPG.")
    )

    def stored_scan(self, person: Any) -> Any:
        """The uploaded scan as a stored file, None without one; `ValidationError` for other files."""
        upload = self.cleaned_data.get("scan")
        if upload is None:
            return None
        return files.store(
            upload, name=upload.name, person=person, allowed=files.SCANS, public=True
        )


class RepeatForm(forms.Form):
    """Which failed topics are announced again, and as which topics of the version in force."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (Competition.Kind.ADDITIONAL, Competition.Kind.ADDITIONAL.label),
            (Competition.Kind.REPEAT, Competition.Kind.REPEAT.label),
        ],
        widget=forms.RadioSelect,
        initial=Competition.Kind.ADDITIONAL,
    )

    def __init__(
        self, *args: Any, lots: Sequence[Lot], version: PlanVersion, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lots = list(lots)
        topics = list(version.topics.prefetch_related("amounts").select_related("version"))
        self.topics = {topic.pk: topic for topic in topics}
        choices = [
            ("", _("do not announce again")),
            *((str(topic.pk), f"№ {topic.number}. {topic.title[:120]}") for topic in topics),
        ]
        for lot in self.lots:
            self.fields[f"lot_{lot.pk}"] = forms.ChoiceField(
                label=f"№ {lot.topic.number}. {lot.topic.title}",
                choices=choices,
                required=False,
                initial=self._same(lot, topics),
            )

    @staticmethod
    def _same(lot: Lot, topics: Sequence[Topic]) -> str:
        """The topic that has the same words; a number alone proves nothing (GR-P-06)."""
        return next((str(t.pk) for t in topics if t.title_kk == lot.topic.title_kk), "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        wanted = [cleaned.get(f"lot_{lot.pk}") for lot in self.lots]
        chosen = [pk for pk in wanted if pk]
        if not chosen:
            raise ValidationError(_("Choose at least one topic to be announced again."))
        if len(set(chosen)) < len(chosen):
            raise ValidationError(_("One topic is chosen for two failed ones. Choose it once."))
        return cleaned

    def repeats(self) -> dict[int, Lot]:
        """The failed lot by the number of the topic that repeats it."""
        return {
            int(self.cleaned_data[f"lot_{lot.pk}"]): lot
            for lot in self.lots
            if self.cleaned_data.get(f"lot_{lot.pk}")
        }


class LotChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no run-time arguments
    """A lot, named by its topic."""

    def label_from_instance(self, obj: Any) -> str:
        return f"№ {obj.topic.number}. {obj.topic.title[:100]}"


class QuestionForm(forms.Form):
    """A question on the announcement, or on one topic of it."""

    text = forms.CharField(
        label=_("Your question"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody reads the question and the answer; your name is not shown."),
    )
    lot = LotChoiceField(
        label=_("Topic"),
        queryset=Lot.objects.none(),
        required=False,
        empty_label=_("the whole announcement"),
    )

    def __init__(self, *args: Any, lots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lot = self.fields["lot"]
        assert isinstance(lot, forms.ModelChoiceField)
        lot.queryset = lots


class QuestionAnswerForm(forms.Form):
    """The operator's answer, for everybody."""

    text = forms.CharField(
        label=_("Answer"), max_length=6000, widget=forms.Textarea(attrs={"rows": 5})
    )
