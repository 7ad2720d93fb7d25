"""Debian's nginx with the configuration of `deploy/`, in a folder of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.ports import answers, free

DEPLOY = Path(__file__).resolve().parents[1] / "deploy" / "nginx"
# All people of a trial sit at one address.
EVERYBODY = {"rate=20r/s": "rate=2000r/s"}


def program() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def configure(
    place: Path, hosts: Sequence[str], site: str, changed: Mapping[str, str] | None = None
) -> Path:
    """Nginx's files in `place/nginx`, logs in `place/log`, static files in `place/proxy`; gives the main one.

    `hosts` are addresses with ports, `site` what stands in site.conf; of ortaq.conf lines may be `changed`.
    """
    etc, home, log = place / "nginx", place / "proxy", place / "log"
    (etc / "ortaq").mkdir(parents=True, exist_ok=True)
    for folder in (home, log):
        folder.mkdir(exist_ok=True)
    shutil.copytree(DEPLOY / "pages", etc / "ortaq" / "pages")
    lines = [f"server {one} max_fails=2 fail_timeout=5s;\n" for one in hosts]
    (etc / "ortaq" / "hosts.conf").write_text("".join(lines))
    (etc / "ortaq" / "site.conf").write_text(site)
    said = (DEPLOY / "ortaq.conf").read_text()
    places = {
        "/etc/nginx/ortaq": f"{etc}/ortaq",
        "/var/lib/ortaq": str(home),
        "/var/log/nginx": str(log),
    }
    for there, here in {**places, **EVERYBODY, **(changed or {})}.items():
        if there not in said:
            raise SystemExit(f"deploy/nginx/ortaq.conf has no “{there}” any more.")
        said = said.replace(there, here)
    (etc / "ortaq.conf").write_text(said)
    main = etc / "nginx.conf"
    main.write_text(
        f"user root;\nworker_processes 1;\nworker_rlimit_nofile 20000;\npid {etc}/nginx.pid;\nerror_log {log}/nginx.log;\n"
        "events { worker_connections 8192; }\n"
        f"http {{\n include /etc/nginx/mime.types;\n client_body_temp_path {etc}/body;\n"
        f" proxy_temp_path {etc}/proxied;\n fastcgi_temp_path {etc}/f;\n uwsgi_temp_path {etc}/u;\n"
        f" scgi_temp_path {etc}/s;\n include {etc}/ortaq.conf;\n}}\n"
    )
    return main


@contextmanager
def before(port: int, place: Path) -> Iterator[int]:
    """Nginx on this machine before the site at `port`, as it is deployed but without TLS; gives its own port."""
    found = program()
    if found is None:
        raise SystemExit("nginx is not here (Debian: apt-get install nginx-light)")
    own, aside = free(), free()
    plain = {
        "listen 80 default_server": f"listen 127.0.0.1:{aside} default_server",
        "    listen [::]:80 default_server;\n": "",
        "listen 443 ssl http2": f"listen 127.0.0.1:{own}",
        "    listen [::]:443 ssl http2;\n": "",
        **dict.fromkeys(re.findall(r"    ssl_.*\n", (DEPLOY / "ortaq.conf").read_text()), ""),
    }
    main = configure(place, [f"127.0.0.1:{port}"], "server_name 127.0.0.1;\n", plain)
    process = subprocess.Popen([found, "-c", str(main), "-g", "daemon off;"])
    try:
        for _ in range(100):
            if process.poll() is not None:
                raise SystemExit("nginx did not start.")
            if answers(own):
                break
            time.sleep(0.1)
        yield own
    finally:
        process.terminate()
        process.wait(20)
