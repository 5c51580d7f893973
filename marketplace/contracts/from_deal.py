"""A contract and the deal it comes from: what the draft takes over, and how the deal follows the contract."""

from django.db import transaction

from marketplace.contracts import rules
from marketplace.contracts.amounts import Item
from marketplace.contracts.choices import SubType
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.refusals import ContractExists
from marketplace.contracts.writing import draft_contract
from marketplace.core.choices import TransferMode
from marketplace.core.code_lists import ROYALTY
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.deals.holding import hold_with_outcome
from marketplace.deals.models import Deal
from marketplace.deals.obstacles import why_not_binding
from marketplace.organisations.models import Organisation, User

KINDS = {
    TransferMode.ASSIGNMENT: SubType.PATENT,
    TransferMode.EXCLUSIVE: SubType.EXCLUSIVE,
    TransferMode.SOLE: SubType.SOLE,
    TransferMode.ORDINARY: SubType.ORDINARY,
    TransferMode.TRIAL_FIRST: SubType.ORDINARY,
    TransferMode.EQUITY: SubType.OTHER_RIGHT,
    TransferMode.DEVELOPMENT: SubType.JOINT,
    TransferMode.SERVICE: SubType.SERVICE,
}


def _kind_of(deal: Deal) -> SubType:
    """Return the kind of contract that fits what was sold at auction or tried first, else what is offered."""
    sold = deal.outcome.lots.filter(number=deal.lot_number).values_list("mode", flat=True).first()
    tried = deal.outcome.trials.filter(deal=deal).values_list("terms__mode", flat=True).first()
    mode = sold or tried or next(iter(deal.outcome.modes), TransferMode.ASSIGNMENT)
    return KINDS[TransferMode(mode)]


@transaction.atomic
def draft_contract_from_deal(deal: Deal, *, by: User, organisation: Organisation | None) -> TechnologyContract:
    """Begin the contract of a priced deal with what the deal knows; the seller completes the rest.

    The kind is a proposal: what the lot sold or the trial laid down, else the outcome's first transfer mode.
    A trial with a share of output is paid by it; how another price is paid, the seller says.
    Raises ContractExists, OutcomeOffline, WrongState.
    """
    hold_with_outcome(deal)
    require(rules.draft_contract_from_deal, by, deal, organisation=organisation)
    if deal.state != Deal.State.CONTRACT or deal.price is None:
        raise WrongState(state=deal.get_state_display())
    if (offline := why_not_binding(deal)) is not None:
        raise offline
    if TechnologyContract.objects.filter(deal=deal).in_force_of_deal().exists():
        raise ContractExists()
    kind = _kind_of(deal)
    by_output = deal.outcome.trials.filter(deal=deal, terms__pricing="formula").exists()
    return draft_contract(
        by=by,
        organisation=deal.seller,
        items=[Item(label=deal.outcome.title, amount=deal.price, is_technical=True)],
        deal=deal,
        outcome=deal.outcome,
        broker=deal.engaged_broker,
        project_name=deal.outcome.title,
        contract_type=kind[:2],
        sub_type=kind,
        payment=ROYALTY if by_output else "",
        buyer_name=deal.buyer.name,
        buyer_uscc=deal.buyer.uscc,
        field=deal.outcome.field,
        is_related_party=deal.seller.is_related_to(deal.buyer),
    )
