"""Who may: the rest is open to everybody, or to whoever knows the secret of an address."""

from __future__ import annotations

from ortaq.people.policy import is_member_of

# The duties of an organisation are its people's; the calendar opens for nobody else, whoever knows its address.
has_calendar = is_member_of
