"""How things are said to a reader: instants, days, points, texts and citations.

Plain functions; `templatetags.faces` offers them to templates as filters.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from ortaq.core import clock
from ortaq.law import citing
from ortaq.law.editions import edition
from ortaq.law.errors import Refused
from ortaq.law.findings import Citation
from ortaq.law.text import Text

NOTHING = "—"
MINUTE = timedelta(minutes=1)
WEEK = 7  # days
# Words of a place before whose number Kazakh puts the number.
NUMBERED = "annex|annexes|art|ch|criterion|item|p|row|section|stage|step|steps"


def language() -> str:
    """The reader's language: `kk`, `ru` or `en`."""
    return (get_language() or "kk")[:2]


def text(value: Any) -> str:
    """A law `Text`, a lazy string or anything else in the reader's language; "" for None."""
    if value is None:
        return ""
    return value.say(language()) if isinstance(value, Text) else str(value)


def day(value: date | datetime | None) -> str:
    """`2026 ж. 21 қараша`: a day, or the day of an instant in Asia/Almaty."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = clock.day_of(value)
    return _day(value, language())


@lru_cache(maxsize=2000)  # a list names the same days again and again
def _day(value: date, language: str) -> str:
    return formats.date_format(value, "DATE_FORMAT")


def instant(value: datetime | None, *, seconds: bool = False) -> str:
    """`2026 ж. 21 қараша, 18:00` in Asia/Almaty; with `seconds` to the second, for receipts."""
    if value is None:
        return NOTHING
    hour = time_of_day(value) if seconds else time_of_day(value)[:5]
    return f"{day(value)}, {hour}"


def time_of_day(value: datetime) -> str:
    """`18:00:00` in Asia/Almaty."""
    return f"{value.astimezone(clock.ALMATY):%H:%M:%S}"


def remaining(until: datetime, now: datetime) -> str:
    """`2 күн 4 сағат қалды`; after `until`: how long ago that was."""
    if until > now:
        if until - now < MINUTE:
            return _("less than a minute left")
        return _("%(span)s left") % {"span": span(until - now)}
    if now - until < MINUTE:
        return _("ended just now")
    return _("ended %(span)s ago") % {"span": span(now - until)}


def span(long: timedelta) -> str:
    """`12 күн`, `2 күн 4 сағат`, `1 сағат 30 минут`: days and not weeks, as terms are counted."""
    minutes = int(long / MINUTE)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    said = []
    if days:
        said.append(ngettext("%(num)d day", "%(num)d days", days) % {"num": days})
    if hours and days < WEEK:
        said.append(ngettext("%(num)d hour", "%(num)d hours", hours) % {"num": hours})
    if minutes and not days:
        said.append(ngettext("%(num)d minute", "%(num)d minutes", minutes) % {"num": minutes})
    return " ".join(said)


def number(value: int | Decimal | Fraction | None) -> str:
    """`1 234 567`; a fraction or decimal with two places."""
    if value is None:
        return NOTHING
    if isinstance(value, int):
        return formats.number_format(value, 0, force_grouping=True)
    return formats.number_format(_rounded(value), 2, force_grouping=True)


def short_money(tiyn: int | None) -> str:
    """`12,3 млн`: about how many tenge, in at most eight signs, where the exact sum stands nearby."""
    if tiyn is None:
        return NOTHING
    tenge = Fraction(tiyn, 100)
    for size, unit in (
        (10**9, pgettext("of tenge, abbreviated", "bn")),
        (10**6, pgettext("of tenge, abbreviated", "m")),
        (10**3, pgettext("of tenge, abbreviated", "k")),
    ):
        if abs(tenge) * 2000 >= size * 1999:  # 999,5 of the unit below would be rounded to 1000
            tenths = int((tenge / size * 20 + 1) // 2)
            places = 0 if abs(tenths) >= 1000 or tenths % 10 == 0 else 1
            value = Decimal((tenths + 5) // 10 if not places else tenths)
            shown = formats.number_format(value.scaleb(-1) if places else value, places)
            return f"{shown}\N{NO-BREAK SPACE}{unit}"
    return formats.number_format(int((tenge * 2 + 1) // 2), 0)


def points(value: int | Fraction | None) -> str:
    """Points as they are compared: a whole number plain, a fraction with two decimals and a
    `≈` when these do not tell all.
    """
    if value is None:
        return NOTHING
    if isinstance(value, int) or value.denominator == 1:
        return formats.number_format(int(value), 0)
    shown = _rounded(value)
    about = "" if Fraction(shown) == value else "≈\N{NARROW NO-BREAK SPACE}"
    return f"{about}{formats.number_format(shown, 2)}"


def _rounded(value: Decimal | Fraction) -> Decimal:
    # Half up, as people round by hand, and exact: a float would tip 2.675 the other way.
    hundredths = (Fraction(value) * 200 + 1) // 2
    return Decimal(int(hundredths)).scaleb(-2)


def short_hash(digest: str | None) -> str:
    """The first twelve digits of a hash, in groups of four, enough to compare by eye."""
    return " ".join((digest or "")[i : i + 4] for i in range(0, 12, 4)).strip() or NOTHING


# --- Citations -------------------------------------------------------------------------------------


def citation(value: Citation | str | None) -> Citation | None:
    """A citation in any of its forms (`law.citing`); None where no act that we keep has it."""
    return citing.read(value) if value else None


def cite(value: Citation | str | None) -> str:
    """The place of a clause in the reader's words: "хабарландыру 2020 §3"."""
    if not value:
        return ""
    known = citation(value)
    return place(known.place if known else str(value))


