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


def collected(app: Path, folder: Path) -> list[str]:
    """The messages in the sources and templates of `app`, in their order; `folder` is an empty one to work in."""
    copy = folder / app.name
    shutil.copytree(app, copy, ignore=shutil.ignore_patterns("locale", "__pycache__", "tests"))
    (copy / "locale").mkdir()
    command = ["-m", "django", "makemessages", "--locale", "kk", "--verbosity", "0"]
    # Django's own commands must not meet our settings: the copy is no app.
    environment = {
        key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"
    }
    subprocess.run([sys.executable, *command], cwd=copy, env=environment, check=True)
    made = copy / "locale" / "kk" / "LC_MESSAGES" / "django.po"
    return keys(made) if made.exists() else []
