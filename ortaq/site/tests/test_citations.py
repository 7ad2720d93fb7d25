"""Every clause that the code cites leads to a rule on a page of the law."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from functools import cache
from pathlib import Path

from ortaq.core.procedure import Procedure
from ortaq.faces import clauses, say
from ortaq.law import editions

ROOMS = ("core", "people", "registry", "review", "projects", "grants", "portal", "law")


@cache
def modules():
    packages = [importlib.import_module(f"ortaq.{room}") for room in ROOMS]
    names = [
        info.name
        for package in packages
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not {"tests", "migrations"} & set(info.name.split("."))
    ]
    return [*packages, *map(importlib.import_module, names)]


@cache
def anchors():
    return {
        rule.anchor
        for one in editions()
        for section in clauses.sections(one)
        for rule in section.clauses
        if rule.anchor
    }


def leads_nowhere(cited):
    return {one for one in cited if say.law_address(one).partition("#")[2] not in anchors()}


def test_the_clause_of_every_step_is_on_a_page_of_the_law():
    procedures = [
        one for module in modules() for one in vars(module).values() if isinstance(one, Procedure)
    ]
    cited = {step.cite for one in procedures for step in one.steps.values() if step.cite}
    assert len(cited) > 10
    assert leads_nowhere(cited) == set()


def written(module):
    """Places handed to `Owed(...)` and to functions called `cite` or `_cite`, as far as they are
    literals or constants of the module."""
    for call in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name not in {"Owed", "cite", "_cite"}:
            continue
        given = call.args[5:6] if name == "Owed" else call.args
        given = [*given, *(word.value for word in call.keywords if word.arg == "cite")]
        for argument in given:
            value = getattr(argument, "value", None)
            if isinstance(argument, ast.Name):
                value = getattr(module, argument.id, None)
            if isinstance(value, str) and value:
                yield value


def test_the_clause_of_every_duty_and_finding_is_on_a_page_of_the_law():
    cited = {place for module in modules() for place in written(module)}
    assert len(cited) > 25
    assert leads_nowhere(cited) == set()
