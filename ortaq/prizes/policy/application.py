"""Who may see and do what with applications for the prize."""

from __future__ import annotations

from ortaq.core import clock
from ortaq.people.actor import Actor
from ortaq.people.models import Organisation, Role
from ortaq.people.policy import Predicate, predicate
from ortaq.prizes.models import Application, Round

from . import round as rounds

WRITERS = frozenset({Role.HEAD, Role.DEPUTY, Role.OFFICER, Role.ACCOUNTANT})
SIGNERS = frozenset({Role.HEAD, Role.DEPUTY})
State = Application.State


def accepts(found: Round) -> bool:
    """Whether applications can be handed in at this instant; the last instant itself still counts (GAP-P-13)."""
    return (
        found.state == Round.State.ANNOUNCED
        and found.apply_until is not None
        and clock.now() <= found.apply_until
    )


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
    """May bind the NGO: its head or deputy head."""
    return bool(actor.roles_in(application.organisation_id) & SIGNERS)


@predicate
def began(actor: Actor, application: Application) -> bool:
    return actor.user is not None and application.created_by_id == actor.user.pk


@predicate
def is_draft(_actor: Actor, application: Application) -> bool:
    return application.state == State.DRAFT


@predicate
def acceptance_runs(_actor: Actor, application: Application) -> bool:
    return accepts(application.round)


@predicate
def is_its_organiser(actor: Actor, application: Application) -> bool:
    """Answers for the authorised body that gives the prize."""
    return rounds.organises(actor, application.round)


@predicate
def may_begin(actor: Actor, found: Round) -> bool:
    """Writes for the organisation acted for, while applications are accepted. Whether that organisation may be nominated at all
    is a matter of law with its own sentence (`application_submission.nominee`).
    """
    acting = actor.acting_for
    return (
        acting is not None
        and acting.kind in (Organisation.Kind.NGO, Organisation.Kind.OTHER)
        and bool(actor.roles_in(acting) & WRITERS)
        and accepts(found)
    )


# What is handed in is read by nobody but the applicant until acceptance has ended: the organiser's staff advise applicants
# all the while. Paper that they registered themselves they have in their hands.
may_read: Predicate = is_applicant | (is_its_organiser & ~is_draft & ~acceptance_runs)
may_edit: Predicate = is_writer & is_draft & acceptance_runs
may_submit: Predicate = is_signer
may_discard: Predicate = is_signer | (is_writer & began)
