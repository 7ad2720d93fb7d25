"""The second factor: who must have one, who has shown it, and which steps ask for a proof anew (docs/security.md).

Counted as a second factor are an authenticator's code, a passkey or security key, a recovery code, and a certificate
(a key and its password are two factors by themselves). What was shown stands in the session, where allauth keeps it:
it costs no query.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ortaq.faces.views import by_htmx, came_from, error

from . import certificates, policy
from .actor import Actor, ActorRequest
from .certificates import METHOD as CERTIFICATE
from .models import Organisation, User

FACTORS = frozenset({"mfa", CERTIFICATE})
OFFICIAL = frozenset(
    {
        Organisation.Kind.OPERATOR,
        Organisation.Kind.STATE_BODY,
        Organisation.Kind.AUTHORISED_BODY,
    }
)
# Whoever has no second factor yet gets these addresses and no other: the way to one, and the way out.
OPEN = frozenset(
    {
        "people:second_factor",
        "people:own_certificate",
        "people:part_certificate",
        "people:certificate",
        "people:proof",
        "faces:language",
        "account_logout",
        "account_login",
        "account_reauthenticate",
        "account_email",
        "account_email_verification_sent",
        "account_confirm_email",
    }
)
# Rooms above say who else judges: each takes a person and answers with at most one query.
judges: list[Callable[[User], bool]] = []


def must(actor: Actor) -> bool:
    """Whether this person may work here only with a second factor (setting `ORTAQ_SECOND_FACTOR`)."""
    if actor.user is None or settings.ORTAQ_SECOND_FACTOR == "off":
        return False
    return (
        settings.ORTAQ_SECOND_FACTOR == "everybody"
        or actor.user.is_staff
        or any(
            one.role in policy.RESPONSIBLE and one.organisation.kind in OFFICIAL
            for one in actor.memberships
        )
        or any(judges_here(actor.user) for judges_here in judges)
    )


def has_one(person: AbstractBaseUser) -> bool:
    """Whether an authenticator, passkey or security key is set up. One query."""
    return bool(is_mfa_enabled(person, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]))


def shown(request: HttpRequest) -> bool:
    """Whether a second factor was shown in this session. No query."""
    return any(one.get("method") in FACTORS for one in _records(request))


def is_fresh(request: HttpRequest) -> bool:
    """Whether a proof in this session is not too old (`ORTAQ_PROOF_MINUTES`).

    Of whoever has a second factor, or came with a certificate, it is that: the browser of an unlocked computer may
    know the password.
    """
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    methods = {one.get("method") for one in _records(request) if one["at"] > since}
    return bool(methods & FACTORS) or (bool(methods) and not is_better_known(request))


def is_better_known(request: HttpRequest) -> bool:
    """Whether more than a password is asked of this reader: they have a second factor, or came with a certificate."""
    return certificates.opened(request) or has_one(cast(User, request.user))


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    person = request.user
    return get_authentication_records(request, person) if person.is_authenticated else []


@receiver(authenticator_added)
def _added(request: HttpRequest, user: User, authenticator: Authenticator, **_said: Any) -> None:
    """Setting one up takes a code or a touch: it has been shown with that."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


# --- At the door ---------------------------------------------------------------------------------


def stands_in_the_way(request: ActorRequest) -> HttpResponse | None:
    """What somebody gets instead of the page they asked for while a second factor is missing; None: nothing."""
    if settings.ORTAQ_SECOND_FACTOR == "off" or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    match = request.resolver_match
    name = match.view_name if match else ""
    if name in OPEN or name.startswith("mfa_") or not request.actor.is_signed_in:
        return None
    if shown(request) or not must(request.actor):
        return None
    address = reverse(
        "mfa_reauthenticate" if has_one(cast(User, request.user)) else "people:second_factor"
    )
    if request.method in {"GET", "HEAD"} and not by_htmx(request):
        return redirect(f"{address}?{urlencode({'next': request.get_full_path()})}")
    return error(
        request,
        403,
        _("A second factor is needed"),
        _("Nothing was saved. Copy a long text first, then show your second factor."),
        back=f"{address}?{urlencode({'next': came_from(request)})}",
        back_text=_("To the second factor"),
    )


View = Callable[..., HttpResponseBase]


def proof_wanted(view: View) -> View:
    """A view of a step after which there is no way back: whoever takes it has proved who they are lately.

    Pages are shown all the same; what is pressed on them waits, if the last proof is too old, until the page that asks for
    one has been answered, and is done then.
    """

    @wraps(view)
    def asked(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"} and _is_stale(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return asked


def proof_first(view: View) -> View:
    """A view of a page where a secret is typed: it is shown to whoever has proved who they are lately.

    What waits for a proof waits in the session, which is no place for a secret: typed too late, it is typed again.
    """

    @wraps(view)
    def asked(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _is_stale(request):
            return view(request, *args, **kwargs)
        if request.method not in {"GET", "HEAD"}:
            messages.info(
                request,
                _("Nothing was done yet. Show first that it is you, then type the code once more."),
            )
        here = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('account_reauthenticate')}?{here}")

    return asked


def _is_stale(request: ActorRequest) -> bool:
    """Whether the last proof is too old; never for whoever has nothing to show."""
    if not settings.ORTAQ_PROOF_MINUTES or is_fresh(request):
        return False
    return bool(get_adapter(request).get_reauthentication_methods(request.user))
