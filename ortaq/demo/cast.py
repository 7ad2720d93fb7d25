"""Who takes part, as data: organisations and people with names, numbers and places.

Everything here is reckoned from the files under `data/` and always comes out the same, so that
a person or an organisation is found again in the database by e-mail or BIN.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ortaq.core import identifiers
from ortaq.people.actor import Actor, actor_for
from ortaq.people.models import Organisation, User

DATA = Path(__file__).with_name("data")
# Known to everybody: it opens nothing but invented accounts of a demonstration.
PASSWORD = "ortaq-demo-2020"  # noqa: S105
DOMAIN = "example.kz"


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation. `kind` and `form` as in `people.models`; `work` its goals by the charter."""

    key: str
    number: int
    kind: str
    form: str
    name_kk: str
    name_ru: str
    region: str
    address_kk: str
    address_ru: str
    since: date
    work: str = ""

    @property
    def bin(self) -> str:
        """Year and month of registration, 40 (resident, head office), a number, control digit."""
        return _completed(f"{self.since:%y%m}40", self.number)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person; `at` and `role` say where they belong, empty for nobody's people."""

    key: str
    number: int
    name: tuple[str, str, str]
    at: str = ""
    role: str = ""
    language: str = "kk"
    # Looks after the installation, and belongs to nobody who takes part.
    administers: bool = False

    @property
    def email(self) -> str:
        host = f"{self.at}.{DOMAIN}" if "." in self.key else DOMAIN
        return f"{self.key.rpartition('.')[2]}@{host}"

    @property
    def phone(self) -> str:
        return f"+7 700 000 00 {self.number % 100:02}"

    @property
    def is_woman(self) -> bool:
        return self.name[2].endswith("қызы")

    @property
    def iin(self) -> str:
        """Day of birth, 3 or 4 (a man or a woman of the 20th century), a number, control digit."""
        n = self.number
        born = date(1962 + n * 7 % 34, 1 + n * 5 % 12, 1 + n * 11 % 28)
        return _completed(f"{born:%y%m%d}{4 if self.is_woman else 3}", n, digits=4)


def _completed(start: str, number: int, digits: int = 5) -> str:
    """`start`, a number as near to `number` as the control digit allows, the control digit."""
    while identifiers.control_digit(first := f"{start}{number:0{digits}}") is None:
        number += 500
    return identifiers.complete(first)


@cache
def table(name: str) -> dict[str, Any]:
    """A file of `data/`, read."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


# --- Organisations and people ----------------------------------------------------------------------


@cache
def bodies() -> dict[str, Body]:
    """Every organisation by its key: the state's first, then the forty NGOs; the akimats that joined later come last."""
    data = table("organisations.toml")
    ngos = ({**row, "kind": "ngo"} for row in data["ngo"])
    rows = [*data["body"], *ngos, *data["later"]["body"]]
    return {
        row["key"]: Body(
            row["key"],
            number,
            row["kind"],
            row["form"],
            row["kk"],
            row["ru"],
            row["region"],
            row["address_kk"],
            row["address_ru"],
            row["since"],
            data["work"].get(row.get("work"), ""),
        )
        for number, row in enumerate(rows, 1)
    }


@cache
def people() -> dict[str, Somebody]:
    """Every person by key: those with names, then "aqqu.head" and "aqqu.accountant" of each NGO
    that has none yet, then the experts, then those who joined later.
    """
    rows: list[dict[str, Any]] = list(table("organisations.toml")["person"])
    taken = {(row.get("at"), row.get("role")) for row in rows}
    rows += [
        {"key": f"{body.key}.{role}", "at": body.key, "role": role}
        for body in bodies().values()
        for role in ("head", "accountant")
        if body.kind == "ngo" and (body.key, role) not in taken
    ]
    named = {row["key"] for row in rows}
    rows += [row for row in ({"key": e["key"]} for e in experts()) if row["key"] not in named]
    rows += table("organisations.toml")["later"]["person"]
    return {
        row["key"]: Somebody(
            row["key"],
            number,
            tuple(row.get("name") or a_name(number)),
            row.get("at", ""),
            row.get("role", ""),
            row.get("language", "kk"),
            row.get("administers", False),
        )
        for number, row in enumerate(rows, 1)
    }


