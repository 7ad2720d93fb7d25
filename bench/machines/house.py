"""The installation that the trial sets up: what `deploy/` describes, on the hosts of `net`."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import nginx
from bench.machines.net import NETWORK, Host
from ortaq.testing import postgres

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
NAME = "ortaq.example.kz"
PASSWORD = "for the trial only"
STORE_PORT = 9000
TOKEN_LIMIT = 20
# What the second release has changed: a column more, and a longer text in a row that every page with a session reads.
WIDENED = (
    (
        "core",
        "class StoredFile(models.Model):\n",
        'class StoredFile(models.Model):\n    scanned = models.CharField(max_length=20, db_default="")\n',
    ),
    (
        "people",
        'surname = models.CharField(_("surname"), max_length=80)',
        'surname = models.CharField(_("surname"), max_length=120)',
    ),
)


def until(true: Callable[[], Any], what: str, seconds: float = 60) -> float:
    """Wait until it is so; the seconds that it took."""
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        try:
            if true():
                return time.perf_counter() - began
        except (OSError, http.client.HTTPException, RuntimeError):
            pass
        time.sleep(0.1)
    raise SystemExit(f"{what}: not within {seconds:.0f} s")


@dataclass
class House:
    """Everything that stands, and what the trial does to it as an administrator would."""

    var: Path
    hosts: dict[str, Host]
    release: dict[str, Path] = field(default_factory=dict)
    binaries: Path = field(default_factory=lambda: postgres.binaries() or Path())

    # --- Settings, the same for every host ----------------------------------------------------------

    def environment(self, host: str) -> dict[str, str]:
        mine = self.var / host
        mine.mkdir(parents=True, exist_ok=True)
        database = "postgresql://ortaq:trial@{}/ortaq?sslmode=require"
        return {
            "DJANGO_SETTINGS_MODULE": "ortaq.site.settings",
            "ORTAQ_SITE_URL": f"https://{NAME}",
            "ORTAQ_HOSTS": NAME,
            "ORTAQ_ORIGINS": f"https://{NAME}",
            "ORTAQ_SECRET_KEY": "trial-" + "x" * 50,
            "ORTAQ_PROXIES": "1",
            "ORTAQ_VAR": str(mine),
            "ORTAQ_SEALS": str(self.var / "shared" / "seals"),  # the shared mount
            "ORTAQ_COLLECTED": "1",
            "ORTAQ_STATIC": str(self.var / "proxy" / "static"),
            "ORTAQ_NODE_MODULES": str(ROOT / "node_modules"),
            "ORTAQ_DATABASE_URL": database.format(self.hosts["primary"].address),
            "ORTAQ_REPLICA_URL": database.format(self.hosts["replica"].address),
            "ORTAQ_FILES_URL": f"http://{self.hosts['store'].address}:{STORE_PORT}/ortaq/files",
            "ORTAQ_FILES_KEY": "trial",
            "ORTAQ_FILES_SECRET": "trial",
            "ORTAQ_API_TOKEN_LIMIT": str(TOKEN_LIMIT),
            "ORTAQ_DEMO": "0",
            "ORTAQ_CLOSING_PAUSE": "1",
        }

    def ortaq(self, host: str, *words: str, release: str = "") -> str:
        """A command of the program on a host."""
        where = str(self.release.get(release or host, ROOT))
        return self.hosts[host].run(
            sys.executable, "-m", *words, env=self.environment(host), cwd=where
        )

    def seed(self, what: str, *words: str) -> Any:
        """Something of `bench.machines.seed`, as the steps of the site do it, on the first web host."""
        return json.loads(
            self.ortaq("web1", "bench.machines.seed", what, *words, release="first").splitlines()[
                -1
            ]
        )

    # --- Databases ----------------------------------------------------------------------------------

    def databases(self) -> None:
        home = self.var / "postgresql"
        home.mkdir()
        certificate(home, "database")
        for path in (home, *home.iterdir()):
            shutil.chown(path, "postgres")
        primary = home / "primary"
        common = ["--encoding", "UTF8", "--locale", "C.UTF-8", "--locale-provider", "icu"]
        self._postgres(
            "primary", "initdb", "--pgdata", str(primary), *common, "--icu-locale", "kk-KZ"
        )
        for name in ("primary.conf", "replica.conf"):
            shutil.copy(DEPLOY / "postgresql" / name, home / name)
            (home / name).chmod(0o644)
        with (primary / "postgresql.conf").open("a") as file:
            file.write(
                f"\ninclude '{home}/primary.conf'\nshared_buffers = 256MB\n"
                f"ssl_cert_file = '{home}/database.pem'\nssl_key_file = '{home}/database.key'\n"
            )
        hba = (DEPLOY / "postgresql" / "pg_hba.conf").read_text()
        hba = hba.replace("10.0.0.22", self.hosts["replica"].address).replace("10.0.0", NETWORK)
        with (primary / "pg_hba.conf").open("a") as file:
            file.write(hba)
        self._serve("primary", primary, home)
        for statement in (
            "CREATE ROLE ortaq LOGIN PASSWORD 'trial'",
            "CREATE ROLE replicator LOGIN REPLICATION PASSWORD 'trial'",
            "CREATE DATABASE ortaq OWNER ortaq",
        ):
            self.sql("primary", statement, database="postgres")
        replica = home / "replica"
        source = (
            f"host={self.hosts['primary'].address} user=replicator password=trial sslmode=require"
        )
        self._postgres(
            "replica", "pg_basebackup", "--dbname", source, "--pgdata", str(replica),
            "--wal-method", "stream", "--write-recovery-conf", "--create-slot", "--slot", "replica1",
            "--checkpoint", "fast",
        )  # fmt: skip
        with (replica / "postgresql.conf").open("a") as file:
            file.write(f"\ninclude '{home}/replica.conf'\n")
        self._serve("replica", replica, home)

    def _postgres(self, host: str, tool: str, *words: str) -> str:
        return self.hosts[host].run(str(self.binaries / tool), *words, user="postgres")

    def _serve(self, host: str, data: Path, home: Path) -> None:
        socket = home / f"{host}-socket"
        socket.mkdir()
        shutil.chown(socket, "postgres")
        self.hosts[host].start(
            str(self.binaries / "postgres"), "-D", str(data), "-c", f"unix_socket_directories={socket}",
            user="postgres",
        )  # fmt: skip
        until(lambda: self.sql(host, "SELECT 1", database="postgres") == "1", f"{host} answers")

    def sql(self, host: str, statement: str, database: str = "ortaq") -> str:
        """What a server answers to its own administrator."""
        socket = self.var / "postgresql" / f"{host}-socket"
        words = ["psql", "--host", str(socket), "--dbname", database, "-XAtc", statement]
        return self.hosts[host].run(*words, user="postgres").strip()

    def said(self, host: str, words: str) -> int:
        """How often a server's log has these words."""
        return (self.var / "logs" / f"{host}.log").read_text(errors="replace").count(words)

    # --- Everything else ------------------------------------------------------------------------------

    def store(self) -> None:
        host = self.hosts["store"]
        server = str(Path(sys.executable).with_name("moto_server"))
        host.start(
            server, "-H", host.address, "-p", str(STORE_PORT), env={"PYTHONWARNINGS": "ignore"}
        )
        address = f"http://{host.address}:{STORE_PORT}"
        until(lambda: asked(host.address, STORE_PORT, "/") is not None, "the store answers")
        import boto3

        boto3.client(
            "s3",
            endpoint_url=address,
            aws_access_key_id="trial",
            aws_secret_access_key="trial",
            region_name="us-east-1",
        ).create_bucket(Bucket="ortaq")

    def web(self, host: str, release: str) -> float:
        """Start the pages on a host; seconds until it is ready."""
        self.release[host] = self.release[release]
        one = self.hosts[host]
        one.start(
            sys.executable, "-m", "ortaq", "serve", "--host", one.address, "--port", "8000",
            "--workers", "2", "--threads", "8",
            env={**self.environment(host), "ORTAQ_STATEMENT_TIMEOUT": "30"},
            cwd=str(self.release[release]),
        )  # fmt: skip
        return until(lambda: asked(one.address, 8000, "/ready/") == 200, f"{host} is ready", 120)

    def worker(self, host: str, release: str) -> None:
        self.release[host] = self.release[release]
        self.hosts[host].start(
            sys.executable, "-m", "ortaq", "work",
            env=self.environment(host), cwd=str(self.release[release]),
        )  # fmt: skip

    def proxy(self) -> str:
        """Nginx with the configuration of `deploy/`; what `nginx -t` says."""
        etc = self.var / "nginx"
        etc.mkdir()
        certificate(etc, NAME)
        main = nginx.configure(
            self.var,
            [f"{self.hosts[name].address}:8000" for name in ("web1", "web2")],
            f"server_name {NAME};\nssl_certificate {etc}/{NAME}.pem;\n"
            f"ssl_certificate_key {etc}/{NAME}.key;\n",
        )
        host, program = self.hosts["proxy"], nginx.program() or "nginx"
        told = subprocess.run(
            host.command([program, "-t", "-c", str(main)]),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if told.returncode:
            raise SystemExit(f"nginx -t:\n{told.stderr}")
        host.start(program, "-c", str(main), "-g", "daemon off;")
        until(lambda: asked(host.address, 80, "/") == 308, "the proxy answers")
        return told.stderr.strip().rpartition(" ")[2]

    def second_release(self) -> None:
        """The same program with another version, a column more and a longer text, as an upgrade that may roll brings them."""
        copy = self.var / "second"
        leave = shutil.ignore_patterns("__pycache__", "tests")
        shutil.copytree(ROOT / "ortaq", copy / "ortaq", ignore=leave)
        shutil.copy(ROOT / "pyproject.toml", copy)
        said = copy / "ortaq" / "__init__.py"
        lines = [line for line in said.read_text().splitlines() if "__version__" not in line]
        said.write_text("\n".join([*lines, '__version__ = "1.0.1-trial"', ""]))
        for room, was, will in WIDENED:
            models = copy / "ortaq" / room / "models.py"
            text = models.read_text()
            if was not in text:
                raise SystemExit(f"The second release cannot change {room}: “{was}” is not there.")
            models.write_text(text.replace(was, will, 1))
        self.release["second"] = copy
        env = {
            **self.environment("web2"),
            "ORTAQ_DATABASE_URL": f"sqlite:///{self.var}/none.sqlite3",
        }
        env.pop("ORTAQ_REPLICA_URL")
        rooms = [room for room, _was, _will in WIDENED]
        words = [sys.executable, "-m", "ortaq", "makemigrations", *rooms, "-n", "expand"]
        self.hosts["web2"].run(*words, env=env, cwd=str(copy))


def asked(address: str, port: int, path: str) -> int | None:
    """The status of an answer; None where nobody answers."""
    link = http.client.HTTPConnection(address, port, timeout=5)
    try:
        link.request("GET", path)
        return link.getresponse().status
    except OSError:
        return None
    finally:
        link.close()


def certificate(folder: Path, name: str) -> None:
    """A certificate that its owner has signed."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
         "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / f"{name}.key").chmod(0o600)
