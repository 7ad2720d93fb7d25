"""Releases are written when something becomes public and kept as they were published.

What is public now is compared with what was told before: what is new becomes a release, what is told differently becomes a further
one, and none is ever changed. It follows the gazette by its numbers, so that nothing is missed and nothing hidden is told;
`catch_up(everything=True)` compares all, without the gazette.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Max

from ortaq.core import clock
from ortaq.core.canonical import sha256
from ortaq.gazette.models import Publication
from ortaq.opendata import exact
from ortaq.opendata.models import Process, Release, Watermark
from ortaq.planning.models import Topic
from ortaq.projects.models import Contract
from ortaq.tenders.models import Lot

from . import families
from .contracted import undone
from .events import Story, stories
from .families import Family
from .merging import merged, without
from .parts import Part, together
from .told import Told, release_id

log = logging.getLogger(__name__)
NAME = "ocds"
CHUNK = 100  # families at once: what a chunk holds in memory, whatever the number of all
SECOND = timedelta(seconds=1)
HEAD = {"initiationType": "tender", "language": "kk"}


@dataclass
class Written:
    """How many releases were written, and how many processes are no longer public."""

    releases: int = 0
    withdrawn: int = 0


def catch_up(*, everything: bool = False) -> Written:
    """Publish what has become public since the last time; `everything` looks at all there is.

    In bounded memory, a fixed number of queries for each hundred topics. Several may call it at once: one waits for the other.
    """
    done = Written()
    if everything:
        last = Publication.objects.aggregate(last=Max("sequence"))["last"] or 0
        for pks in _keys_of(Topic.objects):
            _write(done, topics=pks)
        for pks in _keys_of(_elsewhere):
            _write(done, contracts=pks)
        Watermark.objects.update_or_create(name=NAME, defaults={"sequence": last})
        return done
    while True:
        mark, _new = Watermark.objects.get_or_create(name=NAME)
        news = Publication.objects.filter(sequence__gt=mark.sequence).order_by("sequence")
        some = list(news.values_list("key", "sequence")[:CHUNK])
        if not some:
            return done
        topics, contracts = touched(key for key, _sequence in some)
        if topics or contracts:
            _write(done, topics=topics, contracts=contracts)
        Watermark.objects.filter(name=NAME).update(sequence=some[-1][1])


def _keys_of(rows: Any) -> Iterator[list[int]]:
    """All primary keys of a model, a chunk at a time."""
    last = 0
    while some := list(
        rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]
    ):
        yield some
        last = some[-1]


def behind(*, quick: bool = False) -> Iterator[str]:
    """The processes of which something is public that was not released, without releasing it (`ortaq check`)."""
    catch_up()
    for kind, rows in (("topics", Topic.objects), ("contracts", _elsewhere)):
        for number, pks in enumerate(_keys_of(rows)):
            if quick and number:
                break
            told = kind == "topics"
            found = families.of_topics(pks) if told else families.of_contracts(pks)
            noun = families.TOPIC if told else families.CONTRACT
            known = _known([f"{noun}:{pk}" for pk in pks])
            public = set()
            for family in found:
                first = next((one.row.lot for one in known.values() if _is_main(one, family)), None)
                for story in stories(family, first):
                    if not story.told:
                        continue
                    public.add(story.ocid)
                    one = known.get(story.ocid)
                    if one is None or one.row.withdrawn or any(_news(one, story)):
                        yield story.ocid
            yield from (
                ocid for ocid, one in known.items() if ocid not in public and not one.row.withdrawn
            )


# --- Whom a publication concerns -----------------------------------------------------------------------

Find = Callable[[Collection[int]], Iterable[int]]
_lots = Lot.objects.order_by()
TOPICS: dict[str, Find] = {
    "planning.topic": lambda pks: pks,
    "planning.formation": lambda pks: _flat(Topic.objects.filter(formation__in=pks), "pk"),
    "planning.assessment": lambda pks: _flat(Topic.objects.filter(assessments__in=pks), "pk"),
    "tenders.lot": lambda pks: _flat(_lots.filter(pk__in=pks), "topic"),
    "tenders.tender": lambda pks: _flat(_lots.filter(tender__in=pks), "topic"),
    "tenders.order": lambda pks: _flat(_lots.filter(order__in=pks), "topic"),
    "projects.contract": lambda pks: _flat(_lots.filter(order__contract__in=pks), "topic"),
    "projects.project": lambda pks: _flat(_lots.filter(order__contract__project__in=pks), "topic"),
    "oversight.evaluation": lambda pks: _flat(
        _lots.filter(order__contract__project__evaluation__in=pks), "topic"
    ),
}
_elsewhere = Contract.objects.filter(
    instrument=Contract.Instrument.SOCIAL_ORDER, order__isnull=True
).order_by()
CONTRACTS: dict[str, Find] = {
    "projects.contract": lambda pks: _flat(_elsewhere.filter(pk__in=pks), "pk"),
    "projects.project": lambda pks: _flat(_elsewhere.filter(project__in=pks), "pk"),
    "oversight.evaluation": lambda pks: _flat(_elsewhere.filter(project__evaluation__in=pks), "pk"),
}


def touched(keys: Iterable[str]) -> tuple[set[int], set[int]]:
    """The topics and the contracts concluded elsewhere that publications with these keys are about."""
    nouns: dict[str, set[int]] = defaultdict(set)
    for key in keys:
        noun, _colon, pk = key.partition(":")
        if pk.isdecimal():
            nouns[noun].add(int(pk))
    topics = {pk for noun, pks in nouns.items() if noun in TOPICS for pk in TOPICS[noun](pks)}
    contracts = {
        pk for noun, pks in nouns.items() if noun in CONTRACTS for pk in CONTRACTS[noun](pks)
    }
    return topics, contracts


def _flat(rows: Any, name: str) -> Iterable[int]:
    found: Iterable[int] = rows.values_list(name, flat=True)
    return found


# --- Writing -------------------------------------------------------------------------------------------


@dataclass
class _Known:
    """A process with what was told of it: the last revision of each event."""

    row: Process
    last: dict[str, tuple[int, str]] = field(default_factory=dict)
    at: datetime | None = None
    compiled: Part = field(default_factory=dict)


def _write(done: Written, topics: Collection[int] = (), contracts: Collection[int] = ()) -> None:
    """Release what is new of these. A family that cannot be told is logged and stands in nobody's way; `everything` tries it again."""
    try:
        with transaction.atomic():
            Watermark.objects.get_or_create(name=NAME)
            Watermark.objects.select_for_update().get(name=NAME)
            found = [*families.of_topics(topics), *families.of_contracts(contracts)]
            keys = [f"{families.TOPIC}:{pk}" for pk in topics]
            keys += [f"{families.CONTRACT}:{pk}" for pk in contracts]
            _compare(done, found, _known(keys))
    except DatabaseError:
        raise
    except Exception:
        if len(topics) + len(contracts) == 1:
            log.exception("No release could be made of %s.", [*topics, *contracts])
            return
        for pk in topics:
            _write(done, topics=[pk])
        for pk in contracts:
            _write(done, contracts=[pk])