@cache
def a_name(number: int) -> tuple[str, str, str]:
    """Surname, given name and patronymic of an invented person; women are the odd ones."""
    lists = table("names.toml")
    surname = lists["surnames"][number * 7 % len(lists["surnames"])]
    father = lists["fathers"][number * 5 % len(lists["fathers"])]
    if number % 2:
        return f"{surname}а", lists["women"][number // 2 % len(lists["women"])], f"{father}қызы"
    return surname, lists["men"][number // 2 % len(lists["men"])], f"{father}ұлы"


@cache
def experts() -> list[dict[str, Any]]:
    """The rows of `data/experts.toml`."""
    rows: list[dict[str, Any]] = table("experts.toml")["expert"]
    return rows


def head_of(ngo: str) -> Somebody:
    """Whoever heads an NGO."""
    return next(p for p in people().values() if (p.at, p.role) == (ngo, "head"))


def accountant_of(ngo: str) -> Somebody:
    return next(p for p in people().values() if (p.at, p.role) == (ngo, "accountant"))


# --- In the database -------------------------------------------------------------------------------


def user(key: str) -> User:
    """A person of the cast; `User.DoesNotExist` where the demonstration is not loaded."""
    return User.objects.get(email=people()[key].email)


def actor(key: str) -> Actor:
    """A person of the cast at this moment, acting for their organisation."""
    return actor_for(user(key))


def body(key: str) -> Organisation:
    """An organisation of the cast; `Organisation.DoesNotExist` where it is not loaded."""
    return Organisation.objects.get(bin=bodies()[key].bin)


def emails() -> frozenset[str]:
    """The addresses of the whole cast: nobody else is ever signed in with one click."""
    return frozenset(person.email for person in people().values())


# --- For newcomers -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Guide:
    """One of the cast whom newcomers meet: what they are, and what to try in their place."""

    key: str
    who: Promise | str
    tries: Promise | str

    @property
    def person(self) -> Somebody:
        return people()[self.key]


GUIDES = (
    Guide(
        "aliya",
        _("head of an NGO"),
        _(
            "Finish the draft of an application, later a sealed bid, and submit it before the "
            "deadline. Read the outcome, complete the contract and agree to it; then carry out the project."
        ),
    ),
    Guide(
        "bolat",
        _("accountant of the same NGO"),
        _(
            "Write on the same draft at the same time; fill in the cost estimate. Later record "
            "expenses and pay."
        ),
    ),
    Guide(
        "dana",
        _("head of a rival NGO, reads Russian"),
        _("Try to see what others apply for. Ask a question on the announcement."),
    ),
    Guide(
        "gulnara",
        _("officer of the operator"),
        _(
            "Answer questions, check applications, form the commission, open the meeting, publish "
            "the results, prepare the contracts."
        ),
    ),
    Guide(
        "erlan",
        _("expert: member of the commission, chair of the tender's, member of the expert council"),
        _(
            "Declare conflicts of interest first, then score applications and sign the sheets; in "
            "the tender put points to the vote; at the end evaluate what was carried out."
        ),
    ),
    Guide(
        "saule",
        _("officer of an akimat, secretary of the commission"),
        _(
            "Keep the minutes of the meeting. For the social order: decide on comments, write "
            "specifications, announce the tender, conclude the contracts; then oversee the projects and report on them."
        ),
    ),
    Guide(
        "nurlan",
        _("chair of the operator's board"),
        _("Agree to contracts as the last of the operator's chain."),
    ),
    Guide(
        "askar",
        _("officer of the authorised body"),
        _(
            "Look at the plan with its printed and computed totals; form the ministry's own list of "
            "topics; see which state bodies have reported."
        ),
    ),
    Guide(
        "madina",
        _("passer-by who proposed herself as an expert"),
        _("See how little somebody sees who belongs to nobody; comment on a topic all the same."),
    ),
    Guide(
        "e07",
        _("independent expert of the register"),
        _("Sign the notice of conflict of interest: until then nothing of the project is open."),
    ),
    Guide(
        "kanat",
        _("officer of another akimat, with two small projects"),
        _("Monitor them without an expert; mend the report that the ministry returned."),
    ),
    Guide(
        "botagoz",
        _("officer of a third akimat"),
        _("See what the report for the year lacks, now that it is late."),
    ),
    Guide(
        "serik",
        _("administrator of this installation"),
        _("See whether everything runs, and that administering opens nobody's papers."),
    ),
)


def sign_ins() -> Iterator[tuple[str, str]]:
    """The e-mail and, in English, the part of those whom newcomers meet: for the terminal."""
    with translation.override("en"):
        for guide in GUIDES:
            yield guide.person.email, str(guide.who)
