"""What holds for the whole house, so that nobody has to remember it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest
from django.urls import URLResolver, get_resolver

from ortaq import law
from ortaq.core import catalogues
from ortaq.operations.console import ENTRIES
from ortaq.testing import traceability
from ortaq.testing.messages import collected, extractor

ROOT = Path(__file__).resolve().parents[3]
HOUSE = ROOT / "ortaq"
TOOLS = Path(sys.executable).parent
APPS = sorted(path.parent for path in HOUSE.glob("*/apps.py"))
SPLIT_OR_WHOLE = "{0}.py", "{0}/__init__.py"


def sources(pattern: str) -> list[Path]:
    """Files of the house that run, tests apart."""
    found = [
        path
        for path in HOUSE.rglob(pattern)
        if not {"tests", "testing", "migrations"} & set(path.relative_to(HOUSE).parts)
    ]
    assert found
    return sorted(found)


def has(app: Path, room: str) -> bool:
    return any((app / form.format(room)).exists() for form in SPLIT_OR_WHOLE)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines_with(pattern: str, paths: list[Path]) -> list[str]:
    """Every place where `pattern` stands: "file:line: text"."""
    return [
        f"{name(path)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(TOOLS / command[0]), *command[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_go_down_only():
    done = run("lint-imports", "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_modules_import_each_other_in_a_circle():
    graph = grimp.build_graph("ortaq", cache_dir=None)
    imports = {one: graph.find_modules_directly_imported_by(one) for one in graph.modules}
    TopologicalSorter(imports).prepare()  # raises CycleError, which names the circle


def test_only_the_clock_asks_the_system_what_time_it_is():
    done = run("ruff", "check", "--no-cache", "--select", "TID251", "ortaq")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("app", [*APPS, HOUSE / "law"], ids=lambda path: path.name)
def test_every_room_introduces_itself(app):
    introduction = app / "README.md"
    assert introduction.exists(), f"{name(app)} has no README.md"
    assert len(introduction.read_text("utf-8").split()) >= 60


@pytest.mark.parametrize(
    "app",
    [app for app in APPS if has(app, "procedure") and app.name != "core"],
    ids=lambda p: p.name,
)
def test_a_room_with_a_procedure_has_all_the_others(app):
    rooms = ("models", "procedure", "queries", "policy", "views", "urls", "tests")
    assert [room for room in rooms if not has(app, room) and not (app / room).is_dir()] == []


@pytest.mark.parametrize("app", [app for app in APPS if has(app, "models")], ids=lambda p: p.name)
def test_a_room_has_one_first_migration_and_others_in_a_row_after_it(app):
    """What a release brought is changed by a migration of its own, with a name that says what it does."""
    first, *later = sorted(path.stem for path in app.glob("migrations/[0-9]*.py"))
    assert first == "0001_initial"
    assert [one[:4] for one in later] == [f"{number:04}" for number in range(2, len(later) + 2)]
    assert [one for one in later if "_auto_" in one] == []


def test_pins_name_packages_and_hashes_and_never_a_registry():
    pins = sorted((ROOT / "requirements").glob("*.txt"))
    assert pins
    assert lines_with(r"://|--(extra-)?index-url|--find-links", pins) == []
    for path in pins:
        packages = re.split(r"\n(?=\w)", path.read_text("utf-8"))[1:]
        assert packages
        assert [package for package in packages if "--hash=sha256:" not in package] == []
    lock = ROOT / "package-lock.json"
    assert lines_with(r'"resolved"|registry', [lock]) == []


def addresses(under: URLResolver, room: str = "") -> Iterator[str]:
    """The name of every address of the rooms: "grants:check"."""
    for found in under.url_patterns:
        if isinstance(found, URLResolver):
            yield from addresses(found, found.namespace or room)
        elif room:
            yield f"{room}:{found.name}"


# What a view or a letter leads to, and no template by name.
LED_TO_BY_CODE = {
    "faces:components",  # for those who build pages: ortaq/faces/README.md
    "grants:application_conflict",  # the form on the page of a part
    "grants:application_details",
    "grants:application_files",
    "grants:application_letter",
    "opendata:ocds_process",  # each record names its own
    "opendata:recalculate_grant_file",  # the page of a result names it in what to run
    "opendata:recalculate_tender_file",
    "operations:health",  # asked by machines: docs/deployment.md
    "operations:metrics",
    "operations:ready",
    "operations:report_violation",  # the content policy of every page names it
    "oversight:questionnaire",  # a QR code and a link that whoever does the visit sends
    "planning:comment_confirm",  # a letter's link
    "planning:service_check",  # asked while one types
    "prizes:conflict",  # the form on the page of a part
    "prizes:files",
    "prizes:scored",  # where a sheet of points shows the application
    "portal:body",  # wherever a page names a state body: `hooks.organisation_page`
    "portal:calendar",
    "portal:dashboard",  # the navigation
    "portal:home",
    "projects:small_grants_receipt",  # where the sender of an application is led
    "registry:return_conflict",  # the form on the page of a part
    "registry:return_finish",
    "signing:package",  # the panel of signatures knows of what
    "signing:sign",
    "subscriptions:asked",  # where whoever has subscribed is led
    "subscriptions:never",  # a letter's link
    "subscriptions:organisation",  # an address to be copied into a calendar
    "tenders:opening_key",  # the navigation, where two persons open bids
    "tenders:bid_conflict",  # the form on the page of a part
    "tenders:bid_files",
}


def test_every_page_is_led_to_by_a_link():
    """A page that only its address opens is no page for anybody. The addresses of steps are
    apart: the view that offers a step says where its button posts to.
    """
    linked = set(
        re.findall(
            r"""(?:url |address=)['"]([a-z]+:\w+)['"]""",
            "".join(p.read_text() for p in sources("*.html")),
        )
    )
    named = set(addresses(get_resolver()))
    assert len(named) > 100
    # What is for programs is led to by its own document.
    pages = {page for page in named if not page.endswith("_step") and not page.startswith("v1:")}
    console = {entry.view for entry in ENTRIES}  # its tabs
    assert sorted(pages - linked - LED_TO_BY_CODE - console) == []
    assert sorted(LED_TO_BY_CODE - named) == []


