"""Who may do what with annual returns."""

from __future__ import annotations

from ortaq.people.policy import is_authorised_body, is_operator

# Returns are recorded by whoever checks applicants or keeps the NGO database.
keeps_database = is_operator | is_authorised_body
