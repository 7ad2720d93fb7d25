"""February 2024: what two projects leave goes into the needs of the next year; the Government's information is begun."""

from __future__ import annotations

from collections.abc import Iterator

from ortaq.core import clock
from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.oversight.procedure import lesson
from ortaq.oversight.procedure.lesson import Words
from ortaq.oversight.queries.lesson import drafts_of, proposals_of
from ortaq.planning.models import Assessment
from ortaq.planning.procedure import needs_draft

from . import data, found


def beats() -> Iterator[Beat]:
    told = data.oversight()["lessons"]
    for ngo in told["ngos"]:
        yield beat(told["kept_at"], keep, ngo)
    yield beat(told["entered_at"], enter)


def keep(ngo: str) -> None:
    """Saule keeps what the records propose, where both languages have it."""
    project = found.project(ngo)
    rows = [
        Words(one.once, one.kind, one.kk, one.ru, one.origin)
        for one in proposals_of(project)
        if one.kk and one.ru and not one.one_language
    ]
    lesson.keep(project, rows, actor=cast.actor("saule"))


def enter() -> None:
    """One project's lessons become a source of the next assessment; those of the other wait for a newcomer."""
    told, saule = data.oversight()["lessons"], cast.actor("saule")
    body = cast.body("akimat")
    draft = drafts_of(body.pk).first() or needs_draft.begin(
        Assessment(
            body=body,
            title_kk=told["title_kk"],
            title_ru=told["title_ru"],
            region_code=body.region_code,
            begun_on=clock.today(),
        ),
        actor=saule,
    )
    project = found.project(told["ngos"][0])
    if project.lessons.filter(used_in=None).exists():
        lesson.enter([project], draft, actor=saule)
