"""The twelve digits of a person (ЖСН / ИИН) and of an organisation (БСН / БИН)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

_FIRST = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
LENGTH = 12


def control_digit(first_eleven: str) -> int | None:
    """The twelfth digit, or None where the rule gives none (such numbers are not issued)."""
    for weights in (_FIRST, _SECOND):
        rest = sum(int(d) * w for d, w in zip(first_eleven, weights, strict=True)) % 11
        if rest in range(10):
            return rest
    return None


def complete(first_eleven: str) -> str:
    """Eleven digits with their control digit; `ValueError` where there is none."""
    digit = control_digit(first_eleven)
    if digit is None:
        raise ValueError(f"{first_eleven} has no control digit")
    return f"{first_eleven}{digit}"


def _check_digits(value: str, what: Any) -> None:
    if not (len(value) == LENGTH and value.isascii() and value.isdigit()):
        raise ValidationError(
            _("%(what)s has exactly 12 digits."), code="digits", params={"what": what}
        )
    if control_digit(value[:11]) != int(value[11]):
        raise ValidationError(
            _("The control digit of this %(what)s is wrong: one of its digits is mistyped."),
            code="control",
            params={"what": what},
        )


def validate_bin(value: str) -> None:
    """Refuses what cannot be the number of a legal person.

    Twelve digits: year and month of registration, kind (4-6), sign (0-4), number, control digit.
    """
    what = _("business identification number (BIN)")
    _check_digits(value, what)
    if not "01" <= value[2:4] <= "12" or value[4] not in "456":
        raise ValidationError(
            _(
                "This is not a BIN: its third to fifth digits do not name a month and a legal person."
            ),
            code="kind",
        )


def validate_iin(value: str) -> None:
    """Refuses what cannot be the number of a natural person (date of birth, century, control digit)."""
    what = _("individual identification number (IIN)")
    _check_digits(value, what)
    try:
        century = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}[value[6]]
        date(century + int(value[:2]), int(value[2:4]), int(value[4:6]))
    except (KeyError, ValueError):
        raise ValidationError(
            _("This is not an IIN: it does not begin with a date of birth."), code="kind"
        ) from None


def validate_account(value: str) -> None:
    """Refuses what cannot be a bank account in Kazakhstan (IIK): KZ, two control digits, bank, account; 20 signs (ISO 13616)."""
    signs = value.replace(" ", "").upper()
    if not re.fullmatch(r"KZ[0-9]{5}[0-9A-Z]{13}", signs):
        raise ValidationError(
            _("A bank account (IIK) has 20 signs and begins with KZ and two digits."), code="form"
        )
    if int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 != 1:
        raise ValidationError(
            _("The control digits of this account (IIK) are wrong: one of its signs is mistyped."),
            code="control",
        )


class BinField(models.CharField):  # type: ignore[type-arg]
    """A business identification number."""

    default_validators = [validate_bin]

    def __init__(self, **kwargs: Any) -> None:
        kwargs["max_length"] = LENGTH
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs


class IinField(BinField):
    """An individual identification number: personal data, kept only where conflicts are looked for."""

    default_validators = [validate_iin]
