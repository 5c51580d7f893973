"""What a contract that is entered by hand may name: an outcome of its seller, and the broker who brought it about.

With a deal both are those of the deal, which has rules of its own.
"""

from django.db.models import Q, QuerySet

from marketplace.brokers.history import valid_on
from marketplace.brokers.models import TechBroker
from marketplace.contracts.choices import ContractType, SubType
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.refusals import (
    BrokerOfBuyer,
    BrokerWithoutCertificate,
    OutcomeIsPromised,
    OutcomeNotPublished,
)
from marketplace.core import clock
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome

FOR_ONE = (SubType.EXCLUSIVE, SubType.SOLE)


def outcomes_to_name(seller: Organisation | None, *, now: int | None) -> QuerySet[ResearchOutcome]:
    """Return the outcomes of a seller that were ever published, and the one that is named `now` (its key)."""
    published = Q(owner=seller.pk, published_at__isnull=False) if seller is not None else Q(pk__in=[])
    return ResearchOutcome.objects.filter(published | Q(pk=now)).order_by("number")


def brokers_to_name(*, now: int | None) -> QuerySet[TechBroker]:
    """Return the brokers whose filing stands, and the one that is named `now`; the day of signing is asked later."""
    return TechBroker.objects.filter(Q(state=TechBroker.State.FILED) | Q(pk=now)).order_by("name", "filing_number")


def require_fit(contract: TechnologyContract) -> None:
    """Refuse an outcome or broker that a contract without a deal cannot name.

    Raises OutcomeNotPublished, OutcomeIsPromised, BrokerWithoutCertificate, BrokerOfBuyer.
    """
    if contract.outcome is not None:
        _require_free(contract, contract.outcome)
    if contract.broker is not None:
        _require_neutral(contract, contract.broker)


def is_for_one(contract: TechnologyContract) -> bool:
    """Tell whether a contract gives the outcome to one taker: assigned, or licensed to it alone."""
    return contract.contract_type == ContractType.ASSIGNMENT or contract.sub_type in FOR_ONE


def _require_free(contract: TechnologyContract, outcome: ResearchOutcome) -> None:
    """An outcome kept for a deal, lot or trial goes to one taker by the contract of that, not beside it."""
    if outcome.published_at is None:
        raise OutcomeNotPublished()
    if is_for_one(contract) and outcome.state == outcome.State.RESERVED:
        raise OutcomeIsPromised(outcome=outcome)


def _require_neutral(contract: TechnologyContract, broker: TechBroker) -> None:
    """The seller names a broker whose certificate held on the day of signing, and none of the buyer's."""
    day = contract.signed_on or clock.today()
    if not valid_on(day).filter(pk=broker.pk).exists():
        raise BrokerWithoutCertificate(broker=broker.name, day=day)
    buyer = contract.buyer
    if buyer is None:
        return
    employed = broker.user is not None and broker.user.acts_for(buyer)
    if employed or (broker.firm is not None and broker.firm.is_related_to(buyer)):
        raise BrokerOfBuyer(broker=broker.name)
