"""Signing in with the certificate of an electronic signature (EDS).

The site gives a challenge, the reader signs it with the key for signing in (AUTH), and the person is found
by the IIN in the certificate. Only an IIN that was once confirmed in the account itself by such a signature
counts: what somebody merely typed into their details could be another's (decision 0015).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from allauth.account.internal.flows.login import (
    get_authentication_records,
    perform_login,
    record_authentication,
)
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.mfa.stages import AuthenticateStage
from django.contrib.auth import authenticate, user_logged_in
from django.contrib.auth.backends import ModelBackend
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.canonical import canonical
from ortaq.law.findings import Finding, Severity, stops
from ortaq.signing import verifiers
from ortaq.signing.verify import checks
from ortaq.signing.verify.cms import Unreadable, parse
from ortaq.signing.verify.report import error

from .actor import ACTING_FOR
from .models import Organisation, User

METHOD = "certificate"
# In the session: nonce → when it lapses. A reader may have a few tabs open.
CHALLENGES = "certificate_challenges"
MOST_OPEN = 5
OPEN_FOR = timedelta(minutes=10)
# How many seconds a session lasts in which there is nothing but challenges.
SHORT = int(OPEN_FOR.total_seconds())
# In the session: the organisation that the certificate names.
UNREGISTERED = "certificate_organisation"


@dataclass(frozen=True, slots=True)
class Challenge:
    """What is signed to show who one is: for this site, once, within ten minutes."""

    nonce: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """What a signed challenge shows: the numbers in the certificate, and all that speaks against it."""

    iin: str = field(default="", repr=False)
    bin: str = ""
    organisation: str = ""
    serial: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def holds(self) -> bool:
        return bool(self.iin) and not stops(self.findings)


# --- Challenge -----------------------------------------------------------------------------------


def challenge(request: HttpRequest) -> Challenge:
    """A new challenge, remembered in the reader's session; one that is opened for it alone ends with it."""
    if request.session.is_empty():
        request.session.set_expiry(SHORT)
    open_ones = [*request.session.get(CHALLENGES, {}).items()][-(MOST_OPEN - 1) :]
    nonce, until = secrets.token_urlsafe(24), (clock.now() + OPEN_FOR).isoformat()
    request.session[CHALLENGES] = {**dict(open_ones), nonce: until}
    return Challenge(nonce, _content(request, nonce, until))


@receiver(user_logged_in)
def _lasts(request: HttpRequest | None, **_said: Any) -> None:
    """Whoever is in keeps the session as long as any other."""
    if request is not None and request.session.get("_session_expiry") == SHORT:
        request.session.set_expiry(None)


def _taken(request: HttpRequest, nonce: str) -> bytes | None:
    """The content of an open challenge, which from now on is used; None: lapsed, used or not ours."""
    open_ones = request.session.get(CHALLENGES, {})
    until = open_ones.get(nonce)
    if until is None:
        return None
    request.session[CHALLENGES] = {one: till for one, till in open_ones.items() if one != nonce}
    if clock.now() > datetime.fromisoformat(until):
        return None
    return _content(request, nonce, until)


def _content(request: HttpRequest, nonce: str, until: str) -> bytes:
    return canonical(
        {"format": "ortaq-sign-in/1", "site": request.get_host(), "nonce": nonce, "until": until}
    )


# --- Proof ---------------------------------------------------------------------------------------


def examine(request: HttpRequest, nonce: str, cms: bytes) -> Proof:
    """Verify a signed challenge; the challenge is used up whatever comes out."""
    content = _taken(request, nonce)
    if content is None:
        return Proof(findings=(_wrong("challenge_over", OVER),))
    try:  # NCALayer signs once; whoever sends more has not even shown who they are, and keeps the server busy
        if len(parse(cms).signers) > 1:
            return Proof(findings=(error("cms_too_many"),))
    except Unreadable as unreadable:
        return Proof(findings=(error(str(unreadable)),))
    report = verifiers.verify(cms, content, clock.now())
    if not report.signers:
        return Proof(findings=report.findings or (_wrong("unreadable", NO_IIN),))
    first = report.signers[0]
    report = checks.compare(report, checks.Wanted(iin=first.iin or "-", usage=checks.AUTH))
    findings = report.findings if first.iin else (*report.findings, _wrong("no_iin", NO_IIN))
    return Proof(first.iin, first.bin, first.organisation, first.serial, findings)


