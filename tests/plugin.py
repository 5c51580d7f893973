"""Loaded by pytest before anything reads settings: gives the run its environment and its servers."""

import atexit
import os
import secrets
from pathlib import Path

from cms.bare.place import Place
from cms.bare.servers import Servers
from cms.catalogues import compile_all

ROOT = Path(__file__).resolve().parent.parent


def _settle() -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tests.settings",
        SECRET_KEY=secrets.token_urlsafe(60),
        DATA_DIR=str(ROOT / "var" / "test"),
        HTTPS="false",
        DEMO="false",
        ALLOWED_HOSTS="*",
        LOG_LEVEL="ERROR",
        DATABASE_POOL_SIZE="0",
        DJANGO_ALLOW_ASYNC_UNSAFE="1",
    )
    if not os.environ.get("DATABASE_URL"):
        servers = Servers(Place(ROOT / "var" / "test", durable=False))
        os.environ["DATABASE_URL"] = servers.place.database_url
        os.environ["REDIS_URL"] = servers.place.redis_url + f"?db={os.getpid() % 30 + 1}"
        atexit.register(servers.leave)
    compile_all()


if "PYTEST_XDIST_WORKER" not in os.environ:
    _settle()
