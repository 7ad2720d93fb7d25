"""Guessing passwords: what slows it down, and why nobody can lock another person out with it (docs/security.md).

Three things are counted, by all hosts together:

* by place and account (axes): ten wrong passwords for one account from one address close that account for that address
  for an hour. Who sits elsewhere notices nothing;
* by place (allauth): an address with many wrong passwords, for whatever accounts, is stopped;
* by account: wrong passwords from places that the account does not know make the next guess wait, longer each time.
  Nothing is refused for good: after the pause the next guess counts, and no guess within a pause lengthens it.

A place is known to an account once it has signed in there: by the browser's own cookie, or by the address. A known
place is not slowed by what others do, and a known browser is not closed with its address, which it may share with
the attacker: an office, a telephone network. It has a limit of its own.
"""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from math import ceil

from allauth.account.adapter import get_adapter
from axes.models import AccessLog
from django.conf import settings
from django.contrib.auth import user_logged_in
from django.core import signing
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from ortaq.core import clock
from ortaq.core.limits import CACHE, count

from .models import User

SALT = "ortaq.people.guessing"
COOKIE_AGE = timedelta(days=180)
ADDRESS_AGE = timedelta(days=90)
# One browser may be several people's.
MOST_ACCOUNTS = 8
AN_HOUR = 3600
# So many wrong passwords within an hour cost nothing; each further one doubles the pause.
FREE = 5
LONGEST = 60  # seconds
NOWHERE = "0.0.0.0"  # noqa: S104 - stands for "no address is known"


def address_of(request: HttpRequest) -> str:
    """The reader's address as far as it is known: behind proxies only those that the installation names count."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except (PermissionDenied, ImproperlyConfigured):
        return NOWHERE


# --- Places that an account knows ----------------------------------------------------------------


def device_of(request: HttpRequest, login: str) -> str:
    """The browser's own mark for this account; "" where the account has not signed in with it."""
    return _marks(request).get(_account(login), "")


def knows(request: HttpRequest, login: str) -> bool:
    """Whether this account has signed in with this browser, or lately from this address. At most one query."""
    if device_of(request, login):
        return True
    since = clock.now() - ADDRESS_AGE
    signed_in = AccessLog.objects.filter(
        username=login.strip().lower(), ip_address=address_of(request), attempt_time__gte=since
    )
    return bool(signed_in.exists())


def is_own_browser(request: HttpRequest | None, credentials: dict[str, str] | None) -> bool:
    """For axes: an attempt with the account's own browser is not counted with its address."""
    login = (credentials or {}).get("login") or ""
    return request is not None and bool(login) and bool(device_of(request, login))


def place(request: HttpRequest, login: str) -> str:
    """The name under which wrong passwords of one account from one place are counted."""
    return f"{_account(login)}:{device_of(request, login) or address_of(request)}"


def _marks(request: HttpRequest) -> dict[str, str]:
    sealed = request.COOKIES.get(settings.ORTAQ_DEVICE_COOKIE, "")
    if not sealed:
        return {}
    try:
        marks = signing.loads(sealed, salt=SALT, max_age=COOKIE_AGE)
    except signing.BadSignature:
        return {}
    return marks if isinstance(marks, dict) else {}


def _account(login: str) -> str:
    """Tells accounts apart without saying the address; the same for accounts that do not exist."""
    return salted_hmac(SALT, login.strip().lower()).hexdigest()[:32]


@receiver(user_logged_in)
def _signed_in(request: HttpRequest | None, user: User, **_said: object) -> None:
    if request is not None:
        request.made_known = (user.email, request.POST.get("login", ""))  # type: ignore[attr-defined]


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give a browser in which somebody has just signed in its mark for their account."""
    logins = getattr(request, "made_known", ())
    if not logins:
        return
    marks = _marks(request)
    fresh = {_account(one): secrets.token_urlsafe(12) for one in logins if one}
    marks = {**{name: mark for name, mark in marks.items() if name not in fresh}, **fresh}
    response.set_cookie(
        settings.ORTAQ_DEVICE_COOKIE,
        signing.dumps(dict([*marks.items()][-MOST_ACCOUNTS:]), salt=SALT),
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


# --- Pauses --------------------------------------------------------------------------------------


def pause(request: HttpRequest, login: str) -> int:
    """How many seconds the next guess for this account has to wait from here; 0: none."""
    if request.user.is_authenticated:
        return 0
    until = caches[CACHE].get(_until(login), 0.0)
    left = until - time.time()
    return 0 if left <= 0 or knows(request, login) else ceil(left)


def failed(request: HttpRequest, login: str) -> None:
    """Count a wrong password; those of a place that the account knows slow nobody down."""
    if request.user.is_authenticated or knows(request, login):
        return
    failures = count(f"guesses.{_account(login)}", AN_HOUR)
    if failures > FREE:
        seconds = min(2 ** (failures - FREE), LONGEST)
        caches[CACHE].set(_until(login), time.time() + seconds, seconds)


def _until(login: str) -> str:
    return f"guesses.until.{_account(login)}"
