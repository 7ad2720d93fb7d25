"""`make wheel-trial`: the wheel as a newcomer gets it, in an empty environment and an empty folder.

Nothing of this checkout is in reach there: neither its sources nor node_modules nor data.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from signal import SIGINT
from urllib.error import URLError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from .wheel import version, wheel

PATIENCE = (
    900  # seconds until the demonstration is loaded and served, on a machine that has other work
)
PAGES = ("/", "/competitions/", "/demo/", "/law/", "/open-data/", "/forms/")


def main() -> int:
    """Try the wheel that stands in dist/; 0 where everything answered."""
    with tempfile.TemporaryDirectory(prefix="ortaq-trial-") as name:
        folder = Path(name)
        told("an empty environment")
        uv = Path(sys.executable).with_name("uv")
        subprocess.run(
            [uv, "venv", "--quiet", "--python", sys.executable, folder / "venv"], check=True
        )
        python = folder / "venv" / "bin" / "python"
        subprocess.run([uv, "pip", "install", "--quiet", "--python", python, wheel()], check=True)
        ortaq = folder / "venv" / "bin" / "ortaq"
        home = folder / "home"
        home.mkdir()
        commands(ortaq, home)
        with demonstration(ortaq, home) as site:
            pages(site)
        told("a second start keeps what is there")
        with demonstration(ortaq, home) as site:
            at_work(site)
        doctor(ortaq, home)
    told("the wheel is whole")
    return 0


def told(what: str) -> None:
    print(f"- {what}", flush=True)


def environment() -> dict[str, str]:
    """Ours without what leads to this checkout."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ORTAQ_", "PYTHON", "VIRTUAL"))
    }
    return {**kept, "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"}


def said(ortaq: Path, home: Path, *words: str, code: int = 0) -> str:
    """What a command says, which must end with `code`."""
    done = subprocess.run(
        [ortaq, *words], cwd=home, env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode != code:
        raise SystemExit(f"ortaq {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def commands(ortaq: Path, home: Path) -> None:
    """What needs no database."""
    told("ortaq --version, law, verify")
    assert said(ortaq, home, "--version") == f"Ortaq {version()}\n"
    assert "2022" in said(ortaq, home, "law", "editions")
    (home / "empty.zip").write_bytes(b"")
    assert said(ortaq, home, "verify", "empty.zip", code=2)
    assert [path.name for path in home.iterdir()] == ["empty.zip"], (
        "a question left something behind"
    )


@contextmanager
def demonstration(ortaq: Path, home: Path) -> Iterator[str]:
    """`ortaq demo` until it serves; its address."""
    told("ortaq demo")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = f"http://127.0.0.1:{port}/"
    # The stand-in of NCALayer wants a port of its own, which a demonstration beside this one may hold.
    ours = environment() | {"ORTAQ_NCALAYER_URL": f"ws://127.0.0.1:{port + 1}/"}
    with (home / "demo.log").open("a") as log:
        served = subprocess.Popen(
            [ortaq, "demo", "--port", str(port)], cwd=home, env=ours, stdout=log, stderr=log
        )
        try:
            until = time.monotonic() + PATIENCE
            while True:
                if served.poll() is not None or time.monotonic() > until:
                    why = (home / "demo.log").read_text("utf-8")
                    raise SystemExit(
                        f"The demonstration was not served (code {served.poll()}).\n{why}"
                    )
                try:
                    build_opener().open(site, timeout=30).close()
                    break
                except URLError:
                    time.sleep(0.5)
            yield site
        finally:
            served.send_signal(SIGINT)  # as Ctrl+C does
            served.wait(120)


def read(opener: OpenerDirector, address: str, data: bytes | None = None) -> bytes:
    """The body at an address, which must answer 200."""
    with opener.open(address, data, timeout=60) as answer:
        body: bytes = answer.read()
    assert body, address
    return body


def at_work(site: str) -> None:
    """It serves, and its worker has begun; it is told by `/ready/`, which remembers for some seconds what it found."""
    until = time.monotonic() + 120
    while b'"worker": "ok"' not in read(build_opener(), urljoin(site, "/ready/")):
        assert time.monotonic() < until, "no worker was seen"
        time.sleep(1)


def pages(site: str) -> None:
    """Pages with all that they load; one of the cast signs in and gets a paper."""
    told("pages with their style, script and fonts")
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    loaded: set[str] = set()
    for page in PAGES:
        html = read(opener, urljoin(site, page)).decode()
        loaded |= set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html))
    assert any(one.endswith(".js") for one in loaded), loaded
    for address in sorted(loaded):
        body = read(opener, urljoin(site, address))
        if address.endswith(".css"):
            for inside in re.findall(rb"url\(['\"]?([^'\")]+\.woff2)", body):
                read(opener, urljoin(urljoin(site, address), inside.decode()))
    told("one click signs in; a form as PDF")
    html = read(opener, urljoin(site, "/demo/")).decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    assert token is not None
    sent = urlencode({"csrfmiddlewaretoken": token.group(1)}).encode()
    desk = read(opener, urljoin(site, "/demo/people/aliya/sign-in/"), sent).decode()
    assert "<svg" in desk
    form = re.search(r'href="(/forms/[^"]+/)"', read(opener, urljoin(site, "/forms/")).decode())
    assert form is not None
    paper = re.search(
        r'href="(/forms/[^"]+\.pdf)"', read(opener, urljoin(site, form.group(1))).decode()
    )
    assert paper is not None, form
    assert read(opener, urljoin(site, paper.group(1))).startswith(b"%PDF")


def doctor(ortaq: Path, home: Path) -> None:
    """Commands that look after an installation, in the folder that the demonstration has made."""
    told("ortaq check, ortaq doctor")
    said(ortaq, home, "check")
    said(ortaq, home, "doctor")


if __name__ == "__main__":
    sys.exit(main())
