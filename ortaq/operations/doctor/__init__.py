"""`ortaq doctor`: what is wrong with an installation, why it matters, what to type. Also where Django cannot start."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from . import machine
from .told import Trouble

__all__ = ["Trouble", "examine", "main"]


def main(environ: Mapping[str, str] | None = None) -> int:
    """Tell everything that is wrong; 1 when something is, 0 when all is well or there is only advice."""
    found = list(examine(os.environ if environ is None else environ))
    wrong = [one for one in found if one.wrong]
    for one in [*wrong, *(one for one in found if not one.wrong)]:
        sys.stdout.write(f"{one}\n\n")
    if not wrong:
        sys.stdout.write("This installation is sound.\n")
        return 0
    sys.stderr.write(f"Wrong: {len(wrong)}.\n")
    return 1


def examine(environ: Mapping[str, str]) -> Iterator[Trouble]:
    """From the ground up: the machine, the settings, what they lead to. What cannot be reached is not asked."""
    found = list(machine.troubles(environ))
    yield from found
    if any(one.stops for one in found):
        return
    try:
        settings = _settings()
    except OSError as error:
        yield Trouble(
            f"{error.filename} cannot be read or written ({error.strerror}).",
            "The secret key and the data of the installation lie there; no command works without them.",
            "Give it to the user of the service with `chown`, or name another folder by ORTAQ_VAR. Somebody else's shell? "
            "Use `sudo -u ortaq`.",
        )
        return
    except Exception as error:  # noqa: BLE001 - whatever it is, it is explained
        yield Trouble(
            f"The settings cannot be read ({type(error).__name__}: {error}).",
            "No page and no command works.",
            "Look at the variables that begin with ORTAQ_; `ortaq settings` lists what each of them may be.",
        )
        return
    from . import settled

    yield from settled.troubles(settings)
    try:
        import django

        django.setup()
    except Exception as error:  # noqa: BLE001 - as above
        yield Trouble(
            f"The program cannot start ({type(error).__name__}: {error}).",
            "No page and no command works.",
            "If an upgrade was broken off, install the version anew: `pip install --force-reinstall ortaq`.",
        )
        return
    from . import running

    yield from running.troubles(settings)


def _settings() -> Any:
    """The settings, read to the end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ortaq.site.settings")
    from django.conf import settings

    settings.INSTALLED_APPS  # noqa: B018 - reads them
    return settings
