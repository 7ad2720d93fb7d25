"""Whatever is published on a page of its own can be followed from that page."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from ortaq.gazette import keeping
from ortaq.gazette.models import Publication
from ortaq.testing.walking import Walker

from .oversight_world import Oversight
from .prize_world import Prizes
from .project_world import ProjectRoom
from .scenes import World
from .social_order import SocialOrder
from .test_addresses import AnyWorld, begun

Kind = Publication.Kind
# Shown on the page of something else, which is followed with them; or on one that never changes.
ON_OTHER_PAGES = {Kind.GRANT, Kind.ORDER, Kind.CONTRACT, Kind.LAUREATE, Kind.PAST}
# Whoever follows an NGO or a body hears of all that it does.
CARDS = {Kind.NGO, Kind.BODY}
# What is published on pages of each world.
PUBLISHED: dict[type[AnyWorld], set[str]] = {
    World: {Kind.PLAN, Kind.COMPETITION},
    SocialOrder: {Kind.ASSESSMENT, Kind.DISCUSSION, Kind.TOPIC, Kind.TENDER, Kind.REPORT, Kind.COUNCIL},
    ProjectRoom: {Kind.SMALL},
    Oversight: {Kind.REPORT, Kind.COUNCIL},
    Prizes: {Kind.PRIZE},
}  # fmt: skip


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("made", PUBLISHED, ids=lambda made: made.__name__)
def test_every_page_of_a_publication_leads_to_following_it(clock, walking, made):
    begun(made, clock)
    keeping.write_all()
    reader = Walker()
    rows = Publication.objects.filter(withdrawn=False).exclude(kind__in=ON_OTHER_PAGES | CARDS)
    silent = []
    for row in rows:
        page = reader.get(row.address)
        assert page.status_code == 200, row.address
        if f"?page={quote(row.key, safe='')}" not in page.text:
            silent.append((row.kind, row.address))
    assert silent == []
    assert {row.kind for row in rows} >= PUBLISHED[made]
