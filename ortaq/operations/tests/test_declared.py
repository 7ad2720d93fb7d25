"""What is said of settings and what the code reads are the same."""

from __future__ import annotations

import os
import re
from io import StringIO

import pytest
from django.core.management import call_command

from ortaq.operations import declared

# Who looks at the environment beside the settings, and why.
READERS = {
    "__main__.py": "before there are settings",
    "law/cli.py": "the language of a program without Django",
    "signing/cli.py": "a program for outsiders, without Django",
    "site/settings.py": "the settings themselves",
    "site/wsgi.py": "where the settings are",
    "site/management/commands/serve.py": "tells its processes where figures lie",
    "demo/loading.py": "whether a demonstration has a database of its own",
    "demo/management/commands/demo.py": "likewise",
    "operations/backup/secrets.py": "whether the secret key is a file of ours",
    "operations/metrics.py": "where figures lie, as prometheus-client wants it",
    "operations/doctor/__init__.py": "also where settings cannot be read",
    "operations/procedure/keys.py": "likewise",
    "operations/management/commands/settings.py": "shows what is set",
}


def test_every_setting_says_what_it_is_and_has_a_default_that_can_be_read():
    found = declared.settings()
    assert len(found) > 80
    assert not [one.name for one in found if not one.about]
    numbers = [one for one in found if one.kind == declared.NUMBER and one.default[:1].isdigit()]
    assert not [one.name for one in numbers if one.trouble(one.default)]


def test_the_page_of_settings_is_that_of_the_code():
    page = declared.HOUSE.parent / "docs" / "settings.md"
    assert page.read_text() == declared.page(), "Run `python -m ortaq settings --page`."


def test_nobody_else_reads_the_environment():
    readers = {
        str(path.relative_to(declared.HOUSE))
        for path in declared.HOUSE.rglob("*.py")
        if re.search(r"os\.(environ|getenv)", path.read_text())
        and not {"tests", "testing"} & set(path.parts)
    }
    assert readers - {"operations/declared.py"} <= set(READERS)


def test_every_variable_that_the_settings_read_is_declared():
    source = declared.SETTINGS.read_text()
    read = set(re.findall(r'"(ORTAQ_[A-Z0-9_]+)"', source))
    assert read == {one.name for one in declared.settings()}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("ORTAQ_PROXIES", "number"), ("ORTAQ_DEMO", "yes or no"), ("ORTAQ_HOSTS", "words")],
)
def test_the_kind_of_a_setting_is_how_it_is_read(name, kind):
    assert next(one.kind for one in declared.settings() if one.name == name) == kind


def test_secrets_are_shown_to_nobody(monkeypatch):
    for name in ("ORTAQ_SECRET_KEY", "ORTAQ_DATABASE_URL", "ORTAQ_EMAIL_PASSWORD"):
        monkeypatch.setitem(os.environ, name, "hidden-value")
    monkeypatch.setitem(os.environ, "ORTAQ_SITE_URL", "https://shown.example.kz")
    told = StringIO()
    call_command("settings", stdout=told)
    assert "hidden-value" not in told.getvalue()
    assert "ORTAQ_SITE_URL = https://shown.example.kz" in told.getvalue()
