"""Every variable of the environment that Ortaq reads, as `site/settings.py` declares it: the list of `ortaq settings`, of
docs/settings.md and of `ortaq doctor`.

Nothing is written twice: name, kind and default are read from the code, what it is from the comment above it. It needs
neither Django nor an environment that makes sense.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

SETTINGS = Path(__file__).resolve().parents[1] / "site" / "settings.py"
YES_NO, NUMBER, WORDS, FOLDER, TEXT = "yes or no", "number", "words", "folder", "text"
KINDS = {"flag": YES_NO, "int": NUMBER, "float": NUMBER, "words": WORDS, "Path": FOLDER}
SECTION = re.compile(r"# --- ([^-].*?)(?::.*)? -+$")
TRUE = ("1", "true", "yes", "on")
FALSE = ("0", "false", "no", "off", "")
# Whose values are shown to nobody.
SECRET = re.compile(r"SECRET|PASSWORD|TOKEN$|_KEY$|_KEY_OLD$|DATABASE_URL|REPLICA_URL")


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable: `default` as the code has it ("" where it is empty), `about` from its comment."""

    name: str
    kind: str
    default: str
    about: str
    section: str

    @property
    def is_secret(self) -> bool:
        return SECRET.search(self.name) is not None

    def trouble(self, value: str) -> str:
        """Why `value` cannot be read as this setting; "" when it can."""
        if self.kind == NUMBER:
            try:
                number = Decimal(value)
            except InvalidOperation:
                return "must be a number"
            return "must not be below nought" if number < 0 else ""
        if self.kind == YES_NO and value.strip().lower() not in (*TRUE, *FALSE):
            return "must be yes or no (1, true, yes, on; 0, false, no, off)"
        return ""


@cache
def settings() -> tuple[Setting, ...]:
    """All variables, in the order of the module."""
    source = SETTINGS.read_text()
    return tuple(_read(source))


def _read(source: str) -> Iterator[Setting]:
    lines, seen = source.splitlines(), set()
    sections = {
        number: found[1] for number, line in enumerate(lines, 1) if (found := SECTION.match(line))
    }
    said, ended = "", 0
    for top in ast.parse(source).body:
        section = [title for number, title in sections.items() if number < top.lineno][-1:]
        above = {child: node for node in ast.walk(top) for child in ast.iter_child_nodes(node)}
        for node in ast.walk(top):
            if not isinstance(node, ast.Call) or not (name := _variable(node)) or name in seen:
                continue
            seen.add(name)
            around = above.get(node)
            kind = KINDS.get(_called(node), TEXT)
            if kind == TEXT and isinstance(around, ast.Call):
                kind = KINDS.get(_called(around), TEXT)
            inner: ast.AST = node
            while not isinstance(inner, ast.stmt):
                inner = above[inner]
            # What stands right below another shares its comment.
            beside = said if top.lineno <= ended + 1 else ""
            said = _comment(lines, inner) or _comment(lines, top) or beside
            ended = top.end_lineno or top.lineno
            yield Setting(name, kind, _default(node), said, *(section or ["The installation"]))


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def _variable(node: ast.Call) -> str:
    """The variable that a call reads, if it reads one."""
    if _called(node) not in ("os.environ.get", "flag", "words") or not node.args:
        return ""
    first = node.args[0]
    name = first.value if isinstance(first, ast.Constant) else ""
    return name if isinstance(name, str) and name.startswith("ORTAQ_") else ""


def _default(node: ast.Call) -> str:
    if len(node.args) < 2:
        return ""
    given = node.args[1]
    if isinstance(given, ast.Call) and _called(given) == "str":
        given = given.args[0]
    if isinstance(given, ast.Constant) and isinstance(given.value, bool):
        return "yes" if given.value else "no"
    if isinstance(given, ast.Constant):
        return str(given.value)
    number = folded(given)
    return ast.unparse(given) if number is None else str(number)


