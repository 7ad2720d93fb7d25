"""Which requirement is built where and proved by which test: `docs/traceability.md`.

Everything is read without running it: titles from `requirements.toml`, the code from the places
that name an ID (ranges such as "GR-S-11..16" count for each), tests from their `req` marks.

    python -m ortaq.testing.traceability            writes the page
    python -m ortaq.testing.traceability --check    says whether the page is current
    python -m ortaq.testing.traceability GR-S-13    prints every test of a requirement

The page names files and not single tests: so it changes when a requirement gains or loses a place,
and not with every test.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "traceability.md"
SOURCES = {".py", ".toml", ".yaml", ".html"}
NAMED = re.compile(r"\b((?:[A-Z]{2}-(?:[A-Z]{1,2}|18))|GAP-T|IM)-(\d{2,3})(?:\.\.(\d{2,3}))?\b")
INTRODUCTION = """\
# Requirements, code, tests

Made by `make traceability`; the suite checks that it is current. The IDs are those of the
requirements catalogue. *Code* names the files that cite an ID, *tests* those that prove it; single
tests are listed by `python -m ortaq.testing.traceability GR-S-13` and run by their names.
"""


@dataclass(frozen=True, slots=True)
class Requirement:
    id: str
    title: str
    reason: str  # why it has no test, or ""
    code: tuple[str, ...]
    tests: tuple[str, ...]  # as "file::test"

    @property
    def test_files(self) -> list[str]:
        return files(self.tests)


@cache
def requirements() -> list[Requirement]:
    """Every requirement of the catalogue, in its order."""
    catalogue = tomllib.loads((Path(__file__).with_name("requirements.toml")).read_text("utf-8"))
    code, tests = cited(), proved()
    return [
        Requirement(
            id=name,
            title=title,
            reason=next(
                (why for pattern, why in catalogue["reasons"].items() if fnmatch(name, pattern)), ""
            ),
            code=tuple(sorted(code[name])),
            tests=tuple(sorted(tests[name])),
        )
        for name, title in catalogue["titles"].items()
    ]


@cache
def cited() -> dict[str, set[str]]:
    """ID → files of the house, tests apart, that name it."""
    places = defaultdict(set)
    for path in sorted((ROOT / "ortaq").rglob("*")):
        inside = path.relative_to(ROOT)
        if path.suffix not in SOURCES or {"tests", "testing", "migrations"} & set(inside.parts):
            continue
        for name in names_in(path.read_text("utf-8")):
            places[name].add(inside.as_posix())
    return places


def names_in(text: str) -> Iterator[str]:
    """The IDs that a text names: "GR-S-11..13" gives GR-S-11, GR-S-12 and GR-S-13."""
    for chapter, first, last in NAMED.findall(text):
        for number in range(int(first), int(last or first) + 1):
            yield f"{chapter}-{number:0{len(first)}}"


@cache
def proved() -> dict[str, set[str]]:
    """ID → tests that carry it, as "file::test"."""
    tests = defaultdict(set)
    for path in sorted((ROOT / "ortaq").rglob("tests/**/test_*.py")):
        file, text = path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
        if "mark.req" not in text:
            continue
        for name, place in marks(ast.parse(text), ()):
            tests[name].add("::".join((file, *place)))
    return tests


def files(tests: Iterable[str]) -> list[str]:
    """The files of tests, each once."""
    return sorted({test.partition("::")[0] for test in tests})


def marks(node: ast.AST, place: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every ID in a `pytest.mark.req(...)` under `node`, with the test or class that carries it."""
    for child in ast.iter_child_nodes(node):
        inner = place
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = (*place, child.name)
        if isinstance(child, ast.Call) and getattr(child.func, "attr", "") == "req":
            for argument in child.args:
                if isinstance(argument, ast.Constant):
                    yield str(argument.value), place
        yield from marks(child, inner)


def page() -> str:
    """The whole of `docs/traceability.md`."""
    catalogue = requirements()
    proven = sum(bool(requirement.tests) for requirement in catalogue)
    explained = sum(not requirement.tests and bool(requirement.reason) for requirement in catalogue)
    counts = (
        f"{len(catalogue)} requirements: {proven} with a test, {explained} without for a reason"
    )
    lines = [INTRODUCTION, f"{counts}, {len(catalogue) - proven - explained} open.", ""]
    for requirement in catalogue:
        lines += [f"## {requirement.id}: {requirement.title}", ""]
        if requirement.code:
            lines += [f"Code: {listed(requirement.code)}", ""]
        if requirement.tests:
            lines += [f"Tests: {listed(requirement.test_files)}", ""]
        elif requirement.reason:
            lines += [f"No test: {requirement.reason}", ""]
        else:
            lines += ["**Open.**", ""]
    known = {requirement.id for requirement in catalogue}
    others = {name: tests for name, tests in proved().items() if name not in known}
    if others:
        lines += [
            "## Other catalogues",
            "",
            "Requirements of other catalogues with tests so far.",
            "",
        ]
        lines += [f"- {name}: {listed(files(tests))}" for name, tests in sorted(others.items())]
        lines += [""]
    return "\n".join(lines)


def listed(places: Iterable[str]) -> str:
    return ", ".join(f"`{place}`" for place in places)


def main(names: list[str]) -> int:
    if names == ["--check"]:
        if PAGE.read_text("utf-8") == page():
            return 0
        print(f"{PAGE.relative_to(ROOT)} is not current: run `make traceability` and commit it.")
        return 1
    if names:
        tests = proved()
        print("\n".join(sorted(set().union(*(tests[name] for name in names)))))
        return 0
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    open_ones = [each.id for each in requirements() if not each.tests and not each.reason]
    print(f"Wrote {PAGE.relative_to(ROOT)}; without a test: {', '.join(open_ones) or 'none'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
