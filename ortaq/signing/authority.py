"""A test authority: roots and intermediates in RSA and GOST, certificates with Kazakh subjects, lists of revoked
ones. Worth nothing outside: what it signs is trusted only where its own anchors are.

For the demonstration (`Authority.at(folder)`: made when absent, its keys lie unprotected beside the data) and
for tests (`Authority.fresh()`, in memory; all who sign share one pair of keys, since making them takes
longer than everything else).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms, crl, x509

from .credentials import (
    ALGORITHMS,
    BEGIN,
    END,
    RSA,
    Credential,
    new_authority,
    new_certificate,
    new_list,
    new_pair,
    new_signer,
)
from .occasions import HEAD, INDIVIDUAL, ORGANISATION
from .verify.anchors import LIST, Anchors
from .verify.certificates import FOR_SIGNING, FOR_SIGNING_IN, Certificate, key_of
from .verify.checks import SIGN

STATE = "authority.json"


@dataclass
class Authority:
    """See the module. `roots` and `issuers` by algorithm."""

    roots: Mapping[str, Credential]
    issuers: Mapping[str, Credential]
    revoked: dict[int, datetime] = field(default_factory=dict)
    folder: Path | None = None
    pairs: dict[str, tuple[bytes, bytes]] = field(default_factory=dict, repr=False)
    _lists: dict[str, list[bytes]] = field(default_factory=dict, repr=False)

    # --- Making and keeping -----------------------------------------------------------------------

    @classmethod
    def fresh(cls, algorithms: Sequence[str] = ALGORITHMS, name: str = "ORTAQ TEST") -> Authority:
        """A new one in memory."""
        roots, issuers = {}, {}
        for algorithm in algorithms:
            key, public = new_pair(algorithm)
            shown = f"{name} ROOT {algorithm.upper()}"
            root = new_authority(shown, algorithm, key, public, above=None)
            key, public = new_pair(algorithm)
            issuers[algorithm] = new_authority(
                f"{name} CA {algorithm.upper()}", algorithm, key, public, above=root
            )
            roots[algorithm] = root
        return cls(roots, issuers)

    @classmethod
    def of(cls, other: Authority, name: str = "") -> Authority:
        """A copy of its own mind about what is revoked; with `name`, a stranger with the same keys."""
        if not name:
            return cls(other.roots, other.issuers, dict(other.revoked), pairs=other.pairs)
        roots, issuers = {}, {}
        for algorithm, root in other.roots.items():
            issuer = other.issuers[algorithm]
            public = key_of(root.certificate).dump()
            roots[algorithm] = new_authority(
                f"{name} ROOT", algorithm, root.key, public, above=None
            )
            public = key_of(issuer.certificate).dump()
            issuers[algorithm] = new_authority(
                f"{name} CA", algorithm, issuer.key, public, above=roots[algorithm]
            )
        return cls(roots, issuers, pairs=other.pairs)

    @classmethod
    def at(cls, folder: Path) -> Authority:
        """The authority kept in `folder`; made there when it is not yet (by one process of several)."""
        if not (folder / STATE).exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".authority-"))
            try:
                cls.fresh().write(made)
                made.rename(folder)
            except OSError:  # another process was faster
                if not (folder / STATE).exists():
                    raise
            finally:
                shutil.rmtree(made, ignore_errors=True)
        state = json.loads((folder / STATE).read_text())
        return cls(
            {name: _read(row) for name, row in state["roots"].items()},
            {name: _read(row) for name, row in state["issuers"].items()},
            {int(serial): datetime.fromisoformat(at) for serial, at in state["revoked"].items()},
            folder,
        )

    def write(self, folder: Path) -> None:
        """Keys and lists into `folder`, and beside them the anchors by which others trust it."""
        state = {
            "roots": {name: _written(row) for name, row in self.roots.items()},
            "issuers": {name: _written(row) for name, row in self.issuers.items()},
            "revoked": {str(serial): at.isoformat() for serial, at in self.revoked.items()},
        }
        _private(folder / STATE, json.dumps(state))
        self.write_anchors(folder / "anchors")

    def write_anchors(self, folder: Path) -> None:
        """The folder by which others trust this authority (`verify.anchors`): of kind test."""
        folder.mkdir(parents=True, exist_ok=True)
        rows = []
        for algorithm, root in self.roots.items():
            (folder / f"root_{algorithm}.cer").write_bytes(root.certificate)
            (folder / f"ca_{algorithm}.cer").write_bytes(self.issuers[algorithm].certificate)
            for number, one in enumerate(self.lists(algorithm)):
                (folder / f"{algorithm}_{number}.crl").write_bytes(one)
            digest = hashlib.sha256(root.certificate).hexdigest()
            rows.append(
                f'[[anchor]]\nfile = "root_{algorithm}.cer"\nsha256 = "{digest}"\nkind = "test"\n'
            )
        (folder / LIST).write_text("\n".join(rows))

    def anchors(self) -> Anchors:
        """What trusts this authority, without the lists of revoked certificates (each CMS brings them)."""
        known = [*self.roots.values(), *self.issuers.values()]
        certificates = tuple(Certificate.load(one.certificate) for one in known)
        return Anchors({c.sha256: "test" for c in certificates if c.is_root}, certificates)

    # --- Certificates -----------------------------------------------------------------------------

    def issue(
        self,
        *,
        name: str,
        iin: str,
        bin: str = "",  # noqa: A002  (what it is called)
        organisation: str = "",
        roles: Sequence[str] = (),
        usage: str = SIGN,
        algorithm: str = RSA,
        not_before: datetime = BEGIN,
        not_after: datetime = END,
    ) -> Credential:
        """A certificate: `usage` SIGN or AUTH; `roles` are OIDs (default: individual, or head of `bin`)."""
        own = [ORGANISATION, *(roles or [HEAD])] if bin else list(roles or [INDIVIDUAL])
        purposes = [FOR_SIGNING if usage == SIGN else FOR_SIGNING_IN, *own]
        bits = {"digital_signature", "non_repudiation" if usage == SIGN else "key_encipherment"}
        key, public = self._users_pair(algorithm)
        subject = {
            "common_name": name,
            "surname": name.split(maxsplit=1)[0],
            "serial_number": f"IIN{iin}",
            "country_name": "KZ",
        }
        if bin:
            subject |= {
                "organization_name": organisation or name,
                "organizational_unit_name": f"BIN{bin}",
            }
        certificate = new_certificate(
            subject,
            public,
            self.issuers[algorithm],
            dates=(not_before, not_after),
            extensions={
                "key_usage": (True, x509.KeyUsage(bits)),
                "extended_key_usage": (False, x509.ExtKeyUsageSyntax(purposes)),
            },
        )
        return Credential(certificate, key, algorithm, iin, bin, usage)

    def credential(self, *, iin: str, bin: str = "", usage: str = SIGN, **rest: Any) -> Credential:  # noqa: A002
        """The certificate of these numbers, issued when first asked for and kept in the folder."""
        if self.folder is None:
            return self.issue(iin=iin, bin=bin, usage=usage, **rest)
        algorithm = rest.get("algorithm", RSA)
        path = self.folder / "people" / f"{iin}-{bin or 'own'}-{usage}-{algorithm}.json"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            made = self.issue(iin=iin, bin=bin, usage=usage, **rest)
            _private(path, json.dumps(_written(made)))
        return _read(json.loads(path.read_text()))

    def revoke(self, credential: Credential, at: datetime) -> None:
        """The list names it from now on as revoked since `at`."""
        self.revoked[credential.serial] = at
        self._lists.clear()
        if self.folder is not None:
            self.write(self.folder)

    def lists(self, algorithm: str) -> list[bytes]:
        """The lists of revoked certificates: that of the root, and that of the intermediate."""
        if algorithm not in self._lists:
            self._lists[algorithm] = [
                new_list(self.roots[algorithm], {}),
                new_list(self.issuers[algorithm], self.revoked),
            ]
        return self._lists[algorithm]

    def _users_pair(self, algorithm: str) -> tuple[bytes, bytes]:
        if self.folder is not None:
            return new_pair(algorithm)
        return self.pairs.setdefault(algorithm, self.pairs.get(algorithm) or new_pair(algorithm))

    # --- Signing ----------------------------------------------------------------------------------

    def sign(
        self,
        credential: Credential,
        data: bytes,
        *,
        attached: bool = False,
        at: datetime | None = None,
        lists: bool = True,
    ) -> bytes:
        """A CMS (DER) over `data` with the signer's certificate and the chain in it.

        `attached`: with the content inside; `at`: the time that the signer claims; `lists`: with the
        lists of revoked certificates, so that it can be verified without a network.
        """
        return self.sign_all([credential], data, attached=attached, at=at, lists=lists)

    def sign_all(
        self,
        credentials: Sequence[Credential],
        data: bytes,
        *,
        attached: bool = False,
        at: datetime | None = None,
        lists: bool = True,
    ) -> bytes:
        """One CMS with a signature of each."""
        infos = [new_signer(one, data, at) for one in credentials]
        algorithms = sorted({one.algorithm for one in credentials})
        chain = [self.issuers[name].certificate for name in algorithms]
        certificates = dict.fromkeys([*(one.certificate for one in credentials), *chain])
        content = {"content_type": "data", **({"content": data} if attached else {})}
        found = cms.SignedData(
            {
                "version": "v1",
                "digest_algorithms": [info["digest_algorithm"] for info in infos],
                "encap_content_info": content,
                "certificates": [x509.Certificate.load(der) for der in certificates],
                "signer_infos": infos,
            }
        )
        if lists:
            ders = [der for name in algorithms for der in self.lists(name)]
            found["crls"] = [
                cms.RevocationInfoChoice("crl", crl.CertificateList.load(der)) for der in ders
            ]
        return bytes(cms.ContentInfo({"content_type": "signed_data", "content": found}).dump())


def _written(one: Credential) -> dict[str, str]:
    return {
        "certificate": one.certificate.hex(),
        "key": one.key.hex(),
        "algorithm": one.algorithm,
        "iin": one.iin,
        "bin": one.bin,
        "usage": one.usage,
    }


def _read(row: Mapping[str, str]) -> Credential:
    return Credential(
        bytes.fromhex(row["certificate"]),
        bytes.fromhex(row["key"]),
        row["algorithm"],
        row["iin"],
        row["bin"],
        row["usage"],
    )


def _private(path: Path, text: str) -> None:
    """Written whole or not at all, for this user only."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    beside.replace(path)
