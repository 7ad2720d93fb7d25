"""The published schemas of the standards, where they lie on this machine; they are no part of the project.

`ORTAQ_STANDARDS` names their folder (default: beside the checkout). A test that needs them is skipped where they are absent.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT4, DRAFT202012

FOLDER = Path(os.environ.get("ORTAQ_STANDARDS", settings.BASE_DIR / "../shared/data/standards"))
OCDS = FOLDER / "ocds-standard-1.1.5-schema.zip"
GIVING = FOLDER / "360-giving-schema.json"
GIVING_PACKAGE = FOLDER / "360-giving-package-schema.json"

needed = pytest.mark.skipif(
    not (OCDS.exists() and GIVING.exists()),
    reason=f"the published schemas are not at {FOLDER} (set ORTAQ_STANDARDS)",
)
REFERENCES = {
    "type": "array",
    "items": {"$ref": "#/definitions/OrganizationReference"},
}
# What the extension "bids" 1.1.5 adds to a release, as far as it is published here.
BIDS: dict[str, Any] = {
    "properties": {"bids": {"$ref": "#/definitions/Bids"}},
    "definitions": {
        "Award": {"properties": {"relatedBid": {"type": ["string", "null"]}}},
        "Bids": {
            "type": "object",
            "properties": {
                "statistics": {"type": "array", "items": {"$ref": "#/definitions/BidsStatistic"}},
                "details": {"type": "array", "items": {"$ref": "#/definitions/Bid"}},
            },
        },
        "BidsStatistic": {
            "type": "object",
            "required": ["id", "measure", "value"],
            "properties": {
                "id": {"type": "string"},
                "measure": {"type": "string"},
                "value": {"type": "number"},
            },
        },
        "Bid": {
            "type": "object",
            "required": ["id"],
            "properties": {
                "id": {"type": ["string", "integer"]},
                "date": {"type": ["string", "null"], "format": "date-time"},
                "status": {"enum": ["invited", "pending", "valid", "disqualified", "withdrawn"]},
                "tenderers": REFERENCES,
                "value": {"$ref": "#/definitions/Value"},
            },
        },
    },
}
NAMES = {"release": "release-package-schema.json", "record": "record-package-schema.json"}


@cache
def _file(name: str) -> dict[str, Any]:
    with zipfile.ZipFile(OCDS) as standard:
        whole = next(one for one in standard.namelist() if one.endswith(f"/schema/{name}"))
        found: dict[str, Any] = json.loads(standard.read(whole))
    return found


@cache
def release_schema() -> dict[str, Any]:
    """The schema of a release with the declared extension."""
    return _patched(_file("release-schema.json"), BIDS)


def _patched(whole: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """A JSON merge patch that takes nothing away."""
    found = dict(whole)
    for name, part in patch.items():
        found[name] = _patched(found.get(name, {}), part) if isinstance(part, dict) else part
    return found


def ocds_errors(kind: str, package: dict[str, Any]) -> list[str]:
    """What a package of releases or records does not keep of OCDS 1.1.5 with the declared extension."""
    schema = _file(NAMES[kind])
    versioned = _file("versioned-release-validation-schema.json")
    registry: Registry[Any] = Registry().with_resources(
        (one["id"], DRAFT4.create_resource(one)) for one in (release_schema(), versioned)
    )
    checker = Draft4Validator(schema, registry=registry, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message[:200]}" for error in checker.iter_errors(package)]


@cache
def grant_schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(GIVING.read_bytes())
    return found


def giving_errors(package: dict[str, Any]) -> list[str]:
    """What a package of grants does not keep of 360Giving 1.4.3. Its schema names that of a grant by the address of an
    earlier edition; here it is the one that lies beside it.
    """
    schema, grant = json.loads(GIVING_PACKAGE.read_bytes()), grant_schema()
    schema["properties"]["grants"]["items"] = {"$ref": grant["$id"]}
    resource = DRAFT202012.create_resource(grant)
    registry: Registry[Any] = Registry().with_resource(grant["$id"], resource)
    checker = Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message[:200]}" for error in checker.iter_errors(package)]


def unknown(
    value: Any, schema: dict[str, Any], whole: dict[str, Any], at: str = ""
) -> Iterator[str]:
    """Fields that a schema does not know: it lets them pass, and its readers would not find them."""
    if reference := schema.get("$ref"):
        *_path, folder, name = reference.split("/")
        schema = whole[folder][name]
    if isinstance(value, list):
        for one in value:
            yield from unknown(one, schema.get("items", {}), whole, at)
    if not isinstance(value, dict):
        return
    for name, inner in value.items():
        if name in schema.get("properties", {}):
            yield from unknown(inner, schema["properties"][name], whole, f"{at}/{name}")
        elif not any(re.search(one, name) for one in schema.get("patternProperties", {})):
            yield f"{at}/{name}"