def _known(keys: Sequence[str]) -> dict[str, _Known]:
    """What was told of these families, by ocid; two queries."""
    rows = list(Process.objects.filter(family__in=keys))
    known = {one.pk: _Known(one) for one in rows}
    told = Release.objects.filter(process__in=rows).order_by("process", "revision")
    for process, event, revision, digest, at in told.values_list(
        "process", "event", "revision", "digest", "at"
    ):
        one = known[process]
        one.last[event] = (revision, digest)
        one.at = max(one.at or at, at)
    return {one.row.ocid: one for one in known.values()}


def _compare(done: Written, found: Iterable[Family], known: dict[str, _Known]) -> None:
    made: list[_Known] = []
    changed: list[_Known] = []
    releases: list[tuple[_Known, Release]] = []
    public = set()
    for family in found:
        first = next((one.row.lot for one in known.values() if _is_main(one, family)), None)
        for story in stories(family, first):
            if not story.told:
                continue
            public.add(story.ocid)
            one = known.get(story.ocid) or _Known(Process(ocid=story.ocid, family=family.key))
            new = list(_news(one, story))
            again = one.row.withdrawn
            one.row.withdrawn = False
            one.row.lot = one.row.lot or story.lot
            if new:
                one.row.compiled = exact.dumps(one.compiled)
                one.row.changed_at = new[-1].at
                releases += ((one, release) for release in new)
            if one.row._state.adding:
                made.append(one)
            elif new or again:
                changed.append(one)
    gone = [one for ocid, one in known.items() if ocid not in public and not one.row.withdrawn]
    for one in gone:
        one.row.withdrawn = True
    Process.objects.bulk_create([one.row for one in made])
    Process.objects.bulk_update(
        [one.row for one in (*changed, *gone)], ["compiled", "changed_at", "withdrawn", "lot"]
    )
    for one, release in releases:
        release.process = one.row
    Release.objects.bulk_create([release for _one, release in releases])
    done.releases += len(releases)
    done.withdrawn += len(gone)


