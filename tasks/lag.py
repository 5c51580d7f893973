"""How far the index is behind the database: changes whose delivery is not done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Min, QuerySet

from marketplace.auctions.models import AuctionSession
from marketplace.organisations.models import Organisation
from search.documents import SOURCES
from tasks.models import Delivery

MOST = 50


@dataclass(frozen=True)
class Behind:
    """How many changes one index does not hold yet, and when the oldest was made."""

    changes: int = 0
    since: datetime | None = None


def _waiting() -> QuerySet[Delivery]:
    return Delivery.objects.filter(done_at=None, consequence__startswith="index.")


def _kinds(subject_type: int) -> list[str]:
    """Return the kinds of document a change is about: an organisation is named in all that have an owner."""
    model = ContentType.objects.get_for_id(subject_type).model_class()
    if model is None or issubclass(model, Organisation):
        return list(SOURCES)
    if issubclass(model, AuctionSession):
        return ["lot"]
    return [kind for kind, source in SOURCES.items() if issubclass(model, source.model)]


def behind() -> dict[str, Behind]:
    """Return {kind: how far its index is behind}."""
    found = {kind: Behind() for kind in SOURCES}
    told = _waiting().values("entry__subject_type").annotate(changes=Count("id"), since=Min("entry__recorded_at"))
    for one in told:
        for kind in _kinds(one["entry__subject_type"]):
            before = found[kind]
            since = min(before.since, one["since"]) if before.since else one["since"]
            found[kind] = Behind(before.changes + one["changes"], since)
    return found


def failed() -> Iterator[Delivery]:
    """Yield the changes that could not be indexed so far, the oldest first."""
    stuck = _waiting().exclude(error="").select_related("entry__subject_type")
    yield from stuck.order_by("entry__recorded_at", "pk")[:MOST]
