"""The demonstration, loaded once for the tests of a module and gone after them."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import translation
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from ortaq.demo import loading
from ortaq.testing import signing


@pytest.fixture
def demo(settings: Settings) -> None:
    """An installation that is a demonstration, with its travelling clock."""
    settings.DEMO = True
    # A journey takes many steps within one request: there no query is one too many.
    others = [name for name in settings.MIDDLEWARE if not name.startswith("zeal.")]
    settings.MIDDLEWARE = ["ortaq.demo.middleware.TravellingClockMiddleware", *others]


def loaded(stage: str, blocker: DjangoDbBlocker) -> Iterator[None]:
    """Inside a transaction that is rolled back when the last test of the module is done. As `make run` has it,
    contracts are signed electronically.
    """
    with (
        blocker.unblock(),
        transaction.atomic(),
        translation.override("kk"),
        override_settings(ORTAQ_SIGNATURES=["contract=required"]),
        patch("ortaq.demo.keys.authority", signing.authority),
    ):
        loading.build(stage)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def announced(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The competition is announced, drafts are written."""
    yield from loaded("announced", django_db_blocker)


@pytest.fixture(scope="module")
def ended(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The whole story."""
    yield from loaded("awarded", django_db_blocker)
