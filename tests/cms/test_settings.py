import os
import secrets
import subprocess
import sys

import kombu.exceptions
import pytest
import redis
from django.db import OperationalError, ProgrammingError

from cms import services
from cms.bare import machine
from cms.bare.compose import strangers
from cms.environment import BadEnvironment, read
from search.engine import EngineDown
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
        ({"REDIS_URL": "redis://host:many/0"}, "REDIS_URL: it is no address"),
        ({"REDIS_URL": "redis://host:6379/one"}, "REDIS_URL: it is no address"),
        ({"DATABASE_URL": "postgresql://host:many/house"}, "DATABASE_URL: it is no address"),
        ({"DATABASE_URL": "postgresql://host:5432"}, "DATABASE_URL: it names no database"),
        ({"ELASTICSEARCH_URL": "search.example"}, "ELASTICSEARCH_URL: write http:// or https://"),
        ({"ELASTICSEARCH_URL": "http://one:9200,two:9200"}, "ELASTICSEARCH_URL: write http:// or https://"),
        ({"ELASTICSEARCH_URL": "http://one:9200,http://two:many"}, "ELASTICSEARCH_URL: it is no address"),
        ({"SITE_URL": "market.example.cn"}, "SITE_URL: write http:// or https://"),
        ({"EMAIL_URL": "smtp://host:many"}, "EMAIL_URL: it is no address"),
        ({"EMAIL_URL": "mail.example.cn"}, "EMAIL_URL: use smtp:// or smtps://"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL: use DEBUG, INFO, WARNING, ERROR or CRITICAL"),
        ({"AUCTION_KEY": "short"}, "AUCTION_KEY: it is not 32 bytes in URL-safe base64"),
        ({"DATABASE_POOL_SIZE": "abc"}, "DATABASE_POOL_SIZE: Input should be a valid integer"),
        ({"HTTPS": "maybe"}, "HTTPS: Input should be a valid boolean"),
        ({"REGION_CODE": "33"}, "REGION_CODE: String should match"),
    ],
)
def test_refuses_an_unsafe_environment_with_a_sentence(monkeypatch, changes, sentence):
    given = {name: value for name, value in (GOOD | changes).items() if value is not None}
    monkeypatch.setattr(os, "environ", given)

    with pytest.raises(BadEnvironment) as refusal:
        read.__wrapped__()

    assert sentence in str(refusal.value)


def test_the_process_ends_with_that_sentence_alone():
    answer = ask("import cms.settings", SECRET_KEY="", HTTPS="maybe")

    assert answer.returncode == 1
    assert "SECRET_KEY: Field required" in answer.stderr
    assert "HTTPS: Input should be a valid boolean" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_several_search_nodes_are_one_setting():
    script = "import cms.settings; print(cms.settings.ELASTICSEARCH_URL)"

    answer = ask(script, ELASTICSEARCH_URL="http://one:9200, https://two:9200 ,")

    assert answer.stdout == "http://one:9200,https://two:9200\n"


def test_no_secret_is_said_aloud():
    answer = ask("import cms.settings", SECRET_KEY="changeme-my-word", DATABASE_URL="postgresql://a:pass-word@h:x/b")

    assert "SECRET_KEY: it contains a well-known example" in answer.stderr
    assert "DATABASE_URL: it is no address" in answer.stderr
    assert "my-word" not in answer.stderr
    assert "pass-word" not in answer.stderr


def test_whoever_has_a_variable_left_over_is_told_how_to_do_without():
    answer = ask("import cms.settings", SECRET_KEY=None, REDIS_URL=None)

    assert "DATABASE_URL is set, which only a deployment does" in answer.stderr


def manage(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a command of this house's Django with the environment of a deployment."""
    environment = {"PATH": os.defpath, **GOOD, "DATABASE_POOL_TIMEOUT": "1", "DATABASE_POOL_SIZE": "0", **changes}
    words = (sys.executable, "manage.py", *words)
    return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90, check=False)


@pytest.mark.parametrize(
    ("command", "changes", "sentence"),
    [
        (["prepare"], {"DATABASE_URL": "postgresql://a:pass-word@127.0.0.1:9/house"}, "Connection refused"),
        (["showmigrations", "--skip-checks"], {"DATABASE_URL": "postgresql:///house?host=/nowhere"}, "No such file"),
        (
            ["migrate", "--skip-checks"],
            {"DATABASE_URL": "postgresql://a@127.0.0.1:9/house", "DATABASE_POOL_SIZE": "2"},
            "refused",
        ),
    ],
)
@pytest.mark.long
def test_a_database_that_is_not_there_is_named(command, changes, sentence):
    answer = manage(*command, **changes)

    assert answer.returncode == 1
    assert "DATABASE_URL: the database does not answer" in answer.stderr
    assert sentence in answer.stderr
    assert "pass-word" not in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.long
def test_a_database_of_another_name_is_named():
    nameless = os.environ["DATABASE_URL"].replace("/marketplace?", "/no_such_house?")

    answer = manage("prepare", DATABASE_URL=nameless)

    assert answer.returncode == 1
    assert 'database "no_such_house" does not exist' in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("error", "variable"),
    [
        (OperationalError("connection failed: password authentication failed"), "DATABASE_URL"),
        (redis.ConnectionError("refused"), "REDIS_URL"),
        (kombu.exceptions.OperationalError("refused"), "REDIS_URL"),
        (EngineDown("Elasticsearch does not answer"), "ELASTICSEARCH_URL"),
    ],
)
def test_every_service_has_its_variable(error, variable):
    assert services.sentence_about(error).startswith(f"{variable}: ")


@pytest.mark.parametrize("error", [ValueError("x"), ProgrammingError("no such column")])
def test_a_fault_of_ours_is_no_service_that_is_away(error):
    assert services.sentence_about(error) is None


def test_defaults_are_safe():
    answer = ask(
        "from cms import settings as s\n"
        "print(s.DEBUG, s.DEMO, s.CLOCK_MAY_MOVE, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT,"
        " s.SECURE_HSTS_SECONDS, s.ALLOWED_HOSTS, s.DATABASES['default']['OPTIONS']['pool']['max_size'])"
    )

    assert answer.stdout.split() == "False False False True True True 31536000 [] 8".split()  # noqa: SIM905


@pytest.mark.long
def test_what_the_image_collects_as_root_is_read_by_whoever_it_runs_as(tmp_path):
    answer = ask(
        "import django; django.setup()\n"
        "from django.contrib.staticfiles.storage import staticfiles_storage as kept\n"
        "from django.core.files.base import ContentFile\n"
        "kept.save('css/one.css', ContentFile(b'')); kept.save_manifest()",
        DJANGO_SETTINGS_MODULE="cms.settings",
        STATIC_ROOT=str(tmp_path / "static"),
    )

    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "static").rglob("*")}
    assert modes == {"css": 0o755, "one.css": 0o644, "staticfiles.json": 0o644}, answer.stderr


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
