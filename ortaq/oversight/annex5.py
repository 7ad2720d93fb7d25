"""Annex 5: what a state body publishes on how its projects were carried out and evaluated (SO-M-17). Frozen when it is published.

    {"edition", "year", "rows": [row, …]}
    row: "project": key; "name", "supplier", "goals", "process", "results": {"kk", "ru"}; "period": [ISO day, ISO day];
         "contracted": {"tiyn", "from"}; "score": {"points", "mean", "from"} or None

Its figures are made as those of annex 9 are. Points stand here only when the evaluation report is posted for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from ortaq.core.keys import key_of
from ortaq.oversight import annex9
from ortaq.oversight.models import Account, Evaluation, StatutoryReport
from ortaq.projects.models import Project

YEAR = StatutoryReport.Period.YEAR
OF_ANNEX_9 = ("project", "name", "supplier", "contracted", "process", "results")


def assemble(body: int, year: int) -> dict[str, Any]:
    """The whole annex as it would be published now."""
    return {
        "edition": annex9.edition_at(year, YEAR).key,
        "year": year,
        "rows": list(_rows(body, year)),
    }


def _rows(body: int, year: int) -> Iterator[dict[str, Any]]:
    found = annex9.rows_of(annex9.projects_in(body, year, YEAR), year, YEAR)
    while chunk := [row for _field, row in islice(found, annex9.CHUNK)]:
        yield from _chunk(chunk, year)


def _chunk(rows: Sequence[Mapping[str, Any]], year: int) -> Iterator[dict[str, Any]]:
    pks = [int(row["project"].rpartition(":")[2]) for row in rows]
    projects = Project.objects.filter(pk__in=pks).select_related("contract")
    of_contract = {
        key_of(one): one.contract
        for one in projects.only(
            "contract__general", "contract__starts_on", "contract__ends_on", "contract__title_kk"
        )
    }
    goals = {
        one.project_id: one
        for one in Account.objects.filter(project__in=pks, year=year).only(
            "project", "goals_kk", "goals_ru"
        )
    }
    posted = set(
        Evaluation.objects.filter(project__in=pks, state=Evaluation.State.POSTED).values_list(
            "project", flat=True
        )
    )
    for pk, row in zip(pks, rows, strict=True):
        contract = of_contract[row["project"]]
        yield {
            **{name: row[name] for name in OF_ANNEX_9},
            "goals": goals_of(contract, goals.get(pk)),
            "period": [
                day.isoformat() if day else None for day in (contract.starts_on, contract.ends_on)
            ],
            "score": row["score"] if pk in posted else None,
        }


def goals_of(contract: Any, account: Account | None) -> dict[str, str]:
    """Goals and tasks as the body writes them; until it does, the goal of the contract, which has one language only."""
    goal = str((contract.general or {}).get("project_goal") or "")
    return {
        language: (getattr(account, f"goals_{language}") if account else "") or goal
        for language in ("kk", "ru")
    }
