"""What sellers and registrars do with a contract: write, send, accept, return, register, refuse."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import TypedDict, Unpack

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from marketplace.brokers.models import TechBroker
from marketplace.contracts import rules
from marketplace.contracts.amounts import Item, sums
from marketplace.contracts.choices import ContractType
from marketplace.contracts.completeness import missing
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import LineItem, ReviewDecision
from marketplace.contracts.refusals import (
    BadNumber,
    BuyerOfDeal,
    Incomplete,
    NoItems,
    NumberTaken,
    ReasonsMissing,
    SellerIsBuyer,
)
from marketplace.core import clock, files, journal
from marketplace.core.classifications import TechnicalField
from marketplace.core.journal import Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.deals.actions import follow_contract
from marketplace.deals.models import Deal
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.availability import convert_outcome
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
    deal: Deal | None
    outcome: ResearchOutcome | None
    broker: TechBroker | None


def _write(contract: TechnologyContract, facts: ContractFacts, items: Sequence[Item]) -> None:
    """Put the facts and items into an unsent contract, with the two amounts that follow from the items."""
    if any(item.amount <= 0 for item in items):
        raise NoItems()
    for name, value in facts.items():
        setattr(contract, name, value)
    if contract.buyer_uscc == contract.seller.uscc:
        raise SellerIsBuyer()
    if contract.deal is not None and contract.buyer_uscc != contract.deal.buyer.uscc:
        raise BuyerOfDeal(buyer=contract.deal.buyer.name)
    contract.buyer = Organisation.objects.verified().filter(uscc=contract.buyer_uscc).first()
    if contract.buyer is not None:
        contract.buyer_name = contract.buyer.name
        contract.buyer_region = contract.buyer_region or contract.buyer.region
    contract.seller_region = contract.seller_region or contract.seller.region
    amounts = sums(items)
    contract.total_amount, contract.technical_amount = amounts.total, amounts.technical
    contract.save()
    contract.items.all().delete()
    LineItem.objects.bulk_create(
        LineItem(
            contract=contract, position=place, label=item.label, amount=item.amount, is_technical=item.is_technical
        )
        for place, item in enumerate(items, start=1)
    )


@transaction.atomic
def draft_contract(
    *, by: User, organisation: Organisation, items: Sequence[Item] = (), **facts: Unpack[ContractFacts]
) -> TechnologyContract:
    """Begin a contract the seller enters by itself, and return it. Raises SellerIsBuyer, NoItems."""
    now = clock.now()
    require(rules.draft_contract, by, organisation)
    contract = TechnologyContract(seller=organisation, drafted_by=by, drafted_at=now)
    _write(contract, facts, items)
    journal.record(Kind.CONTRACT_DRAFTED, contract, by=by, on_behalf_of=organisation)
    return contract


@transaction.atomic
def change_contract(
    contract: TechnologyContract, *, by: User, items: Sequence[Item], **facts: Unpack[ContractFacts]
) -> None:
    """Write an unsent contract anew. Raises SellerIsBuyer, NoItems, WrongState."""
    contract.lock()
    require(rules.change_contract, by, contract)
    _require_unsent(contract)
    before = (contract.total_amount, contract.technical_amount)
    _write(contract, facts, items)
    amounts = {"total": contract.total_amount, "technical": contract.technical_amount}
    journal.record(Kind.CONTRACT_CHANGED, contract, by=by, on_behalf_of=contract.seller, before=list(before), **amounts)


def _require_unsent(contract: TechnologyContract) -> None:
    if not contract.is_unsent:
        raise WrongState(state=contract.get_state_display())


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


@transaction.atomic
def submit_contract(contract: TechnologyContract, *, by: User) -> None:
    """Send a complete contract to the registrars; their clock starts today (again). Raises Incomplete, WrongState."""
    contract.lock()
    now, today = clock.now(), clock.today()
    require(rules.submit_contract, by, contract)
    contract.move_to(contract.State.SUBMITTED)
    lacking = missing(contract, today=today)
    if lacking:
        raise Incomplete(missing=" ".join(lacking))
    contract.submitted_at, contract.complete_on = now, today
    contract.save(update_fields=["state", "submitted_at", "complete_on"])
    _lead_deal(contract, to=Deal.State.REGISTRATION, by=by, organisation=contract.seller)
    journal.record(
        Kind.CONTRACT_SUBMITTED,
        contract,
        by=by,
        on_behalf_of=contract.seller,
        total=contract.total_amount,
        technical=contract.technical_amount,
    )


@transaction.atomic
def accept_contract(contract: TechnologyContract, *, by: User) -> None:
    """Take a submitted contract into review (受理); the clock keeps the day the material was complete."""
    contract.lock()
    require(rules.accept_contract, by, contract)
    contract.move_to(contract.State.ACCEPTED)
    contract.save(update_fields=["state"])
    journal.record(Kind.CONTRACT_ACCEPTED, contract, by=by)


def _lead_deal(contract: TechnologyContract, *, to: str, by: User, organisation: Organisation | None = None) -> None:
    """Let the deal the contract comes from follow it, in the same transaction; one that a party ended stays ended."""
    handed_back = to == Deal.State.CONTRACT
    if contract.deal is not None and not (handed_back and contract.deal.state in Deal.ENDED):
        follow_contract(contract.deal, to=to, by=by, organisation=organisation)


def _convert(contract: TechnologyContract, *, by: User) -> None:
    """Note that an assigned outcome found its taker; a licensed one may still be licensed to others."""
    outcome = contract.outcome
    if outcome is None or contract.contract_type != ContractType.ASSIGNMENT:
        return
    outcome.lock()
    if outcome.State.CONVERTED in outcome.NEXT.get(outcome.state, ()):
        convert_outcome(outcome, by=by, organisation=contract.seller)


def _decide(contract: TechnologyContract, *, by: User, kind: str, reasons: str = "") -> None:
    ReviewDecision.objects.create(contract=contract, kind=kind, reasons=reasons, decided_by=by, decided_at=clock.now())


def _require_reasons(reasons: str) -> str:
    if not reasons.strip():
        raise ReasonsMissing()
    return reasons.strip()


@transaction.atomic
def return_contract(contract: TechnologyContract, *, by: User, reasons: str) -> None:
    """Hand a contract back for supplement; its clock stands still until it comes again. Raises ReasonsMissing."""
    contract.lock()
    require(rules.return_contract, by, contract)
    contract.move_to(contract.State.RETURNED)
    _decide(contract, by=by, kind=ReviewDecision.Kind.RETURNED, reasons=_require_reasons(reasons))
    contract.save(update_fields=["state"])
    _lead_deal(contract, to=Deal.State.CONTRACT, by=by)
    journal.record(Kind.CONTRACT_RETURNED, contract, by=by)


@transaction.atomic
def refuse_contract(contract: TechnologyContract, *, by: User, reasons: str) -> None:
    """Decide not to register (不予登记). Raises ReasonsMissing."""
    contract.lock()
    require(rules.refuse_contract, by, contract)
    contract.move_to(contract.State.NOT_REGISTERED)
    _decide(contract, by=by, kind=ReviewDecision.Kind.REFUSED, reasons=_require_reasons(reasons))
    contract.save(update_fields=["state"])
    _lead_deal(contract, to=Deal.State.CONTRACT, by=by)
    journal.record(Kind.CONTRACT_REFUSED, contract, by=by)


@transaction.atomic
def register_contract(contract: TechnologyContract, *, by: User, number: str) -> None:
    """Enter a contract in the register under its national number. Raises BadNumber, NumberTaken, WrongState."""
    contract.lock()
    now, today = clock.now(), clock.today()
    require(rules.register_contract, by, contract)
    contract.move_to(contract.State.REGISTERED)
    contract.number = _checked_number(number)
    contract.registered_at, contract.registered_on = now, today
    try:
        with transaction.atomic():
            contract.save(update_fields=["state", "number", "registered_at", "registered_on"])
    except IntegrityError as error:
        raise NumberTaken(number=contract.number) from error
    _decide(contract, by=by, kind=ReviewDecision.Kind.REGISTERED)
    _lead_deal(contract, to=Deal.State.PERFORMANCE, by=by)
    _convert(contract, by=by)
    journal.record(
        Kind.CONTRACT_REGISTERED,
        contract,
        by=by,
        number=contract.number,
        total=contract.total_amount,
        technical=contract.technical_amount,
    )


def _checked_number(number: str) -> str:
    """Return the number in half width without spaces, if it has the configured form."""
    plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", number)).upper()
    if not re.fullmatch(settings.CONTRACT_NUMBER_PATTERN, plain):
        raise BadNumber(number=number)
    return plain
