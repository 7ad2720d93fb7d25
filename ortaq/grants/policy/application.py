"""Who may see and do what with applications."""

from __future__ import annotations

from ortaq.core import clock
from ortaq.grants.models import Application, Competition
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation, Role
from ortaq.people.policy import Predicate, predicate

from . import competition as competition_policy

WRITERS = frozenset({Role.HEAD, Role.DEPUTY, Role.OFFICER, Role.ACCOUNTANT})
SIGNERS = frozenset({Role.HEAD, Role.DEPUTY})
State = Application.State


@predicate
def is_applicant(actor: Actor, application: Application) -> bool:
    """Belongs to the NGO that applies, in whatever role."""
    return bool(actor.roles_in(application.organisation_id))


@predicate
def is_writer(actor: Actor, application: Application) -> bool:
    """Writes applications of this NGO: head, deputy, officer or accountant."""
    return bool(actor.roles_in(application.organisation_id) & WRITERS)


@predicate
def is_signer(actor: Actor, application: Application) -> bool:
    """May bind the NGO: its head or deputy head (GR-A-16)."""
    return bool(actor.roles_in(application.organisation_id) & SIGNERS)


@predicate
def began(actor: Actor, application: Application) -> bool:
    """Began this very application."""
    return actor.user is not None and application.created_by_id == actor.user.pk


@predicate
def is_draft(_actor: Actor, application: Application) -> bool:
    return application.state == State.DRAFT


@predicate
def acceptance_runs(_actor: Actor, application: Application) -> bool:
    """The competition has not ended acceptance yet."""
    return application.competition.state == Competition.State.ANNOUNCED


@predicate
def acceptance_ended(_actor: Actor, application: Application) -> bool:
    closes_at = application.competition.closes_at
    ended = closes_at is not None and clock.now() > closes_at
    return ended or not acceptance_runs(_actor, application)


@predicate
def is_its_operator(actor: Actor, application: Application) -> bool:
    """Acts responsibly for the operator that holds the competition."""
    return competition_policy.is_its_operator(actor, application.competition)


@predicate
def may_begin(actor: Actor, competition: Competition) -> bool:
    """Writes applications of the NGO acted for, while the competition accepts them."""
    ngo = actor.acting_for
    return (
        ngo is not None
        and ngo.kind == Organisation.Kind.NGO
        and bool(actor.roles_in(ngo) & WRITERS)
        and competition.state == Competition.State.ANNOUNCED
        and competition.closes_at is not None
        and clock.now() <= competition.closes_at
    )


# Deliveries by post and by hand come to the operator's desk.
may_register_delivery: Predicate = competition_policy.is_its_operator

# What is handed in is read by nobody but the applicant until acceptance has ended. The operator's
# staff advise applicants all the while (GR-A-07): whoever could read one applicant's project while
# advising its rival would be suspected of passing it on, and rightly. Who applied and when the
# receipt was given they do see, since applicants ask for it.
may_read_content: Predicate = is_applicant | (is_its_operator & ~is_draft & acceptance_ended)
may_edit: Predicate = is_writer & is_draft & acceptance_runs
may_submit: Predicate = is_signer
# A draft is thrown away by whoever binds the NGO or began it, not by everybody who writes in it.
may_discard: Predicate = is_signer | (is_writer & began)
