"""The demonstration, loaded once for the tests of a module and gone after them."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.conf import settings as conf
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from ortaq.core import clock
from ortaq.demo import loading, story, tours, travel
from ortaq.testing import signing

CLOCK = "ortaq.demo.middleware.TravellingClockMiddleware"


def without_counts() -> list[str]:
    """A journey takes many steps within one request: there no query is one too many."""
    return [name for name in conf.MIDDLEWARE if not name.startswith("zeal.")]


@pytest.fixture
def demo(settings: Settings) -> None:
    """An installation that is a demonstration, with its travelling clock."""
    settings.DEMO = True
    settings.MIDDLEWARE = [CLOCK, *without_counts()]


# What came of a step of a tour: the answer, whose page it was, and its address.
Walked = dict[tuple[str, int], tuple[int, object, str]]


def loaded(stage: str, blocker: DjangoDbBlocker, walked: Walked | None = None) -> Iterator[None]:
    """Inside a transaction that is rolled back when the last test of the module is done. As `make run` has it,
    contracts are signed electronically. At each stage on the way `walked` is told what came of the tours' steps.
    """
    with (
        blocker.unblock(),
        transaction.atomic(),
        translation.override("kk"),
        override_settings(ORTAQ_SIGNATURES=["contract=required"]),
        patch("ortaq.demo.keys.authority", signing.authority),
    ):
        loading.build("announced")
        for name, at in story.STAGES.items():
            if name != "announced":
                travel.tell(at, strict=True)
                with clock.frozen(at):
                    travel.daily_work()
                travel.arrive(at)
            if walked is not None:
                walked |= tour_steps(name)
            if name == stage:
                break
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def announced(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The competition is announced, drafts are written."""
    yield from loaded("announced", django_db_blocker)


def tour_steps(stage: str) -> Walked:
    """Every step of every tour that belongs to `stage`, taken with one click, as a visitor does."""
    found: Walked = {}
    with override_settings(DEMO=True, MIDDLEWARE=[CLOCK, *without_counts()]):
        for tour in tours.TOURS:
            client = Client()
            for step in tour.steps:
                if step.stage != stage:
                    continue
                answer = client.post(
                    reverse("demo:step", args=[tour.key, step.number]), follow=True
                )
                actor = getattr(answer.wsgi_request, "actor", None)
                found[tour.key, step.number] = (
                    answer.status_code,
                    actor and actor.user,
                    answer.redirect_chain[-1][0],
                )
    return found


@pytest.fixture(scope="module")
def walked() -> Walked:
    """What came of the steps of all tours, each taken at its stage while the story was told."""
    return {}


@pytest.fixture(scope="module")
def ended(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, walked: Walked
) -> Iterator[None]:
    """The whole story."""
    yield from loaded("awarded", django_db_blocker, walked)
