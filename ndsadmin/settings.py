"""Django's settings. What differs between installations comes from `ndsadmin.conf`."""

import datetime as dt

import django_stubs_ext
from csp.constants import NONE, SELF

from ndsadmin import conf

django_stubs_ext.monkeypatch()  # lets field classes be generic at run time: Text[str, str]

BASE_DIR = conf.BASE_DIR
NDS = conf.load()

DEBUG = NDS.debug
SECRET_KEY = NDS.secret_key
ALLOWED_HOSTS = list(NDS.hosts)
ROOT_URLCONF = "ndsadmin.urls"
WSGI_APPLICATION = "ndsadmin.wsgi.application"

INSTALLED_APPS = [
    "ndsadmin.apps.NdsAdminConfig",
    "ndsadmin.apps.SiteConfig",
    "tenants",
    "content",
    "publishing",
    "analytics",
    "security",
    "guardian",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Django pads what it compresses and masks the CSRF token, so that sizes tell nothing (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "ndsadmin.middleware.CharsetMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenants.middleware.LookingMiddleware",
    "security.middleware.ScopeMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "ndsadmin.middleware.ZoneMiddleware",
    "ndsadmin.middleware.ErrorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["ndsadmin.templatetags.pieces"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ndsadmin.dashboard.frame.frame",
            ],
        },
    }
]

# Transactions are opened by services, around the change and its audit entry, not around whole requests.
# A connection is kept: opening one reads the whole schema, and closing the last one writes back all of the WAL.
DATABASES = {
    "default": {
        **NDS.database,
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 600,
        **({"PASSWORD": NDS.d1_token} if "HOST" in NDS.database else {"OPTIONS": {"synchronous": NDS.synchronous}}),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUDIT_WORDS = {"auto": "HOST" not in NDS.database, "true": True, "false": False}[NDS.audit_words]

AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = ["tenants.authentication.PeopleBackend"]
# Only the plain bcrypt that the workers check too (domain.md).
PASSWORD_HASHERS = ["tenants.passwords.PlainBcrypt"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "tenants.passwords.Length"},
    {"NAME": "tenants.passwords.Unguessable"},
]
PASSWORD_RESET_TIMEOUT = 1_800  # seconds
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"

# Single grants on rows. Who they are for is found by us, among grants that have not run out (tenants.authentication).
GUARDIAN_USER_OBJ_PERMS_MODEL = "tenants.Grant"
GUARDIAN_MONKEY_PATCH_USER = GUARDIAN_MONKEY_PATCH_GROUP = False
ANONYMOUS_USER_NAME = None

# Guessing at the door (tenants.throttling): so many wrong passwords for one account from one address, then a quarter of
# an hour of none.
# Together: who guesses at somebody's account from elsewhere does not lock its owner out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = "tenants.throttling.limit_of"
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # the audit log is the one
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "security.middleware.client_address"
AXES_USERNAME_CALLABLE = "tenants.throttling.account_of"
AXES_USERNAME_FORM_FIELD = "email"

EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = NDS.mail.backend, NDS.mail.host, NDS.mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = NDS.mail.user, NDS.mail.password
EMAIL_USE_SSL, EMAIL_USE_TLS = NDS.mail.is_ssl, NDS.mail.is_tls
EMAIL_FILE_PATH = NDS.mail.folder
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = NDS.mail_from

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = NDS.data_dir / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # pages of other hosts have no use for them
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG  # while developing, from where the files are written
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# ---- Browsers ------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
CSRF_FAILURE_VIEW = "ndsadmin.dashboard.views.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# NDS_HTTPS decides all of these together: a __Host- cookie without Secure is refused by browsers, and HSTS or the
# redirect without https locks people out.
SECURE_SSL_REDIRECT = NDS.https
SECURE_HSTS_SECONDS = 31_536_000 if NDS.https else 0  # a year, what browsers' preload lists ask for
SECURE_HSTS_INCLUDE_SUBDOMAINS = NDS.https
SECURE_HSTS_PRELOAD = NDS.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if NDS.https and NDS.proxies else None
SESSION_ENGINE = "security.sessions"
SESSION_COOKIE_NAME = "__Host-nds_session" if NDS.https else "nds_session"
CSRF_COOKIE_NAME = "__Host-nds_csrf" if NDS.https else "nds_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = NDS.https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 43_200  # 12 hours: a working day

SILENCED_SYSTEM_CHECKS = [
    # auth.W004: e-mail addresses are unique within a tenant alone (domain.md); our backend names the tenant.
    "auth.W004",
    # guardian.W001: its backend knows nothing of roles, nor of grants that have run out; ours asks for both.
    "guardian.W001",
    # axes.W002, W003: the door asks axes itself (tenants.throttling): who is there is not Django's to say.
    "axes.W002",
    "axes.W003",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": NDS.log_level},
}
