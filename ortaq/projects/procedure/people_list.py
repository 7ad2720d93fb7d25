"""Lists of people that went with a report: kept as of its submission, erased when their people are.

keep    at a submission; the content of the report names each list by its number of people and its hash
erase   names, contacts, reviews; and the salt, so that nobody can try names against the hash. Figures and hash stay

The same people in the next round or report are the same list, kept once.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from ortaq.core.canonical import sha256
from ortaq.projects.models import PeopleList, Project, Report
from ortaq.projects.reporting.people import OF_EVERYBODY, OF_PERSON, as_they_stand

CHUNK = 100


def digest(salt: str, content: Mapping[str, Any]) -> str:
    """The hash that the report names: of the list and its salt."""
    return sha256({"salt": salt, **content})


def keep(report: Report, annexes: Iterable[dict[str, Any]], now: datetime) -> None:
    """Keep the people of each annex as they stand now, and name them in it: {"people": number, "sha256": hash}. A fixed number of
    queries, inside the caller's transaction.
    """
    wanted = list(annexes)
    lists = as_they_stand(report, wanted)
    rows = PeopleList.objects.filter(project=report.project_id, key__in=lists, erased_at=None)
    known = {row.key: row for row in rows.order_by("pk")}
    fresh = []
    for key, content in lists.items():
        if key in known and known[key].content == content:
            continue
        salt = secrets.token_hex(16)
        known[key] = PeopleList(
            project_id=report.project_id,
            key=key,
            content=content,
            people=len(content["rows"]),
            salt=salt,
            sha256=digest(salt, content),
            made_at=now,
        )
        fresh.append(known[key])
    PeopleList.objects.bulk_create(fresh, batch_size=CHUNK)
    for one in wanted:
        if row := known.get(one["key"]):
            one["list"] = {"people": row.people, "sha256": row.sha256}


def erase(
    project: Project,
    people: Collection[int] | None,
    now: datetime,
    *,
    keys: Collection[str] | None = None,
) -> None:
    """Erase these people (keys of consumers), or everybody (None), from the kept lists of a project: all, or those of the annexes `keys`."""
    changed = []
    rows = PeopleList.objects.filter(project=project)
    for row in rows if keys is None else rows.filter(key__in=keys):
        touched = False
        for line in row.content["rows"]:
            if people is None or line["person"] in people:
                for name in OF_EVERYBODY if people is None else OF_PERSON:
                    if name in line:
                        line[name] = ""
                line["erased"], line["person"], touched = True, None, True
        if touched:
            row.salt, row.erased_at = "", now
            changed.append(row)
    PeopleList.objects.bulk_update(changed, ["content", "salt", "erased_at"], batch_size=CHUNK)
