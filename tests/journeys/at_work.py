"""A house at work: what follows from a fact goes through a broker to a worker in a process of its own, as it does live.

Other journeys carry it out in the request, which is the same work without the way to it; tests/faults is about the way.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef

from cms import settings as live
from marketplace.core.journal import Entry
from search.engines import get_engine
from tasks import delivery
from tasks.models import Delivery
from tests.cores import all_cores
from tests.faults.brokers import own_broker
from tests.faults.workers import kill, start_worker, until

PATIENCE = 60  # seconds a worker is given for what follows from one request, on a busy machine


class AtWork:
    """A broker and a worker behind the house."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.worker: subprocess.Popen[bytes] | None = None

    def catch_up(self) -> None:
        """Wait until nothing is left to do: people come back a moment later, not within the same millisecond."""
        assert self.worker is not None
        assert self.worker.poll() is None, (self.folder / "worker.log").read_text("utf-8")[-2000:]
        if left_to_do():
            until(lambda: not left_to_do(), seconds=PATIENCE)

    def subjects(self) -> list[str]:
        """Return what the mails are about that the worker left in the folder, as a house without a mail server does."""
        written = [path.read_bytes() for path in (self.folder / "mail").iterdir()]
        return [str(message_from_bytes(each, policy=policy.default)["subject"]) for each in written]


def left_to_do() -> bool:
    """Tell whether something follows from a fact that is not planned, or not done."""
    planned = Delivery.objects.filter(entry=OuterRef("pk"))
    facts = Entry.objects.filter(~Exists(planned), kind__in=list(delivery.CONSEQUENCES))
    return facts.exists() or Delivery.objects.filter(done_at=None).exists()


@contextmanager
def at_work(folder: Path, settings: Any) -> Iterator[AtWork]:
    """Run both in a folder; this process shares their cache, index and files, as the web's processes do."""
    behind = AtWork(folder)
    folder.mkdir()
    with own_broker(folder / "servers") as place, all_cores():
        settings.CACHES = {name: {**cache, "LOCATION": place.redis_url} for name, cache in live.CACHES.items()}
        settings.SEARCH_DIR, settings.MEDIA_ROOT = folder / "search", folder / "media"
        settings.PRIVATE_ROOT = folder / "private"
        here = {"DJANGO_SETTINGS_MODULE": "cms.settings", "DATA_DIR": str(folder), "SEARCH_DIR": str(folder / "search")}
        here["AUCTION_PUBLICITY_DAYS"] = str(settings.AUCTION_PUBLICITY_DAYS)
        words = ["-Q", "default,index", "--pool", "solo"]
        behind.worker = start_worker("tasks.app", words, folder, place.redis_url, **here)
        try:
            yield behind
        finally:
            kill(behind.worker)
            get_engine().close()
