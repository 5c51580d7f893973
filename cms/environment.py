"""What the environment tells the house, typed and checked in one place."""

import os
from base64 import urlsafe_b64decode
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from cms.bare import machine

ROOT = Path(__file__).resolve().parent.parent
WEAK = {"secret", "changeme", "change-me", "insecure", "password", "django-insecure"}
SHORTEST_SECRET = 50
LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}


class BadEnvironment(SystemExit):
    """The environment is incomplete or unsafe; the message says which variable and why."""


class Environment(BaseSettings):
    """Every variable the house reads. Defaults are safe for production."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, case_sensitive=False)

    secret_key: SecretStr = Field(description="signs sessions and links; at least 50 random characters")
    database_url: str = Field(description="postgresql://user:password@host:5432/name")
    database_web_url: str = Field(default="", description="role of web and workers, made by prepare; empty: one role")
    redis_url: str = Field(description="redis://host:6379/0: cache, queue and wake-ups")
    elasticsearch_url: str = Field(default="", description="nodes, comma-separated; empty: the embedded engine")
    search_embedder: str = Field(default="", description="class that turns texts into vectors (search/embedding.py)")

    debug: bool = False
    demo: bool = Field(default=False, description="demo sign-ins, practice lots; never with real data")
    https: bool = Field(default=True, description="secure cookies, redirect to https, HSTS")
    allowed_hosts: Annotated[list[str], NoDecode] = Field(default_factory=list, description="comma-separated names")
    site_url: str = Field(default="http://localhost:8000", description="public address, for links in mails and QR")
    trusted_proxies: int = Field(default=0, ge=0, description="reverse proxies in front, for limits by address")

    database_pool_size: int = Field(default=8, ge=0, description="connections of one web process; 0: no pool")
    database_pool_timeout: float = Field(default=10, gt=0, description="seconds to wait for a connection")

    data_dir: Path = Field(default=ROOT / "var", description="uploads, search index, mails on a bare machine")
    static_root: Path | None = Field(default=None, description="collected static files; empty: served from source")

    auction_key: SecretStr = Field(
        default=SecretStr(""), description="32 random bytes, URL-safe base64: receipts, reserves; empty: DATA_DIR"
    )
    auction_notice_days: int = Field(default=7, ge=0, description="announcement before bidding; auctions: at least 7")
    auction_viewing_days: int = Field(default=2, ge=1, description="days of viewing; of an auction at least 2")
    auction_invitation_days: int = Field(
        default=3, ge=0, description="from a priority holder's invitation to the notice"
    )
    auction_unreachable_days: int = Field(
        default=5, ge=0, description="the same from a public notice to who is not found"
    )
    auction_publicity_days: int = Field(
        default=5, ge=0, le=60, description="working days a sale's result is in publicity before the contract; 0: none"
    )
    publicity_entry_days: int = Field(
        default=1,
        ge=0,
        le=10,
        description="working days after the last day of a publicity in which staff enter letters that came in time",
    )
    lead_again_days: int = Field(
        default=30, ge=0, le=365, description="days before a broker files a declined lead again without new evidence"
    )
    evaluation_least_days: int = Field(
        default=90, ge=0, le=365, description="days of a year in the register before a broker is evaluated for it"
    )
    auction_names_buyers: bool = Field(default=False, description="the publicity of a result names the buyer")
    auction_call_pause: int = Field(
        default=10, ge=0, le=300, description="seconds after a call in the hall before the next or the hammer"
    )
    auction_contact: str = Field(default="", description="office that answers bidders and books viewings")
    auction_contact_phone: str = Field(default="", description="its telephone; one of the two is needed")
    auction_contact_email: str = Field(default="", description="its mail box")
    deposit_account_name: str = Field(default="", description="holder of the account that takes bidders' deposits")
    deposit_bank: str = Field(default="", description="the bank and branch of that account")
    deposit_account_number: str = Field(
        default="", description="its number; unless all three are given, bidders are told to ask the organiser"
    )

    email_url: str = Field(default="", description="smtp://user:password@host:587; empty: files under DATA_DIR/mail")
    email_from: str = "noreply@localhost"
    invitation_days: int = Field(default=14, ge=1, le=60, description="days a colleague has to answer an invitation")
    log_level: str = "INFO"
    log_json: bool = True

    region_code: str = Field(
        default="330304",
        pattern=r"^\d{6}$",
        description="GB/T 2260 code of the district when the database is made; later ones are entries of a code list",
    )
    region_name: str = "瓯海区"
    region_name_en: str = "Ouhai District"

    oidc_server: str = Field(default="", description="address of an OpenID Connect provider; empty: none")
    oidc_name: str = "SSO"
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")

    @field_validator("secret_key")
    @classmethod
    def _strong(cls, secret: SecretStr) -> SecretStr:
        words = secret.get_secret_value()
        if any(weak in words.lower() for weak in WEAK):
            raise ValueError("it contains a well-known example")
        if len(words) < SHORTEST_SECRET or len(set(words)) < 12:
            raise ValueError(f"it is weak; use at least {SHORTEST_SECRET} random characters")
        return secret

    @field_validator("log_level")
    @classmethod
    def _known(cls, level: str) -> str:
        if level.upper() not in LEVELS:
            raise ValueError("use DEBUG, INFO, WARNING, ERROR or CRITICAL")
        return level.upper()

    @field_validator("auction_key")
    @classmethod
    def _seed(cls, key: SecretStr) -> SecretStr:
        with suppress(ValueError):
            if len(urlsafe_b64decode(key.get_secret_value())) in (0, 32):
                return key
        raise ValueError("it is not 32 bytes in URL-safe base64")

    @field_validator("site_url", "oidc_server")
    @classmethod
    def _address(cls, url: str) -> str:
        return _web_address(url) if url else ""

    @field_validator("elasticsearch_url")
    @classmethod
    def _addresses(cls, urls: str) -> str:
        return ",".join(_web_address(url.strip()) for url in urls.split(",") if url.strip())

    @field_validator("email_url")
    @classmethod
    def _mail_server(cls, url: str) -> str:
        if url and not url.startswith(("smtp://", "smtps://")):
            raise ValueError("use smtp:// or smtps://")
        _parts(url)
        return url

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, hosts: str | list[str]) -> list[str]:
        return [host.strip() for host in hosts.split(",") if host.strip()] if isinstance(hosts, str) else hosts

    @field_validator("database_url")
    @classmethod
    def _postgresql(cls, url: str) -> str:
        if not url.startswith(("postgres://", "postgresql://")):
            raise ValueError("only PostgreSQL is supported: postgresql://…")
        if not _parts(url).path.strip("/"):
            raise ValueError("it names no database: postgresql://user:password@host:5432/name")
        return url

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, url: str) -> str:
        if not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("use redis://, rediss:// or unix://")
        number = _parts(url).path.strip("/")
        if not url.startswith("unix://") and number and not number.isdigit():
            raise ValueError("it is no address; write redis://host:6379/0 with the number of the database")
        return url

    @property
    def broker_url(self) -> str:
        """Return the same Redis in the words of Celery."""
        return self.redis_url.replace("unix://", "redis+socket://", 1)

    @property
    def email_parts(self) -> tuple[str, int, str, str, bool, bool]:
        """Return host, port, user, password, STARTTLS?, TLS? of the mail server."""
        parts = urlsplit(self.email_url)
        implicit = parts.scheme == "smtps"
        return (
            parts.hostname or "localhost",
            parts.port or (465 if implicit else 587),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            not implicit and parts.port != 25,
            implicit,
        )

    @property
    def oidc_providers(self) -> dict[str, dict]:
        """Return allauth's description of the one OpenID Connect provider, if there is one."""
        if not self.oidc_server:
            return {}
        app = {
            "provider_id": "sso",
            "name": self.oidc_name,
            "client_id": self.oidc_client_id,
            "secret": self.oidc_client_secret.get_secret_value(),
            "settings": {"server_url": self.oidc_server},
        }
        return {"openid_connect": {"APPS": [app]}}

    @property
    def private_root(self) -> Path:
        """Return where uploads are kept that no web server may serve."""
        return self.data_dir / "private"

    @property
    def search_dir(self) -> Path:
        """Return where the embedded search engine keeps its index."""
        return self.data_dir / "search"


def _parts(url: str) -> SplitResult:
    """Return the parts of an address; its port is a number. The address may hold a password and is not repeated."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # raises where it is no number
    except ValueError:
        raise ValueError("it is no address; is the port a number, and is the password percent-encoded?") from None
    return parts


def _web_address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("write http:// or https:// and the host")
    _parts(url)
    return url


def _left_over(error: ValidationError) -> str:
    """Return a word for whoever has one variable of a deployment set and wanted a house of its own."""
    named = [name for name in machine.DEPLOYED if os.environ.get(name)]
    if not named or not any(problem["type"] == "missing" for problem in error.errors()):
        return ""
    return f"\n{named[0]} is set, which only a deployment does. Without it the house brings its own services: unset it."


@lru_cache(maxsize=1)
def read() -> Environment:
    """Return the environment, or end the process with one readable line per wrong variable."""
    try:
        return Environment()
    except ValidationError as error:
        lines = [
            f"  {str(problem['loc'][0]).upper()}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors()
        ]
        raise BadEnvironment(
            "The environment is not complete or not safe:\n" + "\n".join(lines) + _left_over(error)
        ) from None