OVER = _(
    "This attempt to sign in was used already or is older than ten minutes. Press the button again."
)
NO_IIN = _("There is no IIN in this certificate: choose the certificate of a person.")
UNKNOWN = _(
    "No account here has been joined to this certificate. If you have an account, sign in with your password "
    "and join the certificate under “My account”, “Certificate”. If you have none, sign up, or ask the head "
    "of your organisation to invite you."
)


def _wrong(code: str, sentence: Any) -> Finding:
    return Finding(code, Severity.ERROR, sentence)


# --- Showing it again ----------------------------------------------------------------------------


def is_joined(person: Any) -> bool:
    """Whether the account is joined to a certificate, by which its owner can prove who they are. No query."""
    return bool(person.is_authenticated and person.iin and person.iin_confirmed_at)


def opened(request: HttpRequest) -> bool:
    """Whether the certificate was shown in this session, and is still joined: it is at hand. No query."""
    if not is_joined(request.user):
        return False
    shown = get_authentication_records(request, request.user)
    return any(one.get("method") == METHOD for one in shown)


def prove(request: HttpRequest, *, nonce: str, cms: bytes) -> list[Finding]:
    """Whoever is signed in shows their own certificate again; what stands in the way, or nothing: then it is a fresh proof."""
    person = cast(User, request.user)
    proof = examine(request, nonce, cms)
    if findings := stops(proof.findings):
        return findings
    if not is_joined(person) or proof.iin != person.iin:
        return [_wrong("another_iin", ANOTHER)]
    record_authentication(request, person, METHOD, reauthenticated=True, serial=proof.serial)
    return []


ANOTHER = _(
    "This certificate is not the one that is joined to your account. Choose your own: the IIN in it must be yours."
)


# --- Signing in ----------------------------------------------------------------------------------


def sign_in(
    request: HttpRequest, *, nonce: str, cms: bytes, next_page: str = ""
) -> HttpResponse | list[Finding]:
    """Sign the reader in by a signed challenge, or say what stands in the way.

    Limits of attempts are those of passwords: allauth counts all, axes the failed ones of one IIN from one
    address. allauth's own stages follow (an address to confirm), except the second factor.
    """
    limited: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
    if limited is not None:
        return limited
    proof = examine(request, nonce, cms)
    person = authenticate(request, certificate=proof, login=_counted_as(proof))
    if person is None:
        return stops(proof.findings) or [_wrong("unknown_iin", UNKNOWN)]
    record_authentication(request, person, METHOD, serial=proof.serial)
    answer: HttpResponse = perform_login(
        request, Login(user=person, redirect_url=next_page or None)
    )
    if request.user.is_authenticated and proof.bin:
        _put_on_hat(request, proof)
    return answer


def _counted_as(proof: Proof) -> str:
    """The name under which axes counts failures: tells an IIN from others without saying it."""
    return f"{METHOD} {salted_hmac('ortaq.people.certificates', proof.iin).hexdigest()[:20]}"


def _put_on_hat(request: HttpRequest, proof: Proof) -> None:
    """Act for the organisation of the certificate; whoever does not belong to it wears no such hat. One that is
    not registered here is remembered, for the form in which it is (NG-019).
    """
    found = Organisation.objects.filter(bin=proof.bin).values_list("pk", flat=True).first()
    if found is not None:
        request.session[ACTING_FOR] = found
    else:
        request.session[UNREGISTERED] = {"bin": proof.bin, "name_ru": proof.organisation}


def unregistered(request: HttpRequest) -> dict[str, str]:
    """What the certificate says of the reader's organisation, when it is not registered here: BIN and name."""
    said: dict[str, str] = request.session.get(UNREGISTERED, {})
    return said


class CertificateBackend(ModelBackend):
    """Finds the person to whom a proof belongs."""

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, certificate: Proof | None = None, **credentials: Any
    ) -> User | None:
        if certificate is None or not certificate.holds:
            return None
        return User.objects.filter(iin=certificate.iin, iin_confirmed_at__isnull=False).first()


class SecondFactor(AuthenticateStage):  # type: ignore[misc]  # allauth has no types
    """A certificate is a key and its password, two factors by itself: no other is asked for."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        records = get_authentication_records(self.request, self.login.user)
        if any(record["method"] == METHOD for record in records):
            return None, True
        answer: tuple[HttpResponse | None, bool] = super().handle()
        return answer


def stages(standard: list[str]) -> list[str]:
    """Allauth's stages of a sign-in, with our second factor in the place of its own."""
    own, theirs = (
        f"{one.__module__}.{one.__qualname__}" for one in (SecondFactor, AuthenticateStage)
    )
    return [own if stage == theirs else stage for stage in standard]
