"""The worker of a demonstration lives in its time."""

import pytest

from ortaq.core import clock as core_clock
from ortaq.demo import travel
from ortaq.demo.models import Travel


@pytest.mark.django_db
def test_the_worker_lives_in_the_demonstration_s_time_and_rests_while_somebody_travels():
    Travel.objects.create(pk=1, seconds=-86400 * 365)
    surrounding = travel.while_nobody_travels()
    assert surrounding is not None
    year = core_clock.now().year
    with surrounding:
        there = core_clock.now()
    assert there.year == year - 1
    Travel.objects.update(moving_since=there)
    assert travel.while_nobody_travels() is None
    Travel.objects.update(moving_since=there - 2 * travel.PATIENCE)  # lost on the way
    assert travel.while_nobody_travels() is not None
