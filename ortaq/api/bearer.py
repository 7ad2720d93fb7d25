"""The token in the header: the only thing that opens the API's second part. No cookie is looked at."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from . import limits
from .models import Token
from .problems import Problem, error
from .queries import Holder, holder_of, note_use

LONGEST = 200
WHY = {
    "unknown": _("There is no such token."),
    "revoked": _("This token was revoked. Ask the head of your organisation for another."),
    "expired": _("This token has expired. Ask the head of your organisation for another."),
    "left": _("The person who made this token has no role in the organisation any more. Make another."),
}  # fmt: skip
CHALLENGE = {"WWW-Authenticate": "Bearer"}


class OwnRequest(HttpRequest):
    """A request with a valid token."""

    auth: Holder


class Bearer(HttpBearer):
    """`Authorization: Bearer <token>`."""

    def __call__(self, request: HttpRequest) -> Holder:
        found = super().__call__(request)
        if found is None:
            limits.of_address(request)
            raise Problem("unauthorised", headers=CHALLENGE)
        return found  # type: ignore[no-any-return]

    def authenticate(self, request: HttpRequest, token: str) -> Holder:
        found = holder_of(token) if 0 < len(token) <= LONGEST else "unknown"
        if isinstance(found, str):
            limits.of_address(request)
            code = "token_of_nobody" if found == "left" else f"token_{found}"
            raise Problem("unauthorised", [error(code, WHY[found])], headers=CHALLENGE)
        limits.of_token(found.token.pk)
        note_use(found.token)
        return found


def may(holder: Holder, scope: Token.Scope) -> None:
    """Raises `Problem` where the token was not made for this."""
    if not holder.may(scope):
        message = _("The token was not made for this: “%(what)s”.")
        finding = error("scope", message % {"what": scope.label}, scope=scope.value)
        raise Problem("forbidden", [finding])
