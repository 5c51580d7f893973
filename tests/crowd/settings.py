"""The house's settings for the process that makes the rows and judges them."""

from cms.settings import *  # noqa: F403
from cms.settings import DATABASES, env

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CLOCK_MAY_MOVE = True
LANGUAGE_CODE = "zh-hans"
LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES = {"default": LOCAL, "limits": LOCAL}
DATABASES["default"]["TEST"] = {"NAME": f"proof_{env.region_code}"}
