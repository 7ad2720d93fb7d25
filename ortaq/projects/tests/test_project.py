"""A project is opened by its award, with what was signed kept apart."""

from __future__ import annotations

import pytest

from ortaq.projects import baseline, tally

from . import scenes

pytestmark = pytest.mark.django_db


@pytest.mark.req("GR-K-05")
def test_the_signed_contract_opens_the_project_with_its_advance_and_what_was_signed() -> None:
    project = scenes.running(scenes.cast())
    assert project.baseline_sha256 == baseline.sha256(baseline.of(project.contract))
    assert [(t.is_advance, t.planned_tiyn) for t in project.tranches.all()] == [
        (True, 400_000 * scenes.TENGE),
        (False, 600_000 * scenes.TENGE),
    ]
    assert project.indicators == 3
    assert not list(tally.drifts())
