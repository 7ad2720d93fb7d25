"""`make upgrade-trial`: the previous release, filled by its own demonstration, is upgraded by this program.

    python -m ortaq.testing.upgrade [--stage STAGE] [--database sqlite|postgresql] [--keep FOLDER]

The old program comes out of the history of this repository (`[tool.ortaq.previous]` in pyproject.toml) and runs with its own
pins: in this environment where that has them all, else in one of its own. Afterwards every value of every column that there
still is must be what it was, nothing may be missing, `ortaq check` must find nothing, and the main pages must open
for everybody whom newcomers meet. `--database postgresql` (`make upgrade-trial DATABASE=postgresql`) does it on a throw-away
server of this machine; else `ORTAQ_DATABASE_URL` names an empty database to do it in, and without it SQLite does.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from ortaq.testing import postgres

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
# What every start of a program writes about itself.
OURS = {"django_migrations", "django_content_type", "auth_permission", "django_session"}
# What is written out of all the other tables, anew after an upgrade; `ortaq check` holds it against them.
WRITTEN_ANEW = {
    "gazette_publication", "gazette_publicationregion", "gazette_word", "gazette_pending", "opendata_watermark",
}  # fmt: skip
# Where everybody begins; what these pages lead to is opened too, up to so many for a person.
FIRST = ("/", "/desk/", "/money/", "/search/?q=a")
PAGES = 60
LINK = re.compile(r'<a [^>]*href="(/[^"#.]*)"')


def previous() -> tuple[str, str]:
    """The version and the commit of the release that people upgrade from."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ortaq"]["previous"]
    return said["version"], said["commit"]


def check_out(commit: str, folder: Path) -> None:
    """The sources of `commit` in `folder`, as git kept them."""
    packed = subprocess.run(
        ["git", "archive", "--format=tar", commit], cwd=ROOT, check=True, capture_output=True
    ).stdout
    subprocess.run(["tar", "-x", "-C", folder], input=packed, check=True)


def python_for(old: Path, folder: Path) -> str:
    """The interpreter that has what the old program is pinned to."""
    pins = [
        dict(PIN.findall((root / "requirements" / "run.txt").read_text())) for root in (old, ROOT)
    ]
    if pins[0].items() <= pins[1].items():
        return sys.executable
    print("Its pins differ from ours: an environment of its own ...", flush=True)
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "--quiet", folder / "venv"], check=True)
    python = str(folder / "venv" / "bin" / "python")
    wanted = ["--require-hashes", "-r", str(old / "requirements" / "run.txt")]
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *wanted], check=True)
    return python


