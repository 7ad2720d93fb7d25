"""How allauth signs people up here."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ortaq.core import letters

from .models import Language, User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Fills in the names of a new person; they keep the language in which they signed up."""

    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:
        super().save_user(request, user, form, commit=False)
        for name in ("surname", "given_name", "patronymic"):
            setattr(user, name, form.cleaned_data.get(name, ""))
        language = (get_language() or "")[:2]
        user.language = language if language in Language.values else Language.KAZAKH
        if commit:
            user.save()
        return user

    def is_reauthentication_required(self, *, app: str, **rest: Any) -> bool:
        """Who has just proved who they are is not asked again at once: the proof of the sign-in counts, too."""
        from . import second_factor

        if not super().is_reauthentication_required(app=app, **rest):
            return False
        if second_factor.is_fresh(self.request):
            return False
        person = self.request.user
        if not get_reauthentication_flows(person) and self.get_reauthentication_methods(person):
            # allauth would let pass whoever has nothing of its own to show, and they have a certificate.
            raise ReauthenticationRequired
        return True

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The first is asked for. Whoever has a second factor shows that one, and whoever came with a certificate the
        certificate: an unlocked computer may know the password.
        """
        from . import certificates, second_factor

        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if certificates.is_joined(user):
            way = {
                "id": certificates.METHOD,
                "description": _("Use your certificate (EDS)"),
                "url": reverse("people:proof"),
            }
            found.insert(0 if certificates.opened(self.request) else len(found), way)
        factors = [one for one in found if one["id"] != "reauthenticate"]
        return factors if factors and second_factor.is_better_known(self.request) else found

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """With the name under which axes counts: without one, all who mistype when asked again share a count."""
        return super().authenticate(request, **{"login": _login(credentials), **credentials})

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Before a password is looked at: whoever guesses from elsewhere waits, see `guessing`."""
        from . import guessing

        if seconds := guessing.pause(request, _login(credentials)):
            raise ValidationError(
                _(
                    "Many wrong passwords have come for this address from unknown places. Wait %(seconds)s seconds, "
                    "then try again; or sign in with a certificate or a passkey, or set a new password."
                ),
                code="paused",
                params={"seconds": seconds},
            )
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        from . import guessing

        super().authentication_failed(request, **credentials)
        guessing.failed(request, _login(credentials))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By account and place: allauth itself counts by account, and any stranger could use that up."""
        from . import guessing

        return guessing.place(request, _login(credentials))

    def get_login_stages(self) -> list[str]:
        # `certificates` imports allauth's stages, which need the adapter to be there.
        from . import certificates

        return certificates.stages(super().get_login_stages())

    # A request can claim any host that the server answers to; a link in a letter leads to the site and nowhere else.

    def get_reset_password_from_key_url(self, key: str) -> str:
        return _on_our_site(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _on_our_site(super().get_email_confirmation_url(request, emailconfirmation))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """At once; where the mail server is away the letter waits in the outbox and nobody sees an error."""
        ours = SimpleNamespace(name=settings.SITE_NAME, domain=urlsplit(settings.SITE_URL).netloc)
        told = {"request": self.request, "email": email, "current_site": ours, **context}
        letters.send_or_keep(self.render_mail(template_prefix, email, told))

    def format_email_subject(self, subject: Any) -> str:
        """The subject as it is, without the site's address in brackets."""
        return str(subject)


def _login(credentials: Any) -> str:
    return str(credentials.get("email") or credentials.get("login") or "")


def _on_our_site(address: str) -> str:
    return settings.SITE_URL.rstrip("/") + urlsplit(address).path