def _is_main(one: _Known, family: Family) -> bool:
    """Whether this is the process that a topic itself begins."""
    return one.row.family == family.key and "-topic-" in one.row.ocid


def _news(one: _Known, story: Story) -> Iterator[Release]:
    """The releases that are missing, oldest first; `one` is brought up to them."""
    told = {event.event: event for event in story.told}
    new = [event for event in story.told if event.event not in one.last]
    later = [
        (place, event)
        for place, event in enumerate(story.told, 1)
        if event.event in one.last and one.last[event.event][1] != sha256_of(event.content)
    ]
    taken_back = [event for event, (_n, digest) in one.last.items() if digest and event not in told]
    if not (new or later or taken_back):
        return
    one.compiled = exact.loads(one.row.compiled) if one.row.compiled else {}
    for event in sorted(new, key=_when):
        yield _release(one, event, sha256_of(event.content))
    for place, event in later:
        # What came after it stands: an amended plan does not open a tender again.
        content = event.content
        for after in story.told[place:]:
            content = without(content, after.content)
        again = replace(event, at=clock.now(), tag=event.again, content=content)
        yield _release(one, again, sha256_of(event.content))
    for name in taken_back:
        if (gone := undone(name, one.compiled)) is not None:
            tag = ("implementationUpdate",)
            yield _release(one, Told(name, clock.now(), tag, tag, gone), "")


def _when(event: Told) -> datetime:
    return event.at


# What may read differently one day without anything having happened: names of organisations as they are called today, addresses of
# this site, words of its catalogues and of the acts. They do not make a new release.
IDLE = frozenset(
    {
        "parties", "name", "name_ru", "url", "uri", "submissionMethodDetails", "procurementMethodDetails",
        "awardCriteriaDetails", "awardCriteriaDetails_ru",
    }
)  # fmt: skip
# Parts that are known by their code: their words come from a catalogue.
CODED = frozenset({"documents", "milestones", "classification"})
WORDS = frozenset({"title", "title_ru", "description", "description_ru"})


def essence(part: Any, *, coded: bool = False) -> Any:
    """What must differ for something to be told anew."""
    if isinstance(part, list):
        return [essence(one, coded=coded) for one in part]
    if not isinstance(part, dict):
        return part
    idle = IDLE | WORDS if coded else IDLE
    return {
        name: essence(inner, coded=name in CODED)
        for name, inner in part.items()
        if name not in idle
    }


def sha256_of(content: Part) -> str:
    """The digest of what an event tells."""
    return sha256(essence(content))


def _release(one: _Known, told: Told, digest: str) -> Release:
    """The next release of a process: later than the one before, with parties that keep their roles."""
    event, tag, content = told.event, told.tag, told.content
    at = told.at.replace(microsecond=0)
    if one.at is not None:
        at = max(at, one.at + SECOND)
    revision = one.last.get(event, (0, ""))[0] + 1
    body: dict[str, Any] = {
        "ocid": one.row.ocid,
        "id": release_id(one.row.ocid, event, revision),
        "date": exact.instant(at),
        "tag": list(tag),
        **HEAD,
        **content,
    }
    if "parties" in content:
        mine = {party["id"] for party in content["parties"]}
        before = [one for one in one.compiled.get("parties", ()) if one["id"] in mine]
        body["parties"] = together([*content["parties"], *before])
    one.at, one.last[event] = at, (revision, digest)
    one.compiled = merged(one.compiled, body)
    return Release(
        event=event,
        revision=revision,
        tag=" ".join(tag),
        at=at,
        year=clock.day_of(at).year,
        content=exact.dumps(body),
        digest=digest,
    )
