"""What the Standard offers for an event: services with their forms, ways of informing, equipment, the information sheet."""

from __future__ import annotations

from ortaq.law.standard import standard as book_of
from ortaq.law.text import Text
from ortaq.projects.models import Event

# The tables whose rows are the forms an event may take. Consultations are told apart by the question (¶14), research by the
# way of collecting information (table 10).
FORM_TABLES = {
    "training": ("7",),
    "event": ("13",),
    "consultation": ("p14",),
    "information": ("12c", "12d"),
    "research": ("10",),
}
# What a kind of event is in the Standard, unless somebody says otherwise.
BY_KIND = {
    Event.Kind.SEMINAR: "training/seminar",
    Event.Kind.TRAINING: "training/training",
    Event.Kind.MASTER_CLASS: "training/master_class",
    Event.Kind.WEBINAR: "training/webinar",
    Event.Kind.CONFERENCE: "event/conference",
    Event.Kind.FORUM: "event/conference",
    Event.Kind.ROUND_TABLE: "event/round_table",
    Event.Kind.EXHIBITION: "event/exhibition",
    Event.Kind.CONCERT: "event/festival",
    Event.Kind.FESTIVAL: "event/festival",
    Event.Kind.CONTEST: "event/contest",
    Event.Kind.FOCUS_GROUP: "research/focus_group",
    Event.Kind.EXPERT_GROUP: "research/expert_survey",
}


def forms_of(edition: str) -> list[tuple[Text, list[tuple[str, Text]]]]:
    """The services with their forms ("training/seminar") as the edition names them; nothing where its text is unknown."""
    book = book_of(edition)
    if not book.tables:
        return []
    return [
        (
            book.services[service],
            [
                (f"{service}/{row.key}", row.label)
                for key in tables
                for row in book.table(key).rows
                if service != "research" or "respondents" in row.cells
            ],
        )
        for service, tables in FORM_TABLES.items()
    ]


def label_of(event: Event) -> Text:
    """The service and form of an event in the Standard's words; empty when none is chosen."""
    for service, forms in forms_of(event.project.standard):
        for key, form in forms:
            if key == f"{event.service}/{event.form}":
                return Text(*(f"{a}: {b}" for a, b in zip(service, form, strict=True)))
    return Text()


def ways(edition: str) -> list[tuple[str, Text]]:
    """The six ways of informing participants (ST-Q-03)."""
    book = book_of(edition)
    return list(book.checklist("information_ways", "").items.items()) if book.tables else []


def equipment(edition: str) -> list[tuple[str, Text]]:
    """What table 8 asks to be there at trainings, besides the premises."""
    book = book_of(edition)
    if not book.tables:
        return []
    measures = book.table("8").measures.values()
    return [(one.key, one.label) for one in measures if one.field == "equipment"]


def sheet_items(event: Event) -> list[tuple[str, Text]]:
    """What an information sheet of this service holds (¶27, ¶30); nothing for services without one."""
    book = book_of(event.project.standard)
    if not book.tables or event.service not in ("training", "consultation"):
        return []
    return list(book.checklist("information_sheet", event.service).items.items())
