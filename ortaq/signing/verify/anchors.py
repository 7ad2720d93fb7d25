"""Whom we trust: root certificates that somebody put into a folder and named with their hashes.

    anchors.toml        [[anchor]]
                        file = "root_gost_2022.cer"
                        sha256 = "…"              # of the file as DER, compared by a person with the authority's page
                        kind = "prod"             # or "test"
    *.cer *.crt *.pem   the roots named there, and intermediate certificates, which need no trust of their own
    *.crl               lists of revoked certificates, fetched from the authority by the operator's own job

Nothing is trusted that `anchors.toml` does not name, nor a file whose hash differs.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from asn1crypto import pem

from .certificates import Certificate

LIST = "anchors.toml"
KINDS = ("prod", "test")
CERTIFICATES = {".cer", ".crt", ".pem", ".der"}
LARGEST = 20 * 1024 * 1024  # a list of revoked certificates may be long


class Unusable(ValueError):
    """The folder does not say what it should; the text says where."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """Trusted roots by SHA-256 with their kind, certificates between, lists of revoked ones (DER)."""

    roots: Mapping[str, str] = field(default_factory=dict)
    certificates: tuple[Certificate, ...] = ()
    lists: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, folder: Path) -> Anchors:
        """What a folder holds; empty when there is none. `Unusable`."""
        if not folder.is_dir():
            return cls()
        found = {p.name: _load(p) for p in sorted(folder.iterdir()) if p.suffix in CERTIFICATES}
        lists = [_der(path) for path in sorted(folder.glob("*.crl"))]
        return cls(_roots(folder, found), tuple(found.values()), tuple(lists))

    def __add__(self, other: Anchors) -> Anchors:
        return Anchors(
            {**self.roots, **other.roots},
            (*self.certificates, *other.certificates),
            (*self.lists, *other.lists),
        )

    def of_kind(self, kinds: Iterable[str]) -> Anchors:
        """Only the roots of these kinds."""
        wanted = set(kinds)
        return replace(
            self, roots={sha: kind for sha, kind in self.roots.items() if kind in wanted}
        )


def _roots(folder: Path, found: Mapping[str, Certificate]) -> dict[str, str]:
    path = folder / LIST
    if not path.exists():
        return {}
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unusable(f"{path}: {error}") from error
    rows = data.pop("anchor", [])
    if data or not isinstance(rows, list):
        raise Unusable(f"{path}: only [[anchor]] entries are known.")
    roots = {}
    for row in rows:
        if set(row) != {"file", "sha256", "kind"} or row["kind"] not in KINDS:
            raise Unusable(f"{path}: an anchor has file, sha256 and kind ({' or '.join(KINDS)}).")
        certificate = found.get(row["file"])
        if certificate is None:
            raise Unusable(f"{path}: there is no certificate {row['file']}.")
        if certificate.sha256 != str(row["sha256"]).lower().replace(":", ""):
            raise Unusable(
                f"{path}: {row['file']} has the hash {certificate.sha256}, "
                f"not the one that is written: it is not trusted."
            )
        if not certificate.is_root:
            raise Unusable(f"{path}: {row['file']} is not a root, somebody else issued it.")
        roots[certificate.sha256] = row["kind"]
    return roots


def _load(path: Path) -> Certificate:
    try:
        return Certificate.load(_der(path))
    except (ValueError, TypeError, KeyError) as error:
        raise Unusable(f"{path}: this is no certificate.") from error


def _der(path: Path) -> bytes:
    if path.stat().st_size > LARGEST:
        raise Unusable(f"{path}: it is too large.")
    data = path.read_bytes()
    if pem.detect(data):
        _name, _headers, data = pem.unarmor(data)
    return data


def fingerprint(der: bytes) -> str:
    """SHA-256 of a certificate, as it is compared."""
    return hashlib.sha256(der).hexdigest()
