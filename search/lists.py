"""Every list page, by the kind of document behind it, in the order of the tabs of the search."""

from search.broker_list import BROKERS
from search.contract_list import CONTRACTS
from search.listing import ListSpec
from search.lot_list import LOTS
from search.need_list import NEEDS
from search.outcome_list import OUTCOMES
from search.page_list import PAGES

LISTS: dict[str, ListSpec] = {spec.kind: spec for spec in (OUTCOMES, NEEDS, LOTS, BROKERS, CONTRACTS, PAGES)}
