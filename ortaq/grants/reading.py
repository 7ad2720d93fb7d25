"""What a printed plan says in words, read as values: terms, territories, small grants.

The printed text is always kept; what cannot be read stays unread and is shown as such
(GR-P-10). These are readings, proposed to the plan's editor and never binding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from ortaq.core import regions
from ortaq.core.kazakh import fold

MONTHS_KK = [
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
]
MONTHS_RU = [
    "январ",
    "феврал",
    "март",
    "апрел",
    "ма[йя]",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
]
_MONTH = "|".join(f"(?:{name})" for name in (*MONTHS_KK, *MONTHS_RU))
_SPAN = re.compile(rf"({_MONTH})\w*\s*[-–—]\s*({_MONTH})\w*")
_ONE_MONTH = re.compile(_MONTH)
_YEAR = re.compile(r"(20\d\d)")
_WHOLE_YEAR = re.compile(r"(20\d\d)\s*(?:жыл ішінде|жылы|год(?:а|у)?\b)|в течение (20\d\d)")


def month_number(name: str) -> int:
    """1-12 for the beginning of a Kazakh or Russian month's name."""
    for names in (MONTHS_KK, MONTHS_RU):
        for number, pattern in enumerate(names, 1):
            if re.match(pattern, name):
                return number
    raise ValueError(name)


def read_term(text: str) -> list[list[int]]:
    """`[[year, first month, last month], ...]` of a printed term; empty when it cannot be read.

    Reads "2020 жылғы ақпан-қараша", "март-ноябрь 2020 года", "2020 жыл ішінде" and terms over
    two years. Months stand after their year, or before it if they do so for the first one.
    """
    words = fold(text)
    years = list(_YEAR.finditer(words))
    month = _ONE_MONTH.search(words)
    months_first = bool(years and month and month.start() < years[0].start())
    term: list[list[int]] = []
    for index, year in enumerate(years):
        if months_first:
            start, end = years[index - 1].end() if index else 0, year.end()
        else:
            start = year.start()
            end = years[index + 1].start() if index + 1 < len(years) else len(words)
        if span := _SPAN.search(words, start, end):
            first, last = month_number(span[1]), month_number(span[2])
        elif month is None and _WHOLE_YEAR.search(words, max(0, year.start() - 11), end):
            first, last = 1, 12
        else:
            return []
        if first > last:
            return []
        term.append([int(year[1]), first, last])
    return term


@dataclass(frozen=True, slots=True)
class Territory:
    """A printed territory as values: `coverage` is a `Topic.Coverage`."""

    coverage: str = ""
    regions: tuple[str, ...] = ()
    count: int | None = None


_OBLASTS = re.compile(r"\b(\d{1,2})\s*(?:облыс|област)")
_LISTED = re.compile(r"\s*(?:,|;|\bжәне\b|\bи\b)\s*")
_ENDINGS = re.compile(
    r"\s*\b(?:облыстары|облысының|облысы|облыс|қалалары|қаласы|қала|области|областей|область|города|город|г\.)\s*"
)


def read_territory(text: str, day: date) -> Territory:
    """The regions that a printed territory names, by their codes on `day`.

    "14 облыс ... қалалары" with the number of oblasts that existed on `day` names them all;
    "8 облысы" alone is a number of unnamed regions; the republic and international venues are
    kinds of their own, the latter with the regions named beside them.
    """
    words = fold(text).replace("шығыс-қазақстан", "шығыс қазақстан")
    existing = regions.on(day)
    oblasts = [r.code for r in existing if r.kind is regions.Kind.OBLAST]
    found = [
        r.code
        for r in existing
        if _stem(fold(r.name.kk)) in words or _stem(fold(r.name.ru)) in words
    ]
    if number := _OBLASTS.search(words):
        if int(number[1]) != len(oblasts):
            return Territory("unnamed", count=int(number[1]))
        cities = [r.code for r in existing if r.kind is regions.Kind.CITY and r.code in found]
        return Territory("regions", tuple(oblasts + cities))
    venues = "халықаралық алаң" in words or "международн" in words
    # "Алматы облысы" is not the city of Almaty: a name counts for the kind it stands with.
    named = tuple(sorted(set(found) & _kinds_named(words, day))) if found else ()
    if venues:
        return Territory("international", named)
    if named:
        return Territory("regions", named)
    if "қазақстан республикасы" in words or "республика казахстан" in words:
        return Territory("republic")
    return Territory()


