"""A reward is claimed, reviewed, published, approved by a second officer and paid; or refused with the reason."""

from collections.abc import Iterable
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language

from marketplace.brokers.actions import ReasonMissing
from marketplace.brokers.dated import BrokerRule
from marketplace.brokers.keeping import RuleMissing
from marketplace.brokers.leads.models import Lead
from marketplace.brokers.models import TechBroker
from marketplace.contracts.models import TechnologyContract
from marketplace.core import clock, files, journal
from marketplace.core.journal import Kind
from marketplace.core.money import format_unrounded
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.deals.leads import DealLead
from marketplace.organisations.models import User
from marketplace.publicity.actions import begin_publicity
from marketplace.publicity.models import Publicity
from marketplace.rewards import refusals, rules
from marketplace.rewards.models import RewardClaim
from marketplace.rewards.reckoning import by_rate, reckon

State = RewardClaim.State


def contract_of(lead: Lead) -> TechnologyContract:
    """Return the registered contract a lead led to. Raises NotInDeal, NotRegistered, LeadAfterSigning."""
    link = DealLead.objects.filter(lead=lead).first()
    if link is None or lead.state != Lead.State.IN_DEAL:
        raise refusals.NotInDeal()
    contract = TechnologyContract.objects.registered().filter(deal=link.deal_id).first()
    if contract is None or contract.signed_on is None:
        raise refusals.NotRegistered()
    filed = timezone.localdate(lead.registered_at)
    if filed >= contract.signed_on:
        raise refusals.LeadAfterSigning(filed=filed.isoformat(), signed=contract.signed_on.isoformat())
    return contract


def rule_of(contract: TechnologyContract) -> BrokerRule:
    """Return the rule of rewards that held when the contract was signed. Raises RuleMissing."""
    rule = BrokerRule.objects.holding(BrokerRule.Kind.REWARD, contract.signed_on or clock.today())
    if rule is None or rule.percent is None:
        raise RuleMissing(kind=BrokerRule.Kind.REWARD.label)
    return rule


def _basis(contract: TechnologyContract, rule: BrokerRule, paid_amount: int | None) -> int:
    if rule.basis == BrokerRule.Basis.TECHNICAL:
        return contract.technical_amount
    if not paid_amount:
        raise refusals.PaidAmountMissing()
    if paid_amount > contract.total_amount:
        raise refusals.PaidTooMuch(total=format_unrounded(contract.total_amount, get_language() or "zh-hans"))
    return paid_amount


def why_not_grantable(claim: RewardClaim) -> Refused | None:
    """Return what keeps a reward from being granted: the contract or the certificate stands no longer."""
    if not claim.contract.stands:
        return refusals.ContractStruck()
    if claim.broker.state == TechBroker.State.REVOKED:
        return refusals.CertificateRevoked()
    return None


def _require_grantable(claim: RewardClaim) -> None:
    refusal = why_not_grantable(claim)
    if refusal is not None:
        raise refusal


def _hold(claim: RewardClaim) -> None:
    """Hold contract, broker and claim, in this order: neither falls while the claim takes a step."""
    claim.contract.lock()
    claim.broker.lock()
    claim.lock()


def _keep_evidence(claim: RewardClaim, evidence: Iterable[UploadedFile], *, by: User) -> None:
    for upload in evidence:
        try:
            files.keep(upload, subject=claim, by=by, purpose="evidence", confidential=True)
        except Refused as refusal:
            refusal.field = "evidence"
            raise


@transaction.atomic
def claim_reward(
    lead: Lead, *, by: User, note: str, paid_amount: int | None = None, evidence: Iterable[UploadedFile] = ()
) -> RewardClaim:
    """Claim the reward of the contract a lead led to.

    Raises NotInDeal, NotRegistered, LeadAfterSigning, ContractStruck, CertificateRevoked, RuleMissing,
    PaidAmountMissing, PaidTooMuch, DeedMissing, ClaimedAlready.
    """
    lead.lock()
    contract = contract_of(lead)
    contract.lock()
    lead.broker.lock()
    now = clock.now()
    require(rules.claim_reward, by, lead)
    claim = RewardClaim(broker=lead.broker, contract=contract, lead=lead, claimed_at=now)
    _require_grantable(claim)
    claim.rule = rule = rule_of(contract)
    if not note.strip():
        raise refusals.DeedMissing()
    claim.basis_amount = basis = _basis(contract, rule, paid_amount)
    claim.year, claim.by_rate = timezone.localdate(now).year, by_rate(basis, rule.percent or 0)  # type: ignore[arg-type]
    claim.note = note.strip()[:1000]
    try:
        with transaction.atomic():
            claim.save()
    except IntegrityError as error:
        raise refusals.ClaimedAlready() from error
    _keep_evidence(claim, evidence, by=by)
    journal.record(Kind.REWARD_CLAIMED, claim, by=by, contract=contract.code, by_rate_fen=claim.by_rate)
    return claim


def _left(cap: int | None, granted: int) -> int | None:
    return None if cap is None else cap - granted