def place(words: str) -> str:
    """The English words inside a place, translated; signs, numbers and numerals stay."""
    return _place(words, language())


@lru_cache(maxsize=2000)  # a page may cite fifty clauses
def _place(words: str, language: str) -> str:
    if words == "public notice of the operator, outside the source set":
        return pgettext("place in an act", "public notice of the operator, outside the source set")
    known = _place_words()
    words = words.replace(" via ", pgettext("place in an act", " via "))
    if language == "kk":  # "annex 1" is "1-қосымша", "plan 2020" is "2020 жылғы жоспар"
        words = re.sub(r"\b(announcement|contract|guide|plan) (\d{4})\b", r"\2 жылғы \1", words)
        words = re.sub(r"\bblock ([IV]+)", r"\1 block", words)
        words = re.sub(rf"\b({NUMBERED})\.? (\d+(?:(?:-| and )\d+)?)", r"\2-\1", words)
    if language != "en":  # № is no abbreviation
        words = re.sub(r"\bNo\.", "No", words)
    return re.sub(r"[A-Za-z]+", lambda word: known.get(word[0], word[0]), words)


def _place_words() -> dict[str, str]:
    return {
        "and": pgettext("place in an act", "and"),
        "annex": pgettext("place in an act", "annex"),
        "annexes": pgettext("place in an act", "annexes"),
        "announcement": pgettext("place in an act", "announcement"),
        "art": pgettext("place in an act", "art"),
        "block": pgettext("place in an act", "block"),
        "box": pgettext("place in an act", "box"),
        "ch": pgettext("place in an act", "ch"),
        "Code": pgettext("place in an act", "Code"),
        "comparison": pgettext("place in an act", "comparison"),
        "contract": pgettext("place in an act", "contract"),
        "criterion": pgettext("place in an act", "criterion"),
        "database": pgettext("place in an act", "database"),
        "definitions": pgettext("place in an act", "definitions"),
        "evaluation": pgettext("place in an act", "evaluation"),
        "fee": pgettext("place in an act", "fee"),
        "footnotes": pgettext("place in an act", "footnotes"),
        "general": pgettext("place in an act", "general"),
        "grants": pgettext("place in an act", "grants"),
        "guide": pgettext("place in an act", "guide"),
        "head": pgettext("place in an act", "head"),
        "item": pgettext("place in an act", "item"),
        "Law": pgettext("place in an act", "Law"),
        "NGO": pgettext("place in an act", "NGO"),
        "No": pgettext("place in an act", "No"),
        "note": pgettext("place in an act", "note"),
        "notes": pgettext("place in an act", "notes"),
        "p": pgettext("place in an act", "p"),
        "path": pgettext("place in an act", "path"),
        "picture": pgettext("place in an act", "picture"),
        "plan": pgettext("place in an act", "plan"),
        "portal": pgettext("place in an act", "portal"),
        "prize": pgettext("place in an act", "prize"),
        "prizes": pgettext("place in an act", "prizes"),
        "requirements": pgettext("place in an act", "requirements"),
        "row": pgettext("place in an act", "row"),
        "rules": pgettext("place in an act", "rules"),
        "scoring": pgettext("place in an act", "scoring"),
        "section": pgettext("place in an act", "section"),
        "signatures": pgettext("place in an act", "signatures"),
        "SO": pgettext("place in an act", "SO"),
        "stage": pgettext("place in an act", "stage"),
        "step": pgettext("place in an act", "step"),
        "steps": pgettext("place in an act", "steps"),
        "table": pgettext("place in an act", "table"),
        "topics": pgettext("place in an act", "topics"),
        "vs": pgettext("place in an act", "vs"),
    }


def act_title(value: Citation | str | None) -> str:
    """The title of the cited act in the reader's language; "" when there is none."""
    known = citation(value)
    if known is None:
        return ""
    try:
        return edition(known.act, known.edition).title.say(language())
    except Refused:
        return ""


def law_address(value: Citation | str | None) -> str:
    """The page of the cited clause, at its rule; "" for a citation of an act that we do not keep."""
    known = citation(value)
    if known is None or not act_title(known):
        return ""
    address = reverse("faces:edition", args=[known.act, known.edition])
    rule = citing.rule(known)
    return f"{address}#{anchor(rule)}" if rule else address


def anchor(known: Citation) -> str:
    """The id of a clause on the page of its edition."""
    where = re.sub(r"[^\w()]+", "-", known.place).strip("-")
    return "-".join(part for part in (known.act, known.edition, where) if part)
