"""What a project leaves for the needs of the next year, and how it gets into their assessment (SO-E-01(3), SO-F-03).

keep      what the records propose or an officer writes, in both languages
write     other words; of what stands in an assessment the words stand there
remove    what was kept by mistake
enter     everything kept of a project becomes one source of the body's draft assessment: once, by the steps of `planning`
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from ortaq import law
from ortaq.core import clock, journal
from ortaq.core.canonical import sha256
from ortaq.core.procedure import Refused, Step, locked, moved_on, not_yours
from ortaq.law import needs
from ortaq.law.findings import Citation, Finding, Severity
from ortaq.oversight.models import Evaluation, Lesson
from ortaq.oversight.policy.project import oversees
from ortaq.people.actor import Actor
from ortaq.planning.models import Assessment, Source
from ortaq.planning.procedure import needs_draft
from ortaq.planning.procedure.editions import edition_of
from ortaq.projects.models import Project

LANGUAGES = ("kk", "ru")
LONGEST = 2000
# What the editions call conclusions of monitoring and evaluation among the sources of an assessment; that of 2018 names the results
# of earlier social orders and of their monitoring together with the reports on programmes.
SOURCE_KINDS = ("inspections_monitoring_evaluation", "official_reports")

KEEP = Step("keep", _("Keep for next year's needs"), source=Project.State.values, target=None, by=oversees)  # fmt: skip
WRITE = Step("write", _("Change the words"), source=Project.State.values, target=None, by=oversees)
ENTER = Step("enter", _("Enter in the needs assessment"), source=Project.State.values, target=None, by=oversees)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """A lesson as it is to be kept: kind, the text in both languages, and the key of the record that it comes from, if any."""

    once: uuid.UUID
    kind: str
    kk: str
    ru: str
    origin: str = ""


def year_of(project: Project, today: date) -> int:
    """The year whose needs a project teaches: that after its last one, while it runs that after this one."""
    ends = project.contract.ends_on
    return (min(today, ends) if ends else today).year + 1


def cited() -> Citation:
    """Where the rules say that evaluation is a ground for the next formation, in the edition in force."""
    edition = law.at("rules_social_order", clock.today())
    return edition.rubric("evaluation").cite


def lacking(words: Words) -> list[Finding]:
    """A lesson stands in both languages: so does what rests on it."""
    found = []
    for language, message in (
        ("kk", _("Write it in Kazakh too.")),
        ("ru", _("Write it in Russian too.")),
    ):
        text = getattr(words, language)
        if not text:
            found.append(Finding("no_text", Severity.ERROR, message, about=f"text_{language}"))
        elif len(text) > LONGEST:
            long = _("This text is too long: keep to what matters for the needs.")
            found.append(Finding("too_long", Severity.ERROR, long, about=f"text_{language}"))
    if words.kind not in Lesson.Kind.values:
        found.append(Finding("no_kind", Severity.ERROR, _("Say what it is."), about="kind"))
    return found


def clean(text: object) -> str:
    return str(text or "").replace("\0", "").replace("\r\n", "\n").strip()


@transaction.atomic
def keep(project: Project, rows: Sequence[Words], *, actor: Actor) -> list[Lesson]:
    """Keep these lessons of a project, each once however often it is sent. Raises `Refused` for strangers and with all that lacks; then
    none is kept.
    """
    if not oversees(actor, project):
        raise Refused(KEEP, [not_yours(KEEP)])
    if found := [finding for words in rows for finding in lacking(words)]:
        raise Refused(KEEP, found)
    fresh = locked(Project, project.pk)
    kept = {one.once: one for one in Lesson.objects.filter(once__in=[one.once for one in rows])}
    year, made = year_of(fresh, clock.today()), []
    for words in rows:
        if words.once in kept:
            continue
        row = Lesson.objects.create(
            project=fresh,
            once=words.once,
            kind=words.kind,
            year=year,
            text_kk=words.kk,
            text_ru=words.ru,
            origin=words.origin,
        )
        kept[words.once] = row
        made.append(row)
    _told("keep", actor, made)
    return [kept[words.once] for words in rows]


@transaction.atomic
def write(lesson: Lesson, words: Words, *, version: int, actor: Actor) -> bool:
    """Other words and kind. False, and nothing is written, where a colleague saved after `version`; `lesson` is refreshed in place."""
    _still_ours(lesson, actor)
    if found := lacking(words):
        raise Refused(WRITE, found)
    rows = Lesson.objects.filter(pk=lesson.pk, version=version, used_in=None)
    written = rows.update(kind=words.kind, text_kk=words.kk, text_ru=words.ru, version=version + 1)
    lesson.refresh_from_db(fields=["kind", "text_kk", "text_ru", "used_in", "version"])
    if written:
        _told("write", actor, [lesson])
    return bool(written)


@transaction.atomic
def remove(lesson: Lesson, *, actor: Actor) -> None:
    """Take a lesson away that stands in no assessment; what the records propose is proposed again."""
    _still_ours(lesson, actor)
    _told("remove", actor, [lesson])
    lesson.delete()


def _still_ours(lesson: Lesson, actor: Actor) -> None:
    if not oversees(actor, lesson.project):
        raise Refused(WRITE, [not_yours(WRITE)])
    locked(Project, lesson.project_id)
    lesson.refresh_from_db(fields=["used_in"])
    if lesson.used_in_id is not None:
        raise Refused(WRITE, [moved_on(WRITE, lesson.project, "state")])


@transaction.atomic
def enter(projects: Iterable[Project], assessment: Assessment, *, actor: Actor) -> list[Source]:
    """Make what is kept of each of these projects a source of the body's draft assessment: one source a project, with both texts of all
    its lessons. What stands in an assessment already is left out, so a second press does nothing more.

    Raises `Refused` for strangers, for an assessment of another body, where nothing is left to enter, and by `planning` once the
    assessment is approved.
    """
    made = []
    for project in projects:
        if not oversees(actor, project) or assessment.body_id != project.contract.grantor_id:
            raise Refused(ENTER, [not_yours(ENTER)])
        locked(Project, project.pk)
        rows = list(project.lessons.filter(used_in=None).order_by("kind", "id"))
        if not rows:
            continue
        source = needs_draft.write_source(_source(project, assessment, rows), actor=actor)
        project.lessons.filter(pk__in=[row.pk for row in rows]).update(used_in=source)
        _told("enter", actor, rows, assessment=assessment.pk, source=source.pk)
        made.append(source)
    if not made:
        message = _("Everything that was kept stands in an assessment already.")
        raise Refused(ENTER, [Finding("nothing_left", Severity.ERROR, message, cited())])
    return made


def _source(project: Project, assessment: Assessment, rows: Sequence[Lesson]) -> Source:
    """The source as `planning` keeps one; it has one text, so that the Russian wording follows the Kazakh one."""
    contract = project.contract
    evaluation = Evaluation.objects.filter(project=project).defer("content").first()
    formed = evaluation.formed_at if evaluation else None
    with translation.override("kk"):
        head = _("Results of monitoring and evaluation under contract No. %(number)s: %(title)s")
        title = head % {"number": contract.number, "title": contract.title_kk}
    known = needs.sources(edition_of(assessment))
    return Source(
        assessment=assessment,
        kind=next((kind for kind in SOURCE_KINDS if kind in known), ""),
        title=title[:500],
        publisher=contract.grantor.name_kk[:300],
        dated_on=clock.day_of(formed) if formed else clock.today(),
        link=evaluation.portal_link if evaluation else "",
        finding="\n\n".join(_said(rows, language) for language in LANGUAGES),
    )


def _said(rows: Sequence[Lesson], language: str) -> str:
    with translation.override(language):
        lines = [
            f"{str(row.get_kind_display()).capitalize()}: {getattr(row, f'text_{language}')}"
            for row in rows
        ]
    return "\n".join(lines)


def _told(step: str, actor: Actor, rows: Sequence[Lesson], **facts: int) -> None:
    # Each lesson has its own chain: that of the project is read by the NGO too.
    for row in rows:
        journal.append(
            row,
            step,
            actor=actor.key,
            behalf=actor.behalf,
            facts={
                "project": row.project_id,
                "content": sha256([row.kind, row.text_kk, row.text_ru]),
                **facts,
            },
        )
