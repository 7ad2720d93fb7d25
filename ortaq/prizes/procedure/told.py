"""Where an application is found, and who hears of it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from ortaq.core import clock
from ortaq.people.models import Role, User
from ortaq.prizes.models import Application


def address_of(application: Application) -> str:
    """The path of an application's page."""
    return reverse("prizes:application", args=[application.pk])


def signers_of(application: Application) -> QuerySet[User]:
    """Heads and deputies of the NGO today: they get its letters."""
    day = clock.today()
    return User.objects.filter(
        memberships__organisation=application.organisation_id,
        memberships__role__in=(Role.HEAD, Role.DEPUTY),
        memberships__starts_on__lte=day,
    ).exclude(memberships__ends_on__lte=day)
