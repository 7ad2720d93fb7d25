"""What every page has at hand keeps its name."""

from __future__ import annotations

import re
from pathlib import Path

from ortaq.faces import context

HOUSE = Path(context.__file__).parents[1]


def test_no_view_takes_a_name_that_every_page_has(rf):
    """A page whose `notices` were something else showed that in place of what everybody has to know."""
    names = "|".join(context.house(rf.get("/")))
    taken = [
        f"{path.relative_to(HOUSE)}: {line.strip()}"
        for path in [*HOUSE.glob("*/views.py"), *HOUSE.glob("*/views/**/*.py")]
        for line in path.read_text("utf-8").splitlines()
        if re.search(rf'"({names})":', line)
    ]
    assert taken == []
