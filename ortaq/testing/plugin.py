"""Fixtures and habits that every test of the house shares (loaded by the root conftest)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from ortaq.testing.clock import TestClock

REQUIREMENT = re.compile(r"[A-Z]{2,3}(-[A-Z]+)?-[A-Z0-9]+(-[0-9]+)?")

# The same examples on every run: a red suite is red for everybody. `--hypothesis-profile=search`
# looks for new ones.
hypothesis.settings.register_profile("ortaq", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("search", deadline=None, max_examples=2000)
# What holds for a hundred examples on one database is tried with a few on the other.
hypothesis.settings.register_profile(
    "again", deadline=None, derandomize=True, database=None, max_examples=15
)
hypothesis.settings.load_profile("ortaq")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("ortaq")
    group.addoption(
        "--only-database",
        action="store_true",
        help="run only tests that touch the database, and no browser (the PostgreSQL run)",
    )
    group.addoption(
        "--repeated", type=Path, help="a file that names the tests that --only-database keeps"
    )
    group.addoption(
        "--statements", type=Path, help="a folder for what tests send (ortaq.testing.statements)"
    )
    group.addoption(
        "--every-page", action="store_true", help="look at every page with axe: some twenty minutes"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--only-database"):
        hypothesis.settings.load_profile("again")
    # Pages are tested in Kazakh: compile what is translated, once, before workers start.
    if not hasattr(config, "workerinput"):
        from django.utils.translation.reloader import translation_file_changed

        from ortaq.core.catalogues import compile_all

        compile_all()
        # This process may have read them before they were there; it forgets that, as a server that is written on does.
        translation_file_changed(None, Path("django.mo"))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Of a page the client records the template that was asked for, and none of the hundreds within. What is
    loaded by now stays: looking through it for rubbish again and again was a sixteenth of the suite.
    """
    import gc

    import django.test.client

    gc.freeze()
    gc.set_threshold(200_000, 20, 20)

    client: Any = django.test.client
    record = client.store_rendered_templates

    def record_first(store: dict[str, Any], *told: Any, **more: Any) -> None:
        if "context" not in store:
            record(store, *told, **more)

    client.store_rendered_templates = record_first

    from ortaq.testing import emptying, refusing, remembered

    emptying.lighten()
    refusing.as_postgresql_does()
    remembered.watch()
    if session.config.getoption("--statements"):
        from ortaq.testing import statements

        statements.listen()


def pytest_sessionfinish(session: pytest.Session) -> None:
    import gc

    gc.freeze()  # at its end pytest would look through all there is five times
    folder = session.config.getoption("--statements")
    if folder:
        from ortaq.testing import statements

        statements.write(folder, os.environ.get("PYTEST_XDIST_WORKER", "alone"))


def in_one_piece(act: Callable[..., Any], **given: Any) -> Any:
    return act(**given)


