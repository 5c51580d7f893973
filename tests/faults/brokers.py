"""A broker of a test's own, which it may kill and flush, and where this process then sends its messages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kombu import pools

from cms.bare.place import Place
from cms.bare.valkey import start_valkey, stop_valkey
from tasks.app import app


@contextmanager
def own_broker(folder: Path) -> Iterator[Place]:
    """Start a Valkey in a folder and send messages to it; afterwards send them where they went before."""
    place = Place(folder, durable=False)
    place.data.mkdir()
    place.sockets.mkdir(mode=0o700)
    start_valkey(place)
    former = app.conf.broker_url
    _send_to(place.redis_url.replace("unix://", "redis+socket://"))
    try:
        yield place
    finally:
        _send_to(former)
        stop_valkey(place)
        place.sockets.joinpath("valkey.sock").unlink(missing_ok=True)
        place.sockets.rmdir()


def _send_to(url: str) -> None:
    """Point Celery's sending side to another broker, without its open connections."""
    app.conf.broker_url = app.conf.broker_write_url = app.conf.broker_read_url = url
    pools.reset()
    app._pool = app.amqp._producer_pool = None
