"""At which moment public money is counted, and what is counted then: each sum stands in one publication only."""

from __future__ import annotations

from collections.abc import Mapping

from .models import Publication

Kind = Publication.Kind

PLANNED, AWARDED, CONTRACTED = "planned", "awarded", "contracted"
COUNTED: Mapping[str, tuple[str, ...]] = {
    PLANNED: (Kind.PLAN, Kind.TOPIC, Kind.PRIZE),
    AWARDED: (Kind.GRANT, Kind.ORDER, Kind.LAUREATE),
    CONTRACTED: (Kind.CONTRACT,),
}
