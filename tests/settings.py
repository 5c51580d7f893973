"""The house's settings with what a test run changes."""

import os

from cms.settings import *  # noqa: F403
from cms.settings import DATABASES, MIDDLEWARE, env

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# it looks at every static file whenever a test's client sends its first request: an eighth of all time
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("servestatic.")]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CLOCK_MAY_MOVE = True
AUCTION_PUBLICITY_DAYS = 0  # most tests of contracts begin at a sale; test_result_publicity.py sets the real days
PUBLICITY_ENTRY_DAYS = 0  # most tests let a publicity end the day after its last; test_letters.py sets the real day
EVALUATION_LEAST_DAYS = 0  # most tests file and evaluate in one year; test_broker_year.py sets the real days
LANGUAGE_CODE = "zh-hans"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
MEDIA_ROOT = env.data_dir / "media" / WORKER
PRIVATE_ROOT = env.data_dir / "private" / WORKER
ELASTICSEARCH_URL = ""  # the variable names a server for the suite of the engines, not one to write the pages' index to
SEARCH_DIR = env.data_dir / "search" / WORKER
LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES = {"default": LOCAL, "limits": LOCAL}
# a lock that never comes is told in a minute, with the statement that waits for it: above all the emptying of tables
# after a test, behind a connection somebody left in a transaction. A statement here reads a handful of rows and is
# planned each time: choosing the order of its joins, and among ways that pay for many rows only, took a quarter of the
# server's time
WAYS = ("mergejoin", "memoize", "material", "incremental_sort")
PLANNED_PLAINLY = {"join_collapse_limit": "1", "from_collapse_limit": "1"} | {f"enable_{way}": "off" for way in WAYS}
DATABASES["default"].setdefault("OPTIONS", {})["options"] = " ".join(
    f"-c {name}={value}" for name, value in ({"lock_timeout": "60s"} | PLANNED_PLAINLY).items()
)
DATABASES["default"]["TEST"] = {"NAME": f"test_{WORKER}_{os.getppid() if WORKER != 'alone' else os.getpid()}"}
