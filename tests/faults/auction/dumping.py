"""A dump, and a look that does not move on while bids arrive."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections, transaction

from cms.bare.postgres import binary
from marketplace.auctions.models import Lot
from marketplace.auctions.record import chain_problems, recorded
from tests.crowd.house import House


def dumped(house: House) -> int:
    """Dump the whole database with pg_dump; return the bytes."""
    words = [binary("pg_dump"), "-h", str(house.place.sockets), "-U", "postgres", house.database]
    done = subprocess.run(words, capture_output=True, check=True, timeout=120, env={"PATH": os.defpath})
    return len(done.stdout)


@contextmanager
def snapshot(lot: Lot) -> Iterator[Callable[[], list[str]]]:
    """Hold one transaction over the block; what it yields tells whether the lot is whole as it was at the beginning."""
    with transaction.atomic():
        with connections["default"].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        began = Lot.objects.get(pk=lot.pk).seq

        def look() -> list[str]:
            then = Lot.objects.select_related("session").get(pk=lot.pk)
            events = recorded(then)
            found = chain_problems(then.number, then.session.announcement_hash, events)
            if (then.seq, then.head_hash) != (len(events), events[-1]["hash"]) or then.seq != began:
                found.append(f"{then.number}: the snapshot is not whole at #{then.seq}")
            return found

        yield look
