"""What an outsider gets: the signed files, the manifest, the signatures, and how to check them without us.

    README.txt                 what this is, in Kazakh, Russian and English
    package.json               what belongs to what
    manifest.json              the bytes that were signed
    content.json               the content whose hash stands in the manifest
    files/01-….pdf             the signed files, in the order of the manifest
    signatures/1-grantee.p7s   the CMS of a party (PKCS #7 with DER inside), as it was received
    reports/1-grantee.json     what was found when it was received; no IIN
    test-anchors/              only from a demonstration: its authority's roots

Pure Python, no Django: `ortaq verify FILE.zip` reads it. Nothing is ever unpacked to disk.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from ortaq.core.canonical import canonical
from ortaq.core.clock import ALMATY
from ortaq.law.findings import Finding
from ortaq.law.text import Text

from . import manifest
from .verify.anchors import CERTIFICATES, Anchors, Unusable
from .verify.certificates import Certificate
from .verify.offline import Offline
from .verify.report import Report, Verdict, error, notice, warning

FORMAT = "ortaq-package/1"
INDEX, MANIFEST, CONTENT, README = "package.json", "manifest.json", "content.json", "README.txt"
TEST_ANCHORS = "test-anchors"
# What else lies in a package beside the signed files, and where.
OWN = {
    "file": re.compile(r"signatures/[\w.-]+\.p7s"),
    "report": re.compile(r"reports/[\w.-]+\.json"),
}
ANCHOR = re.compile(r"test-anchors/[\w.-]+\.(?:cer|crt|pem|der|crl|toml)")
README_TEXT = Path(__file__).with_name("package-readme.txt")
MOST_MEMBERS, MOST_CMS, MOST_JSON = 5000, 1024 * 1024, 32 * 1024 * 1024
MOST_SIGNATURES = 200  # each may take half a second
MOST_BYTES = 4 * 1024**3  # of all files together, as they claim
PIECE = 1024 * 1024


class NoPackage(ValueError):
    """No package of Ortaq; the text is the code of the finding."""


@dataclass(frozen=True, slots=True)
class PackedSignature:
    """A signature to be packed. `report` holds no IIN (`Report.as_dict(personal=False)`); `label` calls the
    party by language.
    """

    party: str
    label: Mapping[str, str]
    cms: bytes
    received_at: datetime
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PackedFile:
    name: str
    open: Callable[[], BinaryIO]


def write(
    target: BinaryIO,
    *,
    signed: bytes,
    content: object | None,
    files: Sequence[PackedFile],
    signatures: Sequence[PackedSignature],
    made_at: datetime,
    test_anchors: Path | None = None,
) -> None:
    """Write a package. `signed`: the manifest's bytes; `files` in its order; `test_anchors`: a folder of
    `verify.anchors` that goes along, from a demonstration only.
    """
    rows = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(README_TEXT, README)
        packed.writestr(MANIFEST, signed)
        if content is not None:
            packed.writestr(CONTENT, canonical(content))
        names = [_file_name(number, one.name) for number, one in enumerate(files, 1)]
        for name, one in zip(names, files, strict=True):
            info = zipfile.ZipInfo(name, made_at.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            with one.open() as source, packed.open(info, "w", force_zip64=True) as into:
                while piece := source.read(PIECE):
                    into.write(piece)
        for number, signature in enumerate(signatures, 1):
            stem = f"{number}-{_plain_name(signature.party)}"
            packed.writestr(f"signatures/{stem}.p7s", signature.cms)
            packed.writestr(f"reports/{stem}.json", _json(signature.report))
            rows.append(
                {
                    "party": signature.party,
                    "label": dict(signature.label),
                    "file": f"signatures/{stem}.p7s",
                    "report": f"reports/{stem}.json",
                    "received_at": signature.received_at.isoformat(),
                }
            )
        for path in sorted(test_anchors.iterdir()) if test_anchors else ():
            packed.write(path, f"{TEST_ANCHORS}/{path.name}")
        index = {
            "format": FORMAT,
            "made_at": made_at.isoformat(),
            "manifest": MANIFEST,
            "content": CONTENT if content is not None else None,
            "files": names,
            "signatures": rows,
        }
        packed.writestr(INDEX, _json(index))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)


def _plain_name(text: str) -> str:
    return re.sub(r"[^\w.-]+", "-", text).strip("-.")[-80:] or "x"


def _file_name(number: int, name: str) -> str:
    """A name that every system takes, told apart by its number."""
    return f"files/{number:02}-{_plain_name(PurePosixPath(name.replace(chr(92), '/')).name)}"


# --- Reading ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checked:
    """One signature of a package, verified."""

    party: str
    label: Text
    received_at: datetime
    report: Report


@dataclass(frozen=True, slots=True)
class Result:
    """What checking a package found. `findings` are about the package, not about one signature."""

    manifest: manifest.Read | None
    signatures: tuple[Checked, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst of all: a package with one wrong signature or file is not valid; one that lacks the signature of
        a party is not whole, and so cannot be called valid either.
        """
        verdicts = [one.report.verdict for one in self.signatures]
        if any(finding.severity == "error" for finding in self.findings):
            return Verdict.INVALID
        for verdict in (Verdict.INVALID, Verdict.UNCHECKED):
            if verdict in verdicts:
                return verdict
        if verdicts and self.missing:
            return Verdict.UNCHECKED
        return Verdict.VALID if verdicts else Verdict.INVALID

    @property
    def missing(self) -> tuple[str, ...]:
        """The parties (their keys) that the manifest names and that no signature here is of."""
        signed = {one.party for one in self.signatures}
        named = self.manifest.parties if self.manifest else ()
        return tuple(party.key for party in named if party.key not in signed)

    @property
    def said(self) -> str:
        """The sentence that stands first (its code): what is there holds, but somebody's signature is missing; or the
        verdict.
        """
        whole = all(one.report.verdict is Verdict.VALID for one in self.signatures)
        incomplete = self.verdict is Verdict.UNCHECKED and whole
        return f"package_{'incomplete' if incomplete else self.verdict.value}"

    def as_dict(self) -> dict[str, Any]:
        """For `--json`: no IIN."""
        read = self.manifest
        return {
            "verdict": self.verdict.value,
            "site": read.site if read else None,
            "object": read.subject if read else None,
            "context": read.context if read else None,
            "version": read.version if read else None,
            "title": dict(read.title) if read else None,
            "files": [{"name": f.name, "sha256": f.sha256, "size": f.size} for f in read.files]
            if read
            else [],
            "parties": [{"key": p.key, "bin": p.bin} for p in read.parties] if read else [],
            "missing": list(self.missing),
            "findings": [finding.as_dict() for finding in self.findings],
            "signatures": [
                {
                    "party": one.party,
                    "label": one.label.as_dict(),
                    "received_at": one.received_at.isoformat(),
                    **one.report.as_dict(personal=False),
                }
                for one in self.signatures
            ],
        }


