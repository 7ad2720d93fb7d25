"""The strings that an app shows, collected by gettext in a copy, so that nothing is changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from ortaq.core.catalogues import keys


def extractor() -> str | None:
    """The path of gettext's `xgettext`, or None."""
    return shutil.which("xgettext")


def collected(apps: list[Path], folder: Path) -> dict[str, list[str]]:
    """The messages in the sources and templates of each of `apps`, by its name and in their order; `folder` is an empty one to work in."""
    apart = shutil.ignore_patterns("locale", "__pycache__", "tests", "static", "migrations")
    for app in apps:
        shutil.copytree(app, folder / app.name, ignore=apart)
        # With a folder of its own for catalogues, which is where what stands beside it is collected.
        (folder / app.name / "locale").mkdir()
    command = ["-m", "django", "makemessages", "--locale", "kk", "--verbosity", "0"]
    # Django's own commands must not meet our settings: the copy is no app.
    environment = {
        key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"
    }
    subprocess.run([sys.executable, *command], cwd=folder, env=environment, check=True)
    made = {app.name: folder / app.name / "locale/kk/LC_MESSAGES/django.po" for app in apps}
    return {name: keys(file) if file.exists() else [] for name, file in made.items()}
