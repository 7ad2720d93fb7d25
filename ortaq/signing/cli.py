"""The command line `ortaq verify FILE.zip`: offline, no Django, no database, nothing unpacked.

Exit code 0: valid; 1: not valid; 2: it could not be checked (also for a file that is no package), or a
party that the manifest names has not signed.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from unicodedata import category

from ortaq.core import clock
from ortaq.law.findings import Finding, Severity
from ortaq.law.text import LANGUAGES, Text

from . import package
from .verify.anchors import Anchors, Unusable
from .verify.report import Report, Verdict
from .verify.wording import wording

# The place of anchors that come with the project: see its README.
BUNDLED = Path(__file__).with_name("anchors")
CODES = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.UNCHECKED: 2}
MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.NOTICE: "·"}
STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
ABOUT = "Verify a signed document that was downloaded from Ortaq, without a network."
EXAMPLE = """\
examples:
  ortaq verify contract.zip --anchors anchors/
  ortaq verify contract.zip --trust-test --json
exit code: 0 valid, 1 not valid, 2 could not be checked or incomplete
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `ortaq verify` with `arguments`; the exit code. Never a traceback for bad input."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    given = parser().parse_args(arguments)
    try:
        anchors = Anchors.of(given.anchors)
        with given.file.open("rb") as source:
            result = package.check(
                source,
                anchors=anchors,
                now=given.at or clock.now(),
                trust_test=given.trust_test,
                revocation_required=not given.without_revocation,
            )
    except package.NoPackage as refusal:
        return _refuse(wording(str(refusal)).say(given.language))
    except (Unusable, OSError) as refusal:
        return _refuse(str(refusal))
    try:
        if given.json:
            print(json.dumps(result.as_dict(), ensure_ascii=False, indent=2))
        else:
            print("\n".join(map(_harmless, told(result, given.language))))
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return CODES[result.verdict]


def _harmless(line: str) -> str:
    """A line without signs that steer a terminal or turn the reading round: names in an archive are a stranger's words."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if category(sign) in STEERING else sign for sign in line
    )


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return CODES[Verdict.UNCHECKED]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    one = argparse.ArgumentParser(
        prog="ortaq verify",
        description=ABOUT,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    one.add_argument("file", type=Path, metavar="FILE.zip")
    one.add_argument(
        "--anchors",
        type=Path,
        metavar="DIR",
        default=Path(os.environ.get("ORTAQ_SIGNING_ANCHORS") or BUNDLED),
        help="trusted root certificates with anchors.toml (default: ORTAQ_SIGNING_ANCHORS, else none)",
    )
    one.add_argument(
        "--trust-test",
        action="store_true",
        help="believe the test authority that the package of a demonstration brings along",
    )
    one.add_argument(
        "--without-revocation",
        action="store_true",
        help="let a certificate pass whose revocation cannot be checked without a network",
    )
    one.add_argument(
        "--at", type=_instant, metavar="TIME", help="as if it were then: 2026-03-01T10:00+05:00"
    )
    one.add_argument("--json", action="store_true", help="the whole report as JSON")
    one.add_argument("--language", choices=LANGUAGES, default=_language())
    return one


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("write it as 2026-03-01T10:00+05:00") from error
    return found if found.tzinfo else found.replace(tzinfo=clock.ALMATY)


def _language() -> str:
    """The system's language where it is one of ours."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return said[:2] if said[:2] in LANGUAGES else "en"


def told(result: package.Result, language: str) -> Iterator[str]:
    """The result for a reader, line by line."""
    yield wording(result.said).say(language)
    if read := result.manifest:
        yield f"  {Text.of(read.title).say(language)}"
        yield f"  {read.site}: {read.subject}, {read.context}, {wording('cli_version', version=read.version).say(language)}"
        for file in read.files:
            yield f"  {file.sha256}  {file.name}"
    yield from _findings(result.findings, language)
    for one in result.signatures:
        yield ""
        who = one.label.say(language) or one.party
        yield f"{who}: {wording(f'verdict_{one.report.verdict.value}').say(language)}"
        yield from _signers(one.report, language)
        yield from _findings(one.report.findings, language)


def _signers(report: Report, language: str) -> Iterator[str]:
    for signer in report.signers:
        # No IIN: what is printed is passed on.
        who = [signer.name, signer.organisation, f"БСН/БИН {signer.bin}" if signer.bin else ""]
        yield "  " + ", ".join(part for part in who if part)
        yield f"  {signer.algorithm}, {signer.issuer}, № {signer.serial}"
        yield f"  {wording('cli_reference', at=package.said(report.reference)).say(language)}"


def _findings(findings: Sequence[Finding], language: str) -> Iterator[str]:
    for finding in findings:
        yield f"  {MARKS.get(finding.severity, '·')} {finding.message.say(language)}"
