import pytest
from psycopg_pool import ConnectionPool, PoolTimeout

from cms import health


def test_healthz_touches_no_service(client, settings):
    settings.REDIS_URL = "unix:///nowhere.sock"

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


def test_readyz_names_each_service(client, db):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "redis": "ok", "search": "ok"}


@pytest.mark.parametrize(
    ("setting", "nowhere", "service"),
    [
        ("REDIS_URL", "unix:///nowhere.sock", "redis"),
        ("ELASTICSEARCH_URL", "http://127.0.0.1:9", "search"),
    ],
)
def test_readyz_names_the_one_that_does_not_answer(client, db, settings, setting, nowhere, service):
    setattr(settings, setting, nowhere)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    expected = {"status": "not ready", "database": "ok", "redis": "ok", "search": "ok", service: "no answer"}
    assert answer.json() == expected


def test_every_connection_taken_means_come_again(client, db, monkeypatch):
    client.raise_request_exception = False
    pool = ConnectionPool("host=/nowhere", min_size=0, max_size=1, open=True, timeout=0.1)

    def no_connection() -> None:
        with pool.connection():
            pass

    monkeypatch.setitem(health.SERVICES, "database", no_connection)
    monkeypatch.setattr(health, "_state_of", lambda name, ask: ask())

    with pytest.raises(PoolTimeout):
        no_connection()
    answer = client.get("/readyz")
    pool.close()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_another_error_stays_an_error(client, db, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr(health, "_state_of", lambda name, ask: 1 / 0)

    assert client.get("/readyz").status_code == 500
