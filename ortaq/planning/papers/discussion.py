"""Annex 1, the topics under discussion, and annex 2, how the comments were decided (SO-F-06, SO-F-11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import translation

from ortaq.core import clock
from ortaq.core.bilingual import pick
from ortaq.documents.filling import fill
from ortaq.documents.forms import form
from ortaq.documents.paper import Paper
from ortaq.faces import say
from ortaq.law.text import Text
from ortaq.planning.models import Comment, Formation
from ortaq.planning.queries import formation as queries

WHOLE_LIST = Text("Тізім бойынша тұтастай", "По списку в целом", "On the whole list")
SOURCES = Text("Ақпарат көзі: {sources}", "Источник информации: {sources}", "Source: {sources}")
CONCLUSIONS = {
    "accepted": Text("Қабылданды", "Принято", "Accepted"),
    "partly": Text("Ішінара қабылданды", "Принято частично", "Accepted in part"),
    "declined": Text("Қабылданбады", "Не принято", "Not accepted"),
}
RESULT = Text(
    "Қабылданды: {accepted}; қабылданбады: {declined}",
    "Принято: {accepted}; не принято: {declined}",
    "Accepted: {accepted}; not accepted: {declined}",
)
HIDDEN = Text(
    "Мазмұнын модератор жасырған: {reason}",
    "Содержание скрыто модератором: {reason}",
    "The content is hidden by moderation: {reason}",
)


def annex_1(formation: Formation, language: str) -> Paper:
    """The planned topics in the form of annex 1, as of the day they were published."""
    day = clock.day_of(formation.published_at) if formation.published_at else clock.today()
    with translation.override(language):
        as_of = say.day(day).replace(" ж. ", " жылғы ")  # in full, as the form prints it
    rows = [
        {
            "topic": pick(line.topic.title_kk, line.topic.title_ru, language),
            "planned": line.topic.planned_tiyn,
            "justification": _justified(line, language),
            "target_group": pick(line.topic.target_group_kk, line.topic.target_group_ru, language),
            "result": pick(line.topic.result_kk, line.topic.result_ru, language),
        }
        for line in queries.annex1(formation).lines
    ]
    values = {
        "fields": {"year": str(formation.plan_year), "as_of": as_of},
        "sections": {"topics": rows},
    }
    return fill(form("SO-A1", formation.edition), values, language)


def _justified(line: queries.Line, language: str) -> str:
    """The justification, then the sources that it names."""
    words = pick(line.topic.justification_kk, line.topic.justification_ru, language)
    named = [kind.say(language) for kind in line.sources]
    named += [pick(one.title_kk, one.title_ru, language) for one in line.assessments]
    if not named:
        return words
    return f"{words}\n{SOURCES.say(language).format(sources='; '.join(named))}".strip()


def annex_2(formation: Formation, language: str) -> Paper:
    """The report on the discussion: the comments that count, each with its decision.

    Four columns that name the author in 2022; six without the author in 2018 (SO-18-03).
    """
    blank = form("SO-A2", formation.edition)
    known = {column.key for column in blank.section("comments").table("comments").leaves()}
    rows = [
        {key: value for key, value in row.items() if key in known}
        for row in _rows(formation, language, named="result" not in known)
    ]
    return fill(blank, {"sections": {"comments": rows}}, language)


def _rows(formation: Formation, language: str, *, named: bool) -> Iterator[dict[str, Any]]:
    results, before = queries.decisions(formation), object()
    for comment in queries.report_rows(formation).iterator(chunk_size=500):
        conclusion = CONCLUSIONS[comment.decision].say(language) if comment.decision else ""
        reasons = pick(comment.reasons_kk, comment.reasons_ru, language)
        topic = comment.topic
        row = {
            "topic": f"{topic.position}. {pick(topic.title_kk, topic.title_ru, language)}"
            if topic
            else WHOLE_LIST.say(language),
            "comment": _said(comment, language, named=named),
            "conclusion": f"{conclusion}. {reasons}" if named and conclusion else conclusion,
            "reasons": reasons if comment.decision in {"declined", "partly"} else "",
        }
        if comment.topic_id != before:  # the numbers stand once for each topic
            accepted, declined = results[comment.topic_id]
            row["result"] = RESULT.fill(accepted=accepted, declined=declined).say(language)
        before = comment.topic_id
        yield row


def _said(comment: Comment, language: str, *, named: bool) -> str:
    """What annex 2 prints of a comment, with its author where the edition names them."""
    text = comment.summary or comment.text
    if comment.hidden_at and not comment.summary:
        text = HIDDEN.fill(reason=comment.hidden_reason).say(language)
    if not named:
        return text
    ngo = comment.organisation
    who = pick(ngo.name_kk, ngo.name_ru, language) if ngo else comment.author_name
    return f"{who}: {text}"


PAPERS = {"annex-1": annex_1, "annex-2": annex_2}
