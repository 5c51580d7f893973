"""Django's settings: one file for every machine, read from the environment (cms/environment.py)."""

import atexit
import gc

import dj_database_url
from csp.constants import NONE, SELF
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from cms import composition
from cms.environment import ROOT, read
from cms.logs import logging_of

# a seventh of every start went into looking for garbage among modules and classes, which stay; it holds from then on,
# so that garbage is looked for more seldom and more of it at a time
gc.set_threshold(50_000, 20, 50)
# nor once more at the end: half a second of every process, a quarter of a short one
atexit.register(gc.freeze)

env = read()

# The house
SECRET_KEY = env.secret_key.get_secret_value()
DEBUG = env.debug
DEMO = env.demo
CLOCK_MAY_MOVE = env.demo
DATA_DIR = env.data_dir
ALLOWED_HOSTS = env.allowed_hosts
SITE_URL = env.site_url.rstrip("/")
REGION_CODE, REGION_NAME, REGION_NAME_EN = env.region_code, env.region_name, env.region_name_en
ROOT_URLCONF = "cms.urls"
ASGI_APPLICATION = "cms.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "marketplace.User"
INSTALLED_APPS, MIDDLEWARE = composition.APPLICATIONS, composition.MIDDLEWARE

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "cms" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": composition.CONTEXT_PROCESSORS,
            "builtins": ["cms.templatetags.own_forms"],
        },
    },
]

FORM_RENDERER = "cms.field_markup.PortalRenderer"

# Database: actions own their transactions, so ATOMIC_REQUESTS stays off
DATABASES = {"default": dj_database_url.parse(env.database_url, conn_health_checks=True)}
if env.database_pool_size:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": env.database_pool_size,
        "timeout": env.database_pool_timeout,
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60

# Redis: cache, queue, wake-ups. Limits of programs are counted in the same place, but no bid waits for a slow one
REDIS_URL = env.redis_url
POOL: dict[str, object] = {"pool_class": "cms.shared_pool.SharedPool"}
CACHE = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.redis_url, "OPTIONS": POOL}
SOON = POOL | {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
CACHES = {"default": CACHE, "limits": CACHE | {"OPTIONS": SOON}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# 瓯来拍: one seed for receipts and sealed reserves, the same on every machine of an installation
AUCTION_KEY = env.auction_key.get_secret_value()
AUCTION_KEY_FILE = env.data_dir / "keys" / "auction.key"
AUCTION_NOTICE_DAYS = env.auction_notice_days
AUCTION_VIEWING_DAYS = env.auction_viewing_days
AUCTION_INVITATION_DAYS = env.auction_invitation_days
AUCTION_UNREACHABLE_DAYS = env.auction_unreachable_days
AUCTION_PUBLICITY_DAYS, PUBLICITY_ENTRY_DAYS = env.auction_publicity_days, env.publicity_entry_days
LEAD_AGAIN_DAYS, EVALUATION_LEAST_DAYS = env.lead_again_days, env.evaluation_least_days
AUCTION_NAMES_BUYERS, AUCTION_CALL_PAUSE = env.auction_names_buyers, env.auction_call_pause
AUCTION_CONTACT, AUCTION_CONTACT_PHONE = env.auction_contact, env.auction_contact_phone
DEPOSIT_ACCOUNT_NAME, DEPOSIT_BANK = env.deposit_account_name, env.deposit_bank
DEPOSIT_ACCOUNT_NUMBER, AUCTION_CONTACT_EMAIL = env.deposit_account_number, env.auction_contact_email

# Search
ELASTICSEARCH_URL = env.elasticsearch_url
SEARCH_DIR = env.search_dir
SEARCH_EMBEDDER = env.search_embedder

# Celery (tasks/app.py reads CELERY_…). Effects stand in the database, so a lost message is sent again by
# the sweep: no result backend, and a task is acknowledged only when it has ended.
CELERY_BROKER_URL = env.broker_url
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {name: {"queue": "index"} for name in ("tasks.index.*", "tasks.rebuilding.*")}
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TIMEZONE = "Asia/Shanghai"
TASKS = {"default": {"BACKEND": "tasks.wagtail_jobs.CeleryBackend", "QUEUES": []}}

# What rooms above the marketplace have waiting on the desk: functions of a desk.rows.Reader
DESK_ALSO = ["tasks.waiting.stuck_deliveries"]

# Languages and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
# our own words first; then words of libraries that lack Chinese or say it unlike this house
LOCALE_PATHS = [ROOT / "cms" / "locale", ROOT / "cms" / "locale" / "libraries"]
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = "cms.formats"
USE_I18N = USE_TZ = True

# Static files and uploads
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "cms" / "static"]
STATIC_ROOT = env.static_root
SERVESTATIC_USE_FINDERS = env.static_root is None
SERVESTATIC_AUTOREFRESH = env.debug
SERVESTATIC_ALLOW_ALL_ORIGINS = False
MEDIA_URL = "/media/"
MEDIA_ROOT = env.data_dir / "media"
PRIVATE_ROOT = env.private_root
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
LARGEST_REQUEST = 64 * 1024 * 1024  # with all its files; above every limit of one file
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"
        if env.static_root
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
        # read by everybody, unlike uploads: the image collects them as root and runs as somebody else
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}

