"""By what a person is known again within one project, and the secret code by which a registration is theirs.

A contact is brought to one form first: "8 (700) 000-00-01" and "+77000000001" are one telephone. The hashes are keyed with the
installation's secret and with the project: without the key nobody can try telephones one after another, and the people of two
projects cannot be joined.
"""

from __future__ import annotations

import re
import secrets

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import salted_hmac

from ortaq.core import keyfolder
from ortaq.core.kazakh import fold

from .models import Project

SALT = "ortaq.projects.identity"
_NOT_DIGITS = re.compile(r"[\s()\-–.\u00a0]+")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_LONG = 10


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


def new_code() -> str:
    """A random code of about 50 bits: the end of a personal link, and short enough for a slip of paper."""
    return "".join(secrets.choice(_LETTERS) for _n in range(_LONG))


def read_code(typed: str) -> str:
    """A code as somebody copied it ("ABCDE-fghjk"), or took it from their link; "" for any other text."""
    code = fold(typed).rstrip("/").rpartition("/")[2].replace("-", "").replace(" ", "")
    return code if len(code) == _LONG and set(code) <= set(_LETTERS) else ""


def shown(code: str) -> str:
    """A code in two groups, easier to copy."""
    return f"{code[: _LONG // 2]}-{code[_LONG // 2 :]}"


def key_of(code: str) -> str:
    """What is kept of a code: a keyed hash, from which nobody who reads the database makes a link. "" of none."""
    return _keyed(f"{SALT}.code", code)[:32] if code else ""


def _hash(project: Project, *parts: str) -> str:
    text = "\n".join((str(project.pk), *parts))
    return _keyed(SALT, text)


def _keyed(salt: str, text: str) -> str:
    return salted_hmac(salt, text, secret=keyfolder.marks(), algorithm="sha256").hexdigest()