# Python 3.11 takes memory for calls in pieces of 16 KB and gives each back when left: at the edge of
# a piece every call costs two system calls, a tenth of the suite. This call asks for 2 MB at once.
in_one_piece.__code__ = in_one_piece.__code__.replace(co_stacksize=140_000)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    from ortaq.testing import remembered, statements

    remembered.begin()
    runner: Any = item.config.pluginmanager.get_plugin("runner")
    statements.begin()
    done = in_one_piece(runner.pytest_runtest_protocol, item=item, nextitem=nextitem)
    # What walks through everything sends everything, and on PostgreSQL less of it: it counts for none.
    if _touches_database(item) and not item.get_closest_marker("every_database"):
        statements.end(item.nodeid, repeated_anyway=always_repeated(item))
    return done


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hypothesis.settings.get_current_profile_name() != "search":
        # Among what it draws Hypothesis puts now and then one of ten thousand words out of our own modules: of those
        # that this process has loaded by then, so that examples differ from run to run; and reading them costs time.
        from hypothesis.internal.conjecture import providers

        providers._get_local_constants = lambda: providers._local_constants  # noqa: SLF001 - it has no setting
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        for mark in item.iter_markers("req"):
            wrong = [name for name in mark.args if not REQUIREMENT.fullmatch(str(name))]
            if wrong or not mark.args:
                raise pytest.UsageError(f"{item.nodeid}: not the ID of a requirement: {wrong}")
    if not config.getoption("--every-page"):
        long = [item for item in items if item.get_closest_marker("every_page")]
        items[:] = [item for item in items if item not in long]
        config.hook.pytest_deselected(items=long)
    if config.getoption("--statements"):
        from ortaq.testing import statements

        repeated = (item for item in items if always_repeated(item) and _touches_database(item))
        statements.always |= {item.nodeid.partition("::")[0] for item in repeated}
    # What takes longest is begun first: nobody waits for it at the end.
    items.sort(key=_brevity)
    if config.getoption("--only-database"):
        kept, dropped = _parted(items, config.getoption("--repeated"))
        items[:] = kept
        config.hook.pytest_deselected(items=dropped)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Tests of a module share its scenes, so one worker runs them all; walks through the whole house are
    long, and share a world where they name one: "test_...[World]".
    """
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

    class ByModule(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
        def _split_scope(self, nodeid: str) -> str:
            if _walks_the_house(nodeid):
                return nodeid.rpartition("[")[2]
            return nodeid.partition("::")[0]

    return ByModule(config, log)


def _walks_the_house(nodeid: str) -> bool:
    return "/site/" in nodeid


def _brevity(item: pytest.Item) -> int:
    """The journey, which mostly waits for its browser; walks; the story of the demonstration; what else
    waits for a browser; all else.
    """
    waits = item.get_closest_marker("browser") is not None
    if _walks_the_house(item.nodeid):
        return 0 if waits else 1
    if "/demo/" in item.nodeid:
        return 2
    return 3 if waits else 4


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """What is skipped on one database has something to say on the other."""
    if report.skipped:
        from ortaq.testing import statements

        statements.hear(report.nodeid)


def _parted(items: list[pytest.Item], file: Path | None) -> tuple[list[pytest.Item], ...]:
    """The tests that PostgreSQL repeats, and the others; without `file` all that touch a database."""
    named = set(file.read_text().splitlines()) if file else None

    def repeated(item: pytest.Item) -> bool:
        chosen = named is None or item.nodeid in named or always_repeated(item)
        return chosen and _touches_database(item)

    return [one for one in items if repeated(one)], [one for one in items if not repeated(one)]


def _touches_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("browser") or item.get_closest_marker("once"):
        return False
    # What pages say is the same on every database; that each answers there is what `test_bad_input`
    # walks all of them for.
    if item.path.stem.endswith("_pages"):
        return False
    return item.get_closest_marker("django_db") is not None or _asks_for(
        item, "db", "transactional_db"
    )


def always_repeated(item: pytest.Item) -> bool:
    """Whether databases may differ in more than the statement: in what they take and give (marked), who
    waits for whom (several transactions), and how the house's own fields, letters and locks work (core).
    """
    mark = item.get_closest_marker("django_db")
    return bool(
        item.get_closest_marker("every_database")
        or (mark and mark.kwargs.get("transaction"))
        or _asks_for(item, "transactional_db", "live_server")
        or "/core/" in item.nodeid
    )


def _asks_for(item: pytest.Item, *names: str) -> bool:
    return not set(names).isdisjoint(getattr(item, "fixturenames", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end, in one place, what this machine could not prove."""
    missing = {
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and "not found" in report.longrepr[2]
    }
    missing |= set(filter(None, os.environ.get("ORTAQ_SUITE_SKIPPED", "").split("\n")))
    for reason in sorted(missing):
        terminalreporter.write_line(f"SKIPPED: {reason}", yellow=True, bold=True)


@pytest.fixture
def clock() -> Iterator[TestClock]:
    """A clock that stands still: `clock.set(instant)`, `clock.travel(days=1)`."""
    from ortaq.core.clock import now
    from ortaq.testing.clock import TestClock

    test_clock = TestClock()
    test_clock.begin(now().replace(microsecond=0))
    yield test_clock
    test_clock.release()


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Lightens walks over thousands of pages: who asks is known, and that no query is one too many is left
    to the tests of each room.
    """
    from ortaq.testing.remembered import of_no_matter
    from ortaq.testing.walking import Acquaintances

    acquaintances = Acquaintances()
    with of_no_matter():
        monkeypatch.setattr("django.contrib.auth.middleware.auth.get_user", acquaintances.person)
        monkeypatch.setattr("ortaq.people.actor.actor_for", acquaintances.actor_for)
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("zeal.")]


@pytest.fixture
def walking(known: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `known`; and whoever asks for what is not theirs gets one word and no page."""
    from ortaq.documents.downloads import FORMATS
    from ortaq.testing.remembered import of_no_matter
    from ortaq.testing.walking import made_once

    with of_no_matter():
        monkeypatch.setattr("ortaq.site.urls.handler404", "ortaq.testing.walking.plain_absence")
        for kind, (make, media_type) in tuple(FORMATS.items()):
            monkeypatch.setitem(FORMATS, kind, (made_once(make), media_type))


@pytest.fixture
def undoing(walking: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `walking`, where each request is undone: a reader's page of the same refusal is drawn once. Not for
    whoever looks whether a page has changed.
    """
    from ortaq.testing.remembered import of_no_matter
    from ortaq.testing.walking import Refusals

    with of_no_matter():
        monkeypatch.setattr("ortaq.faces.views.error", Refusals().error)


@pytest.fixture(autouse=True)
def _kazakh() -> Iterator[None]:
    """Each test begins in the default language, whatever the one before switched on."""
    from django.conf import settings
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield
