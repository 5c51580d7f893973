import os
import secrets
import subprocess
import sys

import pytest

from cms.bare import machine
from cms.bare.compose import strangers
from tests.test_architecture import ROOT

GOOD = {
    "SECRET_KEY": secrets.token_urlsafe(60),
    "DATABASE_URL": "postgresql://house:word@db.example:5432/house",
    "REDIS_URL": "redis://redis.example:6379/0",
}


def ask(script: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """Run a script in a process with this environment and nothing else of ours."""
    environment = {"PATH": os.defpath, **GOOD}
    for name, value in changes.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY: Field required"),
        ({"SECRET_KEY": ""}, "SECRET_KEY: Field required"),
        ({"SECRET_KEY": "abc" * 5}, "SECRET_KEY: it is weak"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY: it is weak"),
        ({"SECRET_KEY": "django-insecure-" + "x1y2z3w4v5u6t7" * 5}, "SECRET_KEY: it contains a well-known example"),
        ({"DATABASE_URL": None}, "DATABASE_URL: Field required"),
        ({"DATABASE_URL": "sqlite:///x.db"}, "DATABASE_URL: only PostgreSQL is supported"),
        ({"REDIS_URL": "memcached://x"}, "REDIS_URL: use redis://"),
        ({"REGION_CODE": "33"}, "REGION_CODE: String should match"),
    ],
)
def test_refuses_an_unsafe_environment_with_a_sentence(changes, sentence):
    answer = ask("import cms.settings", **changes)

    assert answer.returncode == 1
    assert sentence in answer.stderr
    assert "Traceback" not in answer.stderr


def test_defaults_are_safe():
    answer = ask(
        "from cms import settings as s\n"
        "print(s.DEBUG, s.DEMO, s.CLOCK_MAY_MOVE, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT,"
        " s.SECURE_HSTS_SECONDS, s.ALLOWED_HOSTS, s.DATABASES['default']['OPTIONS']['pool']['max_size'])"
    )

    assert answer.stdout.split() == "False False False True True True 31536000 [] 8".split()  # noqa: SIM905


def test_the_portal_allows_no_inline_script_and_the_admin_does(client, db):
    portal = client.get("/accounts/login/").headers["Content-Security-Policy"]
    admin = client.get("/admin/").headers["Content-Security-Policy"]

    assert "script-src 'self';" in portal + ";"
    assert "unsafe" not in portal
    assert "'unsafe-inline'" in admin


@pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/admin/login/"])
def test_the_admin_has_no_door_of_its_own(client, db, path):
    answer = client.get(path, follow=True)

    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=/admin/")


def test_the_admin_resets_no_passwords(client, db):
    answer = client.get("/admin/password_reset/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/password/reset/")


def test_the_door_leads_to_no_other_site(client, db):
    answer = client.get("/admin/login/?next=https://evil.example/")

    assert answer.headers["Location"] == "/accounts/login/?next=/admin/"


@pytest.mark.parametrize("named", ["DATABASE_URL", "REDIS_URL", "SECRET_KEY", "STATIC_ROOT"])
def test_a_half_configured_deployment_is_never_taken_for_a_bare_machine(monkeypatch, named):
    for name in machine.DEPLOYED:
        monkeypatch.delenv(name, raising=False)
    assert machine.is_bare()

    monkeypatch.setenv(named, "something")

    assert not machine.is_bare()


def test_variables_are_told_alike_everywhere():
    compose = {"x-house": {"environment": {"LOG_LEVEL": "INFO"}}}
    example = "LOG_LEVEL=INFO\nEMAIL_FROM=a@b\n# DEBUG=false\nOLD=1\nSITE_HOST=x\n"

    found = strangers(compose, "${SITE_HOST:?}", example, "| `SITE_URL`, `GONE` | words |\n| `text` | words |\n")

    assert "AUCTION_KEY is read by cms/environment.py and not in .env.example" in found
    assert [line for line in found if "not in .env.example" not in line] == [
        "OLD is in .env.example, and nothing reads it",
        "EMAIL_FROM is set in .env.example, and the compose file does not pass it on",
        "GONE is in README.md, and nothing reads it",
    ]