def folded(node: ast.expr) -> int | None:
    """The whole number that an expression of numbers stands for; None for any other."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Pow):
        left, right = folded(node.left), folded(node.right)
        if left is not None and right is not None and right < 10**6:
            return left * right if isinstance(node.op, ast.Mult) else left**right
    return None


def _comment(lines: list[str], statement: ast.AST) -> str:
    """The comment above a statement, or behind its first line; of a function what its docstring says."""
    if isinstance(statement, ast.FunctionDef):
        return (ast.get_docstring(statement) or "").partition("\n\n")[0]
    assert isinstance(statement, ast.stmt)
    found: list[str] = []
    number = statement.lineno - 2
    while (
        number >= 0 and lines[number].lstrip().startswith("#") and not SECTION.match(lines[number])
    ):
        found.insert(0, lines[number].strip().lstrip("# "))
        number -= 1
    _code, _, behind = lines[statement.lineno - 1].partition("  # ")
    kept = [*found, behind] if behind and "noqa" not in behind else found
    return " ".join(kept).strip()


# --- What is fixed ---------------------------------------------------------------------------------

HOUSE = SETTINGS.parents[1]
NAMED = r"(?:MOST|MAX|LONGEST|LARGEST|TIMEOUT|LIMIT)(?:_[A-Z_]+)?|[A-Z_]+_(?:LIMIT|TIMEOUT)"
LIMIT = re.compile(f"^(?:{NAMED})$")
# Taking every module of the house apart would take seconds.
HAS_LIMITS = re.compile(rf"^(?:{NAMED}) = \d", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that the program itself sets: where it stands, its value, what the code says of it."""

    place: str
    name: str
    value: int
    about: str


@cache
def limits() -> tuple[Limit, ...]:
    """Every limit that is no setting, module by module. What the law sets is data of the law and not among them."""
    found = []
    for path in sorted(HOUSE.rglob("*.py")):
        inside = path.relative_to(HOUSE)
        if {"tests", "testing", "migrations", "law"} & set(inside.parts):
            continue
        source = path.read_text()
        if not HAS_LIMITS.search(source):
            continue
        lines = source.splitlines()
        for statement in ast.parse(source).body:
            target = statement.targets[0] if isinstance(statement, ast.Assign) else None
            if not isinstance(target, ast.Name) or not LIMIT.match(target.id):
                continue
            assert isinstance(statement, ast.Assign)
            value = folded(statement.value)
            if value is not None:
                found.append(Limit(str(inside), target.id, value, _comment(lines, statement)))
    return tuple(found)


# --- The page --------------------------------------------------------------------------------------

HEAD = """# Settings

Every setting is a variable of the environment with a default that is safe. This page is made from the declarations in
`ortaq/site/settings.py`: `ortaq settings --page` writes it, and the suite checks that both say the same. `ortaq settings`
prints the list with the values of an installation (secrets are not shown), `ortaq doctor` says which of them make no sense.

Yes is `1`, `true`, `yes` or `on`; words have commas between them; sizes are bytes and times are seconds where nothing else is
said. A default in `this type` is computed from other settings.
"""


def page() -> str:
    """docs/settings.md as it should be."""
    parts, section = [HEAD], ""
    for one in settings():
        if one.section != section:
            section = one.section
            parts.append(
                f"\n## {section}\n\n| Variable | Kind | Default | What it is |\n|---|---|---|---|"
            )
        default = f"`{one.default}`" if one.default else "empty"
        about = one.about.replace("|", "\\|")
        parts.append(
            f"| `{one.name}` | {one.kind} | {default.replace('|', chr(92) + '|')} | {about} |"
        )
    parts.append(FIXED)
    for limit in limits():
        value = f"{limit.value:,}".replace(",", " ")
        parts.append(f"| `{limit.place}` | `{limit.name}` | {value} | {limit.about} |")
    return "\n".join(parts) + "\n"


FIXED = """
## Limits that are no settings

They keep pages readable and strangers from flooding the site; nobody has needed others yet. What an act limits stands in the
data of the law with its clause and not here.

| Where | Name | Value | What it is |
|---|---|---|---|"""
