"""What the sample district means to reach this year."""

from cms.demo.houses import World, days_ago
from marketplace.auctions.ladder import WAN
from marketplace.core import clock
from marketplace.indicators.actions import set_targets

TARGETS = {
    "contract-total": 3600 * WAN,
    "technical-total": 2400 * WAN,
    "landed-count": 10,
    "brokers-valid": 12,
    "sessions-held": 2,
    "lots-sold": 10,
    "trials-converted": 2,
    "needs-published": 36,
}


def make_targets(world: World) -> None:
    """The officer sets them."""
    year = clock.today().year
    with clock.moved_to(days_ago(30, 9)):
        set_targets(year, by=world.people["officer"], targets=dict(TARGETS))
