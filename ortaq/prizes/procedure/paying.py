"""The diploma and the money, by 20 December (PR-021, PR-038, PR-039).

diploma    its number, and once it is handed over the day
pay        the transfer: day, sum, and the account of the bank certificate; it starts the three years without a nomination
end        everything is handed over and paid; by itself
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.identifiers import validate_account
from ortaq.core.keys import organisation
from ortaq.core.procedure import Attempt, Requirement, Step
from ortaq.law.findings import Finding, Severity
from ortaq.prizes.models import Award, Round
from ortaq.prizes.policy.round import organises, organises_or_system
from ortaq.projects.procedure.shared import nobody_was_faster, said

State = Round.State
PLACE = "guide, prizes"
AFTER = (State.PUBLISHED, State.ENDED)


def _error(found: Round, code: str, message: Any, about: str = "", **numbers: Any) -> Finding:
    return Finding(code, Severity.ERROR, message, found.rules.cite(PLACE), numbers, about)


def _award(attempt: Attempt) -> Award:
    award: Award = attempt.facts["award"]
    return award


def plain(account: object) -> str:
    """An account or a bank's code as it is compared: without spaces, in capitals."""
    return "".join(str(account or "").split()).upper()


def stated(award: Award) -> Mapping[str, str]:
    """Rows 9-11 of annex 2: what the applicant stated of its account (PR-019)."""
    answers = award.application.content.get("questionnaire") or {}
    return {
        "bank": str(answers.get("bank") or ""),
        "bic": plain(answers.get("bic")),
        "account": plain(answers.get("iban")),
    }


