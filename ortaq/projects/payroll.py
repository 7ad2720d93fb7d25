"""Taxes and contributions on the pay of people: named as data, typed by the accountant, never computed from rates.

The sources name pension contributions (IM-069) and "all kinds of taxes" (IM-067); no rate stands in them, so none stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ortaq.law.text import Text

from .models import TeamMember


@dataclass(frozen=True, slots=True)
class Due:
    """One tax or contribution. Withheld ones are part of what is accrued; those `on_top` the employer pays besides.

    `category` is the cost item of annex 5 under which the ones on top stand; `since` the first month in which it is known.
    """

    key: str
    text: Text
    short: Text
    on_top: bool = False
    category: str = ""
    since: str = ""


DUES = (
    Due(
        "pension",
        Text(
            "міндетті зейнетақы жарналары",
            "обязательные пенсионные взносы",
            "mandatory pension contributions",
        ),
        Text("МЗЖ", "ОПВ", "Pension"),
    ),
    Due(
        "income_tax",
        Text("жеке табыс салығы", "индивидуальный подоходный налог", "personal income tax"),
        Text("ЖТС", "ИПН", "Income tax"),
    ),
    Due(
        "medical_fee",
        Text(
            "міндетті әлеуметтік медициналық сақтандыру жарналары",
            "взносы на обязательное социальное медицинское страхование",
            "employee's contributions to compulsory medical insurance",
        ),
        Text("МӘМСЖ", "ВОСМС", "Medical, employee"),
    ),
    Due(
        "social_tax",
        Text("әлеуметтік салық", "социальный налог", "social tax"),
        Text("ӘС", "СН", "Social tax"),
        on_top=True,
        category="social_tax",
    ),
    Due(
        "social_contribution",
        Text("әлеуметтік аударымдар", "социальные отчисления", "social contributions"),
        Text("ӘА", "СО", "Social contrib."),
        on_top=True,
        category="social_tax",
    ),
    Due(
        "medical_deduction",
        Text(
            "міндетті әлеуметтік медициналық сақтандыру аударымдары",
            "отчисления на обязательное социальное медицинское страхование",
            "employer's contributions to compulsory medical insurance",
        ),
        Text("МӘМСА", "ООСМС", "Medical, employer"),
        on_top=True,
        category="medical_insurance",
    ),
    Due(
        "employer_pension",
        Text(
            "жұмыс берушінің міндетті зейнетақы жарналары",
            "обязательные пенсионные взносы работодателя",
            "employer's mandatory pension contributions",
        ),
        Text("ЖМЗЖ", "ОПВР", "Pension, employer"),
        on_top=True,
        category="social_tax",
        since="2024-01",
    ),
)
KEYS = {due.key: due for due in DUES}
ON_TOP = tuple(due.key for due in DUES if due.on_top)
WITHHELD = tuple(due.key for due in DUES if not due.on_top)
# Cost items of annex 5 that take what is paid on top.
CATEGORIES = ("social_tax", "medical_insurance")


def dues_of(month: str) -> tuple[Due, ...]:
    """Those known in a month such as "2020-07"."""
    return tuple(due for due in DUES if due.since <= month)


def in_team(member: TeamMember, month: str) -> bool:
    """Whether a member of the team was in it on any day of a month such as "2020-07"; an approved change says since and until when."""
    begun = member.since is None or f"{member.since:%Y-%m}" <= month
    return begun and (member.until is None or f"{member.until:%Y-%m}" >= month)


@dataclass(frozen=True, slots=True)
class Pay:
    """What one expense paid to or for a person, in tiyn."""

    accrued: int
    withheld: int
    on_top: int

    @property
    def net(self) -> int:
        """What the person got."""
        return self.accrued - self.withheld

    @classmethod
    def of(cls, sum_tiyn: int, taxes: Mapping[str, int]) -> Pay:
        """`sum_tiyn` is all that the expense cost, `taxes` what of it went where."""
        on_top = sum(taxes.get(key, 0) for key in ON_TOP)
        return cls(sum_tiyn - on_top, sum(taxes.get(key, 0) for key in WITHHELD), on_top)
