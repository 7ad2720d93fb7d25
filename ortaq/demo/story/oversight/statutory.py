"""July 2023 and winter 2024: three state bodies report by annex 9, one of them late; the akimat publishes annex 5; the ministry begins what
it tells the Government.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ortaq.demo import cast
from ortaq.demo.story.beat import Beat, beat
from ortaq.oversight import annex9, proposals
from ortaq.oversight.models import (
    Account,
    GovernmentInformation,
    PublicInformation,
    StatutoryReport,
)
from ortaq.oversight.procedure import government, implementation
from ortaq.oversight.procedure import statutory as reporting
from ortaq.oversight.procedure.statutory import STATUTORY
from ortaq.projects.models import Project

from . import data, found

State, Period = StatutoryReport.State, StatutoryReport.Period
TEXTS = ("goals", "process", "results", "impact")


def beats() -> Iterator[Beat]:
    told = data.oversight()["statutory"]
    for at in told["opened_at"]:
        yield beat(at, open_due)
    for number, row in enumerate(told["report"]):
        yield beat(row["at"], submit, number)
        if "returned_at" in row:
            yield beat(row["returned_at"], send_back, number)
        if "accepted_at" in row:
            yield beat(row["accepted_at"], accept, number)
    yield beat(told["published_at"], publish)
    yield beat(told["informed_at"], begin_information)


def open_due() -> None:
    """A period is over: the reports on it are opened, after a year the information to the Government too."""
    reporting.open_due()
    government.open_due()


def told_of(number: int) -> dict[str, Any]:
    row: dict[str, Any] = data.oversight()["statutory"]["report"][number]
    return row


def report(told: Mapping[str, Any], *states: str) -> StatutoryReport | None:
    """The report of an officer's body, where it is in one of `states`."""
    body = cast.body(cast.people()[told["by"]].at)
    rows = StatutoryReport.objects.filter(
        body=body, year=told["year"], period=told["period"], state__in=states
    )
    return rows.select_related("body").first()


def submit(number: int) -> None:
    """What is reported of each project is written where nobody has, then the first head signs."""
    told = told_of(number)
    row = report(told, State.DRAFT)
    if row is None:
        return
    actor = cast.actor(told["by"])
    projects = annex9.projects_in(row.body_id, row.year, row.period)
    for project in projects.select_related("contract__grantor", "contract__grantee"):
        write(project, row, actor)
    name, position = data.oversight()["statutory"]["signers"][told["by"]]
    STATUTORY.take("submit", row, actor=actor, signer=name, signer_position=position)


def write(project: Project, row: StatutoryReport, actor: Any) -> None:
    """The account of a project: what its records propose, and a sentence of the officer's own."""
    told = data.oversight()["statutory"]
    unfinished = {cast.bodies()[ngo].bin for ngo in told["unfinished"]}
    late = row.period == Period.YEAR and project.contract.grantee.bin in unfinished
    said = told["words"]["unfinished" if late else row.period]
    proposed = proposals.proposed(project, row.year)
    account = Account.objects.filter(project=project, year=row.year).first()
    texts = {
        f"{name}_{language}": "\n".join(
            part
            for part in (
                proposed.get(name, {}).get(language, ""),
                dict(zip(data.LANGUAGES, said.get(name, ("", "")), strict=True))[language],
            )
            if part
        )
        for name in TEXTS
        for language in data.LANGUAGES
    }
    version = account.version if account else 0
    reporting.write_account(project, row.year, texts, version=version, actor=actor)


def send_back(number: int) -> None:
    """Askar returns the report with a remark on the row of one project."""
    told = told_of(number)
    if row := report(told, State.SUBMITTED):
        of = found.project(told["remark_on"]).pk
        remarks = [(of, told["remark"])]
        STATUTORY.take("return", row, actor=cast.actor("askar"), remarks=remarks)


def accept(number: int) -> None:
    if row := report(told_of(number), State.SUBMITTED):
        STATUTORY.take("accept", row, actor=cast.actor("askar"))


def publish() -> None:
    """Annex 5 of the akimat, after its report on the year is accepted."""
    body, year = cast.body("akimat"), data.YEAR
    if not PublicInformation.objects.filter(body=body, year=year).exists():
        implementation.publish(body, year, issue=1, actor=cast.actor("saule"))


def begin_information() -> None:
    """Askar writes the first conclusions of the information to the Government, which is due by 31 March."""
    told = data.oversight()["government"]
    row = GovernmentInformation.objects.filter(body=cast.body("ministry"), year=data.YEAR).first()
    if row is not None and row.state == row.State.DRAFT and not row.summary_kk:
        texts = {f"summary_{language}": told[language] for language in data.LANGUAGES}
        government.write(row, texts, version=row.version, actor=cast.actor("askar"))
