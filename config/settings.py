"""Settings: everything from the environment, nothing only in production. See docs/operations.md for the list."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import env, logs

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

# `manage.py up` sets this for its children: servers under var/, loopback only, demo log-ins allowed.
EMBEDDED = env.flag("JIDAN_EMBEDDED", False)

SECRET_KEY = env.text("SECRET_KEY")
FIELD_KEYS = env.items("FIELD_KEY") or [env.text("FIELD_KEY")]
BLIND_INDEX_KEY = env.text("BLIND_INDEX_KEY")
DEBUG = env.flag("DEBUG", False)
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS", "")
BEHIND_TLS_PROXY = env.flag("BEHIND_TLS_PROXY", False)

# Where residents reach this server: printed on slips and posters. Without it, the host of the browser that prints them.
PUBLIC_URL = env.address("PUBLIC_URL")

# Seconds added to every clock reading, the database's included. Only the demo and tests set it.
CLOCK_OFFSET_SECONDS = env.whole("CLOCK_OFFSET_SECONDS", 0)
# A stand-in for the houses of group robots, on this machine. Only the demo and tests set it.
GROUP_ROBOTS_AT = env.text("GROUP_ROBOTS_AT", "")
if GROUP_ROBOTS_AT and not GROUP_ROBOTS_AT.startswith("http://127.0.0.1:"):
    raise ImproperlyConfigured("GROUP_ROBOTS_AT must be an address of 127.0.0.1.")
# Where a process stands still to be killed (config.kernel.checkpoints). Only tests of crashes set it.
CHECKPOINT = env.text("CHECKPOINT", "")

INSTALLED_APPS = [
    # Before the admin: its templates dress the admin's.
    "volunteers",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "config.embedded",
    "config.kernel",
    "communities",
    "suppliers",
    "orders",
    "seeds",
]

MIDDLEWARE = [
    "config.logs.requests.RequestLog",
    "config.headers.BrowserPolicies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Limits on a connection: a lost client cannot hold a lock (seconds: 30 idle in a transaction, 15 a statement, 300 in
# a worker, which adds up whole towns).
# No compiling: it takes longer than any statement of ours.
_SERVER_LIMITS = (
    "-c idle_in_transaction_session_timeout=30s -c statement_timeout={statement}s -c jit=off"
)
DATABASES = {"default": env.database()}
DATABASES["default"] |= {
    "CONN_MAX_AGE": env.whole("DATABASE_CONN_MAX_AGE", 600),
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,
    "ATOMIC_REQUESTS": False,
}
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": "5",
    # A server that vanished from the network is given up after 30 s (milliseconds there) and not after two hours.
    "tcp_user_timeout": "30000",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    # Who holds a lock or runs a long statement: pg_stat_activity tells.
    "application_name": f"jidan {env.program()}",
    "options": _SERVER_LIMITS.format(
        statement=env.whole("STATEMENT_TIMEOUT_SECONDS", 300 if env.program() == "worker" else 15)
    ),
    **DATABASES["default"]["OPTIONS"],
}
if env.flag("DATABASE_POOLED", False):
    # PgBouncer in transaction mode refuses start-up options: the limits are set on the role there.
    DATABASES["default"]["OPTIONS"].pop("options")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "jidan",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 1},
    }
}

AUTH_USER_MODEL = "communities.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS += [
    {"NAME": "communities.passwords.LongEnough", "OPTIONS": {"min_length": 10}}  # type: ignore[dict-item]
]
PASSWORD_HASHERS = [
    "communities.passwords.Argon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Wrong passwords for one account from one address; and all that one address may try: a whole office shares it.
LOG_IN_RATES = {
    "account": env.text("LOG_IN_PER_ACCOUNT", "5/300s"),
    "address": env.text("LOG_IN_PER_ADDRESS", "200/hour"),
}
# Wrong codes of household slips: of one address, behind which a whole compound may sit, and of who is signed in. All of
# them together refuse nobody (strangers could shut every door): beyond that an address has `alarmed` left.
JOIN_RATES = {
    "address": env.text("JOIN_PER_ADDRESS", "30/hour"),
    "account": env.text("JOIN_PER_ACCOUNT", "30/hour"),
    "everybody": env.text("JOIN_PER_EVERYBODY", "1000/hour"),
    "alarmed": env.text("JOIN_ALARMED", "5/hour"),
}
# One-time codes to phones: sent (each costs money), and wrong ones tried. `phone_address` counts both together: one
# stranger locks nobody's number. Six digits want a limit for everybody that does refuse: 300 an hour, day and night,
# find one in 139 days.
CODE_RATES = {
    "phone_address": env.text("CODE_PER_PHONE_AND_ADDRESS", "6/day"),
    "phone": env.text("CODE_PER_PHONE", "20/day"),
    "address": env.text("CODE_PER_ADDRESS", "60/hour"),
    "account": env.text("CODE_PER_ACCOUNT", "10/day"),
    "everybody": env.text("CODE_PER_EVERYBODY", "2000/hour"),
}
CODE_TRY_RATES = {
    "phone_address": env.text("CODE_TRIES_PER_PHONE_AND_ADDRESS", "10/day"),
    "phone": env.text("CODE_TRIES_PER_PHONE", "30/day"),
    "address": env.text("CODE_TRIES_PER_ADDRESS", "20/hour"),
    "account": env.text("CODE_TRIES_PER_ACCOUNT", "20/hour"),
    "everybody": env.text("CODE_TRIES_PER_EVERYBODY", "300/hour"),
}
# Who sends them: console (this machine's log), email, webhook; empty is nobody.
CODE_SENDER = env.text("CODE_SENDER", "console" if EMBEDDED else "")
CODE_EMAIL_TO = env.text("CODE_EMAIL_TO", "")
CODE_WEBHOOK_URL = env.text("CODE_WEBHOOK_URL", "")
CODE_WEBHOOK_TOKEN = env.text("CODE_WEBHOOK_TOKEN", "")
CODE_WEBHOOK_BODY = env.text("CODE_WEBHOOK_BODY", '{"to": "{phone}", "text": "{text}"}')
if CODE_SENDER not in {"", "console", "email", "webhook"}:
    raise ImproperlyConfigured("CODE_SENDER must be console, email, webhook or empty.")
if CODE_SENDER == "console" and not (EMBEDDED or DEBUG):
    raise ImproperlyConfigured("CODE_SENDER=console writes codes into the log: not on a server.")
if CODE_SENDER == "email" and "{phone}" not in CODE_EMAIL_TO:
    raise ImproperlyConfigured("CODE_EMAIL_TO must be an address with {phone} in it.")
if CODE_SENDER == "webhook" and not CODE_WEBHOOK_URL.startswith("https://"):
    raise ImproperlyConfigured("CODE_WEBHOOK_URL must begin with https://.")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.whole("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "jidan@localhost")
# A mini-program's login codes; without an app id nobody signs in that way. Only this host is ever asked.
MINI_PROGRAM_APP_ID = env.text("MINI_PROGRAM_APP_ID", "")
MINI_PROGRAM_SECRET = env.text("MINI_PROGRAM_SECRET", "")
MINI_PROGRAM_URL = env.text("MINI_PROGRAM_URL", "https://api.weixin.qq.com/sns/jscode2session")
if MINI_PROGRAM_APP_ID and not (MINI_PROGRAM_SECRET and MINI_PROGRAM_URL.startswith("https://")):
    raise ImproperlyConfigured("MINI_PROGRAM_APP_ID needs MINI_PROGRAM_SECRET and an https:// URL.")
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "desk:index"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
# The embedded mode runs no collectstatic: files are served straight from the apps' folders.
STATIC_ROOT = None if EMBEDDED else VAR_DIR / "static"
WHITENOISE_USE_FINDERS = EMBEDDED or DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Content-Security-Policy and its like: config/headers.py.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# Loopback without TLS is the embedded mode; every other place is reached through TLS.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not EMBEDDED
if not EMBEDDED:
    # Browsers take a cookie of such a name only from this very host, over TLS: no neighbour domain can set one.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    LANGUAGE_COOKIE_NAME = "__Host-language"
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = env.whole("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = ["config.kernel.intake.receiving.BoundedMemoryHandler"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["communities.tokens.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["config.kernel.api.permissions.DenyAll"],
    "DEFAULT_PARSER_CLASSES": ["config.kernel.api.bodies.LimitedJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": None,
    "EXCEPTION_HANDLER": "config.kernel.api.answers.handle_exception",
    "DEFAULT_THROTTLE_CLASSES": ["config.kernel.api.throttling.ThrottleByPrincipal"],
    # Per account or supplier; per address while nobody is signed in (neighbours who are do not share it).
    "DEFAULT_THROTTLE_RATES": {
        "principal": env.text("THROTTLE_PRINCIPAL", "600/minute"),
        "anonymous": env.text("THROTTLE_ANONYMOUS", "120/minute"),
    },
    "NUM_PROXIES": env.whole("NUM_PROXIES", 0),
    "UNAUTHENTICATED_USER": None,
    # The format is not a parameter: a query names what the view knows, or is refused.
    "URL_FORMAT_OVERRIDE": None,
}
# Its own; named because a table of ours refers to it.
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105 -- a model
REST_KNOX = {
    "TOKEN_TTL": timedelta(days=90),
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_LIMIT_PER_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Jidan 集单",
    "DESCRIPTION": (
        "Community supply group-buying: residents order, suppliers pull, volunteers hand out.\n\n"
        "Money is whole fen (1 yuan = 100 fen). Times carry their zone. Lists come in pages: ask again with "
        "`next_cursor` until it is null. A command needs an `Idempotency-Key` of the client's making; after a lost "
        "reply the same request under the same key gets the first answer again. Members and parameters that are not "
        "known are refused. Errors are `{code, detail, fields}`; `code` is for programs."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    # Without the usual hook for choices: they stand where they are used; a made-up name would tell less.
    "POSTPROCESSING_HOOKS": ["config.kernel.api.schema.refuse_unknown_members"],
}

# The broker rings; the database remembers. No results, short messages, quick notice of a dead connection.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 180
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    # Who rings does not wait for a broker that is away, and three seconds for one that is silent.
    "max_retries": 0,
    "socket_timeout": 3,
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
    "health_check_interval": 5,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"orders.close_due": {"queue": "close"}, "kernel.run_job": {"queue": "jobs"}}
CELERY_TIMEZONE = "UTC"
# None expires: config/doorbell.py sees to it that no heap of them is left.
CELERY_BEAT_SCHEDULE = {
    "due windows": {"task": "orders.close_due", "schedule": 1.0},
    "what somebody waits for": {"task": "kernel.sweep_watched", "schedule": 1.0},
    "all the rest": {"task": "kernel.sweep", "schedule": 5.0},
    "what is forgotten": {"task": "kernel.tidy", "schedule": 3600.0},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

LOGGING = logs.from_environment()
# 个保法 Art. 6: no more than is needed. A network tells a flood from a stranger; `yes` keeps whole addresses.
LOG_WHOLE_ADDRESSES = env.flag("LOG_WHOLE_ADDRESSES", False)
DEFAULT_EXCEPTION_REPORTER = "config.logs.reports.MaskedReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "config.logs.reports.HidingFilter"

# Who may read /metrics, as `Authorization: Bearer …`; without it nobody, in the embedded mode this machine.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
    raise ImproperlyConfigured("METRICS_TOKEN must have at least 16 characters.")
