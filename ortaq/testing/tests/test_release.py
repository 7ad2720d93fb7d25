"""What a wheel brings: its version, its dependencies, what lies beside it in a checkout."""

from __future__ import annotations

import subprocess
import sys
import tomllib

from ortaq import __version__
from ortaq.faces import packages
from ortaq.testing.release import wheel


def test_the_version_stands_in_one_place():
    told = tomllib.loads((wheel.ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    said = subprocess.run(
        [sys.executable, "-m", "ortaq", "--version"], capture_output=True, text=True, check=True
    )
    assert (__version__, said.stdout) == (told, f"Ortaq {told}\n")


def test_a_wheel_asks_for_every_package_with_a_range_that_was_tried():
    asked = wheel.dependencies()
    chosen = (wheel.ROOT / "requirements/run.in").read_text("utf-8").splitlines()
    assert len(asked) == len([line for line in chosen if line.partition("#")[0].strip()])
    assert "Django~=5.2.0" in asked
    assert [one for one in asked if not {"~", ">"} & set(one)] == []
    project = tomllib.loads(wheel.project())["project"]
    assert project["dependencies"] == asked


def test_every_package_that_pages_read_is_bundled_with_its_licence():
    of = {
        "/".join(path.split("/")[: 2 if path[0] == "@" else 1]) for path in packages.FILES.values()
    }
    assert of <= set(wheel.READ)
    for name, patterns in wheel.READ.items():
        folder = wheel.ROOT / "node_modules" / name
        assert list(folder.glob("LICENSE*")), name
        assert all(any(folder.glob(one)) for one in patterns), name
