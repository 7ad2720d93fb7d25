"""A report with all its annexes as one archive: the paper in both languages, a folder for each annex, the hash of every file.

A submitted report brings the people as they stood when it was submitted; one that is being written, as they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ortaq.core.canonical import canonical
from ortaq.core.files import path_of
from ortaq.documents import render
from ortaq.documents.bundle import Entry, folder, made, stored
from ortaq.documents.paper import Align, Paper, Paragraph
from ortaq.law.text import Text
from ortaq.projects.models import Evidence, PeopleList, Report
from ortaq.projects.policy.evidence import PERSONAL
from ortaq.projects.reporting.facts import CONSULTATIONS
from ortaq.projects.reporting.people import List, as_submitted, as_they_stand

from .consultations import journal
from .participants import listed
from .report import LANGUAGES, make

NAMES = {"kk": "есеп", "ru": "отчёт"}
LIST = "қатысушылар тізімі - список участников"
JOURNAL = "кеңестер журналы - журнал консультаций"
LINKS = "сілтемелер - ссылки.txt"
CONTENT = "мазмұны - содержание.json"
FORMATS: Mapping[str, Callable[[Paper], bytes]] = {"pdf": render.pdf, "docx": render.docx}
KEPT = Text(
    "Есеп тапсырылған кездегі тізім. SHA-256: {sha256}",
    "Список на момент сдачи отчёта. SHA-256: {sha256}",
    "The list as of the submission of the report. SHA-256: {sha256}",
)
SINCE_ERASED = Text(
    "Кейін дербес деректер өшірілді; хеш өшірілгенге дейінгі тізімге тиесілі.",
    "Позднее персональные данные удалены; хеш относится к списку до удаления.",
    "Personal data have been erased since; the hash is of the list before that.",
)


@dataclass(frozen=True, slots=True)
class Annex:
    """One annex in the archive: its folder, and its files with what stands in each."""

    number: int
    place: str
    entries: list[Entry]

    @property
    def files(self) -> list[tuple[str, str]]:
        """Name and path of each file."""
        return [(one.path.removeprefix(f"{self.place}/"), one.path) for one in self.entries]


def entries(
    report: Report, content: Mapping[str, Any], *, people: bool, frozen: bool
) -> Iterator[Entry]:
    """Everything of a report, one file after another; each is made or read when its turn has come.

    `people`: with the lists and files that name participants, only for those who may see them (IM-039). `frozen`: `content` is that
    of a submission, and goes with the papers as it was hashed.
    """
    lists = _lists(report, content) if people else {}
    annexes = [_annex(one, lists.get(one["key"]), people=people) for one in content["annexes"]]
    files = {one.number: one.files for one in annexes}
    for language in LANGUAGES:
        for ending, renderer in FORMATS.items():
            paper = partial(make, report, content, language, files)
            yield made(
                f"{NAMES[language]}.{language}.{ending}", partial(_rendered, renderer, paper)
            )
    if frozen:
        # Its hash is the one of the receipt.
        yield made(CONTENT, partial(canonical, content))
    for annex in annexes:
        yield from annex.entries


def _lists(report: Report, content: Mapping[str, Any]) -> Mapping[str, PeopleList | List]:
    """The lists of the annexes by key: kept, where the report was submitted with them."""
    annexes = content["annexes"]
    if any("list" in one for one in annexes):
        return as_submitted(report, annexes)
    return as_they_stand(report, annexes)


def _annex(annex: Mapping[str, Any], people_list: Any, *, people: bool) -> Annex:
    place = folder(annex["number"], annex["title"]["kk"])
    found = []
    if people_list is not None and annex["key"] == CONSULTATIONS:
        shown = partial(_people, journal, people_list)
        found.append(made(f"{place}/{JOURNAL}.pdf", partial(_rendered, render.pdf, shown)))
    elif people_list is not None:
        # A workbook: a report of 200 events has as many lists, and a page setter takes ten times as long over each.
        shown = partial(_people, listed, people_list)
        found.append(made(f"{place}/{LIST}.xlsx", partial(_rendered, render.xlsx, shown)))
    if annex["links"]:
        found.append(made(f"{place}/{LINKS}", partial(_links, annex["links"])))
    found += [
        stored(f"{place}/{file['name']}", path_of(file["sha256"]))
        for file in annex["files"]
        if people or not _is_personal(file)
    ]
    return Annex(annex["number"], place, found)


def _people(show: Callable[[Mapping[str, Any], str], Paper], kept: PeopleList | List) -> Paper:
    """A list on paper, in Kazakh; of one that was kept the hash, and whether it has been erased."""
    if not isinstance(kept, PeopleList):
        return show(kept, "kk")
    paper = show(kept.content, "kk")
    notes = [KEPT.fill(sha256=kept.sha256)] + ([SINCE_ERASED] if kept.erased_at else [])
    said = tuple(Paragraph(one.say("kk"), Align.LEFT, small=True) for one in notes)
    return replace(paper, blocks=(*paper.blocks, *said))


def _rendered(renderer: Callable[[Paper], bytes], paper: Callable[[], Paper]) -> bytes:
    return renderer(paper())


def _is_personal(file: Mapping[str, Any]) -> bool:
    return file["kind"] in (*PERSONAL, Evidence.Kind.STORY)


def _links(links: list[dict[str, str]]) -> bytes:
    lines = ("\t".join((one["day"], one["medium"], one["title"], one["link"])) for one in links)
    return "\n".join(lines).encode()
