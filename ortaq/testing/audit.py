"""Looks for known faults of all that is pinned, and for licences that may not come with us: `make audit`.

A known fault ends it with 1. Where the services that know the faults do not answer, it says so and ends with 0: a
machine without a way to them can still be worked on. What is let pass stands in requirements/audit.toml.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

from ortaq.core import clock

ROOT = Path(__file__).resolve().parents[2]
PINS = ROOT / "requirements"
ALLOWED = PINS / "audit.toml"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
# Each asks others for the same advisories; the second is asked where the first does not know the packages.
SERVICES = ("pypi", "osv")
MINUTES = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """A known fault of something that is pinned."""

    package: str
    version: str
    id: str
    mended: str = ""

    def __str__(self) -> str:
        ends = f"mended in {self.mended}" if self.mended else "not mended yet"
        return f"{self.package} {self.version}: {self.id}, {ends}"


# --- Known faults --------------------------------------------------------------------------------


def of_python(asked: Callable[[list[str]], str] | None = None) -> tuple[list[Fault], str]:
    """The known faults of the Python packages, and in words what could not be asked ("" where all was)."""
    ask = asked or _said_by
    files = [word for path in sorted(PINS.glob("*.txt")) for word in ("-r", str(path))]
    unknown = "no service answered"
    for service in SERVICES:
        said = ask(
            [sys.executable, "-m", "pip_audit", *files, "--require-hashes", "--disable-pip", "--format=json",
             "--progress-spinner=off", f"--vulnerability-service={service}"]
        )  # fmt: skip
        try:
            rows = json.loads(said)["dependencies"]
        except (ValueError, KeyError, TypeError):
            continue
        known = [row for row in rows if "skip_reason" not in row]
        if not known:
            unknown = f"the service {service} knows none of {len(rows)} packages here"
            continue
        faults = {
            Fault(row["name"], row["version"], one["id"], ", ".join(one.get("fix_versions") or []))
            for row in known
            for one in row["vulns"]
        }
        left = len(rows) - len(known)
        words = f"{left} of {len(rows)} packages could not be asked for" if left else ""
        return sorted(faults, key=str), words
    return [], unknown


def of_node(asked: Callable[[list[str]], str] | None = None) -> tuple[list[Fault], str]:
    """The same for the interface kit and its icons."""
    npm = shutil.which("npm")
    if npm is None and asked is None:
        return [], "there is no npm on this machine"
    ask = asked or _said_by
    try:
        told = json.loads(ask([npm or "npm", "audit", "--json"]))
        rows = told["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        return [], "the registry of npm does not answer such questions here"
    return [
        Fault(name, row.get("range", ""), via["url"] if isinstance(via, dict) else str(via))
        for name, row in sorted(rows.items())
        for via in row["via"]
    ], ""


def _said_by(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=MINUTES * 60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def judged(
    faults: Iterable[Fault], let_pass: Iterable[Mapping[str, Any]], today: date
) -> Iterator[str]:
    """What is wrong: a fault that nobody let pass, and a word that let one pass too long or lets nothing pass."""
    faults, let_pass = list(faults), list(let_pass)
    for fault in faults:
        words = [
            one for one in let_pass if (one["id"], one["package"]) == (fault.id, fault.package)
        ]
        if not words:
            yield str(fault)
        elif words[0]["until"] < today:
            yield f"{fault}: was let pass until {words[0]['until']}; look once more"
    for one in let_pass:
        if not one.get("reason", "").strip():
            yield f"{one['id']} is let pass without a reason"


# --- Licences ------------------------------------------------------------------------------------


def licences(
    allowed: Mapping[str, Any], installed: Callable[[str], Any] = metadata.metadata
) -> Iterator[str]:
    """What of the packages installed here may not come with us, or says nothing of its licence."""
    free = {*allowed["free"], *allowed["unchanged"]}
    site = {name for name, _version in pinned(PINS / "run.txt")}
    everything = {name for path in PINS.glob("*.txt") for name, _version in pinned(path)}
    for name in sorted(everything):
        if name in allowed["known"]:
            continue
        try:
            told = words_of(installed(name))
        except (
            metadata.PackageNotFoundError
        ):  # of another system, or of a set that is not installed
            continue
        if name in allowed["apart"]:
            if name in site:
                yield f"{name} may only be used apart, and is installed with the site"
        elif not told or not acceptable(told, free):
            yield f"{name}: {told or 'says nothing of its licence'}"
    lock = json.loads((ROOT / "package-lock.json").read_text())
    for name, row in lock["packages"].items():
        if name and not acceptable(row.get("license", ""), free):
            yield f"{name}: {row.get('license') or 'says nothing of its licence'}"


def words_of(told: Any) -> str:
    """What a package says of its licence: an expression, or its classifiers, or the first line of its words."""
    if expression := told.get("License-Expression"):
        return str(expression)
    classifiers = [
        one.rpartition(" :: ")[2]
        for one in told.get_all("Classifier", [])
        if one.startswith("License") and one != "License :: OSI Approved"
    ]
    return " AND ".join(classifiers) or (told.get("License") or "").strip().partition("\n")[0]


def acceptable(expression: str, free: set[str]) -> bool:
    """Whether of each "AND" one "OR" is free."""
    return bool(expression) and all(
        any(one.strip() in free for one in re.split(r"\s+OR\s+", part))
        for part in re.split(r"\s+AND\s+", expression)
    )


def pinned(path: Path) -> list[tuple[str, str]]:
    """Name and version of each line of a file of pins."""
    return [(name.lower(), version) for name, version in PINNED.findall(path.read_text())]


def main() -> int:
    allowed = tomllib.loads(ALLOWED.read_text())
    wrong: list[str] = []
    found: list[Fault] = []
    for what, ask in (("Python packages", of_python), ("Node packages", of_node)):
        faults, unknown = ask()
        found += faults
        sys.stdout.write(
            f"{what}: {len(faults)} known faults{f'; NOT ASKED: {unknown}' if unknown else ''}\n"
        )
    wrong += judged(found, allowed.get("fault", []), clock.today())
    breaches = list(licences(allowed["licences"]))
    sys.stdout.write(f"Licences: {len(breaches)} that may not come with us\n")
    wrong += breaches
    sys.stdout.writelines(f"FAULT: {one}\n" for one in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