def of_this_round(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """The award is one of the round, and as the page showed it."""
    given = attempt.facts.get("award")
    award = Award.objects.filter(pk=given.pk, direction__round=found).first() if given else None
    if award is None:
        yield _error(found, "no_such_award", _("Choose one of the recipients."))
    else:
        yield from nobody_was_faster(award, attempt)


def with_an_award(*asked: Requirement) -> Requirement:
    """What a step asks of the award that it is about; without one of this round, only that."""

    def requirement(found: Round, attempt: Attempt) -> Iterable[Finding]:
        wrong = list(of_this_round(found, attempt))
        yield from wrong
        if not any(one.code == "no_such_award" for one in wrong):
            for one in asked:
                yield from one(found, attempt)

    return requirement


def _day(found: Round, attempt: Attempt, day: date | None, about: str) -> Iterable[Finding]:
    """A day after the list of recipients was published, and not ahead."""
    if day is None:
        return
    published = clock.day_of(found.published_at) if found.published_at else None
    if day > clock.day_of(attempt.now):
        yield _error(found, "day_ahead", _("This day is still ahead."), about, day=day)
    elif published and day < published:
        message = _("This day is before the list of recipients was published.")
        yield _error(found, "day_before", message, about, day=day, published=published)


def number_given(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """The diploma has a number that no other one has."""
    number = said(attempt, "diploma_number")
    if not number:
        yield _error(found, "no_number", _("Write the number of the diploma."), "diploma_number")
    elif Award.objects.filter(diploma_number=number).exclude(pk=_award(attempt).pk).exists():
        message = _("Another diploma has this number.")
        yield _error(found, "number_taken", message, "diploma_number")


def handed_in_order(found: Round, attempt: Attempt) -> Iterable[Finding]:
    yield from _day(found, attempt, attempt.facts.get("diploma_on"), "diploma_on")


def paid_in_order(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """There is a day of the transfer, and it is not ahead; a late one is recorded all the same (PR-038)."""
    day: date | None = attempt.facts.get("paid_on")
    if day is None:
        yield _error(found, "no_day", _("Write the day of the transfer."), "paid_on")
    yield from _day(found, attempt, day, "paid_on")


def whole_share(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """What is transferred is the share, to the tiyn (PR-033, PR-036)."""
    award, paid = _award(attempt), attempt.facts.get("paid_tiyn")
    if paid != award.share_tiyn:
        message = _("The sum of the transfer must be the share of this recipient.")
        numbers = {"paid_tiyn": paid, "share_tiyn": award.share_tiyn}
        yield _error(found, "not_the_share", message, "paid_tiyn", **numbers)


def account_of_the_certificate(found: Round, attempt: Attempt) -> Iterable[Finding]:
    """The account is a possible one; where it is not that of annex 2, it is said why (PR-021)."""
    account, bic = plain(attempt.facts.get("account")), plain(attempt.facts.get("bic"))
    try:
        validate_account(account)
    except ValidationError as fault:
        yield _error(found, "no_account", fault.messages[0], "account")
        return
    told = stated(_award(attempt))
    if (account, bic) != (told["account"], told["bic"]) and not said(attempt, "account_remark"):
        yield Finding(
            "accounts_differ",
            Severity.ERROR,
            format_lazy(
                _(
                    "The account of the certificate is not that of annex 2 ({account}, {bic}). Write why the prize goes to it all the same."
                ),
                account=told["account"] or "—",
                bic=told["bic"] or "—",
            ),
            found.rules.cite(PLACE, inferred=True),
            about="account_remark",
        )


def _fresh(attempt: Attempt) -> Award:
    rows = Award.objects.select_related("application", "direction__round")
    return rows.get(pk=_award(attempt).pk)


def _numbered(found: Round, attempt: Attempt) -> Mapping[str, Any]:
    award = _fresh(attempt)
    award.diploma_number = said(attempt, "diploma_number")
    award.diploma_on = attempt.facts.get("diploma_on")
    award.version += 1
    award.save(update_fields=["diploma_number", "diploma_on", "version"])
    return {
        "award": organisation(award.application.organisation_id),
        "number": award.diploma_number,
        "on": award.diploma_on,
        "late": award.handed_late,
    }


def _paid(found: Round, attempt: Attempt) -> Mapping[str, Any]:
    award = _fresh(attempt)
    award.paid_on, award.paid_tiyn = attempt.facts["paid_on"], attempt.facts["paid_tiyn"]
    award.bank = said(attempt, "bank")
    award.bic, award.account = plain(attempt.facts["bic"]), plain(attempt.facts["account"])
    award.account_remark = said(attempt, "account_remark")
    award.version += 1
    fields = ("paid_on", "paid_tiyn", "bank", "bic", "account", "account_remark", "version")
    award.save(update_fields=fields)
    return {
        "award": organisation(award.application.organisation_id),
        "on": award.paid_on,
        "paid_tiyn": award.paid_tiyn,
        "late": award.paid_late,
    }


def open_awards(found: Round) -> list[Award]:
    """Recipients whose diploma is not handed over or whose prize is not transferred; one query."""
    rows = Award.objects.filter(direction__round=found)
    return [one for one in rows if not (one.handed and one.paid)]


def all_done(found: Round, attempt: Attempt) -> Iterable[Finding]:
    if waiting := open_awards(found):
        message = _("Not every diploma is handed over and not every prize transferred.")
        yield _error(found, "awards_open", message, awards=len(waiting))


DIPLOMA = Step(
    "diploma",
    _("Record the diploma"),
    source=AFTER,
    target=None,
    by=organises,
    requires=(with_an_award(number_given, handed_in_order),),
    effect=_numbered,
    cite=PLACE,
)
PAY = Step(
    "pay",
    _("Record the transfer"),
    source=AFTER,
    target=None,
    by=organises,
    requires=(with_an_award(paid_in_order, whole_share, account_of_the_certificate),),
    effect=_paid,
    cite=PLACE,
)
END = Step(
    "end",
    _("Everything is handed over"),
    source=State.PUBLISHED,
    target=State.ENDED,
    by=organises_or_system,
    requires=(all_done,),
    cite=PLACE,
)
STEPS = (DIPLOMA, PAY, END)
