"""The OpenAPI document against what the code answers: asked for all that it allows, and for what it does not."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from ortaq.gazette import keeping

from .scenes import Room, room

pytestmark = pytest.mark.django_db
FEW = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def here(clock) -> Room:
    return room(clock)


def test_the_document_is_openapi_3_1_and_every_operation_says_how_it_fails(db):
    answer = Client().get("/api/v1/openapi.json")
    document = answer.json()
    assert document["openapi"].startswith("3.1")
    for address, methods in document["paths"].items():
        for method, one in methods.items():
            assert {"404", "422", "429"} <= set(one["responses"]), (address, method)
            own = address.startswith("/api/v1/own/")
            assert ("security" in one, "401" in one["responses"]) == (own, own)
            assert ("409" in one["responses"]) == (method == "post" and "files" not in address)


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A server closes its connection between requests; here it holds the test's own rows."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.once
@pytest.mark.usefixtures("one_connection")
def test_no_request_breaks_anything_and_every_answer_is_of_its_schema(here, settings):
    """Schemathesis by its own library: loading its plugin for every module would take seconds each."""
    if connection.vendor != "sqlite":
        pytest.skip("the same on every database")
    settings.ORTAQ_API_TOKEN_LIMIT = 10**6
    keeping.catch_up()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import schemathesis
        from schemathesis.checks import not_a_server_error
        from schemathesis.specs.openapi import checks

        wanted = [
            not_a_server_error,
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_schema_conformance,
        ]
        config = schemathesis.Config.from_dict({"analysis": {"constants": {"enabled": False}}})
        schema = schemathesis.openapi.from_wsgi(
            "/api/v1/openapi.json", get_wsgi_application(), config=config
        )
        asked = 0
        for found in schema.get_all_operations():
            operation: Any = found.ok()  # type: ignore[union-attr]
            modes = schemathesis.GenerationMode
            takes = list(operation.body) or list(operation.query)
            # What takes nothing can be sent nothing that its document forbids.
            for mode in (modes.POSITIVE, modes.NEGATIVE) if takes else (modes.POSITIVE,):
                asked += _ask(operation.as_strategy(generation_mode=mode), here, wanted)
    assert asked > 60


def _ask(strategy: Any, here: Room, wanted: list[Any]) -> int:
    """Send what the strategy makes with the token, half of it to the rows that are there; how often."""
    asked = [0]

    @FEW
    @given(strategy)
    def ask(case: Any) -> None:
        asked[0] += 1
        if asked[0] % 2 and case.path_parameters:
            there = {"pk": here.project.pk, "event": here.event.pk, "number": 1}
            for name in set(there) & set(case.path_parameters):
                case.path_parameters[name] = there[name]
        # Whoever asks a program without a server unpacks nothing.
        headers = {"Authorization": f"Bearer {here.token}", "Accept-Encoding": "identity"}
        response = case.call(headers=headers)
        case.validate_response(response, checks=wanted)

    ask()
    return asked[0]
