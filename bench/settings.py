"""The settings of a production server, with one bare page beside the real ones."""

import os

from ortaq.site.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
DEBUG = False
DEMO = False
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
AXES_ENABLED = False
ORTAQ_SECOND_FACTOR = "off"  # an invented officer has no telephone
ORTAQ_PROOF_MINUTES = 0  # nor anybody who types a password in between
TEMPLATES[0]["DIRS"] = [BASE_DIR / "bench" / "templates"]  # noqa: F405
MIDDLEWARE = ["bench.timing.thread_time", *MIDDLEWARE]  # noqa: F405
# Nobody's turn is counted, and where it is asked for each page is made anew.
_NOTHING = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
CACHES = {
    **CACHES,  # noqa: F405
    **dict.fromkeys(["pages"] if os.environ.get("ORTAQ_BENCH_FRESH") else [], _NOTHING),
}
ORTAQ_API_ADDRESS_LIMIT = ORTAQ_API_TOKEN_LIMIT = 10**9
# A great table is written by the worker; here the writing itself is measured.
ORTAQ_ROWS_AT_ONCE = 10**6
