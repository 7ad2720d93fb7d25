"""Who reads tables of the state in."""

from __future__ import annotations

from ortaq.people.policy import is_authorised_body

# The database of NGOs is the authorised body's (NG-002).
reads_tables = is_authorised_body
