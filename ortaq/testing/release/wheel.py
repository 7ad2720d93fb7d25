"""`make wheel`: dist/ortaq-<version>-py3-none-any.whl with all that a site needs but Python packages.

Catalogues come compiled, static files collected and compressed; style sheets, icons and fonts of npm packages come with
their licences. All of that is put together in a folder of its own, so that nothing of other people's is ever committed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
from contextlib import closing
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DIST = ROOT / "dist"
# Sources of catalogues stay behind: a compiled one that seemed older would be written anew where nobody may write.
LEFT_OUT = shutil.ignore_patterns("tests", "testing", "__pycache__", "*.py[co]", "*.po", "*.draft")
# What running pages read from the npm packages: see ortaq.faces.packages and ortaq.documents.render.
READ = {
    "bootstrap": (),
    "bootstrap-icons": ("icons/*.svg",),
    "@expo-google-fonts/tinos": ("*/*.ttf",),
    "@fontsource-variable/noto-sans": (),
}
# Python packages whose static files are collected together with ours.
COLLECTED_FROM = ("django-allauth", "django-htmx")


def main() -> int:
    """Build the wheel; prints where it is."""
    with tempfile.TemporaryDirectory(prefix="ortaq-wheel-") as folder:
        stage = Path(folder)
        run("-m", "ortaq", "compilecatalogues", "--verbosity", "0", var=stage / "var")
        house = stage / "ortaq"
        shutil.copytree(ROOT / "ortaq", house, ignore=LEFT_OUT)
        bundle(house / "bundled", var=stage / "var")
        tables(house / "bundled" / "empty.sqlite3", var=stage / "var")
        for name in ("LICENSE", "README.md"):
            shutil.copy(ROOT / name, stage / name)
        (stage / "pyproject.toml").write_text(project(), "utf-8")
        shutil.rmtree(stage / "var")
        DIST.mkdir(exist_ok=True)
        uv = Path(sys.executable).with_name("uv")
        subprocess.run(
            [uv, "build", "--quiet", "--wheel", "--out-dir", DIST, stage], check=True, cwd=stage
        )
    print(wheel())
    return 0


def version() -> str:
    """The version, which stands in pyproject.toml and nowhere else."""
    told: str = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    return told


def wheel() -> Path:
    """Where the wheel of this version is once it is built."""
    return DIST / f"ortaq-{version()}-py3-none-any.whl"


def run(*command: str, var: Path, **settings: str) -> None:
    """A command of this checkout with a data folder of its own."""
    environment = {**os.environ, "ORTAQ_VAR": str(var), "PYTHONUTF8": "1", **settings}
    subprocess.run([sys.executable, *command], check=True, cwd=ROOT, env=environment)


def bundle(target: Path, *, var: Path) -> None:
    """Put into `target` what comes from elsewhere: static files, icons, fonts of papers, and every licence."""
    quiet = ("--noinput", "--verbosity", "0")
    run(
        *("-m", "ortaq", "collectstatic", *quiet),
        var=var,
        ORTAQ_COLLECTED="1",
        ORTAQ_STATIC=str(target / "static"),
    )
    lines = ["What Ortaq brings along of other people's work; the licences stand beside.", ""]
    for package, patterns in READ.items():
        source = ROOT / "node_modules" / package
        about = json.loads((source / "package.json").read_text("utf-8"))
        lines.append(f"- {package} {about['version']}: {about['license']}")
        licences = sorted(source.glob("LICENSE*"))
        if not licences:
            raise SystemExit(f"{package} brings no licence, so it cannot be passed on")
        for file in [*licences, *(file for one in patterns for file in source.glob(one))]:
            place = target / "packages" / package / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
    for name in COLLECTED_FROM:
        about_it = metadata.metadata(name)
        lines.append(f"- {name} {about_it['Version']}: {about_it['License-Expression'] or 'MIT'}")
        for licence in metadata.files(name) or []:
            if licence.name.startswith("LICENSE"):
                place = target / "packages" / name / licence.name
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(licence.locate()), place)
    (target / "README.md").write_text("\n".join(lines) + "\n", "utf-8")


def tables(target: Path, *, var: Path) -> None:
    """The tables of this release without a row of anybody's, for a demonstration: it takes a minute to make them."""
    made = var / "tables.sqlite3"
    run(
        "-m",
        "ortaq",
        "migrate",
        "--verbosity",
        "0",
        var=var,
        ORTAQ_DATABASE_URL=f"sqlite:///{made}",
    )
    with closing(sqlite3.connect(made)) as database:
        database.execute("VACUUM INTO ?", (str(target),))  # one file, without a log beside it


def project() -> str:
    """pyproject.toml of the wheel: ours, with what a running site needs as dependencies."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    listed = "".join(f"    {json.dumps(one)},\n" for one in dependencies())
    licence = 'license = "Apache-2.0"\n'
    if text.count(licence) != 1:
        raise SystemExit("pyproject.toml names its licence differently: see release/wheel.py")
    own = (
        'license = "Apache-2.0 AND MIT AND OFL-1.1 AND 0BSD"\n'
        'license-files = ["LICENSE", "ortaq/bundled/packages/**/LICENSE*"]\n'
        'readme = "README.md"\n'
        f"dependencies = [\n{listed}]\n"
    )
    return text.replace(licence, own)


def dependencies() -> list[str]:
    """The packages of run.in, each from what was tried on and below the next great version.

    Where the chooser gave a range it stands as it is. A version that is a year says nothing of what changes.
    """
    pins = (ROOT / "requirements/run.txt").read_text("utf-8")
    pinned: dict[str, list[tuple[int, int]]] = {}  # several where Pythons take different ones
    for name, major, minor in re.findall(r"^([\w.-]+)==(\d+)\.?(\d*)", pins, re.MULTILINE):
        pinned.setdefault(name, []).append((int(major), int(minor or 0)))
    told = []
    for line in (ROOT / "requirements/run.in").read_text("utf-8").splitlines():
        requirement = line.partition("#")[0].strip()
        if not requirement:
            continue
        found = re.match(r"[\w.-]+", requirement)
        assert found is not None
        if "=" in requirement:
            told.append(requirement)
            continue
        (major, minor), (last, _) = min(pinned[found[0].lower()]), max(pinned[found[0].lower()])
        below = f",<{last + 1}" if last < 2000 else ""
        told.append(f"{requirement}>={major}.{minor}{below}")
    return told


if __name__ == "__main__":
    sys.exit(main())
