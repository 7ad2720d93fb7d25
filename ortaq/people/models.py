"""People, organisations, and who is what in which organisation from when to when.

Every span here is half-open: it holds on its first day and no longer on the day it ends, so
that whoever is dismissed today loses access today.
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from ortaq.core import clock
from ortaq.core.bilingual import Bilingual
from ortaq.core.identifiers import BinField, IinField
from ortaq.core.kazakh import SearchField, SortKeyField

validate_phone = RegexValidator(
    r"\A\+?[0-9][0-9 ()-]{5,24}\Z",
    _("Write the telephone number with its code, for example +7 700 000 00 00."),
)


def new_token() -> str:
    """A secret for an address: 43 characters, not to be guessed."""
    return secrets.token_urlsafe(32)


class AddressField(models.EmailField):  # type: ignore[type-arg]  # no run-time arguments
    """An e-mail address, kept and looked up in lower case: "Aliya@" is "aliya@"."""

    def to_python(self, value: Any) -> Any:
        return value.strip().lower() if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class Language(models.TextChoices):
    KAZAKH = "kk", "Қазақша"
    RUSSIAN = "ru", "Русский"
    ENGLISH = "en", "English"


class People(BaseUserManager["User"]):
    """People are found by their e-mail address, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A saved person; without a password, one who cannot sign in yet."""
        person = self.model(email=email, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """The administrator of an installation."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do follows from their memberships and appointments."""

    email = AddressField(_("e-mail"), unique=True)
    surname = models.CharField(_("surname"), max_length=80)
    given_name = models.CharField(_("given name"), max_length=80)
    patronymic = models.CharField(_("patronymic"), max_length=80, blank=True)
    iin = IinField(
        verbose_name=_("individual identification number (IIN)"),
        null=True,
        blank=True,
        unique=True,
        error_messages={
            "unique": _("Somebody else has entered this IIN. Check it, or write to the operator.")
        },
    )
    # When a certificate with this IIN was shown here; an IIN that was only typed signs nobody in.
    iin_confirmed_at = models.DateTimeField(null=True, editable=False)
    phone = models.CharField(_("telephone"), max_length=25, blank=True, validators=[validate_phone])
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.KAZAKH
    )
    is_staff = models.BooleanField(default=False, help_text="administers this installation")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now, editable=False)
    # Whoever knows it reads this person's calendar of duties without signing in.
    calendar_token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    # With each round all sessions that are open end: see `operations.procedure.account`.
    session_round = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    sort = SortKeyField("full_name")
    search = SearchField("full_name", "email")

    objects = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["surname", "given_name"]

    def __str__(self) -> str:
        return self.full_name or self.email

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """What a session must carry to be this person's: changes with the password, as ever, and with `session_round`."""
        own: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]  # Django's own, without types
        if not self.session_round:
            return own
        salt = f"ortaq.people.session_round/{self.session_round}"
        return salted_hmac(salt, own, secret=secret, algorithm="sha256").hexdigest()

    @property
    def full_name(self) -> str:
        """As in papers: Сейтқали Асқар Болатұлы."""
        return " ".join(filter(None, (self.surname, self.given_name, self.patronymic)))

    @property
    def short_name(self) -> str:
        """As in protocols: Сейтқали А. Б."""
        initials = [f"{name[0]}." for name in (self.given_name, self.patronymic) if name]
        return " ".join(filter(None, (self.surname, *initials))) or self.email


