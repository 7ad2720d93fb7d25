"""A browser whose person proved a while ago who they are."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    record_authentication,
)
from django.test import Client

from ortaq.people.models import User

PASSWORD = "steppe-wind-2020"  # noqa: S105 - of an invented person


def proved(person: User | None, minutes: int) -> Any:
    """A `Client`, signed in with a password that was typed so many minutes ago and can be typed again (`prove`)."""
    assert person is not None
    person.set_password(PASSWORD)
    person.save()
    found = Client()
    found.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = found.session
    record_authentication(SimpleNamespace(session=session), person, "password")
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] = time.time() - minutes * 60
    session.save()
    return found


def prove(browser: Client, address: str) -> Any:
    """Answer the page that asks for a proof."""
    return browser.post(address, {"password": PASSWORD})
