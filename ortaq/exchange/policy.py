"""Who sees what came from other systems, and who decides about it."""

from __future__ import annotations

from ortaq.people.policy import may_record_standings
from ortaq.registry.policy.table_import import reads_tables

# Those who record facts that exclude look at what may become one (GR-A-09).
sees_exchange = may_record_standings
decides_on_listing = may_record_standings
# Who reads the tables of past years in also takes a row of them back.
withdraws_past_award = reads_tables
