"""As whom a person acts on a match: one of its sides, the broker who serves one, or an officer."""

from typing import TYPE_CHECKING, Any

from marketplace.brokers.models import TechBroker
from marketplace.brokers.working import why_not_work
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


def why_not_serve(user: Any) -> str | None:
    """Return why a broker whom the district stopped serves nobody, or None, also of who is no broker."""
    broker = TechBroker.objects.of(user).select_related("user").first()
    return why_not_work(broker) if broker is not None else None


def hold_broker(user: Any) -> None:
    """Hold the certificate of who acts as a broker until the transaction ends: one stopped meanwhile adds nothing."""
    TechBroker.objects.select_for_update().filter(user=user.pk).first()


def serves(user: Any, record: Any, side: str) -> bool:
    """Tell whether the person is the broker of this side in an open deal about a need or an outcome."""
    broker = getattr(user, "broker", None)
    if broker is None or not broker.is_valid(clock.now()):
        return False
    return type(record).objects.filter(served_by(user, side, "both"), pk=record.pk).exists()
