"""By what a person is known again within one project, and the short signed link that is theirs.

A contact is brought to one form first: "8 (700) 000-00-01" and "+77000000001" are one telephone. The hashes are keyed with the
installation's secret and with the project: without the key nobody can try telephones one after another, and the people of two
projects cannot be joined.
"""

from __future__ import annotations

import base64
import re
import secrets
from hmac import compare_digest

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import salted_hmac

from ortaq.core.kazakh import fold

from .models import Project

SALT = "ortaq.projects.identity"
_NOT_DIGITS = re.compile(r"[\s()\-–.\u00a0]+")
_MARK = 10  # bytes of a link's signature


def contact_of(typed: str) -> str:
    """A telephone as "+7 700 000 00 01", abroad as "+" and its digits, an e-mail in small letters; "" for what is neither."""
    text = fold(typed)
    if "@" in text:
        try:
            validate_email(text)
        except ValidationError:
            return ""
        return text
    digits = _NOT_DIGITS.sub("", text)
    abroad = digits.startswith("+")
    digits = digits.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return ""
    if not abroad and len(digits) == 10:
        digits = f"7{digits}"
    if (len(digits) == 11 and digits[0] == "7") or (
        not abroad and len(digits) == 11 and digits[0] == "8"
    ):
        return f"+7 {digits[1:4]} {digits[4:7]} {digits[7:9]} {digits[9:]}"
    return f"+{digits}" if abroad and 8 <= len(digits) <= 15 else ""


def same_name(one: str, other: str) -> bool:
    """Whether two names typed with one contact may be one person's: "Айгүл", "Серікова Айгүл", "Айгүл Серікова". Brothers with their
    mother's telephone share the surname only, and are two.
    """
    first, second = set(fold(one).split()), set(fold(other).split())
    shared = len(first & second)
    return shared >= min(2, len(first), len(second))


def identity_of(project: Project, contact: str, name: str, workplace: str) -> str:
    """What a person is known by in `project`: the contact, else name and place of work. 64 hexadecimal digits."""
    if known := contact_of(contact):
        return _hash(project, "contact", known)
    return likeness_of(project, name, workplace)


def identity_beside(project: Project, contact: str, name: str) -> str:
    """Of somebody who shares another person's contact under another name."""
    return _hash(project, "shared", contact_of(contact), *sorted(fold(name).split()))


def likeness_of(project: Project, name: str, workplace: str) -> str:
    """Name and place of work alone, the words of the name in any order."""
    return _hash(project, "name", " ".join(sorted(fold(name).split())), fold(workplace))


def nobody() -> str:
    """What stands in the place of an erased identity: random, so nobody is found by it again."""
    return secrets.token_hex(32)


def token(participation: int) -> str:
    """The end of the personal link of one participation: its number and a signature of 80 bits."""
    return f"{participation}-{_signature(participation)}"


def participation_of(token: str) -> int | None:
    """The number of the participation whose link this is; None for any other text."""
    number, _dash, signature = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    known = _signature(int(number))
    return int(number) if compare_digest(known.encode(), signature.encode()) else None


def _hash(project: Project, *parts: str) -> str:
    text = "\n".join((str(project.pk), *parts))
    return salted_hmac(SALT, text, algorithm="sha256").hexdigest()


def _signature(number: int) -> str:
    digest = salted_hmac(f"{SALT}.link", str(number), algorithm="sha256").digest()
    return base64.b32encode(digest[:_MARK]).decode().lower()
