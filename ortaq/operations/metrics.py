"""Figures for Prometheus: of every request, and of how the installation stands.

The processes of one server write into files of one folder (`serve` names it), and whichever is asked adds all of them up.
Labels are names of addresses, methods, states and names of jobs: there are only so many, and nobody's data is among them.
Without `ORTAQ_METRICS_TOKEN` nothing of it is loaded.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest

import ortaq

from .present import Watched
from .queries.figures import figures
from .readiness import readiness

BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)


def is_on() -> bool:
    return bool(settings.ORTAQ_METRICS_TOKEN)


def may_read(request: HttpRequest) -> bool:
    """Whether the request brings the token: `Authorization: Bearer …`. Without a token of the installation nobody does."""
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.ORTAQ_METRICS_TOKEN}"
    return is_on() and hmac.compare_digest(given.encode(), wanted.encode())


class _Meters:
    """Made when first needed: before, the folder of the processes is not named."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self.registry = CollectorRegistry()
        told: dict[str, Any] = {"registry": self.registry}
        self.requests = Counter(
            "ortaq_requests", "Requests answered", ("route", "method", "status"), **told
        )
        self.seconds = Histogram(
            "ortaq_request_seconds", "How long they took", ("route",), buckets=BUCKETS, **told
        )
        self.queries = Counter(
            "ortaq_request_queries", "Statements sent for them", ("route",), **told
        )
        self.database = Counter(
            "ortaq_request_database_seconds", "Time in the database", ("route",), **told
        )


_meters: _Meters | None = None


def meters() -> _Meters:
    global _meters  # noqa: PLW0603 - one for each process
    if _meters is None:
        _meters = _Meters()
    return _meters


def measure(method: str, status: int, watched: Watched, seconds: float) -> None:
    """One request more."""
    found = meters()
    found.requests.labels(watched.route, method, str(status)).inc()
    found.seconds.labels(watched.route).observe(seconds)
    found.queries.labels(watched.route).inc(watched.queries)
    found.database.labels(watched.route).inc(watched.database_seconds)


def exposition() -> bytes:
    """All figures, of all processes of this server, in the text format of Prometheus."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = meters().registry
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    standing = CollectorRegistry()
    standing.register(_Standing())
    return generate_latest(registry) + generate_latest(standing)


class _Standing:
    """How the installation stands at the moment of the question."""

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        version = GaugeMetricFamily("ortaq_version_info", "Version", labels=["version"])
        version.add_metric([ortaq.__version__], 1)
        yield version
        found = readiness()
        ready = GaugeMetricFamily("ortaq_ready", "1: works, 0: does not", labels=["check"])
        for name, state in found.checks.items():
            ready.add_metric([name], 1 if state == "ok" else 0)
        yield ready
        if found.checks.get("database") != "ok" or found.checks.get("migrations") != "ok":
            return
        now = figures()
        for name, about in GAUGES.items():
            if (value := getattr(now, name)) is not None:
                unit = "_seconds" if name.endswith("_age") else ""
                yield GaugeMetricFamily(f"ortaq_{name}{unit}", about, value=value)
        ages = GaugeMetricFamily(
            "ortaq_job_age_seconds", "Since the job last went well", labels=["job"]
        )
        failures = GaugeMetricFamily("ortaq_job_failures", "Failures in a row", labels=["job"])
        for job, age in now.jobs.items():
            if age is not None:
                ages.add_metric([job], age)
            failures.add_metric([job], now.job_failures[job])
        yield ages
        yield failures


GAUGES = {
    "duties_late": "Duties whose term has passed",
    "letters_waiting": "Letters that wait to be sent",
    "letters_failed": "Letters that could not be sent",
    "work_waiting": "Long work that waits for its turn",
    "work_running": "Long work that is being done",
    "faults_open": "Places of errors that nobody has dealt with",
    "slow_open": "Slow statements and requests that nobody has dealt with",
    "violations_open": "Content that browsers refused and nobody has dealt with",
    "database_bytes": "Size of the database",
    "files_bytes": "Size of the files that people handed in",
    "disk_free_bytes": "Free on the disk of the installation's folder",
    "seal_age": "Since the last sealed day of the journal",
    "backup_age": "Since the last good backup",
    "backup_bytes": "Size of the last good backup",
}
