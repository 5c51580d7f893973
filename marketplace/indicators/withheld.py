"""Which sums of a period are kept from whom: those of one or two contracts, from who may not open these.

The page of a verification code names the parties of a contract: its amount would be told with them.
"""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q

from marketplace.contracts.counting import RegisterRow
from marketplace.indicators import queries
from marketplace.indicators.figures import BY_SLUG
from marketplace.indicators.periods import Period
from marketplace.indicators.small_groups import is_small
from marketplace.organisations.models import User

Withheld = frozenset[str]  # slugs of figures
KeptBack = Callable[[Period], Withheld]
NOTHING: Withheld = frozenset()


def from_nobody(_period: Period) -> Withheld:
    """Keep nothing back: what the house reckons for itself."""
    return NOTHING


def _of_rows() -> dict[str, Q]:
    """Return of each figure that is a sum of amounts which rows of the register add to it."""
    return {
        "contract-total": ~Q(total=0),
        "technical-total": ~Q(technical=0),
        "landed-technical": ~Q(technical=0) & queries.is_landed(),
        "brokered": ~Q(technical=0) & Q(queries.is_brokered()),
        "outgoing-total": ~Q(sold_here=0),
        "incoming-total": ~Q(bought_here=0),
        "large-technical": ~Q(large_technical=0),
    }


def withheld_from(user: User | AnonymousUser, period: Period) -> Withheld:
    """Return the figures of a period that are amounts of one or two contracts, which `user` may not open."""
    if BY_SLUG["contract-total"].why_closed(user) is None:
        return NOTHING
    counts = {
        slug.replace("-", "_"): Count("contract", filter=rows, distinct=True) for slug, rows in _of_rows().items()
    }
    found = RegisterRow.objects.counted(period.first, period.last).aggregate(**counts)
    return frozenset(name.replace("_", "-") for name, contracts in found.items() if is_small(contracts))
