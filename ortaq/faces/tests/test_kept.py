"""What is kept of a page for all readers never holds what belongs to one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.template import Context, engines
from django.test import RequestFactory
from django.utils import translation

from ortaq.faces import hooks
from ortaq.faces.addresses import address
from ortaq.faces.context import house
from ortaq.faces.tags.kept import _drawn, kept
from ortaq.people.actor import PASSER_BY

TELL_ALL = "{{ request }}{{ actor }}{{ user }}{{ csrf_token }}{{ word }}"


def django_engine() -> Any:
    engine: Any = engines["django"]
    return engine.engine


@pytest.fixture
def curious(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A template that says everything of the reader that it can see."""
    engine = django_engine()
    usual = engine.get_template

    def found(name: str) -> Any:
        return engine.from_string(TELL_ALL) if name == "curious" else usual(name)

    monkeypatch.setattr(engine, "get_template", found)
    _drawn.cache_clear()
    yield
    _drawn.cache_clear()


def test_a_kept_piece_sees_nothing_of_its_reader(curious: None) -> None:
    request = RequestFactory().get("/", headers={"cookie": "sessionid=mine"})
    page = django_engine().from_string("{% kept 'curious' word=word %}")
    known = {"request": request, "actor": "Aliya", "user": "Aliya", "csrf_token": "mine"}
    assert page.render(Context({**known, "word": "one"})) == "one"
    assert page.render(Context({**known, "word": "two"})) == "two"


def test_a_kept_piece_is_drawn_once_for_each_language_and_place(
    curious: None, settings: Any
) -> None:
    for language in ("kk", "ru"):
        with translation.override(language):
            first, again = (kept("faces/sign_in.html") for _ in range(2))
            assert first is again
    assert _drawn.cache_info().misses == 2
    with translation.override("kk"):
        own = kept("faces/sign_in.html")
        settings.ROOT_URLCONF = "ortaq.site.urls_elsewhere"
        with pytest.raises(
            ModuleNotFoundError
        ):  # not answered from what was kept for other addresses
            kept("faces/sign_in.html")
        settings.ROOT_URLCONF = "ortaq.site.urls"
        assert kept("faces/sign_in.html") is own


def test_two_readers_get_each_their_own_navigation(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = hooks.Entry(
        "faces:law",
        "Only for Aliya",
        shown=lambda request: getattr(request, "actor", None) == "Aliya",
    )
    monkeypatch.setattr(hooks, "navigation", [hooks.Entry("faces:law", "For all"), secret])
    drawn = {}
    for reader in ("Aliya", "Bolat", "Aliya", PASSER_BY):
        request: Any = RequestFactory().get("/")
        request.actor = reader
        drawn[str(reader)] = kept("faces/navigation.html", navigation=house(request)["navigation"])
    assert "Only for Aliya" in drawn.pop("Aliya")
    assert drawn
    assert all("For all" in one and "Only for" not in one for one in drawn.values())


def test_an_address_found_quickly_is_the_one_that_is_looked_up() -> None:
    from django.urls import reverse

    for view, args in (
        ("grants:application", [7]), ("grants:application_file", [12, 3_000_000]), ("faces:law", []),
        ("faces:edition", ["grants_rules", "2020"]),
    ):  # fmt: skip
        assert address(view, args) == address(view, args) == reverse(view, args=args)
