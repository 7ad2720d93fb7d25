"""The settings of a production server whose clock can be moved and whose processes fall where they are told to.

The program itself knows nothing of it: `falling` is put into it from outside, here only.
"""

from ortaq.site.settings import *  # noqa: F403
from ortaq.site.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = [*INSTALLED_APPS, "ortaq.testing.chaos.apps.ChaosConfig"]
MIDDLEWARE = ["ortaq.testing.chaos.falling.BeforeTheAnswer", *MIDDLEWARE]
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
AXES_ENABLED = False
ORTAQ_CLOSING_PAUSE = 1  # the day is short
ORTAQ_SECOND_FACTOR = "off"  # an invented officer has no telephone
# Tables as the models say, at once: how they came about has trials of its own.


class _None(dict[str, None]):
    def __contains__(self, _app: object) -> bool:
        return True

    def __getitem__(self, _app: str) -> None:
        return None


MIGRATION_MODULES = _None()
# Clients of this day ask more often than a reader may.
ORTAQ_API_ADDRESS_LIMIT = ORTAQ_API_TOKEN_LIMIT = 10**9
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = False  # type: ignore[no-redef]
# A database that is gone answers at once with an error, one that is locked after these seconds.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"]["timeout"] = 5
# Whoever publishes has just proved who they are.
ORTAQ_PROOF_MINUTES = 0
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10**6 * 60
