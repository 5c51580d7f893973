"""The index stays true under many updates at a time, also when the worker that writes it is killed among them."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone

from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.outcomes.models import ResearchOutcome
from search.engine import Query
from search.engines import get_engine
from search.visibility import Visibility
from tasks import delivery
from tasks.index import index_subject
from tasks.models import Delivery
from tests.cores import all_cores
from tests.faults.workers import kill, start_worker, sweep_later, until
from tests.marketplace.auctions import making

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

THREADS, UPDATES = 10, 50  # in each
OUTCOMES = 20


@pytest.fixture
def start(tmp_path, broker, settings, monkeypatch):
    """Start a worker for both queues, alone in writing the index that this process reads; kill what is left."""
    settings.SEARCH_DIR = tmp_path / "search"
    monkeypatch.setattr(delivery, "CONSEQUENCES", {Kind.OUTCOME_CONFIRMED: [index_subject]})
    here = {"DJANGO_SETTINGS_MODULE": "cms.settings", "DATA_DIR": str(tmp_path), "SEARCH_DIR": str(tmp_path / "search")}
    words, started = ["-Q", "default,index", "--pool", "solo"], []

    def start():
        started.append(start_worker("tests.faults.index_worker", words, tmp_path, broker.redis_url, **here))
        return started[-1]

    with all_cores():
        yield start
    for worker in started:
        kill(worker)
    get_engine().close()


def update(outcomes: list[ResearchOutcome], thread: int, by) -> None:
    """Give outcomes new words, one after another; every thread goes through all of them."""
    try:
        for number in range(UPDATES):
            outcome = outcomes[(number + thread) % OUTCOMES]
            with transaction.atomic():
                row = ResearchOutcome.objects.select_for_update(of=("self",)).get(pk=outcome.pk)
                # a statement: Wagtail's own index, which nothing reads here, would want a job for each
                ResearchOutcome.objects.filter(pk=row.pk).update(title=f"万向节 word{thread:02d}x{number:02d}")
                journal.record(Kind.OUTCOME_CONFIRMED, row, by=by)
    finally:
        connection.close()


def found(words: str) -> list[str]:
    return get_engine().search(Query(kind="outcome", visibility=Visibility.public(), text=words)).ids


def done(count: int) -> Callable[[], bool]:
    return lambda: Delivery.objects.exclude(done_at=None).count() >= count


def swept(count: int) -> Callable[[], bool]:
    """Sweep as beat does, a while after the last message was lost, and tell whether all is done."""
    seen = [-1]

    def ready() -> bool:
        before, seen[0] = seen[0], Delivery.objects.exclude(done_at=None).count()
        if before == seen[0] < count:
            sweep_later()
        time.sleep(0.5)
        return seen[0] >= count

    return ready


@pytest.mark.timeout(600)  # three starts of a worker and 500 commits: long on a busy machine
def test_500_updates_at_a_time_and_their_worker_killed_twice(start):
    owner = making.organisation("institute")
    now = {"owner": owner, "published_at": timezone.now(), "expires_on": "2099-01-01", "state": "available"}
    outcomes = [making.outcome(**now) for _ in range(OUTCOMES)]
    by = making.member(owner, "publisher")
    worker = start()
    threads = [threading.Thread(target=update, args=(outcomes, number, by)) for number in range(THREADS)]
    for thread in threads:
        thread.start()

    for count in (50, 150):
        until(done(count), seconds=60)
        kill(worker)
        worker = start()
    for thread in threads:
        thread.join(60)
    until(swept(THREADS * UPDATES), seconds=150)

    assert Delivery.objects.count() == THREADS * UPDATES
    titles = dict(ResearchOutcome.objects.values_list("title", "number"))
    assert {title: found(f'"{title.split()[1]}"') for title in titles} == {t: [n] for t, n in titles.items()}
    assert len(found("万向节")) == OUTCOMES
    last = {title.split()[1] for title in titles}
    former = {f"word{thread:02d}x{number:02d}" for thread in range(THREADS) for number in range(UPDATES)} - last
    assert [word for word in former if found(f'"{word}"')] == []
