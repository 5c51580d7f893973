"""Records of the trade → documents of the index. A builder reads one row and what belongs to it, nothing else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import CharField, Model, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Page

from marketplace.auctions.models import Lot
from marketplace.brokers.models import TechBroker
from marketplace.contracts.models import TechnologyContract
from marketplace.core import clock
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.languages import in_each_language
from marketplace.core.money import FEN_PER_WAN
from marketplace.core.regions import lasting_code
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome
from search.visibility import PUBLIC

BANDS = (("0-50", 0, 50), ("50-200", 50, 200), ("200-", 200, 10**9))  # 万元
PAGES = ("newspage", "generalpage")
UNDATED = (Lot.State.POSTPONED, Lot.State.WITHDRAWN)  # nobody can register for these by any day


@dataclass(frozen=True)
class Source:
    """Where the documents of one kind come from.

    `rows()` gives what everybody may find, `key` names the public identifier, `build` makes one document.
    """

    kind: str
    model: type[Model]
    key: str
    rows: Callable[[], QuerySet[Any]]
    build: Callable[[Any], dict[str, Any]]

    def found(self, keys: Iterable[str]) -> QuerySet[Any]:
        """Return the rows with these public identifiers that belong into the index."""
        return self.rows().filter(**{f"{self.key}__in": list(keys)})


def epoch(moment: datetime | date | None) -> int | None:
    """Return whole seconds since 1970 (a date counts from its midnight in UTC)."""
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min, tzinfo=UTC)
    return int(moment.timestamp())


def price_bands(low: int | None, high: int | None) -> list[str]:
    """Return the bands (in 万元) a price range touches; "negotiable" where there is none."""
    if low is None and high is None:
        return ["negotiable"]
    bottom = (low if low is not None else high or 0) / FEN_PER_WAN
    top = (high if high is not None else low or 0) / FEN_PER_WAN
    return [name for name, start, end in BANDS if bottom < end and (top > start or bottom >= start)]


def _names(*nodes: TechnicalField | Industry | None) -> list[str]:
    """Return Chinese and English names of classification nodes and of what they are part of."""
    chain = [part for node in nodes if node for part in (node, node.parent) if part]
    return [name for part in chain for name in (part.name, part.name_en) if name]


def _paths(nodes: Iterable[TechnicalField | Industry | None]) -> list[str]:
    return sorted({code for node in nodes if node for code in node.path})


def outcomes() -> QuerySet[ResearchOutcome]:
    """Return the outcomes that may be found, with what their documents need."""
    found = ResearchOutcome.objects.listed().select_related("owner", "field__parent")
    return found.prefetch_related("industries__parent", "ip_rights", "pool_entries")


def outcome_document(outcome: ResearchOutcome) -> dict[str, Any]:
    return _facts(outcome) | {
        "id": outcome.number,
        "visibility": [PUBLIC],
        "summary": [text for text in (outcome.summary, outcome.summary_en) if text],
        "mode": list(outcome.modes),
        "trial_first": "yes" if any(not entry.why_closed for entry in outcome.pool_entries.all()) else "no",
        "state": outcome.state,
        "price_band": price_bands(outcome.price_low, outcome.price_high),
        "price_low": outcome.price_low,
        "price_high": outcome.price_high,
        "published": epoch(outcome.published_at),
        "expires": epoch(outcome.expires_on),
    }


def _facts(outcome: ResearchOutcome) -> dict[str, Any]:
    """Return what the documents of an outcome and of its lots have in common."""
    return {
        "title": [text for text in (outcome.title, outcome.title_en) if text],
        "owner_name": [name for name in (outcome.owner.name, outcome.owner.name_en) if name],
        "keywords": _names(outcome.field, *outcome.industries.all()),
        "numbers": [outcome.number, *(right.number for right in outcome.ip_rights.all())],
        "field": _paths([outcome.field]),
        "industry": _paths(outcome.industries.all()),
        "region": lasting_code(outcome.owner.region) or None,
        "ip_kind": sorted({right.kind for right in outcome.ip_rights.all()}),
        "owner": outcome.owner.code,
        "trl": outcome.trl,
    }


def needs() -> QuerySet[TechnologyNeed]:
    """Return the needs that may be found, with what their documents need."""
    found = TechnologyNeed.objects.listed().select_related("organisation", "field__parent", "industry__parent")
    return found.prefetch_related("indicators")


def need_document(need: TechnologyNeed) -> dict[str, Any]:
    """An anonymous need says nothing of who stands behind it, not even the region below the district."""
    named = None if need.is_anonymous else need.organisation
    return {
        "id": need.code,
        "visibility": [PUBLIC],
        "title": [text for text in (need.title, need.title_en) if text],
        "problem": [text for text in (need.problem, need.problem_en) if text],
        "indicators": [str(indicator) for indicator in need.indicators.all()],
        "keywords": _names(need.field, need.industry),
        "numbers": [need.code],
        "owner_name": [name for name in (named.name, named.name_en) if name] if named else [],
        "field": _paths([need.field]),
        "industry": _paths([need.industry]),
        "mode": need.mode or None,
        "region": (lasting_code(named.region) or None) if named else None,
        "owner": named.code if named else None,
        "state": need.state,
        "budget_band": price_bands(need.budget_low, need.budget_high),
        "budget_low": need.budget_low,
        "budget_high": need.budget_high,
        "trl_wanted": need.trl_wanted,
        "published": epoch(need.published_at),
        "deadline": epoch(need.deadline),
    }


def brokers() -> QuerySet[TechBroker]:
    """Return the register of brokers, ended certificates included: a reader must find them to know."""
    return TechBroker.objects.select_related("firm").prefetch_related("fields__parent")


def broker_document(broker: TechBroker) -> dict[str, Any]:
    """The standing is that of today; a daily sweep indexes the register anew."""
    served, firm = list(broker.fields.all()), broker.firm
    return {
        "id": broker.code,
        "visibility": [PUBLIC],
        "name": [broker.name, broker.certificate_no, broker.filing_number],
        "introduction": [broker.introduction, *([firm.name, firm.name_en] if firm else []), *_names(*served)],
        "field": _paths(served),
        "level": broker.level,
        "firm": "firm" if firm else "independent",
        "owner": firm.code if firm else None,
        "state": broker.standing(clock.today()),
        "region": (lasting_code(firm.region) or None) if firm else None,
        "valid_until": epoch(broker.valid_until),
        "published": epoch(broker.filed_at),
    }


def lots() -> QuerySet[Lot]:
    """Return the lots of announced sessions."""
    found = Lot.objects.listed().select_related("session", "outcome__owner", "outcome__field__parent")
    return found.prefetch_related("outcome__industries__parent", "outcome__ip_rights")


def lot_document(lot: Lot) -> dict[str, Any]:
    """Terms and state only: bids, leaders and the reserve are no part of a search."""
    of = _facts(lot.outcome)
    return of | {
        "id": lot.number,
        "visibility": [PUBLIC],
        "numbers": [lot.number, lot.session.number, *of["numbers"]],
        "summary": [text for text in (lot.outcome.summary, lot.object_of_sale) if text],
        "state": lot.state,
        "session": lot.session.number,
        "mode": lot.mode,
        "format": lot.format,
        "start_price": lot.start_price,
        "deadline": None if lot.state in UNDATED else epoch(lot.session.registration_closes_at),
        "starts": epoch(lot.starts_at),
        "ends": epoch(lot.ends_at),
        "published": epoch(lot.announced_at),
    }


def contracts() -> QuerySet[TechnologyContract]:
    """Return the contracts that stand in the register."""
    return TechnologyContract.objects.registered()


def contract_document(contract: TechnologyContract) -> dict[str, Any]:
    """That it is registered, under which number, when and as what. Parties are told by its code only (/verify/)."""
    return {
        "id": contract.code,
        "visibility": [PUBLIC],
        "number": contract.number,
        "words": in_each_language(contract.get_contract_type_display),
        "type": contract.contract_type,
        "year": str(contract.registered_on.year) if contract.registered_on else None,
        "registered": epoch(contract.registered_on),
    }


def pages() -> QuerySet[Page]:
    """Return what editors wrote that everybody may read; entrances and lists of other pages are no answer."""
    written = Page.objects.live().public().filter(content_type__app_label="cms", content_type__model__in=PAGES)
    return written.annotate(index_key=Cast("pk", CharField())).prefetch_related("locale").specific()


def page_document(page: Any) -> dict[str, Any]:
    return {
        "id": page.index_key,
        "visibility": [PUBLIC],
        "title": page.title,
        "body": [text for text in (page.summary, page_text(page), *_kind_of_news(page)) if text],
        "locale": page.locale.language_code,
        "type": page_type(page),
        "published": epoch(page_day(page)),
    }


def page_type(page: Any) -> str:
    """Return the kind of a piece of news, or that it is a text that stays."""
    return getattr(page, "kind", "") or page.content_type.model


def _kind_of_news(page: Any) -> list[str]:
    """Return its kind in words: who looks for 政策 finds all of them."""
    return in_each_language(page.get_kind_display) if hasattr(page, "kind") else []


def page_text(page: Any) -> str:
    """Return the words of a page's body, without their markup, as Wagtail hands them to a search."""
    return "\n".join(page._meta.get_field("body").get_searchable_content(page.body))


def page_day(page: Any) -> date | None:
    """Return the date a page bears: the one that was written on it, or the day it came out."""
    first = page.first_published_at
    return getattr(page, "published_on", None) or (timezone.localdate(first) if first else None)


SOURCES: dict[str, Source] = {
    "outcome": Source("outcome", ResearchOutcome, "number", outcomes, outcome_document),
    "need": Source("need", TechnologyNeed, "code", needs, need_document),
    "broker": Source("broker", TechBroker, "code", brokers, broker_document),
    "lot": Source("lot", Lot, "number", lots, lot_document),
    "contract": Source("contract", TechnologyContract, "code", contracts, contract_document),
    "page": Source("page", Page, "index_key", pages, page_document),
}


def source_of(record: Model) -> Source | None:
    """Return where documents of this record's model come from, or None if it is not searched."""
    return next((source for source in SOURCES.values() if isinstance(record, source.model)), None)
