"""How a contract is written: the seller drafts it, changes it while it is unsent, and attaches the signed paper."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from marketplace.brokers.models import TechBroker
from marketplace.contracts import rules
from marketplace.contracts.amounts import Item, Joint, sums
from marketplace.contracts.dated import large_from
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.naming import require_fit
from marketplace.contracts.parts import JointSeller, LineItem
from marketplace.contracts.payments.lowering import require_covering
from marketplace.contracts.refusals import (
    BuyerOfDeal,
    NoItems,
    OutcomeOfOther,
    PriceOfSale,
    SellerIsBuyer,
    SellerOfDeal,
    SellerTwice,
    SharesAreAll,
)
from marketplace.core import clock, files, journal
from marketplace.core.classifications import TechnicalField
from marketplace.core.journal import Kind
from marketplace.core.refusals import WrongState
from marketplace.core.regions import present_code
from marketplace.core.rules import require
from marketplace.deals.models import Deal
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome

SCANS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


class ContractFacts(TypedDict, total=False):
    """What the seller fills in; names as in the model."""

    buyer_name: str
    buyer_uscc: str
    buyer_region: str
    seller_region: str
    project_name: str
    contract_type: str
    sub_type: str
    signed_on: date | None
    begins_on: date | None
    ends_on: date | None
    payment: str
    field: TechnicalField | None
    ip_kind: str
    objective: str
    plan_source: str
    is_related_party: bool
    departure_reason: str
    expected_investment: int | None
    expected_output: int | None
    deal: Deal | None
    outcome: ResearchOutcome | None
    broker: TechBroker | None


@transaction.atomic
def draft_contract(
    *,
    by: User,
    organisation: Organisation,
    items: Sequence[Item] = (),
    joint: Sequence[Joint] | None = None,
    **facts: Unpack[ContractFacts],
) -> TechnologyContract:
    """Begin a contract the seller enters by itself, and return it.

    Raises SellerIsBuyer, SellerTwice, SharesAreAll, NoItems, OutcomeOfOther; with a deal also SellerOfDeal,
    BuyerOfDeal, PriceOfSale, without one what naming.require_fit does.
    """
    now = clock.now()
    require(rules.draft_contract, by, organisation)
    contract = TechnologyContract(seller=organisation, drafted_by=by, drafted_at=now)
    _write(contract, facts, items)
    _write_joint(contract, joint)
    journal.record(Kind.CONTRACT_DRAFTED, contract, by=by, on_behalf_of=organisation)
    return contract


@transaction.atomic
def change_contract(
    contract: TechnologyContract,
    *,
    by: User,
    items: Sequence[Item],
    joint: Sequence[Joint] | None = None,
    **facts: Unpack[ContractFacts],
) -> None:
    """Write an unsent contract anew; without `joint` the joint sellers stay.

    Raises what draft_contract does, WrongState, and BelowReceived where more came in.
    """
    contract.lock()
    require(rules.change_contract, by, contract)
    _require_unsent(contract)
    before = (contract.total_amount, contract.technical_amount)
    _write(contract, facts, items)
    require_covering(contract, before=before[0], after=contract.total_amount)
    _write_joint(contract, joint)
    amounts = {"total": contract.total_amount, "technical": contract.technical_amount}
    journal.record(Kind.CONTRACT_CHANGED, contract, by=by, on_behalf_of=contract.seller, before=list(before), **amounts)


@transaction.atomic
def attach_signed_file(contract: TechnologyContract, *, by: User, upload: UploadedFile) -> None:
    """Keep the signed contract, in place of an earlier one. Raises UnwantedType, TooLarge, EmptyFile, WrongState."""
    contract.lock()
    now = clock.now()
    require(rules.attach_signed_file, by, contract)
    _require_unsent(contract)
    earlier = contract.signed_file
    contract.signed_file = files.keep(
        upload, subject=contract, by=by, purpose="signed_contract", accepted=SCANS, confidential=True
    )
    contract.save(update_fields=["signed_file"])
    if earlier is not None:
        earlier.withdrawn_at = now
        earlier.save(update_fields=["withdrawn_at"])
    journal.record(Kind.FILE_ADDED, contract, by=by, on_behalf_of=contract.seller, file=contract.signed_file.code)


def _require_unsent(contract: TechnologyContract) -> None:
    if not contract.is_unsent:
        raise WrongState(state=contract.get_state_display())


def _write(contract: TechnologyContract, facts: ContractFacts, items: Sequence[Item]) -> None:
    """Put the facts and items into an unsent contract, with the two amounts that follow from the items."""
    if any(item.amount <= 0 for item in items):
        raise NoItems()
    for name, value in facts.items():
        setattr(contract, name, value)
    amounts = sums(items)
    contract.total_amount, contract.technical_amount = amounts.total, amounts.technical
    contract.large_from = large_from(clock.today())
    _require_own(contract)
    _name_buyer(contract)
    if contract.deal is None:
        require_fit(contract)
    contract.seller_region = contract.seller_region or present_code(contract.seller.region)
    contract.save()
    contract.items.all().delete()
    LineItem.objects.bulk_create(
        LineItem(
            contract=contract, position=place, label=item.label, amount=item.amount, is_technical=item.is_technical
        )
        for place, item in enumerate(items, start=1)
    )


def _write_joint(contract: TechnologyContract, joint: Sequence[Joint] | None) -> None:
    """Put the joint sellers in the place of earlier ones. Raises SellerTwice, SharesAreAll."""
    if joint is None:
        return
    taken = {contract.seller.uscc, contract.buyer_uscc}
    for place, each in enumerate(joint):
        if each.uscc in taken:
            raise SellerTwice(name=each.name, place=place)
        taken.add(each.uscc)
    together = sum((each.percent for each in joint), Decimal(0))
    if together >= 100:
        raise SharesAreAll(percent=together)
    contract.joint_sellers.all().delete()
    JointSeller.objects.bulk_create(
        JointSeller(contract=contract, position=place, **vars(each)) for place, each in enumerate(joint, start=1)
    )


def _require_own(contract: TechnologyContract) -> None:
    """Refuse a contract over what the seller does not own, or one that differs from its deal."""
    deal, outcome = contract.deal, contract.outcome
    if contract.buyer_uscc == contract.seller.uscc:
        raise SellerIsBuyer()
    if outcome is not None and outcome.owner_id != contract.seller_id:
        raise OutcomeOfOther(owner=outcome.owner)
    if deal is None:
        return
    if deal.seller_id != contract.seller_id:
        raise SellerOfDeal(seller=deal.seller)
    if deal.buyer.uscc != contract.buyer_uscc:
        raise BuyerOfDeal(buyer=deal.buyer.name)
    if outcome is None or outcome.pk != deal.outcome_id:
        raise OutcomeOfOther(owner=deal.seller)
    # a price found at an auction is public and not talked about again; an agreed one is left with a reason (agreed.py)
    if deal.lot_number and contract.total_amount and contract.total_amount != deal.price:
        raise PriceOfSale(fen=deal.price or 0)


def known_by_code(uscc: str) -> Organisation | None:
    """Return the verified organisation of this platform that has a credit code, else None."""
    return Organisation.objects.verified().filter(uscc=uscc).first()


def _name_buyer(contract: TechnologyContract) -> None:
    """Recognise the buyer: the deal's own, else a verified organisation with this credit code."""
    contract.buyer = contract.deal.buyer if contract.deal else known_by_code(contract.buyer_uscc)
    if contract.buyer is not None:
        contract.buyer_name = contract.buyer.name
        contract.buyer_region = contract.buyer_region or present_code(contract.buyer.region)
