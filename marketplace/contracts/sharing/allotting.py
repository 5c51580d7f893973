"""Shares formed by the technology, allotted to the payees of the plan; every verb holds the contract's row first."""

from datetime import date, datetime
from typing import TypedDict, Unpack

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing import rules
from marketplace.contracts.sharing.actions import PAPERS
from marketplace.contracts.sharing.allotments import AllotmentLine, ShareAllotment
from marketplace.contracts.sharing.evidenced import Evidenced
from marketplace.contracts.sharing.net_income import Basis
from marketplace.contracts.sharing.refusals import (
    AllottedAlready,
    DayOfChange,
    MoreThanCompany,
    NoShares,
    NotOfShares,
    NotRegisteredYet,
    ReasonOfTakingBack,
    TakenBackAlready,
)
from marketplace.contracts.sharing.splitting import split
from marketplace.core import clock, files, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User


class Formed(TypedDict):
    """What the register of companies shows; amounts are shares, or fen of registered capital."""

    company: str
    unit: str
    amount: int
    company_total: int
    registered_on: date


@transaction.atomic
def allot_shares(
    contract: TechnologyContract,
    *,
    by: User,
    organisation: Organisation | None = None,
    upload: UploadedFile,
    **formed: Unpack[Formed],
) -> ShareAllotment:
    """Enter the shares of a registered contract, each payee's by the plan in effect (largest remainder).

    Raises NotOfShares, NotRegisteredYet, AllottedAlready, NoShares, MoreThanCompany, DayOfChange, UnwantedType,
    TooLarge, EmptyFile.
    """
    contract.lock()
    now = clock.now()
    require(rules.allot_shares, by, contract, organisation=organisation)
    plan = contract.plans.current().filter(basis=Basis.SHARES).first()
    if plan is None:
        raise NotOfShares()
    _require_allottable(contract, formed)
    allotment = ShareAllotment.objects.create(
        contract=contract,
        plan=plan,
        evidence=files.keep(upload, subject=plan, by=by, purpose="company_change", accepted=PAPERS, confidential=True),
        entered_by=by,
        entered_at=now,
        **formed | {"company": formed["company"].strip()},
    )
    shares = {share.key: share for share in plan.shares.all()}
    AllotmentLine.objects.bulk_create(
        AllotmentLine(allotment=allotment, share=shares[key], amount=amount)
        for key, amount in split(formed["amount"], {key: share.percent for key, share in shares.items()}).items()
        if amount
    )
    journal.record(
        Kind.ALLOTMENT_ENTERED, allotment, by=by, on_behalf_of=contract.seller, amount=formed["amount"], plan=plan.code
    )
    return allotment


def _require_allottable(contract: TechnologyContract, formed: Formed) -> None:
    if not contract.stands:
        raise NotRegisteredYet()
    if contract.shareallotments.standing().exists():
        raise AllottedAlready()
    if formed["amount"] <= 0:
        raise NoShares()
    if formed["amount"] > formed["company_total"]:
        raise MoreThanCompany()
    if contract.signed_on is None or not contract.signed_on <= formed["registered_on"] <= clock.today():
        raise DayOfChange()


@transaction.atomic
def reverse_allotment(
    allotment: ShareAllotment, *, by: User, organisation: Organisation | None = None, reason: str
) -> None:
    """Take back what was entered wrongly; it stays to be read, and may be entered again.

    Raises TakenBackAlready, ReasonOfTakingBack.
    """
    allotment.contract.lock()
    allotment.lock()
    now = clock.now()
    require(rules.reverse_allotment, by, allotment.contract, organisation=organisation)
    take_back(allotment, by=by, at=now, reason=reason)
    seller = allotment.contract.seller
    journal.record(Kind.ALLOTMENT_REVERSED, allotment, by=by, on_behalf_of=seller, amount=allotment.amount)


def take_back(record: Evidenced, *, by: User, at: datetime, reason: str) -> None:
    """Mark what was entered with a proof as taken back; the caller holds it."""
    if not record.stands:
        raise TakenBackAlready()
    if not reason.strip():
        raise ReasonOfTakingBack()
    record.reversed_at, record.reversed_by, record.reversal_reason = at, by, reason.strip()
    record.save(update_fields=["reversed_at", "reversed_by", "reversal_reason"])
