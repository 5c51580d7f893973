"""Every list page, by the kind of document behind it."""

from search.broker_list import BROKERS
from search.listing import ListSpec
from search.lot_list import LOTS
from search.need_list import NEEDS
from search.outcome_list import OUTCOMES

LISTS: dict[str, ListSpec] = {spec.kind: spec for spec in (OUTCOMES, NEEDS, LOTS, BROKERS)}
