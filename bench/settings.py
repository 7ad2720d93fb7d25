"""The settings of a production server, with one bare page beside the real ones."""

from ortaq.site.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
DEBUG = False
DEMO = False
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
AXES_ENABLED = False
TEMPLATES[0]["DIRS"] = [BASE_DIR / "bench" / "templates"]  # noqa: F405
MIDDLEWARE = ["bench.timing.thread_time", *MIDDLEWARE]  # noqa: F405