# Mail
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.email_from
if env.email_url:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_TLS, EMAIL_USE_SSL = env.email_parts
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = env.data_dir / "mail"

# Who comes in
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("wagtail_serve", args=[""])  # home, in the reader's language
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "marketplace.organisations.account_adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "marketplace.organisations.forms.SignupForm",
    "login": "marketplace.organisations.forms.SignInForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # here; every other session ends with the old password
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if env.https else "http"
ACCOUNT_RATE_LIMITS = {"verify": "30/m/ip"}  # beside the defaults of allauth: checks of codes per address
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
INVITATION_DAYS = env.invitation_days  # for colleagues to answer
MFA_ADAPTER = "marketplace.organisations.account_adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "marketplace.organisations.key_forms.AddKeyForm",
    "authenticate_webauthn": "marketplace.organisations.key_forms.KeyForm",
    "login_webauthn": "marketplace.organisations.key_forms.KeyLoginForm",
    "reauthenticate_webauthn": "marketplace.organisations.key_forms.KeyAgainForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = env.demo and not env.https
MFA_TOTP_ISSUER = env.region_name
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_PROVIDERS = env.oidc_providers
USERSESSIONS_TRACK_ACTIVITY = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.trusted_proxies

# Safety of the transport and of pages
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if env.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.https and env.trusted_proxies else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if env.https else []
CSRF_FAILURE_VIEW = "cms.errors.csrf_failure"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

# Wagtail
WAGTAIL_SITE_NAME = _("Ouhai Technology Transfer Marketplace")
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # everybody works in the district; Wagtail's own list breaks its page
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
# a page or document for some is for who signs in: one password for all is guessed at, passed on and never changed
WAGTAIL_PRIVATE_PAGE_OPTIONS = WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_EXTENSIONS = [
    *("pdf", "ofd", "doc", "docx", "wps", "xls", "xlsx", "et", "ppt", "pptx", "dps", "zip", "csv", "txt"),
]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.staff.documents.DocumentForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
# Finds what stands anywhere in a title; PostgreSQL's own search takes a Chinese sentence for one word
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database.fallback"}}
WAGTAILADMIN_COMMENTS_ENABLED = True
# A draft that saves itself while a new page is published makes a second page of the same address (tried on 8.0)
WAGTAIL_AUTOSAVE_INTERVAL = 0
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = False  # publishing follows from a review; it ends no other

LOGGING = logging_of(level=env.log_level, as_json=env.log_json)
LOGGING_CONFIG = "logging.config.dictConfig"
