"""Settings of one installation, read from the environment with safe defaults.

Without any variable Ortaq runs on SQLite under `var/`, in Kazakh, on this machine only.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parents[2]
# Installed from a wheel, not run from its sources: then what comes from elsewhere lies inside the package.
PACKAGED = (BASE_DIR / "ortaq" / "bundled").is_dir()
BUNDLED = BASE_DIR / "ortaq" / "bundled"
# Where this installation keeps its data; of a wheel: in the folder where one is.
VAR = Path(os.environ.get("ORTAQ_VAR", (Path.cwd() if PACKAGED else BASE_DIR) / "var"))


def flag(name: str, default: bool) -> bool:
    """The yes/no in environment variable `name`: 1, true, yes, on (any case) mean yes."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """The comma-separated words in environment variable `name`."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def secret_key() -> str:
    """The key of this installation, made once and kept beside its data."""
    if key := os.environ.get("ORTAQ_SECRET_KEY"):
        return key
    path = VAR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process made it at the same moment
            pass
        else:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def earlier_secret_keys() -> list[str]:
    """What `ortaq keys new` wrote down beside the key of this installation; none with one from the environment."""
    path = VAR / "secret_key.old"
    if "ORTAQ_SECRET_KEY" in os.environ or not path.exists():
        return []
    return path.read_text().split()


SECRET_KEY = secret_key()
# Earlier secret keys, the latest first: what was closed or signed under them still opens, until `ortaq keys rotate` is done.
SECRET_KEY_FALLBACKS = words("ORTAQ_SECRET_KEY_OLD") or earlier_secret_keys()
# Shows the inside of every error to whoever meets it: for development only.
DEBUG = flag("ORTAQ_DEBUG", False)
DEMONSTRATION = VAR / "demonstration"
# A demonstration installation: shows the demo sign-ins and lets visitors move the clock. A folder of data that
# `ortaq demo` has begun says so itself, as long as no other database is named.
DEMO = flag("ORTAQ_DEMO", "ORTAQ_DATABASE_URL" not in os.environ and DEMONSTRATION.exists())
# Static files are served straight from the packages unless they were collected (`collectstatic`); a wheel brings them collected.
COLLECTED = flag("ORTAQ_COLLECTED", PACKAGED)
# Names under which the site may be asked for; that of its address must be among them.
ALLOWED_HOSTS = words("ORTAQ_HOSTS", "localhost,127.0.0.1,[::1]")
# The address of the site as readers type it: links in letters begin with it, and with https cookies are protected.
SITE_URL = os.environ.get("ORTAQ_SITE_URL", "http://127.0.0.1:8000")
# Other addresses from which forms are taken, each with its https://; hardly ever needed.
CSRF_TRUSTED_ORIGINS = words("ORTAQ_ORIGINS")

INSTALLED_APPS = [
    "ortaq.site.apps.SiteConfig",
    "ortaq.operations",
    "ortaq.demo",
    "ortaq.portal",
    "ortaq.opendata",
    "ortaq.api",
    "ortaq.subscriptions",
    "ortaq.gazette",
    "ortaq.exchange",
    "ortaq.oversight",
    "ortaq.grants",
    "ortaq.tenders",
    "ortaq.prizes",
    "ortaq.projects",
    "ortaq.planning",
    "ortaq.review",
    "ortaq.registry",
    "ortaq.documents",
    "ortaq.people",
    "ortaq.signing",
    "ortaq.faces",
    "ortaq.core",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "ortaq.faces.safety.SafetyMiddleware",
    "ortaq.operations.watching.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "ortaq.api.middleware.ApiMiddleware",
    "ortaq.faces.public.ReadyPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ortaq.people.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ortaq.people.middleware.ActorMiddleware",
    "ortaq.people.middleware.EntryMiddleware",
    "ortaq.faces.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
if DEMO:
    MIDDLEWARE.insert(1, "ortaq.demo.middleware.TravellingClockMiddleware")

CSRF_FAILURE_VIEW = "ortaq.faces.views.forged"
ROOT_URLCONF = "ortaq.site.urls"
WSGI_APPLICATION = "ortaq.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ortaq.faces.context.house",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "ortaq.faces.templatetags.faces",
                "ortaq.signing.templatetags.signing",
            ],
        },
    },
]

FORM_RENDERER = "ortaq.faces.renderer.Renderer"

