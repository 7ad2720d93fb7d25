"""Who may do what with the experts' register."""

from __future__ import annotations

from ortaq.people.actor import Actor
from ortaq.people.policy import (
    RESPONSIBLE,
    is_authorised_body,
    is_ngo,
    is_operator,
    is_signed_in,
    predicate,
)
from ortaq.registry.models import Expert

# The register of experts is the operator's (GR-C-02).
keeps_register = is_operator


@predicate
def is_the_expert(actor: Actor, expert: Expert) -> bool:
    """The entry is about this very person."""
    return actor.user is not None and expert.person_id == actor.user.pk


@predicate
def proposed_the_expert(actor: Actor, expert: Expert) -> bool:
    """Answers for the organisation that proposed the expert."""
    return expert.proposed_by_id is not None and bool(
        actor.roles_in(expert.proposed_by_id) & RESPONSIBLE
    )


@predicate
def answers_for_an_ngo(actor: Actor) -> bool:
    """Head, deputy or officer of the NGO acted for."""
    return is_ngo(actor) and bool(actor.roles_in(actor.acting_for) & RESPONSIBLE)


may_nominate_self = is_signed_in
may_propose = keeps_register | answers_for_an_ngo
may_see_register = keeps_register | is_authorised_body
may_amend = keeps_register | is_the_expert | proposed_the_expert
may_leave = keeps_register | is_the_expert
# Ties are recorded by the operator with evidence, and declared by the person (kin, payments).
may_record_ties = keeps_register | is_the_expert
