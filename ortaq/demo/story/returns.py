"""Annual returns on the form of the NGO database: on 2019 four that are really filled in, then those of Aliya's NGO on later years.

One comes back with remarks and is sent again, one is late, one comes on paper. The later ones begin with what the last one and the
contracts tell; each is a draft on the NGO's desk until it is sent. At the end an NGO goes into liquidation, and what it has running is
flagged for the bodies in charge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from ortaq.demo import cast
from ortaq.documents.writing import paths
from ortaq.documents.writing.draft import Draft
from ortaq.documents.writing.merge import Edit
from ortaq.people.actor import Actor
from ortaq.people.models import Standing
from ortaq.people.procedure import record_standing
from ortaq.registry.content import known
from ortaq.registry.models import AnnualReturn, PaperReturn, ReturnDraft
from ortaq.registry.procedure import (
    ANNUAL_RETURN,
    begin_return,
    record_return,
    register_paper,
)
from ortaq.registry.procedure import return_draft as drafts

from .beat import Beat, beat

State, Way = AnnualReturn.State, AnnualReturn.Way
OFFICER = "askar"
TENGE = 100
# Which row of the income tells of which source.
ROWS = {"social_order": "social_order", "grant": "grants", "prize": "prizes"}
Filed = Mapping[str, Any]


@cache
def told() -> dict[str, Any]:
    """`data/returns.toml`."""
    return cast.table("returns.toml")


def beats() -> Iterator[Beat]:
    for row in told()["filed"]:
        if "paper" in row:
            yield beat(row["begun_at"], register, row)
            yield beat(row["sent_at"], enter, row)
        else:
            yield beat(row["begun_at"], begin, row)
            yield beat(row["sent_at"], send, row)
        if "returned_at" in row:
            yield beat(row["returned_at"], give_back, row)
            yield beat(row["mended_at"], mend, row)
        yield beat(row["approved_at"], approve, row)
    yield beat(told()["recorded"]["at"], record)
    yield beat(told()["standing"]["at"], learn_of_standing)


def filers(year: int) -> frozenset[str]:
    """The NGOs whose return on a year is filled in."""
    return frozenset(row["ngo"] for row in told()["filed"] if row["year"] == year)


def found(row: Filed) -> AnnualReturn | None:
    """The return, fresh; None before it is begun."""
    rows = AnnualReturn.objects.filter(organisation=cast.body(row["ngo"]), year=row["year"])
    return rows.select_related("organisation").first()


def head(row: Filed) -> Actor:
    return cast.actor(cast.head_of(row["ngo"]).key)


# --- The NGO -----------------------------------------------------------------------------------------


def begin(row: Filed) -> None:
    """A draft with what is known already; what Ortaq does not know is left for the day of the sending."""
    one = begin_return(cast.body(row["ngo"]), row["year"], actor=head(row))
    if one.state == State.DRAFT:
        drafts.ensure(one, actor=head(row))


def send(row: Filed) -> None:
    """The head fills in what nobody has filled in, and sends it, if nobody has."""
    one = found(row)
    if one is not None and one.state == State.DRAFT:
        fill(one, row, head(row))
        ANNUAL_RETURN.take("send", one, actor=head(row), declared=True)


def mend(row: Filed) -> None:
    """What the remarks name is mended, and the return sent again."""
    one = found(row)
    if one is not None and one.state == State.RETURNED:
        mended = {
            path: value * (TENGE if path.startswith(("income", "spending")) else 1)
            for path, value in row["mended"].items()
        }
        write(one, mended, head(row))
        ANNUAL_RETURN.take("send", one, actor=head(row), declared=True)


def fill(one: AnnualReturn, row: Filed, actor: Actor) -> None:
    """Type what the draft lacks; tables with rows stay as they are."""
    drafts.ensure(one, actor=actor)
    stands = Draft.of(ReturnDraft.objects.get(annual_return=one).content).data
    there = {path for path, value in paths.flatten(stands).items() if not paths.is_empty(value)}
    tables = {key for key, value in stands.items() if isinstance(value, list) and value}
    values = {
        path: value
        for path, value in paths.flatten(said(one, row)).items()
        if not path.endswith(paths.ORDER)
        and path not in there
        and path.partition("/")[0] not in tables
    }
    for line in stands.get("projects", ()):
        # A grant is applied for in one language, so the contract has its title in that one only.
        if not line.get("project_ru"):
            values[f"projects/{line['id']}/project_ru"] = row["project_ru"]
    write(one, values, actor)


def said(one: AnnualReturn, row: Filed) -> dict[str, Any]:
    """What the data say of the year, nested as the form: sums in tiyn, and money that adds up."""
    organisation = one.organisation
    known_already = {
        f"actual_address_{language}": getattr(organisation, f"address_{language}")
        for language in ("kk", "ru")
    }
    data: dict[str, Any] = {
        key: row[key]
        for key in ("head", "founders", "branches", "activity", "people", "bank")
        if key in row
    }
    data["identity"] = known_already | row.get("identity", {})
    for table, key in (("projects", "amount"), ("property", "value")):
        if table in row:
            data[table] = [line | {key: line[key] * TENGE} for line in row[table]]
    income, spending = (
        {key: tenge * TENGE for key, tenge in row[section].items()}
        for section in ("income", "spending")
    )
    for held in known.held(organisation.pk, one.year):
        if held.paid_tiyn:
            line = ROWS[held.source]
            income[line] = income.get(line, 0) + held.paid_tiyn
    spending[row["rest"]] = sum(income.values()) - sum(spending.values())
    papers = {key: {"there": "yes"} for key in row["there"]}
    return data | {"income": income, "spending": spending, "attached": papers}


def write(one: AnnualReturn, values: Mapping[str, Any], actor: Actor) -> None:
    """Save values by path, as a page does; rows are saved together."""
    version = Draft.of(ReturnDraft.objects.get(annual_return=one).content).version
    units: dict[str, dict[str, Any]] = {}
    for path, value in values.items():
        units.setdefault(paths.unit_of(path), {})[path] = value
    edits = [Edit(unit, version, cells) for unit, cells in units.items()]
    drafts.save(one, edits, actor=actor)


# --- The authorised body -------------------------------------------------------------------------------


def register(row: Filed) -> None:
    """What came by post, with the days of its posting and of its receipt."""
    if found(row) is None:
        register_paper(
            cast.body(row["ngo"]),
            row["year"],
            PaperReturn(**row["paper"]),
            actor=cast.actor(OFFICER),
        )


def enter(row: Filed) -> None:
    """The officer types the data of the paper."""
    one = found(row)
    if one is None or one.state != State.SENT or one.versions.exists():
        return
    fill(one, row, cast.actor(OFFICER))
    ANNUAL_RETURN.take("enter", one, actor=cast.actor(OFFICER))


def give_back(row: Filed) -> None:
    one = found(row)
    if one is not None and one.state == State.SENT:
        facts = {"reason": row["reason"], "remarks": row["remarks"]}
        ANNUAL_RETURN.take("return", one, actor=cast.actor(OFFICER), **facts)


def approve(row: Filed) -> None:
    one = found(row)
    if one is not None and one.state == State.SENT:
        ANNUAL_RETURN.take("approve", one, actor=cast.actor(OFFICER))


def record() -> None:
    """Returns that nobody filled in here, as the NGO database shows them."""
    facts, officer = told()["recorded"], cast.actor(OFFICER)
    for key in facts["ngos"]:
        row = found({"ngo": key, "year": facts["year"]})
        if row is None:
            number = cast.bodies()[key].number
            row = AnnualReturn(
                organisation=cast.body(key),
                year=facts["year"],
                sent_on=facts["sent_on"],
                evidence=f"ҮЕҰ дерекқоры, № {facts['year']}-{number:04} үзінді көшірме",
            )
            ANNUAL_RETURN.take("approve", record_return(row, actor=officer), actor=officer)


# --- The standing watch ----------------------------------------------------------------------------------


def learn_of_standing() -> None:
    """An NGO goes into liquidation; whoever is in charge of what it has running is asked to decide."""
    facts = {key: value for key, value in told()["standing"].items() if key not in ("at", "ngo")}
    row = Standing(organisation=cast.body(told()["standing"]["ngo"]), **facts)
    if not Standing.objects.current().filter(organisation=row.organisation, kind=row.kind).exists():
        record_standing(row, actor=cast.actor("timur"))
