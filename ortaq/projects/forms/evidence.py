"""Forms of evidence: what was done, with files, and how much of which indicator it proves."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ortaq.core import clock
from ortaq.faces.say import day as say_day
from ortaq.faces.widgets import DateInput, InstantInput, ManyFilesField
from ortaq.projects import once
from ortaq.projects.models import Activity, Consumer, Event, Evidence
from ortaq.projects.procedure.evidence import Piece
from ortaq.projects.queries import evidence as queries

from .links import Link, link_of
from .proofs import ProofsForm

Kind, Media = Evidence.Kind, Evidence.Media
LONG = 20_000
MOST_FILES, MOST_LINKS = 30, 200
# Phones turn their own format into these when they are named; the content is looked at all the same.
ACCEPT = "image/jpeg,image/png,video/mp4,application/pdf,.docx,.xlsx,.pptx"
OWN_PAGES = (Kind.PUBLICATION, Kind.STORY)


# --- One thing that proves -----------------------------------------------------------------------


class PieceForm(ProofsForm):
    """What all pages of adding have: where it belongs, its day, the mark against a second sending."""

    once = forms.CharField(required=False, widget=forms.HiddenInput())
    item = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())
    event = forms.TypedChoiceField(label=_("Event"), required=False, empty_value=None)
    activity = forms.TypedChoiceField(
        label=_("Activity of the plan"),
        required=False,
        empty_value=None,
        help_text=_("Needed only where there is no event: an event knows its activity."),
    )
    day = forms.DateField(label=_("Date"), widget=DateInput())
    uploads = ManyFilesField(
        label=_("Files"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "Photographs, MP4, PDF, DOCX, XLSX or PPTX, each up to 20 MB; several at once."
        ),
    )
    link = forms.URLField(label=_("Link"), required=False, max_length=1000, assume_scheme="https")
    kind = ""
    # What seldom is filled in, behind a press; everything else stands on the page at once.
    MORE: tuple[str, ...] = ("activity",)

    def __init__(self, *args: Any, asked: Mapping[str, Any] = {}, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].widget.attrs["accept"] = ACCEPT
        events = list(queries.events_of(self.project)[: queries.MOST])
        _choices(self.fields["event"], events, _of_event)
        _choices(self.fields["activity"], [one for one, _goals in self.goals], _of_activity)
        self.initial = {**self._asked(asked, events), **self.initial}

    def _asked(self, asked: Mapping[str, Any], events: Iterable[Event]) -> dict[str, Any]:
        """What the address of the page already says."""
        event = next((e for e in events if e.pk == queries.number(asked.get("event"))), None)
        goals = {one.indicator.pk for _activity, many in self.goals for one in many}
        activities = {one.pk for one, _goals in self.goals}
        activity = queries.number(asked.get("activity"))
        indicator = queries.number(asked.get("indicator"))
        found: dict[str, Any] = {
            "once": once.new(),
            "day": min(clock.day_of(event.starts_at), clock.today()) if event else clock.today(),
            "item": str(asked.get("item", ""))[:40],
        }
        if event is not None:
            found["event"] = event.pk
            self.activities |= {event.activity_id} if event.activity_id else set()
        if activity in activities:
            found["activity"] = activity
            self.activities.add(activity)
        if indicator in goals:
            found[f"proof-{indicator}"] = 1
        return found

    def first(self) -> list[forms.BoundField]:
        """The fields that stand on the page at once, without those of indicators."""
        numbers = ("proof-", "second-")
        return [
            field
            for field in self.visible_fields()
            if field.name not in self.MORE and not field.name.startswith(numbers)
        ]

    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE]

    @property
    def opens_more(self) -> bool:
        return any(self[name].errors or self[name].value() for name in self.MORE)

    def clean_once(self) -> uuid.UUID:
        return once.read(self.cleaned_data["once"])

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day.year < 2000:
            raise ValidationError(_("Check the year."))
        return day

    def clean_uploads(self) -> list[Any]:
        given: list[Any] = self.cleaned_data["uploads"]
        if len(given) > MOST_FILES:
            raise ValidationError(
                _("At most %(most)s files at once: attach the others in a second go."),
                params={"most": MOST_FILES},
            )
        return given

    def given(self) -> dict[str, Any]:
        """The fields of `Evidence` that this form fills."""
        data = self.cleaned_data
        names = {"event", "activity", "day", "link", "item", *self.own()}
        return {"kind": self.kind} | {name: data[name] for name in names if name in data}

    def own(self) -> Sequence[str]:
        return ()

    def pieces(self) -> list[Piece]:
        """One piece for each file, or one without a file."""
        proves, given = self.proves(), self.given()
        uploads = self.cleaned_data.get("uploads") or [None]
        return [Piece(given, upload, proves, "uploads" if upload else "") for upload in uploads]


class EvidenceForm(PieceForm):
    """Photographs, letters, acts ...: whatever is neither a publication nor a story."""

    kind = forms.ChoiceField(  # type: ignore[assignment]  # chosen by the reader here, fixed elsewhere
        label=pgettext_lazy("evidence", "What it is"),
        choices=[one for one in Kind.choices if one[0] not in OWN_PAGES],
    )
    title = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=500,
        help_text=_("Left empty, it is called as its event or file."),
    )
    text = forms.CharField(
        label=_("Text"), required=False, max_length=LONG, widget=forms.Textarea({"rows": 3})
    )
    field_order = ("kind", "uploads", "event", "day", "title", "link", "text", "activity")
    MORE = ("title", "link", "text", "activity")

    def _asked(self, asked: Mapping[str, Any], events: Iterable[Event]) -> dict[str, Any]:
        found = super()._asked(asked, events)
        kind = asked.get("kind")
        return {"kind": kind if kind in Kind.values else Kind.PHOTO, **found}

    def given(self) -> dict[str, Any]:
        return super().given() | {"kind": self.cleaned_data["kind"]}

    def own(self) -> Sequence[str]:
        return ("title", "text")


class PublicationForm(PieceForm):
    """One publication (IM-040)."""

    kind = Kind.PUBLICATION
    channel = forms.ChoiceField(label=_("Kind of media"), choices=[("", "—"), *Media.choices])
    medium = forms.CharField(label=_("Medium or social network"), max_length=300)
    title = forms.CharField(label=pgettext_lazy("publication", "Title"), max_length=500)
    aired_at = forms.DateTimeField(
        label=_("On air: date and time"),
        required=False,
        widget=InstantInput(),
        help_text=_("For radio and television; attach the certificate of the broadcaster."),
    )
    field_order = ("link", "title", "channel", "medium", "day", "event", "aired_at", "uploads")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = _("Date of publication")
        self.fields["uploads"].label = _("Screenshot, copy or certificate")
        self.fields["uploads"].help_text = _("JPG, PNG or PDF, up to 20 MB.")

    def clean_uploads(self) -> list[Any]:
        given = super().clean_uploads()
        if len(given) > 1:
            raise ValidationError(_("One file for one publication."))
        return given

    def given(self) -> dict[str, Any]:
        return super().given() | {"media": self.cleaned_data["channel"]}

    def own(self) -> Sequence[str]:
        return ("medium", "title", "aired_at")


class StoryForm(PieceForm):
    """A success story (Standard ¶3(22)): counted by table 1 for its training."""

    kind = Kind.STORY
    title = forms.CharField(label=_("Name"), max_length=500)
    text = forms.CharField(
        label=_("Story in Kazakh: what changed for whom, with numbers if there are any"),
        max_length=LONG,
        widget=forms.Textarea({"rows": 8}),
    )
    text_ru = forms.CharField(
        label=_("Story in Russian"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea({"rows": 6}),
    )
    consumer = forms.TypedChoiceField(
        label=_("Whose story it is"),
        required=False,
        empty_value=None,
        help_text=_("The participants of the event from which you came."),
    )
    consent = forms.BooleanField(
        label=_("The person agrees that the story is shown"),
        required=False,
        help_text=_("Without consent only those who may see participants read it."),
    )
    field_order = ("title", "text", "text_ru", "event", "consumer", "consent", "day", "uploads")
    MORE = ("link", "activity")

    def __init__(self, *args: Any, asked: Mapping[str, Any] = {}, **kwargs: Any) -> None:
        super().__init__(*args, asked=asked, **kwargs)
        event = queries.number(self.data.get("event") or asked.get("event"))
        people = Consumer.objects.filter(
            project=self.project, participations__event=event, participations__attended=True
        ).order_by("full_name", "pk")
        _choices(self.fields["consumer"], list(people[: queries.MOST]), _of_consumer)

    def own(self) -> Sequence[str]:
        return ("title", "text", "text_ru", "consumer", "consent")

    def pieces(self) -> list[Piece]:
        """One story; further files are attached as photographs of it would be, one by one."""
        uploads = self.cleaned_data.get("uploads") or [None]
        return [Piece(self.given(), uploads[0], self.proves())]


# --- Many links at once --------------------------------------------------------------------------


class PasteForm(PieceForm):
    """Links of publications, one on each line; title and date may stand beside the link."""

    kind = Kind.PUBLICATION
    lines = forms.CharField(
        label=_("Links, one on each line"),
        max_length=200_000,
        widget=forms.Textarea({"rows": 8}),
        help_text=_(
            "A title and a date (12.05.2026) may stand beside the link. "
            "Social networks are recognised by their address."
        ),
    )
    channel = forms.ChoiceField(
        label=_("Kind of media of all other links"),
        choices=[("", "—"), *Media.choices],
        required=False,
    )
    field_order = ("lines", "channel", "event", "day", "activity")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["uploads"], self.fields["link"]
        self.fields["day"].label = _("Date of publication, where none stands beside the link")

    def clean_lines(self) -> list[Link]:
        """Every line read; what is no link is named by its number."""
        found, wrong = [], []
        valid = URLValidator(schemes=["http", "https"])
        lines = [(n, line) for n, line in enumerate(self.cleaned_data["lines"].splitlines(), 1) if line.strip()]  # fmt: skip
        for number, text in lines[:MOST_LINKS]:
            link = link_of(number, text)
            try:
                valid(link.address if link else "")
            except ValidationError:
                wrong.append(number)
            else:
                assert link is not None
                found.append(link)
        if wrong:
            raise ValidationError(
                _("There is no link that can be read on these lines: %(lines)s."),
                params={"lines": ", ".join(map(str, wrong[:20]))},
            )
        if len(lines) > MOST_LINKS:
            raise ValidationError(
                _("At most %(most)s links at once: paste the others in a second go."),
                params={"most": MOST_LINKS},
            )
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("channel") and any(not one.media for one in data.get("lines") or ()):
            self.add_error(
                "channel",
                _("Some links lead to no known social network: choose their kind of media."),
            )
        return data

    def pieces(self) -> list[Piece]:
        """One piece for each different link."""
        given, proves = self.given(), self.proves()
        links: dict[str, Link] = {}
        for one in self.cleaned_data["lines"]:
            links.setdefault(one.address, one)
        return [
            Piece(
                {
                    **given,
                    "link": one.address,
                    "title": one.title or one.address[:500],
                    "day": one.day or given["day"],
                    "media": one.media or self.cleaned_data["channel"],
                    "medium": one.medium[:300],
                },
                None,
                proves,
                "lines",
            )
            for one in links.values()
        ]


FORMS: dict[str, type[PieceForm]] = {Kind.PUBLICATION: PublicationForm, Kind.STORY: StoryForm}


# --- Words of choices ----------------------------------------------------------------------------


def _choices(chosen: Any, rows: Sequence[Any], label: Callable[[Any], str]) -> None:
    """Rows that are at hand as the choices of a field, which is cleaned to the row."""
    known = {str(row.pk): row for row in rows}
    chosen.choices = [("", "—"), *((pk, label(row)) for pk, row in known.items())]
    chosen.coerce = known.get


def _of_event(one: Event) -> str:
    return f"№ {one.number} · {say_day(one.starts_at)} · {_short(one.title)}"


def _of_activity(one: Activity) -> str:
    return _short(one.text)


def _of_consumer(one: Consumer) -> str:
    return f"{one.full_name}, {_short(one.workplace)}" if one.full_name else f"#{one.pk}"


def _short(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:89]}…"