def test_templates_carry_no_inline_script_and_no_inline_style():
    templates = sources("*.html")
    assert lines_with(r"<script(?![^>]*\bsrc=)", templates) == []
    assert lines_with(r"<style\b|\sstyle=", templates) == []
    assert lines_with(r"\son[a-z]+=|javascript:|hx-on", templates) == []


def test_templates_do_not_switch_escaping_off():
    assert lines_with(r"\|\s*safe\b|autoescape off", sources("*.html")) == []


@pytest.mark.req("GR-X-07", "GR-X-24")
def test_every_setting_of_the_grants_rules_is_read_or_says_that_it_is_not():
    rules = law.edition("grants_rules", "2020").data
    code = "\n".join(path.read_text("utf-8") for path in sources("*.py"))
    spans = [*rules["terms"].values(), *rules["windows"].values()]
    named = {row.get(part) for row in spans for part in ("amount", "least", "most")}

    def read(key: str) -> bool:  # whoever asks for the clause alone does not read the value
        return key in named or bool(re.search(rf'"{re.escape(key)}"(?!\)\.cite)', code))

    settings = rules["parameters"]
    silent = {key for key, row in settings.items() if row.get("informative")}
    assert {key for key in settings if not read(key)} == silent


def test_money_and_points_are_never_floats():
    python = sources("*.py")
    assert lines_with(r"\bFloatField\b", python) == []
    assert lines_with(r"\bfloat\(", python) == []


def test_every_message_of_every_catalogue_is_translated():
    gaps = [gap for source in catalogues.catalogues() for gap in catalogues.gaps(source)]
    assert gaps == []


@pytest.fixture(scope="module")
def strings(tmp_path_factory) -> dict[str, list[str]]:
    """What each room says, in the order of `make messages`; collected once for all of them."""
    if extractor() is None:
        pytest.skip("collecting strings: xgettext not found: install gettext")
    return collected(APPS, tmp_path_factory.mktemp("strings"))


def test_strings_are_collected_of_rooms(strings):
    assert sum(map(bool, strings.values())) > 20


@pytest.mark.parametrize("app", APPS, ids=lambda path: path.name)
def test_the_catalogues_of_a_room_are_what_make_messages_writes(app, strings):
    for language in catalogues.LANGUAGES:
        known = catalogues.known(app, language)
        missing = set(strings[app.name]) - set(known)
        assert missing == set(), f"{language}: run `make messages` and translate"
        assert known == strings[app.name], (
            f"{language}: run `make messages`: it puts them in this order"
        )


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_rooms_agree_on_the_words_for_one_message(language):
    assert catalogues.disagreements(language) == [], "same words, or a context of its own"


def test_placeholders_survive_translation():
    assert [
        wrong
        for source in catalogues.catalogues()
        for wrong in catalogues.wrong_placeholders(source)
    ] == []


def test_the_page_of_requirements_is_current():
    assert traceability.PAGE.read_text("utf-8") == traceability.page(), "run `make traceability`"


def test_every_requirement_has_a_test_or_a_reason_for_none():
    assert [
        requirement.id
        for requirement in traceability.requirements()
        if not requirement.tests and not requirement.reason
    ] == []


def test_a_reason_for_no_test_ends_when_there_is_one():
    assert [
        requirement.id
        for requirement in traceability.requirements()
        if requirement.tests and requirement.reason
    ] == []


def test_every_contradiction_has_a_line_that_says_what_is_done():
    page = (traceability.ROOT / "docs" / "contradictions.md").read_text("utf-8")
    rows = [line.split(" | ")[0].removeprefix("| ") for line in page.splitlines()]
    named = [
        each.id for each in traceability.requirements() if each.id.startswith(("SO-X", "GAP-T"))
    ]
    assert sorted(row for row in rows if row in named) == sorted(named)


def test_every_requirement_that_a_test_proves_is_named_where_it_is_built():
    built = traceability.requirements()
    assert [each.id for each in built if each.tests and not each.code] == []
