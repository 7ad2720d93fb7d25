"""How allauth signs people up here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import get_language

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

        required = super().is_reauthentication_required(app=app, **rest)
        return bool(required) and not second_factor.is_fresh(self.request)

    def get_login_stages(self) -> list[str]:
        # `certificates` imports allauth's stages, which need the adapter to be there.
        from . import certificates

        return certificates.stages(super().get_login_stages())

    def format_email_subject(self, subject: Any) -> str:
        """The subject as it is, without the site's address in brackets."""
        return str(subject)
