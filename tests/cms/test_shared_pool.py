"""All clients of the cache with the same address and options use the same connections to Redis."""

import threading

import pytest
from django.core.cache.backends.redis import RedisCache

from cms.settings import CACHES, REDIS_URL


def client(name="default"):
    """Return a client as another request has it."""
    return RedisCache(REDIS_URL, CACHES[name])._cache.get_client()


def test_every_request_uses_the_same_connections():
    found = []
    threads = [threading.Thread(target=lambda: found.append(client().connection_pool)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({id(pool) for pool in found}) == 1


def test_whoever_gives_up_sooner_has_connections_of_its_own():
    assert client("limits").connection_pool is not client().connection_pool
    assert client("limits").connection_pool.connection_kwargs["socket_timeout"] == 0.5


@pytest.mark.parametrize("name", ["default", "limits"])
def test_a_connection_is_made_once_for_one_request_after_another(name):
    client(name).set("shared-pool", 1)
    made = set(client(name).connection_pool._available_connections)

    for _ in range(5):
        client(name).get("shared-pool")

    assert set(client(name).connection_pool._available_connections) == made