# --- Storage ---------------------------------------------------------------------------------


# SQLite waits for the disk at every commit (FULL): a receipt survives a power cut. NORMAL is quicker and may lose the last ones.
SQLITE_SYNC = (
    "NORMAL" if os.environ.get("ORTAQ_SQLITE_SYNC", "full").lower() == "normal" else "FULL"
)


def database(url: str) -> dict[str, Any]:
    """The settings of one database by its address, as Django wants them."""
    found: dict[str, Any] = dict(
        dj_database_url.parse(url, conn_max_age=CONN_MAX_AGE, conn_health_checks=True)
    )
    if found["ENGINE"] == "django.db.backends.sqlite3":
        # IMMEDIATE: a writer waits for its turn at the beginning of a transaction instead of
        # failing in its middle with "database is locked".
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                f"PRAGMA journal_mode=WAL;PRAGMA synchronous={SQLITE_SYNC};"
                "PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;"
            ),
        }
        return found
    options = found.setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", CONNECT_TIMEOUT)
    # A host that is gone without a word is noticed within half a minute, in the midst of a question within seconds.
    options |= {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    options["tcp_user_timeout"] = CONNECT_TIMEOUT * 1000  # milliseconds
    if (
        STATEMENT_TIMEOUT and not PGBOUNCER
    ):  # which takes no such option; there it is set for the role
        limit = f"-c statement_timeout={STATEMENT_TIMEOUT}s"
        options["options"] = f"{options.get('options', '')} {limit}".strip()
    if PGBOUNCER:
        # Between two transactions another session may be given: nothing may be kept in one.
        found["DISABLE_SERVER_SIDE_CURSORS"] = True
        options["prepare_threshold"] = None
    else:
        # What is asked again and again is planned once in a connection: planning was a great part of PostgreSQL's work.
        options |= {"server_side_binding": True, "prepare_threshold": 3}
    return found


# Seconds for which a thread keeps its connection to the database, and with it what is planned there; 0: a new one for each request.
CONN_MAX_AGE = int(os.environ.get("ORTAQ_CONN_MAX_AGE", "600"))
# Seconds after which a database that does not answer counts as gone.
CONNECT_TIMEOUT = int(os.environ.get("ORTAQ_CONNECT_TIMEOUT", "3"))
# Seconds after which PostgreSQL ends a single statement; 0: never. For web servers, not for migrations and workers.
STATEMENT_TIMEOUT = int(os.environ.get("ORTAQ_STATEMENT_TIMEOUT", "0"))
# Connections go through pgbouncer, which shares them between transactions.
PGBOUNCER = flag("ORTAQ_PGBOUNCER", False)
# The database: sqlite:///path or postgresql://user:password@host:5432/name.
DATABASES = {
    "default": database(os.environ.get("ORTAQ_DATABASE_URL", f"sqlite:///{VAR / 'ortaq.sqlite3'}"))
}
# So many seconds after a deadline acceptance is ended: what reached the server in time may still wait for its turn. The clock of
# a demonstration jumps, nothing is on its way then.
ORTAQ_CLOSING_PAUSE = int(os.environ.get("ORTAQ_CLOSING_PAUSE", "0" if DEMO else "30"))
# A streaming copy of a PostgreSQL database, from which public pages are read: see ortaq.core.replica.
if _replica := os.environ.get("ORTAQ_REPLICA_URL", ""):
    DATABASES["replica"] = database(_replica) | {"TEST": {"MIRROR": "default"}}
    # Where it does not answer the primary does: nobody waits long for it.
    DATABASES["replica"]["OPTIONS"] |= {"connect_timeout": 2, "tcp_user_timeout": 1500}
# So many seconds it may be behind; beyond them the primary answers everybody.
ORTAQ_REPLICA_LAG = int(os.environ.get("ORTAQ_REPLICA_LAG", "5"))
DATABASE_ROUTERS = ["ortaq.core.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Where files lie that people hand in, unless ORTAQ_FILES_URL names a store.
MEDIA_ROOT = Path(os.environ.get("ORTAQ_FILES", VAR / "files"))
# Keys of sealed bids: outside the database; backups may close them for other people (ORTAQ_BACKUP_KEYS_RECIPIENTS). See ortaq.core.keyfolder and ortaq.tenders.sealing.
ORTAQ_SEALS = Path(os.environ.get("ORTAQ_SEALS", VAR / "seals"))
# Who opens the bids of tenders announced from now on: "one", the clock alone; "two", any two of the persons named for the tender,
# each with a code that is kept nowhere here. See docs/decisions/0024.
ORTAQ_OPENING = "one" if DEMO else os.environ.get("ORTAQ_OPENING", "one")
# Where files lie: empty: in the folder above; or an S3-compatible store, as https://store.example.kz:9000/bucket.
ORTAQ_FILES_URL = os.environ.get("ORTAQ_FILES_URL", "")
# What opens that store. Its bucket is for the site alone: readers get files through the site, which asks who they are.
ORTAQ_FILES_KEY = os.environ.get("ORTAQ_FILES_KEY", "")
ORTAQ_FILES_SECRET = os.environ.get("ORTAQ_FILES_SECRET", "")
ORTAQ_FILES_REGION = os.environ.get("ORTAQ_FILES_REGION", "us-east-1")


def file_storage() -> dict[str, Any]:
    """The store of files as Django wants it."""
    if not ORTAQ_FILES_URL:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    from ortaq.core.stores import bucket_at

    access = (ORTAQ_FILES_KEY, ORTAQ_FILES_SECRET, ORTAQ_FILES_REGION)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": bucket_at(ORTAQ_FILES_URL, *access),
    }


FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
STORAGES = {
    "default": file_storage(),
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if COLLECTED
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
# All text of one form together, in bytes, and how many fields it may have.
DATA_UPLOAD_MAX_MEMORY_SIZE = int(os.environ.get("ORTAQ_FORM_BYTES", str(8 * 1024 * 1024)))
DATA_UPLOAD_MAX_NUMBER_FIELDS = int(os.environ.get("ORTAQ_FORM_FIELDS", "5000"))
# The largest file that somebody hands in, and what a document may unpack to, in bytes. A proxy must let as much through.
ORTAQ_FILE_BYTES = int(os.environ.get("ORTAQ_FILE_BYTES", str(20 * 1024 * 1024)))
ORTAQ_FILE_UNPACKED = int(os.environ.get("ORTAQ_FILE_UNPACKED", str(200 * 1024 * 1024)))
# The largest table of the state that is read in, in bytes and in rows.
ORTAQ_TABLE_BYTES = int(os.environ.get("ORTAQ_TABLE_BYTES", str(40 * 1024 * 1024)))
ORTAQ_TABLE_ROWS = int(os.environ.get("ORTAQ_TABLE_ROWS", "50000"))
# Questions of one person about one competition or tender within an hour: enough for whoever reads with care.
ORTAQ_QUESTIONS_AN_HOUR = int(os.environ.get("ORTAQ_QUESTIONS_AN_HOUR", "5"))
# Comments in a public discussion: of readers without an account from one network within an hour, of one account in a day.
ORTAQ_COMMENTS_AN_HOUR = int(os.environ.get("ORTAQ_COMMENTS_AN_HOUR", "30"))
ORTAQ_COMMENTS_A_DAY = int(os.environ.get("ORTAQ_COMMENTS_A_DAY", "20"))
# Proposals of topics of one NGO in a day.
ORTAQ_PROPOSALS_A_DAY = int(os.environ.get("ORTAQ_PROPOSALS_A_DAY", "20"))
# Applications for small grants from one network within an hour: a village library may type for many.
ORTAQ_SMALL_APPLICATIONS_AN_HOUR = int(os.environ.get("ORTAQ_SMALL_APPLICATIONS_AN_HOUR", "60"))
# Archives of open data that one network takes away within an hour.
ORTAQ_ARCHIVES_AN_HOUR = int(os.environ.get("ORTAQ_ARCHIVES_AN_HOUR", "6"))
# Subscriptions without an account that one network asks for within an hour.
ORTAQ_SUBSCRIPTIONS_AN_HOUR = int(os.environ.get("ORTAQ_SUBSCRIPTIONS_AN_HOUR", "20"))
# People in one list of participants that is read in.
ORTAQ_LIST_ROWS = int(os.environ.get("ORTAQ_LIST_ROWS", "10000"))

# What all hosts must know together (limits, attempts, what allauth remembers) lies in the database: see ortaq.core.shared_cache.
# Pages of everybody wait in the memory of each process, with marks that tell when they are old (ortaq.faces.public).
_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
_SHARED = "ortaq.core.shared_cache.SharedCache"
CACHES = {
    "default": {"BACKEND": _SHARED},
    "limits": {"BACKEND": _SHARED, "KEY_PREFIX": "limits"},
    "pages": {"BACKEND": _MEMORY, "LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 1000}},
    "process": {"BACKEND": _MEMORY, "LOCATION": "process", "OPTIONS": {"MAX_ENTRIES": 20_000}},
}

# --- Backup: see docs/backup.md ----------------------------------------------------------------

# Where `ortaq backup` puts its pictures when it is not told: a folder, or a bucket of an
# S3-compatible store, as https://store.example.kz:9000/bucket.
ORTAQ_BACKUP_TARGET = os.environ.get("ORTAQ_BACKUP_TARGET", "")
# Public keys of age for whom backups are closed, with commas between; without one no backup is taken.
ORTAQ_BACKUP_RECIPIENTS = words("ORTAQ_BACKUP_RECIPIENTS")
# Others for whom the keys of sealed bids are closed, so that nobody alone opens both; empty: the same.
ORTAQ_BACKUP_KEYS_RECIPIENTS = words("ORTAQ_BACKUP_KEYS_RECIPIENTS")
# Of how many days, weeks and months the last picture stays.
ORTAQ_BACKUP_KEEP = words("ORTAQ_BACKUP_KEEP", "daily 14, weekly 8, monthly 12")
# What opens that bucket, which should not be what opens the bucket of the site's own files.
ORTAQ_BACKUP_KEY = os.environ.get("ORTAQ_BACKUP_KEY", "")
ORTAQ_BACKUP_SECRET = os.environ.get("ORTAQ_BACKUP_SECRET", "")
ORTAQ_BACKUP_REGION = os.environ.get("ORTAQ_BACKUP_REGION", "us-east-1")

# --- Signatures: see ortaq/signing/README.md -----------------------------------------------------

# Which occasions want signatures, where the installation says otherwise than the edition of the act.
ORTAQ_SIGNATURES = words("ORTAQ_SIGNATURES", "contract=required" if DEMO else "")
# Who verifies: "offline", "ncanode", or the dotted name of another; of several all must agree.
ORTAQ_SIGNATURE_VERIFIER = words("ORTAQ_SIGNATURE_VERIFIER", "offline")
# The certificates that are trusted, as files; nothing is trusted that is not put there.
ORTAQ_SIGNING_ANCHORS = Path(os.environ.get("ORTAQ_SIGNING_ANCHORS", VAR / "anchors"))
# The demonstration's own authority, made at its start; its certificates count nowhere else.
ORTAQ_SIGNING_AUTHORITY = VAR / "authority"
# "required": a signature whose revocation is unknown could not be checked; "optional": it counts.
ORTAQ_SIGNING_REVOCATION = os.environ.get("ORTAQ_SIGNING_REVOCATION", "required")
# Where a reader's browser finds NCALayer on their own machine; a demonstration brings a stand-in, beside
# a real one.
ORTAQ_NCALAYER_URL = os.environ.get(
    "ORTAQ_NCALAYER_URL", "ws://127.0.0.1:13578/" if DEMO else "wss://127.0.0.1:13579/"
)
# The service that verifies signatures, where ORTAQ_SIGNATURE_VERIFIER has "ncanode".
ORTAQ_NCANODE_URL = os.environ.get("ORTAQ_NCANODE_URL", "http://127.0.0.1:14579")

# --- Other systems: each is off unless it is turned on, see docs/integrations.md -------------------

# goszakup.gov.kz: "" (off), "http", or "double" (a stand-in that answers from memory).
ORTAQ_GOSZAKUP = os.environ.get("ORTAQ_GOSZAKUP", "")
# Its address.
ORTAQ_GOSZAKUP_URL = os.environ.get("ORTAQ_GOSZAKUP_URL", "https://ows.goszakup.gov.kz/v3")
# What it gave to this installation; without one it answers nobody.
ORTAQ_GOSZAKUP_TOKEN = os.environ.get("ORTAQ_GOSZAKUP_TOKEN", "")
# A file of authorities to trust, where those of the system do not do.
ORTAQ_GOSZAKUP_CA = os.environ.get("ORTAQ_GOSZAKUP_CA", "")

# --- Static files: what we serve comes from packages, see ortaq.faces.finders ------------------

# Where the interface kit, icons and fonts lie.
ORTAQ_NODE_MODULES = Path(
    os.environ.get(
        "ORTAQ_NODE_MODULES", BUNDLED / "packages" if PACKAGED else BASE_DIR / "node_modules"
    )
)
STATIC_URL = "static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "ortaq.faces.finders.PackageFinder",
]
# Where static files are collected to and served from.
STATIC_ROOT = (
    Path(os.environ.get("ORTAQ_STATIC", BUNDLED / "static" if PACKAGED else VAR / "static"))
    if COLLECTED
    else None
)
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site needs our scripts

# --- Languages and time ------------------------------------------------------------------------

LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "ortaq_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
FORMAT_MODULE_PATH = ["ortaq.faces.formats"]
TIME_ZONE = "Asia/Almaty"
USE_TZ = True

# --- People --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "ortaq.people.certificates.CertificateBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "portal:desk"
LOGIN_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
# Beside allauth's own limits (docs/security.md): amount/duration/what it is counted by. Failed sign-ins are counted by
# address, and by account and place (ortaq.people.guessing); the key of a reset is the e-mail address.
ACCOUNT_RATE_LIMITS = {
    "iin": "10/h/user",  # another IIN in one's details
    # Attempts to sign in from one address, right or wrong.
    "login": os.environ.get("ORTAQ_LIMIT_SIGN_IN", "120/m/ip"),
    # Wrong passwords from one address, and for one account from one place.
    "login_failed": os.environ.get("ORTAQ_LIMIT_WRONG_PASSWORD", "10/m/ip,100/h/ip,5/300s/key"),
    # Sign-ups from one address.
    "signup": os.environ.get("ORTAQ_LIMIT_SIGN_UP", "20/m/ip,60/h/ip"),
    # Letters of a new password, by address of the reader and by account.
    "reset_password": os.environ.get("ORTAQ_LIMIT_RESET", "20/m/ip,60/h/ip,3/h/key"),
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a changed password or second factor
ACCOUNT_ADAPTER = "ortaq.people.adapter.AccountAdapter"
ACCOUNT_FORMS = {"signup": "ortaq.people.forms.SignUpForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Ortaq"
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds by which a telephone's clock may be off
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Who may work only with a second factor: "officers" (with experts and staff), "everybody" or "off".
ORTAQ_SECOND_FACTOR = os.environ.get("ORTAQ_SECOND_FACTOR", "off" if DEMO else "officers")
# What cannot be taken back (results, parts of an opening key, acts in the console) asks anew for a proof of who is there that is
# older than so many minutes: the second factor, without one the password. 0: never.
ORTAQ_PROOF_MINUTES = int(os.environ.get("ORTAQ_PROOF_MINUTES", "0" if DEMO else "15"))
# Of a way into an account it is always asked for.
ACCOUNT_REAUTHENTICATION_TIMEOUT = (ORTAQ_PROOF_MINUTES or 15) * 60
# Browsers allow passkeys without TLS only on this very machine.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SITE_URL.startswith("https://")
# How many proxies stand before the site: only then is a reader's own address known.
# With TLS there is one, since this server speaks none.
ALLAUTH_TRUSTED_PROXY_COUNT = int(
    os.environ.get("ORTAQ_PROXIES", "1" if SITE_URL.startswith("https://") else "0")
)
# allauth limits attempts itself; axes remembers them in the database. What each is for: ortaq.people.guessing.
# So many wrong passwords for one account from one place close that way in, for so many hours.
AXES_FAILURE_LIMIT = int(os.environ.get("ORTAQ_LOCKOUT_FAILURES", "10"))
AXES_COOLOFF_TIME = int(os.environ.get("ORTAQ_LOCKOUT_HOURS", "1"))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "people/locked_out.html"
AXES_VERBOSE = False
AXES_USERNAME_FORM_FIELD = "login"
# Behind a proxy all readers would share one address, and anybody could close any account for everybody.
AXES_CLIENT_IP_CALLABLE = "ortaq.people.guessing.address_of"
AXES_WHITELIST_CALLABLE = "ortaq.people.guessing.is_own_browser"

# How letters leave; by default they are only written into a folder.
EMAIL_BACKEND = os.environ.get(
    "ORTAQ_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = VAR / "mail"
# The mail server's name, with ORTAQ_EMAIL_BACKEND=django.core.mail.backends.smtp.EmailBackend.
EMAIL_HOST = os.environ.get("ORTAQ_EMAIL_HOST", "localhost")
# The mail server's port.
EMAIL_PORT = int(os.environ.get("ORTAQ_EMAIL_PORT", "25"))
# As whom Ortaq signs in to the mail server; empty: it does not.
EMAIL_HOST_USER = os.environ.get("ORTAQ_EMAIL_USER", "")
# The password for that.
EMAIL_HOST_PASSWORD = os.environ.get("ORTAQ_EMAIL_PASSWORD", "")
# Encryption: "starttls" (mostly port 587), "tls" from the first byte (465), or none, for a server on this machine.
EMAIL_USE_TLS = os.environ.get("ORTAQ_EMAIL_ENCRYPTION", "") == "starttls"
EMAIL_USE_SSL = os.environ.get("ORTAQ_EMAIL_ENCRYPTION", "") == "tls"
# Seconds for one answer of the mail server; a letter is in the hand of one sender for five minutes.
EMAIL_TIMEOUT = int(os.environ.get("ORTAQ_EMAIL_TIMEOUT", "30"))
# From whom letters are.
DEFAULT_FROM_EMAIL = os.environ.get("ORTAQ_FROM_EMAIL", "ortaq@example.kz")

# --- The API: see ortaq/api/README.md ------------------------------------------------------------

# Requests a minute, of one token and of one network without a token, counted over all processes and hosts.
ORTAQ_API_TOKEN_LIMIT = int(os.environ.get("ORTAQ_API_TOKEN_LIMIT", "120"))
ORTAQ_API_ADDRESS_LIMIT = int(os.environ.get("ORTAQ_API_ADDRESS_LIMIT", "60"))
# The largest body that is not a file, in bytes.
ORTAQ_API_BODY = int(os.environ.get("ORTAQ_API_BODY", str(1024 * 1024)))
# So many seconds anybody may keep a public answer.
ORTAQ_API_AGE = int(os.environ.get("ORTAQ_API_AGE", "60"))

# --- Open data: see docs/open-data.md and decision 0018 -------------------------------------

# Who publishes the data, who answers questions on them, under which licence anybody may use them.
ORTAQ_DATA_PUBLISHER = os.environ.get("ORTAQ_DATA_PUBLISHER", "Ortaq")
ORTAQ_DATA_PUBLISHER_BIN = os.environ.get("ORTAQ_DATA_PUBLISHER_BIN", "")
ORTAQ_DATA_CONTACT = os.environ.get("ORTAQ_DATA_CONTACT", DEFAULT_FROM_EMAIL)
ORTAQ_DATA_LICENCE = os.environ.get("ORTAQ_DATA_LICENCE", "CC-BY-4.0")
ORTAQ_DATA_LICENCE_URL = os.environ.get(
    "ORTAQ_DATA_LICENCE_URL", "https://creativecommons.org/licenses/by/4.0/"
)
# Identifiers of contracting processes and of grants begin with what the owners of the two standards issue to a publisher.
# Both defaults stand for "not issued yet".
ORTAQ_OCID_PREFIX = os.environ.get("ORTAQ_OCID_PREFIX", "ocds-000000")
ORTAQ_360GIVING_PREFIX = os.environ.get("ORTAQ_360GIVING_PREFIX", "360G-notissued")
# Where the program can be taken from by whoever recalculates a result; empty: the page names no place.
ORTAQ_SOURCE_URL = os.environ.get("ORTAQ_SOURCE_URL", "")
# Days after which the text of a letter that was sent is erased, and the address of a guest whose comment was answered.
ORTAQ_LETTER_DAYS = int(os.environ.get("ORTAQ_LETTER_DAYS", "365"))
# The daily archives that are kept.
ORTAQ_DATA_DAYS = int(os.environ.get("ORTAQ_DATA_DAYS", "14"))

# --- Work that outlives a request: see decision 0022 ------------------------------------------

# Uploaded tables of more than so many bytes are read by the worker and not while their sender waits.
ORTAQ_TABLE_AT_ONCE = int(os.environ.get("ORTAQ_TABLE_AT_ONCE", "400000"))
# Lists of more than so many rows are written into a table by the worker.
ORTAQ_ROWS_AT_ONCE = int(os.environ.get("ORTAQ_ROWS_AT_ONCE", "5000"))
# How many unfinished works one person may have.
ORTAQ_WORK_MOST = int(os.environ.get("ORTAQ_WORK_MOST", "10"))
# For how many days what came of long work is kept.
ORTAQ_WORK_DAYS = int(os.environ.get("ORTAQ_WORK_DAYS", "7"))
# How often a letter is handed to a mail server that does not take it, with growing pauses, before it counts as
# not sent: sixteen times are two days.
ORTAQ_LETTER_TRIES = int(os.environ.get("ORTAQ_LETTER_TRIES", "16"))

# --- Safety ------------------------------------------------------------------------------------

# Where browsers say what they refused on our pages, see ortaq.operations.violations. Not by "report-to": a browser that knows it
# leaves "report-uri" alone, sends minutes later or not at all, and every browser still knows the latter.
POLICY_REPORTS = "/policy-reports/"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "report-uri": [POLICY_REPORTS],
    }
}
# By which an account knows a browser, see ortaq.people.guessing.
ORTAQ_DEVICE_COOKIE = "ortaq_device"
# So many days somebody stays signed in who does nothing, on a browser of their own.
SESSION_COOKIE_AGE = int(os.environ.get("ORTAQ_SESSION_DAYS", "14")) * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if SITE_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    # A browser takes a cookie of such a name only over TLS, for this very host, from the host itself: no neighbour under
    # the same domain plants one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-ortaq_session", "__Host-ortaq_csrf"
    ORTAQ_DEVICE_COOKIE = "__Host-ortaq_device"
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True
    # With https: whoever comes without it is sent there; no, where the proxy does it.
    SECURE_SSL_REDIRECT = flag("ORTAQ_SSL_REDIRECT", True)
    if ALLAUTH_TRUSTED_PROXY_COUNT:  # the words of a proxy that is not there are the reader's own
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # With https: so many seconds browsers keep to it for this host.
    SECURE_HSTS_SECONDS = int(os.environ.get("ORTAQ_HSTS_SECONDS", "31536000"))
    # With https: whether they keep to it for all hosts under this one, too.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = flag("ORTAQ_HSTS_SUBDOMAINS", False)

SILENCED_SYSTEM_CHECKS: list[str] = []
SITE_NAME = "Ortaq"  # a name, the same in every language

# --- What an administrator is told: see docs/settings.md ---------------------------------------------

# "json": a line of the log is one JSON object, for machines; "text": for people. In both nothing of persons.
ORTAQ_LOG = os.environ.get("ORTAQ_LOG", "text")
# A line for each request: route, status, times, the number of the user.
ORTAQ_ACCESS_LOG = flag("ORTAQ_ACCESS_LOG", ORTAQ_LOG == "json")
# Whoever brings it may read /metrics (`Authorization: Bearer …`); empty: nothing is measured, and the page is not there.
ORTAQ_METRICS_TOKEN = os.environ.get("ORTAQ_METRICS_TOKEN", "")
# Statements and requests that take longer (milliseconds) are listed in the console; 0: none.
ORTAQ_SLOW_QUERY_MS = int(os.environ.get("ORTAQ_SLOW_QUERY_MS", "500"))
ORTAQ_SLOW_REQUEST_MS = int(os.environ.get("ORTAQ_SLOW_REQUEST_MS", "3000"))
# Whether slow and broken things are written into the database at all.
ORTAQ_NOTICE = flag("ORTAQ_NOTICE", True)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "ortaq.operations.logs.Json"},
        "text": {"()": "ortaq.operations.logs.Text"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if ORTAQ_LOG == "json" else "text",
        },
        "faults": {"class": "ortaq.operations.noticing.Faults", "level": "ERROR"},
    },
    "root": {"handlers": ["console", "faults"], "level": "WARNING"},
    "loggers": {
        "ortaq.access": {"level": "INFO"},
        # Django's own handlers would print, and send by mail, what was typed into a form that failed.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # what was refused stands in the access log
        # Strangers who ask for other names of hosts; the access log has them as 400.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # The server's own words in the same shape, by the handlers above.
        "gunicorn.error": {"handlers": [], "level": "WARNING", "propagate": True},
        # Whoever could not sign in, with their e-mail: kept in the database, not in a log.
        "axes": {"level": "ERROR"},
    },
}
