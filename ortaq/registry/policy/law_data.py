"""Who may do what with the calendar and the index."""

from __future__ import annotations

from ortaq.people.policy import is_authorised_body, is_operator

# Days off and index values follow from acts of the state; whoever works by them records them.
keeps_law_data = is_operator | is_authorised_body
