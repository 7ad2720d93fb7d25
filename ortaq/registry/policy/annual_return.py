"""Who may do what with annual returns."""

from __future__ import annotations

from ortaq.people.actor import Actor
from ortaq.people.models import Organisation, Role
from ortaq.people.policy import is_authorised_body, is_operator, predicate
from ortaq.registry import returns
from ortaq.registry.models import AnnualReturn

State, Way = AnnualReturn.State, AnnualReturn.Way
WRITERS = frozenset({Role.HEAD, Role.DEPUTY, Role.OFFICER, Role.ACCOUNTANT})
SENDERS = frozenset({Role.HEAD, Role.DEPUTY})
# While the NGO writes.
WRITTEN = (State.DRAFT, State.RETURNED, State.CORRECTING)

# Statuses are recorded by whoever checks applicants or keeps the NGO database.
keeps_database = is_operator | is_authorised_body
# What NGOs file goes to the authorised body (NG-002), and it alone reads and checks it.
checks_returns = is_authorised_body


@predicate
def is_recorded(_actor: Actor, row: AnnualReturn) -> bool:
    """A status without content, recorded by evidence."""
    return row.way == Way.RECORDED


@predicate
def writes_for(actor: Actor, organisation: Organisation) -> bool:
    """Head, deputy, officer or accountant of that organisation."""
    return bool(actor.roles_in(organisation) & WRITERS)


@predicate
def files_returns(actor: Actor) -> bool:
    """Acts for an NGO that files returns, and writes them."""
    ngo = actor.acting_for
    return ngo is not None and returns.is_obliged(ngo) and bool(actor.roles_in(ngo) & WRITERS)


@predicate
def is_writer(actor: Actor, row: AnnualReturn) -> bool:
    """Writes returns of this NGO."""
    return bool(actor.roles_in(row.organisation_id) & WRITERS)


@predicate
def is_sender(actor: Actor, row: AnnualReturn) -> bool:
    """Answers for the NGO: its head or deputy."""
    return bool(actor.roles_in(row.organisation_id) & SENDERS)


@predicate
def is_written(_actor: Actor, row: AnnualReturn) -> bool:
    return row.state in WRITTEN


@predicate
def enters(_actor: Actor, row: AnnualReturn) -> bool:
    """A return on paper whose data nobody has entered yet."""
    return row.way == Way.PAPER and row.state == State.SENT


@predicate
def was_approved(_actor: Actor, row: AnnualReturn) -> bool:
    """An approved version stands, which a correction was to replace."""
    return row.is_approved


may_enter = checks_returns & enters
# Who writes into the draft now: the NGO, or the officer who has its paper.
may_write = (is_writer & is_written) | may_enter
may_send = is_sender & is_written
may_keep = is_sender & was_approved
# The operator decides only on what it recorded itself; it does not read what NGOs filed.
may_decide = checks_returns | (is_operator & is_recorded)
may_decide_on_record = keeps_database & is_recorded
# Data of people stand in a return: those who write it and those who check it read it.
may_read = is_writer | checks_returns
