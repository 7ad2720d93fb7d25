"""A report with all its annexes as one archive: the paper in both languages, a folder for each annex, the hash of every file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from ortaq.core.files import path_of
from ortaq.documents import render
from ortaq.documents.bundle import Entry, folder, made, stored
from ortaq.documents.paper import Paper
from ortaq.projects.models import Event, Evidence, Report
from ortaq.projects.policy.evidence import PERSONAL
from ortaq.projects.reporting.facts import CONSULTATIONS

from .consultations import consultation_journal
from .participants import participants_list
from .report import LANGUAGES, make

NAMES = {"kk": "есеп", "ru": "отчёт"}
LIST = "қатысушылар тізімі - список участников"
JOURNAL = "кеңестер журналы - журнал консультаций"
LINKS = "сілтемелер - ссылки.txt"
FORMATS: Mapping[str, Callable[[Paper], bytes]] = {"pdf": render.pdf, "docx": render.docx}


def entries(report: Report, content: Mapping[str, Any], *, people: bool) -> Iterator[Entry]:
    """Everything of a report, one file after another; each is made or read when its turn has come.

    `people`: with the lists and files that name participants, only for those who may see them (IM-039).
    """
    for language in LANGUAGES:
        for ending, renderer in FORMATS.items():
            yield made(
                f"{NAMES[language]}.{language}.{ending}",
                partial(_paper, report, content, language, renderer),
            )
    events = {}
    if people:
        pks = [annex["event"] for annex in content["annexes"] if annex["event"]]
        rows = Event.objects.filter(pk__in=pks).select_related("project__contract")
        events = {event.pk: event for event in rows}
    for annex in content["annexes"]:
        yield from _annex(report, annex, events.get(annex["event"]), people=people)


def _annex(
    report: Report, annex: Mapping[str, Any], event: Event | None, *, people: bool
) -> Iterator[Entry]:
    place = folder(annex["number"], annex["title"]["kk"])
    if event is not None and annex["people"]:
        # A workbook: a report of 200 events has as many lists, and a page setter takes ten times as long over each.
        yield made(f"{place}/{LIST}.xlsx", lambda: render.xlsx(participants_list(event, "kk")))
    if annex["key"] == CONSULTATIONS and people:
        journal = partial(consultation_journal, report.project, "kk")
        yield made(f"{place}/{JOURNAL}.pdf", lambda: render.pdf(journal()))
    if annex["links"]:
        yield made(f"{place}/{LINKS}", lambda: _links(annex["links"]))
    for file in annex["files"]:
        if people or not _is_personal(file):
            yield stored(f"{place}/{file['name']}", path_of(file["sha256"]))


def _is_personal(file: Mapping[str, Any]) -> bool:
    return file["kind"] in (*PERSONAL, Evidence.Kind.STORY)


def _paper(
    report: Report, content: Mapping[str, Any], language: str, renderer: Callable[[Paper], bytes]
) -> bytes:
    return renderer(make(report, content, language))


def _links(links: list[dict[str, str]]) -> bytes:
    lines = ("\t".join((one["day"], one["medium"], one["title"], one["link"])) for one in links)
    return "\n".join(lines).encode()
