"""As whom a person acts on a match: one of its sides, the broker who serves one, or an officer."""

from typing import TYPE_CHECKING, Any

from marketplace.core import clock
from marketplace.matching.sides import Capacity, served_by
from marketplace.organisations.roles import Role

if TYPE_CHECKING:
    from marketplace.matching.models import Match
    from marketplace.organisations.models import Organisation


def capacity_of(user: Any, match: "Match", organisation: "Organisation | None") -> Capacity | None:
    """Return as whom this person adds or pins a match of this need and outcome, or None."""
    side = match.side_of(organisation)
    if side is not None:
        return Capacity(side.value)
    if user.has_role(Role.OFFICER):
        return Capacity.OFFICER
    return Capacity.BROKER if serves(user, match.need, "buyer") or serves(user, match.outcome, "seller") else None


def serves(user: Any, record: Any, side: str) -> bool:
    """Tell whether the person is the broker of this side in an open deal about a need or an outcome."""
    broker = getattr(user, "broker", None)
    if broker is None or not broker.is_valid(clock.now()):
        return False
    return type(record).objects.filter(served_by(user, side, "both"), pk=record.pk).exists()
