"""The site's own settings, made cheap and watchful for tests.

Each test process gets a folder of its own for its database, files and mail, and removes it at
the end: a test never meets what another run, or a person, left behind.
"""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="ortaq-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ.update(
    ORTAQ_VAR=_folder,
    ORTAQ_SECRET_KEY="known to everybody, for tests only",  # noqa: S106
    ORTAQ_DATABASE_URL=os.environ.get(
        "ORTAQ_TEST_DATABASE_URL", f"sqlite:///{_folder}/ortaq.sqlite3"
    ),
)
# What a developer has set for a site of their own must not change what the tests see.
for _name in (
    "ORTAQ_DEBUG",
    "ORTAQ_DEMO",
    "ORTAQ_COLLECTED",
    "ORTAQ_FILES",
    "ORTAQ_SEALS",
    "ORTAQ_SECRET_KEY_OLD",
    "ORTAQ_OPENING",
    "ORTAQ_SITE_URL",
    "ORTAQ_SIGNATURES",
    "ORTAQ_NCALAYER_URL",
    "ORTAQ_SIGNING_REVOCATION",
    "ORTAQ_GOSZAKUP",
    "ORTAQ_CLOSING_PAUSE",
):
    os.environ.pop(_name, None)

from ortaq.site.settings import *  # noqa: E402, F403
from ortaq.site.settings import CACHES, DATABASES, INSTALLED_APPS, LOGGING, MIDDLEWARE, VAR  # noqa: E402

ORTAQ_CLOSING_PAUSE = 0  # a test moves the clock by a second, with nobody on the way
WHITENOISE_AUTOREFRESH = True  # looks for a file when it is asked for, not for all at each start
WHITENOISE_MAX_AGE = 3600  # a browser asks once

# The live server works in threads of its own, where a test's clock has to be carried.
MIDDLEWARE[:0] = ["ortaq.testing.clock.ClockMiddleware"]

_database = DATABASES["default"]
_on_sqlite = _database["ENGINE"] == "django.db.backends.sqlite3"
# An N+1 query in a request fails the test that made it; that is the same on every database.
if _on_sqlite:
    INSTALLED_APPS += ["zeal"]
    MIDDLEWARE[:0] = ["zeal.middleware.zeal_middleware"]
# allauth looks for the same address more than once on its way; those pages are not ours.
ZEAL_ALLOWLIST = [
    {"model": "account.EmailAddress", "field": "get()"},
    # A session that was ended from elsewhere is looked for twice on its way out: Django's own.
    {"model": "sessions.Session", "field": "get()"},
    # The last vote also ends the voting: two steps on one row.
    {"model": "review.Motion", "field": "get()"},
    # A step takes its project, and whoever brings its figures up to date takes it again.
    {"model": "projects.Project", "field": "get()"},
    # Who came may be entered with the step that records the event as held.
    {"model": "projects.Event", "field": "get()"},
]

ALLOWED_HOSTS = ["*"]
# What one test has published or asked would meet the next one; keeping pages and counting requests have tests of their own.
CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
# What hosts share costs a test no queries; the cache in the database has tests of its own.
CACHES["default"] = CACHES["limits"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
ORTAQ_API_TOKEN_LIMIT = ORTAQ_API_ADDRESS_LIMIT = 10**9
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Real hashers are slow on purpose, and the passwords of an invented cast need no guarding.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The tests' own authority signs, and is trusted; what an installation is set to has tests of its own.
ORTAQ_SIGNATURE_VERIFIER = ["ortaq.testing.signing.verifier"]
# Tests put people in without their second factor; that it is asked for has tests of its own.
ORTAQ_SECOND_FACTOR = "off"
# Nor do they prove anew who they are before each step; that this is asked for has tests of its own, too.
ORTAQ_PROOF_MINUTES = 0
# Tests fail a sign-in on purpose more often than a person may; limits have tests of their own.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = False  # type: ignore[no-redef]
MFA_RATE_LIMITS = False

# What is refused is not worth a line, let alone the traceback of a 403, in the log of each test.
LOGGING["loggers"] = {"django.request": {"level": "ERROR"}}
# What is slow on a busy machine is no trouble of the house, and no thread writes beside a test.
ORTAQ_NOTICE = False

_database["CONN_MAX_AGE"] = 0
if _on_sqlite:
    # A file and not memory: threads of one test then meet the same locks as on a real site.
    _database["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
    _database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;PRAGMA temp_store=MEMORY;"