@transaction.atomic
def review_claim(claim: RewardClaim, *, by: User) -> None:
    """Find the claim in order, fix its amount within both caps and publish it.

    Contract and broker are held until the amount stands: two reviews cannot both use what is left.
    Raises WrongState, ContractStruck, CertificateRevoked, CapReached, RuleMissing.
    """
    _hold(claim)
    now = clock.now()
    require(rules.review_claim, by, claim)
    claim.move_to(State.IN_PUBLICITY)
    _require_grantable(claim)
    rule, granted = claim.rule, RewardClaim.objects.all()
    reckoned = reckon(
        claim.basis_amount,
        rule.percent or 0,  # type: ignore[arg-type]
        project_left=_left(rule.cap_project, granted.filter(contract=claim.contract).granted()),
        year_left=_left(rule.cap_year, granted.filter(broker=claim.broker, year=claim.year).granted()),
    )
    if reckoned.amount <= 0:
        raise refusals.CapReached(cap=RewardClaim.CAPS.get(reckoned.cut_by, ""))
    term = BrokerRule.objects.holding(BrokerRule.Kind.PUBLICITY, timezone.localdate(now))
    if term is None or term.days is None:
        raise RuleMissing(kind=BrokerRule.Kind.PUBLICITY.label)
    claim.amount, claim.cut_by, claim.reviewed_by, claim.decided_at = reckoned.amount, reckoned.cut_by, by, now
    claim.save(update_fields=["state", "amount", "cut_by", "reviewed_by", "decided_at"])
    journal.record(Kind.REWARD_REVIEWED, claim, by=by, amount_fen=claim.amount, cut_by=claim.cut_by)
    begin_publicity(claim, matter=Publicity.Matter.REWARD, working_days=term.days, by=by)


@transaction.atomic
def refuse_claim(claim: RewardClaim, *, by: User, reason: str) -> None:
    """Refuse with the reason the broker reads: before the approval, after it only where the ground fell away.

    Raises InPublicity, ApprovedAlready, ReasonMissing, WrongState.
    """
    _hold(claim)
    now = clock.now()
    require(rules.refuse_claim, by, claim)
    if claim.state == State.IN_PUBLICITY:
        raise refusals.InPublicity()
    if claim.state == State.APPROVED and why_not_grantable(claim) is None:
        raise refusals.ApprovedAlready()
    if not reason.strip():
        raise ReasonMissing()
    _refuse(claim, by=by, reason=reason)
    claim.decided_at = now
    claim.save(update_fields=["decided_at"])


def _refuse(claim: RewardClaim, *, by: User | None, reason: str) -> None:
    claim.move_to(State.REFUSED)
    claim.reason = reason.strip()[:1000]
    claim.save(update_fields=["state", "reason"])
    journal.record(Kind.REWARD_REFUSED, claim, by=by)


@transaction.atomic
def publicise_claim(claim: RewardClaim) -> None:
    """The publicity stood: a second officer approves next. May be repeated."""
    claim.lock()
    if claim.state != State.IN_PUBLICITY:
        return
    claim.move_to(State.PUBLICISED)
    claim.save(update_fields=["state"])
    journal.record(Kind.REWARD_PUBLICISED, claim, by=None, amount_fen=claim.amount)


@transaction.atomic
def drop_claim(claim: RewardClaim, *, by: User, reason: str) -> None:
    """An objection was upheld: the claim is refused with its answer. May be repeated."""
    claim.lock()
    if claim.state == State.IN_PUBLICITY:
        _refuse(claim, by=by, reason=reason)


@transaction.atomic
def approve_claim(claim: RewardClaim, *, by: User) -> None:
    """Let the reward be paid; never by who reviewed it. Raises WrongState, ContractStruck, CertificateRevoked."""
    _hold(claim)
    now = clock.now()
    require(rules.approve_claim, by, claim)
    claim.move_to(State.APPROVED)
    _require_grantable(claim)
    claim.approved_by, claim.decided_at = by, now
    claim.save(update_fields=["state", "approved_by", "decided_at"])
    journal.record(Kind.REWARD_APPROVED, claim, by=by, amount_fen=claim.amount)


@transaction.atomic
def pay_claim(claim: RewardClaim, *, by: User, paid_on: date, reference: str) -> None:
    """Note the payment; the lead is closed with it.

    Raises WrongState, ContractStruck, CertificateRevoked, NotThatDay, ReferenceMissing.
    """
    claim.lead.lock()
    _hold(claim)
    today = clock.today()
    require(rules.pay_claim, by, claim)
    claim.move_to(State.PAID)
    _require_grantable(claim)
    if paid_on > today or (claim.decided_at and paid_on < timezone.localdate(claim.decided_at)):
        raise refusals.NotThatDay()
    if not reference.strip():
        raise refusals.ReferenceMissing()
    claim.paid_on, claim.reference = paid_on, reference.strip()
    claim.save(update_fields=["state", "paid_on", "reference"])
    claim.lead.move_to(Lead.State.CLOSED)
    claim.lead.save(update_fields=["state"])
    journal.record(Kind.REWARD_PAID, claim, by=by, amount_fen=claim.amount, paid_on=paid_on.isoformat())
