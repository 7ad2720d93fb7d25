"""Who gets letters about what is published. An address is the only thing that is known of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.people.models import AddressField, Language, Organisation, new_token


class Reader(models.Model):
    """An address that letters go to. It goes with the last of its subscriptions.

    Whoever knows `token` looks after the subscriptions without signing in: only letters to the address carry it.
    """

    address = AddressField(_("e-mail"), unique=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.KAZAKH
    )
    token = models.CharField(max_length=43, unique=True, default=new_token)
    digest = models.CharField(max_length=64, unique=True, help_text="as in `Asked`")
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.pk}"


class Subscription(models.Model):
    """What a reader follows and how often letters come; nothing before it is confirmed.

    `filters` is the query of `filters.Filters`; `cursor` the last number of the gazette that letters have told of.
    """

    class Frequency(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        DAILY = "daily", _("once a day")
        WEEKLY = "weekly", _("once a week")

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="subscriptions")
    filters = models.CharField(max_length=600, blank=True)
    frequency = models.CharField(
        _("how often"), max_length=8, choices=Frequency, default=Frequency.DAILY
    )
    cursor = models.BigIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "filters"], name="one_subscription_to_the_same"
            )
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="subscriptions_due",
                condition=Q(confirmed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} {self.filters}"


class Asked(models.Model):
    """How often an address has been asked to confirm: all that is kept of it, even when its rows are gone.

    `digest` is a keyed hash of the address. `letters` counts those that nobody answered; `refused` stays for good.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    letters = models.PositiveSmallIntegerField(default=0)
    last_on = models.DateField(null=True)
    refused = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.digest[:8]


class OrganisationCalendar(models.Model):
    """The secret address at which one person reads the duties of one organisation, as long as they belong to it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="organisation_calendars"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="calendars"
    )
    token = models.CharField(max_length=43, unique=True, default=new_token)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], name="one_calendar_of_a_person_and_an_organisation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.organisation_id}"
