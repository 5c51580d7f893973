"""Keeping the search index true. These consequences run on the queue `index`, whose worker alone writes the index."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Model, Q
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from marketplace.auctions.models import AuctionSession
from marketplace.brokers.models import TechBroker
from marketplace.core.classifications import Classified, Industry, TechnicalField
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome
from marketplace.trials.pool import PoolEntry
from search import twins
from search.documents import SOURCES, source_of
from search.indexing import index_records
from tasks.app import app
from tasks.models import Delivery

AT_A_TIME = 1_000  # outcomes signed by one sweep
PAGES_SEEN = "tasks.index.pages_seen"
BEARING: dict[type[Classified], dict[str, str]] = {
    TechnicalField: {"outcome": "field", "need": "field", "broker": "fields", "lot": "outcome__field"},
    Industry: {"outcome": "industries", "need": "industry", "lot": "outcome__industries"},
}
STILL_OPEN = timedelta(minutes=5)  # a transaction writes its line of the log before others can read it


class IndexIncomplete(RuntimeError):
    """Some documents could not be written; the delivery is tried again."""


def index_subject(delivery: Delivery) -> None:
    """Make the index agree with the record an entry is about."""
    subject = delivery.entry.subject
    source = source_of(subject) if subject is not None else None
    if source is None:
        return
    _index(source.kind, [getattr(subject, source.key)])


def index_pooled(delivery: Delivery) -> None:
    """Make the index agree with the outcome of a pool entry that opens, pauses or closes: whether it can be tried."""
    subject = delivery.entry.subject
    if isinstance(subject, PoolEntry):
        _index("outcome", [subject.outcome.number])


def sign_subject(delivery: Delivery) -> None:
    """Make the signatures agree with the texts of the outcome an entry is about."""
    subject = delivery.entry.subject
    if isinstance(subject, ResearchOutcome):
        twins.sign([subject.number])


@app.task
def sign_outcomes() -> None:
    """Sign the outcomes whose text was saved since: saving a draft leaves no entry."""
    twins.sign(twins.unsigned().order_by("-pk").values_list("number", flat=True)[:AT_A_TIME])


def index_dependants(delivery: Delivery) -> None:
    """Make the index agree with everything that carries the name or region of an organisation."""
    organisation = delivery.entry.subject
    if not isinstance(organisation, Organisation):
        return
    for kind, keys in _carrying(organisation).items():
        _index(kind, keys)


def index_lots(delivery: Delivery) -> None:
    """Make the index agree with the lots of a session that was announced, moved on or cancelled, or of an outcome."""
    subject = delivery.entry.subject
    if isinstance(subject, AuctionSession | ResearchOutcome):
        _index("lot", list(subject.lots.values_list("number", flat=True)))


def index_classified(delivery: Delivery) -> None:
    """Make the index agree with everything that bears a field or industry of another name or place, or a part of it."""
    node = delivery.entry.subject
    if not isinstance(node, TechnicalField | Industry):
        return
    model = type(node)
    parts = model.objects.filter(Q(pk=node.pk) | Q(parent=node.pk) | Q(parent__parent=node.pk)).values("pk")
    for kind, path in BEARING[model].items():
        rows = SOURCES[kind].rows().filter(**{f"{path}__in": parts})
        _index(kind, list(rows.order_by().values_list(SOURCES[kind].key, flat=True).distinct()))


def concerned(subject: Model | None) -> dict[str, list[str]]:
    """Return {kind: public identifiers} of the records whose documents an entry about `subject` may have changed."""
    if isinstance(subject, Organisation):
        return _carrying(subject)
    if isinstance(subject, AuctionSession):
        return {"lot": list(subject.lots.values_list("number", flat=True))}
    if isinstance(subject, PoolEntry):
        return {"outcome": [subject.outcome.number]}
    source = source_of(subject) if subject is not None else None
    return {source.kind: [getattr(subject, source.key)]} if source else {}


@app.task
def index_brokers() -> None:
    """Index the register anew: certificates begin and run out by the calendar, which no entry tells of."""
    _index("broker", list(TechBroker.objects.values_list("code", flat=True)))


@app.task
def index_pages(keys: list[int]) -> None:
    """Make the index agree with these pages of editors and with what lies below them."""
    there = Page.objects.filter(pk__in=keys)
    below = {key for page in there for key in page.get_descendants().values_list("pk", flat=True)}
    _index("page", [str(key) for key in sorted({*keys, *below})])


@app.task
def index_changed_pages() -> None:
    """Index the pages Wagtail's log tells of since the last sweep: what came out by its schedule, or was closed.

    The mark may be lost: then all pages are indexed, which are few.
    """
    now = timezone.now()
    since: datetime | None = cache.get(PAGES_SEEN)
    if since is None:
        index_pages(list(Page.objects.values_list("pk", flat=True)))
    elif keys := set(PageLogEntry.objects.filter(timestamp__gte=since).values_list("page_id", flat=True)):
        index_pages(sorted(keys))
    cache.set(PAGES_SEEN, now - STILL_OPEN, timeout=None)


def _carrying(organisation: Organisation) -> dict[str, list[str]]:
    """Return {kind: public identifiers} of the records whose documents name an organisation."""
    paths = {"outcome": "owner", "need": "organisation", "broker": "firm", "lot": "outcome__owner"}
    sources = {kind: (SOURCES[kind], path) for kind, path in paths.items()}
    return {
        kind: list(source.model._default_manager.filter(**{path: organisation}).values_list(source.key, flat=True))
        for kind, (source, path) in sources.items()
    }


def _index(kind: str, keys: Iterable[str]) -> None:
    report = index_records(kind, keys)
    if report.failed:
        raise IndexIncomplete("; ".join(f"{failure.id}: {failure.reason}" for failure in report.failed))