def _stem(name: str) -> str:
    return _ENDINGS.sub("", name).strip()


def _kinds_named(words: str, day: date) -> set[str]:
    """Codes of the regions named with a matching kind ("облысы", "қаласы") or with none at all."""
    codes: set[str] = set()
    pending: list[str] = []
    for part in _LISTED.split(words):
        name = _stem(part)
        pending.append(name)
        kind = None
        if re.search(r"облыс|област", part):
            kind = regions.Kind.OBLAST
        elif re.search(r"қала|город|г\.", part):
            kind = regions.Kind.CITY
        if kind is not None:
            codes |= _codes(pending, kind, day)
            pending = []
    return codes | _codes(pending, None, day)


def _codes(names: list[str], kind: regions.Kind | None, day: date) -> set[str]:
    return {
        region.code
        for region in regions.on(day)
        for name in names
        if (kind is None or region.kind is kind)
        and name in (_stem(fold(region.name.kk)), _stem(fold(region.name.ru)))
    }


@dataclass(frozen=True, slots=True)
class SmallGrants:
    """Small grants as a topic's text states them; `remarks` are doubts for the operator."""

    kind: str
    amount_tiyn: int | None = None
    minimum: int | None = None
    permitted: str = ""
    forbidden: str = ""
    recipients: str = ""
    remarks: list[str] = field(default_factory=list)


_UP_TO = re.compile(r"(\d{1,5})\s*мың теңгеге дейін")
_EXACTLY = re.compile(r"(\d{1,5})\s*мың теңгеден")
_MINIMUM = re.compile(
    r"(?:кемінде|кем дегенде)\s*(\d{1,4})\s*(?:шағын )?грант|(\d{1,4})\s*шағын грант"
)
_THOUSAND_TENGE = 100_000


def read_small_grants(tasks: str, result: str) -> SmallGrants | None:
    """The small grants that tasks and expected result ask for (GR-P-13), None when they ask for none.

    Two doubts of the printed plan are told instead of decided: a lost "not" (GR-X-11), and
    "500 мың теңгеден" read as exactly 500 thousand (GR-X-12).
    """
    words, promised = fold(tasks), fold(result)
    if "шағын грант" not in words and "шағын грант" not in promised:
        return None
    both = f"{words} {promised}"
    least = _MINIMUM.search(promised) or _MINIMUM.search(words)
    minimum = int(least[1] or least[2]) if least else None
    if exactly := _EXACTLY.search(both):
        return SmallGrants(
            "exactly",
            int(exactly[1]) * _THOUSAND_TENGE,
            minimum,
            recipients="ауылдық ҮЕҰ және бастамашыл топтар" if "ауылдық" in words else "",
            remarks=["GR-X-12"],
        )
    if up_to := _UP_TO.search(both):
        has_not = "іске асыруға емес" in words
        return SmallGrants(
            "up_to",
            int(up_to[1]) * _THOUSAND_TENGE,
            minimum,
            permitted="волонтерлік бастамаларды іске асыруға арналған шығын материалдары",
            forbidden="жобаны іске асыру (еңбекақы төлеу, кеңсені ұстау және т.б.)",
            recipients="азаматтардың жеке күш-жігері (ерікті миссия) және волонтерлік бастамалар",
            remarks=[] if has_not else ["GR-X-11"],
        )
    return SmallGrants("unstated", None, minimum)