class Organisation(models.Model):
    """A legal person that takes part: an NGO, the operator, a state body."""

    class Kind(models.TextChoices):
        NGO = "ngo", _("non-governmental organisation")
        OPERATOR = "operator", _("operator in grant financing")
        STATE_BODY = "state_body", _("state body")
        AUTHORISED_BODY = "authorised_body", _("authorised body")
        OTHER = "other", _("other organisation")

    class LegalForm(models.TextChoices):
        FOUNDATION = "foundation", _("public foundation")
        ASSOCIATION = "association", _("public association")
        PRIVATE_FOUNDATION = "private_foundation", _("private foundation")
        UNION = "union", _("association of legal persons")
        INSTITUTION = "institution", _("institution")
        JOINT_STOCK = "joint_stock", _("non-commercial joint-stock company")
        STATE_INSTITUTION = "state_institution", _("state institution")
        # Not NGOs in the sense of the law on the social order (SO-T-008).
        POLITICAL_PARTY = "political_party", _("political party")
        TRADE_UNION = "trade_union", _("trade union")
        RELIGIOUS = "religious", _("religious association")
        OTHER = "other", _("other legal form")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.NGO)
    bin = BinField(
        verbose_name=_("business identification number (BIN)"),
        unique=True,
        error_messages={
            "unique": _(
                "An organisation with this BIN is registered already. "
                "Ask its head to invite you, or write to the operator."
            )
        },
    )
    name_kk = models.CharField(_("name in Kazakh"), max_length=300)
    name_ru = models.CharField(_("name in Russian"), max_length=300)
    name = Bilingual("name")
    legal_form = models.CharField(
        _("legal form"), max_length=20, choices=LegalForm, default=LegalForm.FOUNDATION
    )
    address_kk = models.CharField(_("address in Kazakh"), max_length=300, blank=True)
    address_ru = models.CharField(_("address in Russian"), max_length=300, blank=True)
    address = Bilingual("address")
    region_code = models.CharField(
        _("region"), max_length=9, blank=True, help_text=_("code of the classifier KATO")
    )
    email = AddressField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=25, blank=True, validators=[validate_phone])
    charter_goals = models.TextField(_("subject and goals by the charter"), blank=True)
    registered_on = models.DateField(_("day of state registration"), null=True, blank=True)
    sort = SortKeyField("name_kk")
    search = SearchField("name_kk", "name_ru", "bin")

    class Meta:
        indexes = [
            # Lists of organisations of one kind, in Kazakh alphabetical order.
            models.Index(fields=["kind", "sort", "id"], name="organisations_by_name")
        ]

    def __str__(self) -> str:
        return self.name


class SpanQuerySet(models.QuerySet[Any]):
    """Rows that hold from a first day until the day they end."""

    begins, ends = "starts_on", "ends_on"

    def current(self, day: date | None = None) -> Any:  # a queryset of its own kind
        """Those that hold on `day` (default: today)."""
        day = day or clock.today()
        goes_on = models.Q(**{self.ends: None}) | models.Q(**{f"{self.ends}__gt": day})
        return self.filter(goes_on, **{f"{self.begins}__lte": day})


class StandingQuerySet(SpanQuerySet):
    begins, ends = "since", "until"


class Standing(models.Model):
    """A fact that keeps an organisation out of competitions, with its evidence (GR-A-09).

    Each fact stands alone and any single one excludes (GR-X-17).
    """

    class Kind(models.TextChoices):
        LIQUIDATION = "liquidation", _("in liquidation")
        BANKRUPTCY = "bankruptcy", _("recognised insolvent or bankrupt")
        ATTACHED_PROPERTY = "attached_property", _("property attached")
        SUSPENDED_ACTIVITY = (
            "suspended_activity",
            _("economic or financial activity suspended"),
        )

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="standings"
    )
    kind = models.CharField(_("fact"), max_length=20, choices=Kind)
    since = models.DateField(_("since"))
    until = models.DateField(_("no longer since"), null=True, blank=True)
    evidence = models.TextField(_("evidence"))
    source = models.CharField(_("source"), max_length=300)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now, editable=False)

    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="standing_ends_after_it_begins",
                violation_error_message=_("A fact cannot end before the day it began."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind"],
                condition=models.Q(until=None),
                name="one_open_standing_of_a_kind",
                violation_error_message=_(
                    "This fact is recorded already and still holds. "
                    "Mark the earlier record as ended first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.organisation_id} {self.since}"


class Role(models.TextChoices):
    """What a person is in an organisation."""

    HEAD = "head", _("head")
    DEPUTY = "deputy", _("deputy head")
    OFFICER = "officer", _("responsible officer")
    ACCOUNTANT = "accountant", _("accountant")
    PR = "pr", _("public relations officer")
    STAFF = "staff", _("member of staff")


class Membership(models.Model):
    """Person X is Y in organisation Z from one day until another. Ended, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    starts_on = models.DateField(_("from"), default=clock.today)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = SpanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_it_begins",
                violation_error_message=_("A role cannot end before the day it began."),
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=models.Q(ends_on=None),
                name="one_open_membership_of_a_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.organisation_id}"


class Invitation(models.Model):
    """An offer to take a role, to whoever proves to own the e-mail address."""

    OPEN_FOR = timedelta(days=30)

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    email = AddressField(_("e-mail"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    language = models.CharField(
        _("language of the letter"), max_length=2, choices=Language, default=Language.KAZAKH
    )
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField(default=clock.now, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email", "role"],
                condition=models.Q(answered_at=None),
                name="one_open_invitation_to_a_role",
            )
        ]
        indexes = [
            # "You are invited" on every person's own page.
            models.Index(
                fields=["email"],
                name="open_invitations",
                condition=models.Q(answered_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.organisation_id} → {self.email}"