def run(python: str, root: Path, environment: dict[str, str], *words: str) -> str:
    """What a command of the program in `root` said; `SystemExit` with it when the command failed."""
    done = subprocess.run(
        [python, "-m", *words],
        cwd=root,
        env={**os.environ, **environment, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stdout}")
    return done.stdout


# --- Asked of the present program, in a process of its own ---------------------------------------------


def values() -> dict[str, dict[str, Any]]:
    """Of every table its number of rows, and of each of its columns a digest of all values in the order of keys."""
    from django.db import connection

    found: dict[str, dict[str, Any]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table in OURS | WRITTEN_ANEW or "_search" in table:
                continue
            columns = [
                column.name
                for column in connection.introspection.get_table_description(cursor, table)
            ]
            key = connection.introspection.get_primary_key_column(cursor, table) or columns[0]
            quoted = [connection.ops.quote_name(name) for name in columns]
            cursor.execute(
                f"SELECT {', '.join(quoted)} FROM {connection.ops.quote_name(table)} "
                f"ORDER BY {connection.ops.quote_name(key)}"
            )
            digests, rows = [hashlib.sha256() for _name in columns], 0
            for row in cursor:
                rows += 1
                for digest, value in zip(digests, row, strict=True):
                    digest.update(f"{value!r}\n".encode())
            names = zip(columns, digests, strict=True)
            found[table] = {"rows": rows, **{f".{name}": one.hexdigest() for name, one in names}}
    return found


def walk() -> list[str]:
    """Open the main pages for everybody whom newcomers meet; the pages that did not answer as they should."""
    from django.conf import settings
    from django.test import Client

    from ortaq.demo.cast import GUIDES
    from ortaq.people.models import User

    settings.ALLOWED_HOSTS = ["*"]
    emails = [guide.person.email for guide in GUIDES]
    faults, count = [], 0
    for person in [None, *User.objects.filter(email__in=emails)]:
        client = Client(raise_request_exception=False)
        if person:
            client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        seen, waiting = set(FIRST), list(FIRST)
        for _number in range(PAGES):
            if not waiting:
                break
            page = waiting.pop(0)
            answer = client.get(page, follow=True)
            count += 1
            if answer.status_code != 200:
                faults.append(f"{page} answers {answer.status_code} to {person or 'anybody'}.")
            elif page in FIRST:
                found = set(LINK.findall(answer.content.decode())) - seen
                waiting += sorted(found)
                seen |= found
    return [*faults, f"{count} pages were opened."]


def missing(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> list[str]:
    """What was there before and is not what it was, in sentences."""
    faults = []
    for table, was in before.items():
        now = after.get(table)
        if now is None:
            if was["rows"]:
                faults.append(f"Table {table} with {was['rows']} rows is gone.")
        elif now["rows"] != was["rows"]:
            faults.append(f"Table {table} has {now['rows']} rows instead of {was['rows']}.")
        else:
            faults += [
                f"Column {table}{name} is gone or holds other values."
                for name, digest in was.items()
                if name != "rows" and was["rows"] and now.get(name) != digest
            ]
    return faults


def asked(what: str) -> None:
    """Answer a question of `main` as JSON, in a process with the settings of the trial."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "ortaq.site.settings"
    import django

    django.setup()
    print(json.dumps({"values": values, "walk": walk}[what]()))


# --- The trial ---------------------------------------------------------------------------------------


def trial(folder: Path, stage: str, address: str = "") -> list[str]:
    """Do it all in `folder`, and in the database at `address` where one is named; what is wrong, in sentences."""
    version, commit = previous()
    old = folder / "old"
    old.mkdir()
    check_out(commit, old)
    python = python_for(old, folder)
    environment = {
        "ORTAQ_VAR": str(folder / "var"),
        "ORTAQ_DEMO": "1",
        "ORTAQ_NODE_MODULES": str(ROOT / "node_modules"),
    }
    if address:
        environment["ORTAQ_DATABASE_URL"] = address
    print(f"Release {version} ({commit[:8]}) is filled up to {stage!r} ...", flush=True)
    for words in (
        ["compilecatalogues", "-v0"],
        ["migrate", "-v0"],
        ["demo", "--stage", stage],
        ["gazette"],
        ["releases", "--all"],
    ):
        run(python, old, environment, "ortaq", *words)

    def ask(what: str) -> Any:
        said = run(sys.executable, ROOT, environment, "ortaq.testing.upgrade", "--asked", what)
        return json.loads(said.strip().rpartition("\n")[2])

    def ours(*words: str) -> str:
        return run(sys.executable, ROOT, environment, "ortaq", *words)

    before = ask("values")
    public = ours("backup", "--new-key", str(folder / "identity"))
    environment["ORTAQ_BACKUP_RECIPIENTS"] = public.partition("RECIPIENTS=")[2].split()[0]
    print("It is upgraded ...", flush=True)
    migrated = ours("upgrade", str(folder / "backup"))
    print(migrated.strip())
    faults = missing(before, ask("values"))
    try:
        ours("check")
    except SystemExit as why:
        faults.append(str(why))
    *broken, walked = ask("walk")
    faults += broken
    rows = sum(table["rows"] for table in before.values())
    print(f"{len(before)} tables with {rows} rows were compared. {walked}")
    return faults


def address_for(database: str | None, folder: Path, stack: contextlib.ExitStack) -> str:
    """Where the trial's tables are to be; a server that is begun for it ends with `stack`."""
    if database == "sqlite":
        return f"sqlite:///{folder / 'trial.sqlite3'}"
    if database != "postgresql":
        return ""
    if (binaries := postgres.binaries()) is None:
        raise SystemExit(postgres.ABSENT)
    return stack.enter_context(postgres.server(binaries))


def main() -> int:
    parser = argparse.ArgumentParser(prog="make upgrade-trial")
    parser.add_argument("--stage", default="awarded", help="how far the demonstration goes")
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    parser.add_argument("--keep", type=Path, help="an empty folder to work in, which then stays")
    parser.add_argument("--asked", choices=["values", "walk"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.asked:
        asked(given.asked)
        return 0
    with contextlib.ExitStack() as stack:
        folder = given.keep or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="ortaq-upgrade-"))
        )
        faults = trial(folder, given.stage, address_for(given.database, folder, stack))
    print("\n".join(faults) or "All is well.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
