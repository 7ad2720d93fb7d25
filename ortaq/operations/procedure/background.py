"""What an administrator does with what runs by itself: jobs, long work of people, letters. The journal keeps who did it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from ortaq.core import clock, journal, letters, work
from ortaq.core.models import Job, Letter, Work
from ortaq.core.work import jobs
from ortaq.people import policy
from ortaq.people.actor import Actor


@transaction.atomic
def run_now(job: Job, *, actor: Actor) -> bool:
    """Make a job due at once; False where it is running."""
    return _done(job, "run_now", jobs.run_now(job.name), actor)


@transaction.atomic
def cancel(row: Work, *, actor: Actor) -> bool:
    """Cancel what somebody asked for; False where it is over."""
    return _done(row, "cancel", work.ask_to_cancel(row), actor)


@transaction.atomic
def send_again(letter: Letter, *, actor: Actor) -> bool:
    """Let a letter be tried at once and as often as a new one; False where it is sent or not released."""
    return _done(letter, "send_again", bool(letters.retry(_only(letter))), actor)


@transaction.atomic
def send_failed_again(*, actor: Actor) -> int:
    """The same with all that could not be sent, after the mail server was set right; how many."""
    failed = Letter.objects.filter(state=Letter.State.FAILED)
    number = letters.retry(failed)
    if number:
        _note("core.letter", "send_failed_again", actor, number=number)
    return number


@transaction.atomic
def give_up(letter: Letter, *, actor: Actor) -> bool:
    """Send a letter no more; False where it is sent, or in a sender's hand just now."""
    return _done(letter, "give_up", bool(letters.give_up(_only(letter))), actor)


def _only(letter: Letter) -> letters.Letters:
    return Letter.objects.filter(pk=letter.pk)


def _done(row: Job | Work | Letter, step: str, done: bool, actor: Actor) -> bool:
    if done:
        _note(row, step, actor)
    return done


def _note(subject: Job | Work | Letter | str, step: str, actor: Actor, **facts: int) -> None:
    if not policy.is_staff(actor):
        raise PermissionDenied
    journal.append(subject, step, actor=actor.key, facts=facts, at=clock.now())
