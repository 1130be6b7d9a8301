"""Django's settings. No models, no admin, no sessions or accounts of Django's own, and never a debug page."""

from __future__ import annotations

from fairhold import engine
from fairhold.web import config

SECRET_KEY = config.secret_key()
DEBUG = False
ALLOWED_HOSTS = config.hosts()
ROOT_URLCONF = "fairhold.web.urls"
DATABASES: dict[str, object] = {}  # rooms speak SQL through a scope
INSTALLED_APPS = ["django.contrib.staticfiles"]

MIDDLEWARE = [
    "fairhold.web.middleware.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "fairhold.web.middleware.Visits",
    "fairhold.web.middleware.Refusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [config.FOLDER],
        "OPTIONS": {
            "builtins": ["django.templatetags.static", "fairhold.web.filters"],
            "context_processors": ["fairhold.web.frame.frame"],
            # A name that a template asks for and nobody gave is a fault of ours; in tests it is looked for.
            "string_if_invalid": "",
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

STATIC_URL = "/static/"
STATIC_ROOT = config.FOLDER / "static"
STORAGES = {
    "staticfiles": {"BACKEND": "fairhold.web.static_files.Versioned"},
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
}
WHITENOISE_MAX_AGE = 86_400  # the address of a file changes with its content
WHITENOISE_IMMUTABLE_FILE_TEST = "^never$"  # nothing is served under an address that names its content's hash
WHITENOISE_ALLOW_ALL_ORIGINS = False

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False
APPEND_SLASH = True
CSRF_FAILURE_VIEW = "fairhold.web.errors.form_expired"
CSRF_COOKIE_NAME = "__Host-fairhold-form" if config.over_tls() else "fairhold-form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = config.over_tls()
SECURE_SSL_REDIRECT = False  # the proxy that ends TLS does it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if config.over_tls() else None
SECURE_HSTS_SECONDS = 31_536_000 if config.over_tls() else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_REFERRER_POLICY = "same-origin"  # forms need the origin; addresses hold no personal data
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = engine.settings.private_folder("uploads")  # a file here is gone when its request ends
# Django's own log lines can quote what people typed; `errors.anything` writes ours.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"nowhere": {"class": "logging.NullHandler"}},
    "loggers": {"django": {"handlers": ["nowhere"], "propagate": False}},
}
