"""Reading of numbers, exact and bounded.

Money is integer tiyn (1 tenge = 100 tiyn); points are whole numbers; averages and
conditional prices are `Fraction`. Nothing here is ever a float: JSON is to be read
with `parse_float=Decimal`, and a float that arrives all the same is refused.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from .wording import refused

# A hundred thousand milliards of tenge, more than a thousand state budgets: what is above is a slip.
LARGEST_TENGE = 10**17
LONGEST_QUOTE = 60
LONGEST_NUMBER = 40  # digits
_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")


def whole(value: object, name: str) -> int:
    """`value` as an integer; `Refused` for anything else, `True` and `3.0` included."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise refused("not_whole", name=name, value=shown(value))
    return value


def count(value: object, name: str) -> int:
    """`value` as an integer of zero or more; `Refused` otherwise."""
    number = whole(value, name)
    if number < 0:
        raise refused("negative", name=name, value=shown(number))
    return number


def money(value: object, name: str) -> int:
    """Tiyn from an amount in **tenge**: an int, a `Decimal` or a decimal string ("7777777.77").

    Raises `Refused` for floats, negative amounts, parts of a tiyn and amounts above
    `LARGEST_TENGE`.
    """
    if isinstance(value, bool | float) or not isinstance(value, int | str | Decimal):
        raise refused("not_money", name=name, value=shown(value))
    if isinstance(value, int):
        tenge = Decimal(value) if value <= LARGEST_TENGE else Decimal(LARGEST_TENGE + 1)
    else:
        # Looked at before it is written out: Decimal("1e999999999") would fill the memory.
        if isinstance(value, Decimal) and not -LONGEST_NUMBER < value.adjusted() < LONGEST_NUMBER:
            raise refused("not_money", name=name, value=shown(value))
        written = value.strip() if isinstance(value, str) else format(value, "f")
        if not _DECIMAL.fullmatch(written):
            raise refused("not_money", name=name, value=shown(value))
        tenge = Decimal(written)
    if tenge < 0:
        raise refused("negative", name=name, value=shown(value))
    if tenge > LARGEST_TENGE:
        raise refused("too_much_money", name=name)
    tiyn = Fraction(tenge) * 100
    if tiyn.denominator != 1:
        raise refused("part_of_tiyn", name=name, value=shown(value))
    return int(tiyn)


def tiyn(value: object, name: str) -> int:
    """`value` checked as an amount already in **tiyn**: a whole number of zero or more."""
    amount = count(value, name)
    if amount > LARGEST_TENGE * 100:
        raise refused("too_much_money", name=name)
    return amount


def tenge(amount_tiyn: int | Fraction) -> str:
    """An exact amount of tiyn written in tenge: "6222222.216", at least two decimals.

    A fraction without a finite decimal form is written as "numerator/denominator".
    """
    amount = Fraction(amount_tiyn) / 100
    twos_and_fives = amount.denominator
    for factor in (2, 5):
        while twos_and_fives % factor == 0:
            twos_and_fives //= factor
    if twos_and_fives != 1:
        return f"{amount.numerator}/{amount.denominator}"
    places = 2
    while (amount * 10**places).denominator != 1:
        places += 1
    digits = str(abs(int(amount * 10**places))).rjust(places + 1, "0")
    sign = "-" if amount < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def shown(value: object) -> str:
    """`value` as a refusal may quote it: short, on one line, whatever it is."""
    try:
        written = " ".join(str(value).split())
    except ValueError:  # Python does not print integers of thousands of digits
        return "…"
    return written if len(written) <= LONGEST_QUOTE else f"{written[: LONGEST_QUOTE - 1]}…"
