"""The outside check: `libcoveocds`, a program of its own, without the network."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ortaq.core import clock as house_clock
from ortaq.opendata.ocds import keeping

from . import scenes, standards

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PROGRAM = Path(sys.executable).with_name("libcoveocds")


@standards.needed
@pytest.mark.skipif(not PROGRAM.exists(), reason="libcoveocds is not installed")
def test_libcoveocds_finds_nothing_in_releases_but_the_extension_that_it_cannot_fetch(
    clock, client, tmp_path
):
    found = scenes.carried(clock)
    found.pay(1, 1_000_000_01, house_clock.today())
    found.present()
    keeping.catch_up(everything=True)
    (tmp_path / "releases.json").write_bytes(
        b"".join(client.get("/open-data/ocds/releases.json").streaming_content)
    )
    said = checked(tmp_path)
    assert (said["version_used"], said["count"], said["unique_ocids_count"]) == ("1.1", 9, 1)
    assert said["validation_errors"] == []
    assert said["deprecated_fields"] == []
    assert said["additional_closed_codelist_values"] == {}
    # Own codes stand only where the standard invites them; docs/open-data.md lists them.
    own = {
        value for one in said["additional_open_codelist_values"].values() for value in one["values"]
    }
    assert own == {"hearingReport", "openingProtocol", "x_ortaq_fields"}
    # The bids extension is on the network; its fields are checked in `test_ocds`.
    fields = {
        f"{one['path']}/{one['field_name']}"
        for one in said["all_additional_fields"]
        if one["root_additional_field"]
    }
    assert fields == {"/releases/bids", "/releases/awards/relatedBid"}


def checked(folder: Path) -> dict[str, Any]:
    """What the program says of `releases.json` in `folder`."""
    no_way_out = {"https_proxy": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    answer = subprocess.run(  # noqa: S603 - our own files
        [PROGRAM, "--standard-zip", standards.OCDS, "-o", folder / "out", folder / "releases.json"],
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
        env=no_way_out,
    )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found
