"""A PostgreSQL server for one run of the suite: made in a temporary folder, gone afterwards.

It listens on a Unix socket only, sorts Kazakh by ICU as a real installation should, and does not
wait for the disk, since nobody keeps what it holds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ABSENT = "PostgreSQL not found: install postgresql (15 or newer)"
HOUSES = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt")
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "jit": "off",  # planning a test's small queries would cost more than running them
}


def binaries() -> Path | None:
    """The folder of the newest `initdb` of this machine, or None."""
    found = [path.parent for house in HOUSES for path in Path(house).glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    versions = {folder: _version(folder) for folder in found}
    usable = [
        folder for folder in found if versions[folder] >= 15
    ]  # since 15 a cluster sorts by ICU
    return max(usable, key=versions.__getitem__, default=None)


def _version(folder: Path) -> int:
    said = subprocess.run(
        [folder / "initdb", "--version"], capture_output=True, text=True, check=False
    )
    digits = said.stdout.rpartition(") ")[2].split(".")[0].split(" ")[0].strip()
    return int(digits) if digits.isdigit() else 0


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A running server out of the binaries in `folder`; gives its address as a database URL.

    PostgreSQL refuses to work for root: there it runs as the user `postgres`, which Debian's
    package makes.
    """
    owner = "postgres" if os.getuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="ortaq-pg-"))
    if owner:
        shutil.chown(home, owner)
    data = home / "data"
    log = home / "log"

    def run(tool: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(folder / tool), *arguments],
            cwd="/",
            user=owner,
            stdin=subprocess.DEVNULL,
            # Not a pipe: the server would inherit it and keep us waiting for its end.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if tool == "pg_ctl" else subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            told = log.read_text() if log.exists() else done.stderr
            raise RuntimeError(f"PostgreSQL's {tool} failed:\n{told}")

    try:
        run(
            "initdb",
            *("--pgdata", str(data), "--username", "ortaq", "--auth", "trust", "--no-sync"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8"),
            *("--locale-provider", "icu", "--icu-locale", "kk-KZ"),
        )
        options = " ".join(f"-c {name}='{value}'" for name, value in OPTIONS.items())
        options += f" -c unix_socket_directories='{home}'"
        run("pg_ctl", "start", "--wait", "-D", str(data), "-l", str(log), "-o", options)
        try:
            yield f"postgresql://ortaq@{str(home).replace('/', '%2F')}/postgres"
        finally:
            run("pg_ctl", "stop", "--wait", "-m", "immediate", "-D", str(data))
    finally:
        shutil.rmtree(home, ignore_errors=True)
