"""The tours: who is on them, by which clauses; what a cookie tells of how far one has come. Their pages: `test_travel`, `test_story`."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from ortaq.demo import path, tours
from ortaq.demo.tours import progress
from ortaq.law import citing


def test_everybody_on_the_path_has_a_tour_and_every_clause_is_one_that_is_kept():
    legs = {leg.key for part in path.PARTS for leg in part.legs}
    people = [key for tour in tours.TOURS for key in tour.people]
    assert legs <= set(people)
    assert len(people) == len(set(people))
    cites = {step.leg.cite for tour in tours.TOURS for step in tour.steps} - {""}
    assert [
        cite for cite in cites if not (found := citing.read(cite)) or not citing.rule(found)
    ] == []


@pytest.mark.parametrize(
    "written", ["", "x" * 2000, "ngo.1~ngo.1.2;", "ngo.99999", "~", "<script>"]
)
def test_a_cookie_that_is_not_ours_tells_nothing(written):
    request = RequestFactory().get("/")
    request.COOKIES[progress.COOKIE] = written
    assert progress.read(request) == progress.Progress()