def check(
    source: BinaryIO,
    *,
    anchors: Anchors,
    now: datetime,
    trust_test: bool = False,
    revocation_required: bool = True,
) -> Result:
    """Verify a package without unpacking it. `NoPackage` for what is none at all.

    Certificates are judged at the time of a timestamp that holds, else at the time of receipt that the package
    states (and that is said). `trust_test`: whether the test roots that a package brings are believed.
    """
    try:
        with zipfile.ZipFile(source) as packed:
            return _Check(packed, anchors, now, trust_test, revocation_required).result()
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        RuntimeError,
    ) as error_:
        raise NoPackage("package_unreadable") from error_


@dataclass
class _Check:
    packed: zipfile.ZipFile
    anchors: Anchors
    now: datetime
    trust_test: bool
    revocation_required: bool
    findings: list[Finding] = field(default_factory=list)

    def result(self) -> Result:
        members = self._members()
        if members is None:
            return Result(None, (), tuple(self.findings))
        index = self._index(members)
        signed = self._read(MANIFEST, manifest.MOST)
        try:
            read = manifest.read(signed)
        except manifest.Unreadable as error_:
            raise NoPackage("package_unreadable") from error_
        if len(index["signatures"]) > MOST_SIGNATURES:
            return Result(read, (), (error("package_too_large"),))
        self._content(read, members)
        self._files(read, index["files"], members)
        self._nothing_else(read, index, members)
        verifier = Offline(self._trusted(members), self.revocation_required)
        named = {party.key: party for party in read.parties}
        checked = tuple(self._signatures(index["signatures"], signed, named, members, verifier))
        self.findings.append(notice("package_parties") if checked else error("no_signers"))
        result = Result(read, checked)
        self.findings += [
            warning("package_party_missing", party=_who(named[key])) for key in result.missing
        ]
        return replace(result, findings=tuple(self.findings))

    def _members(self) -> dict[str, zipfile.ZipInfo] | None:
        """The members by name; None when the names alone show that somebody wants to mislead."""
        infos = [info for info in self.packed.infolist() if not info.is_dir()]
        if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_BYTES:
            self.findings.append(error("package_too_large"))
            return None
        seen: set[str] = set()
        for info in infos:
            name = info.filename
            parts = PurePosixPath(name).parts
            bad = name.startswith("/") or "\\" in name or ":" in name or "\0" in info.orig_filename
            is_link = (info.external_attr >> 16) & 0o170000 == 0o120000
            if bad or is_link or ".." in parts or info.flag_bits & 0x1:
                self.findings.append(error("package_member", name=name[:80]))
            elif name.casefold() in seen:
                self.findings.append(error("package_twice", name=name[:80]))
            seen.add(name.casefold())
        return None if self.findings else {info.filename: info for info in infos}

    def _read(self, name: str, most: int) -> bytes:
        try:
            with self.packed.open(name) as member:
                found = member.read(most + 1)
        except KeyError as error_:
            raise NoPackage("package_unreadable") from error_
        if len(found) > most:
            raise NoPackage("package_unreadable")
        return found

    def _index(self, members: Mapping[str, zipfile.ZipInfo]) -> dict[str, Any]:
        if INDEX not in members or MANIFEST not in members:
            raise NoPackage("package_unreadable")
        try:
            index: dict[str, Any] = json.loads(self._read(INDEX, MOST_JSON))
            rows = index["signatures"]
            whole = (
                index["format"] == FORMAT
                and all(isinstance(name, str) for name in index["files"])
                and all(
                    isinstance(row[key], str)
                    for row in rows
                    for key in ("party", "file", "report", "received_at")
                )
                and all(isinstance(text, str) for row in rows for text in row["label"].values())
                and all(_is_instant(row["received_at"]) for row in rows)
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error_:
            raise NoPackage("package_unreadable") from error_
        if not whole:
            raise NoPackage("package_unreadable")
        return index

    def _content(self, read: manifest.Read, members: Mapping[str, zipfile.ZipInfo]) -> None:
        if not read.content:
            return
        if CONTENT not in members:
            self.findings.append(error("package_missing", name=CONTENT))
        elif self._hash(CONTENT, MOST_JSON) != read.content:
            self.findings.append(error("package_changed", name=CONTENT))

    def _files(
        self, read: manifest.Read, names: Sequence[str], members: Mapping[str, zipfile.ZipInfo]
    ) -> None:
        if len(names) != len(read.files):
            self.findings.append(error("package_missing", name="files/"))
        for name, signed in zip(names, read.files, strict=False):
            if name not in members:
                self.findings.append(error("package_missing", name=signed.name))
            elif (
                members[name].file_size != signed.size
                or self._hash(name, signed.size) != signed.sha256
            ):
                self.findings.append(error("package_changed", name=signed.name))

    def _hash(self, name: str, most: int) -> str:
        """SHA-256 of a member, read only as far as it may go."""
        made, left = hashlib.sha256(), most + 1
        with self.packed.open(name) as member:
            while left > 0 and (piece := member.read(min(PIECE, left))):
                made.update(piece)
                left -= len(piece)
        return made.hexdigest() if left > 0 else ""

    def _nothing_else(
        self, read: manifest.Read, index: Mapping[str, Any], members: Mapping[str, zipfile.ZipInfo]
    ) -> None:
        """A file that nobody signed must not lie among those that somebody did. Nobody signed the index either: what it
        calls a signature or a report lies where those lie, and is none of the files that people open.
        """
        rows = index["signatures"]
        known = {README, INDEX, MANIFEST, *(n for n in index["files"] if n.startswith("files/"))}
        known |= {CONTENT} if read.content else set()
        for key, kind in OWN.items():
            known |= {row[key] for row in rows if kind.fullmatch(row[key])}
        for name in members:
            if name not in known and not ANCHOR.fullmatch(name):
                self.findings.append(error("package_stranger", name=name[:80]))

    def _trusted(self, members: Iterable[str]) -> Anchors:
        own = [n for n in members if n.startswith(f"{TEST_ANCHORS}/")]
        if not own:
            return self.anchors
        if not self.trust_test:
            self.findings.append(notice("package_test_anchors"))
            return self.anchors
        try:
            ders = [
                self._read(name, MOST_CMS)
                for name in own
                if PurePosixPath(name).suffix in CERTIFICATES
            ]
            certificates = tuple(Certificate.load(der) for der in ders)
        except (ValueError, TypeError, KeyError, Unusable) as error_:
            raise NoPackage("package_unreadable") from error_
        roots = {one.sha256: "test" for one in certificates if one.is_root}
        return self.anchors + Anchors(roots, certificates)

    def _signatures(
        self,
        rows: Sequence[Mapping[str, Any]],
        signed: bytes,
        named: Mapping[str, manifest.NamedParty],
        members: Mapping[str, zipfile.ZipInfo],
        verifier: Offline,
    ) -> Iterator[Checked]:
        seen: set[str] = set()
        for row in rows:
            if row["file"] not in members:
                self.findings.append(error("package_missing", name=row["file"]))
                continue
            if row["file"] in seen:  # one signature under the names of two parties
                self.findings.append(error("package_twice", name=row["file"]))
                continue
            seen.add(row["file"])
            received = datetime.fromisoformat(row["received_at"])
            report = verifier.verify(
                self._read(row["file"], MOST_CMS),
                signed,
                self.now,
                reference=min(received, self.now),
            )
            if report.reference_source == "claimed":
                report = report.having([notice("time_claimed", at=said(received))])
            report = report.having(_other_party(row["party"], named, report))
            yield Checked(row["party"], Text.of(row["label"]), received, report)


def _other_party(
    key: str, named: Mapping[str, manifest.NamedParty], report: Report
) -> Iterator[Finding]:
    """The index, which nobody signed, says whose a signature is; the manifest, who may be that."""
    if key not in named:
        yield error("package_party_unknown", party=key[:80])
        return
    wanted = named[key].bin
    for signer in report.signers if wanted else ():
        if not signer.bin:
            yield error("no_bin", wanted=wanted)
        elif signer.bin != wanted:
            yield error("other_bin", bin=signer.bin, wanted=wanted)


def _who(party: manifest.NamedParty) -> str:
    return f"{party.key}, БСН/БИН {party.bin}" if party.bin else party.key


def _is_instant(text: str) -> bool:
    """Whether it is a time with its zone and of our days (the ends of the calendar cannot be told in another zone)."""
    at = datetime.fromisoformat(text)
    return at.tzinfo is not None and 2000 <= at.year < 2200


def said(at: datetime) -> str:
    """An instant as a reader in Kazakhstan says it."""
    return f"{at.astimezone(ALMATY):%d.%m.%Y %H:%M}"
