"""When something is signed: rooms above register what, by whom and where.

    signing.occasions.register(Occasion(
        "projects.contract", _("Contract"), find=…, edition=…, what=…, parties=…, may_sign=…, address=…,
    ))

in the module `signing.py` of the room, imported by its `apps.ready`. This room knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import models

from ortaq.core.keys import key_of
from ortaq.law.editions import Edition
from ortaq.law.signatures import KINDS

from . import manifest

# Roles in a certificate (interop.md 6.2).
INDIVIDUAL = "1.2.398.3.3.4.1.1"
ORGANISATION = "1.2.398.3.3.4.1.2"
HEAD, MAY_SIGN, MAY_SIGN_MONEY, STAFF, EMPLOYEE = (f"{ORGANISATION}.{n}" for n in range(1, 6))
FOR_ORGANISATION = (HEAD, MAY_SIGN)


@dataclass(frozen=True, slots=True)
class Party:
    """Who has to sign: an organisation (`bin`) or one person (`iin`).

    `key` names the part they take in this object ("grantee", "chair", "member:7"); `organisation` is
    its key for duties (`organisation:12`), `person` that of a person (`person:5`). `roles` are OIDs of
    which the certificate must carry one; empty: for an organisation its head or whoever may sign for it.
    """

    key: str
    label: Any
    bin: str | None = None
    organisation: str = ""
    iin: str | None = field(default=None, repr=False)
    person: str = ""
    roles: Sequence[str] = ()
    # Who it is, as people read it: the organisation's or the person's name.
    name: Any = ""

    @property
    def wanted_roles(self) -> Sequence[str]:
        return self.roles or (FOR_ORGANISATION if self.bin else ())


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file that is signed by its hash, and where its content is read from for a package."""

    name: str
    sha256: str
    size: int
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class What:
    """What is signed of one object: changes in it make a new signature necessary.

    `content` is canonical (no floats; it goes into packages for the parties, so personal data stands
    in it only as far as the parties see it anyway); it must not change by signing itself.
    """

    version: int | str
    title: Mapping[str, str]
    content: object | None
    files: Sequence[SignedFile] = ()


@dataclass(frozen=True, slots=True)
class Occasion:
    """One kind of object that is signed.

    `key` is also the context inside the manifest ("grants.protocol"); `kind` its word in the tables of
    modes (default: the part of the key after its point).
    """

    key: str
    label: Any
    # The object that `actor` may see, by its number, or None (hidden and absent are alike).
    find: Callable[[Any, int], Any | None]
    # The edition of the act that this object is under; None where no act says anything.
    edition: Callable[[Any], Edition | None]
    what: Callable[[Any], What]
    parties: Callable[[Any], Sequence[Party]]
    may_sign: Callable[[Any, Any, Party], bool]
    # Where the object is read: the page to go back to.
    address: Callable[[Any], str]
    kind: str = ""
    # Called with (object, signature) inside the transaction that keeps a valid one: duties follow.
    signed: Callable[[Any, Any], None] | None = None
    # Whether the object is in a state in which it is signed (shown on the page when not).
    open: Callable[[Any], bool] = lambda _obj: True
    # Who gets the package with all signatures: certificates hold an IIN, the content all that is signed.
    packs: Callable[[Any, Any], bool] = lambda _actor, _obj: False
    # Whether nobody need sign this object; else one that names no party is refused where signatures are required.
    nobody: Callable[[Any], bool] = lambda _obj: False
    # Papers that say what is signed: label and address. Whoever signs reads them first.
    papers: Callable[[Any], Sequence[tuple[Any, str]]] = lambda _obj: ()

    @property
    def word(self) -> str:
        return self.kind or self.key.rpartition(".")[2]

    def subject(self, obj: models.Model) -> str:
        return key_of(obj)

    def manifest(self, obj: models.Model, parties: Sequence[Party] | None = None) -> bytes:
        """The bytes that are to be signed of the object as it is now. `parties`: all of them, when already known."""
        what = self.what(obj)
        everybody = self.parties(obj) if parties is None else parties
        return manifest.build(
            site=urlsplit(settings.SITE_URL).hostname or "",
            subject=self.subject(obj),
            version=what.version,
            context=self.key,
            title=what.title,
            # A person is known by their part alone: who they are is in the certificate.
            parties=[manifest.NamedParty(p.key, p.bin or "") for p in everybody],
            content=what.content,
            files=[manifest.NamedFile(f.name, f.sha256, f.size) for f in what.files],
        )

    def party_of(self, actor: Any, obj: models.Model, key: str = "") -> Party | None:
        """The part that `actor` signs for (of several the one named `key`, else the first), or None."""
        mine = (p for p in self.parties(obj) if self.may_sign(actor, obj, p))
        return next((party for party in mine if key in ("", party.key)), None)


_registered: dict[str, Occasion] = {}


def register(occasion: Occasion) -> Occasion:
    """Make an occasion known; `ValueError` when its key is taken by another, or when no act could name its kind."""
    if occasion.word not in KINDS:
        raise ValueError(f"{occasion.key}: there is no kind of paper {occasion.word}.")
    if _registered.setdefault(occasion.key, occasion) is not occasion:
        raise ValueError(f"There are two occasions {occasion.key}.")
    return occasion


def get(key: str) -> Occasion | None:
    """The occasion of this key, if any room registered one."""
    return _registered.get(key)


def every() -> Iterable[Occasion]:
    return tuple(_registered.values())


def signed_object(key: str, subject: str) -> tuple[Occasion, Any] | None:
    """The occasion and the object (by its key in a manifest), whoever may see it; None when either is gone."""
    occasion = get(key)
    label, _colon, pk = subject.partition(":")
    if occasion is None or not pk.isdecimal():
        return None
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    obj = model._default_manager.filter(pk=int(pk)).first()
    return (occasion, obj) if obj is not None else None
