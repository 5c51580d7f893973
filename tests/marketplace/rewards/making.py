"""Leads and claims in every state, brought forward by the real actions only."""

from datetime import timedelta

from marketplace.brokers.dated import BrokerRule
from marketplace.brokers.leads.actions import confirm_lead, file_lead, settle_lead
from marketplace.contracts.actions import register_contract, submit_contract
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.core import clock
from marketplace.deals.leads import link_lead
from marketplace.publicity.actions import end_publicity
from marketplace.publicity.models import Publicity
from marketplace.rewards.actions import approve_claim, claim_reward, publicise_claim, review_claim
from tests.marketplace.brokers.making import rule
from tests.marketplace.contracts.factories import broker, number_of, person, serial
from tests.marketplace.contracts.test_from_deal import complete
from tests.marketplace.deals import factories as deals
from tests.marketplace.deals.factories import engage
from tests.marketplace.matching.factories import member, outcome

RATE = {"basis": "technical", "percent": "1.50"}


def ago(days):
    return clock.moved_to(clock.now() - timedelta(days=days))


def terms():
    """The windows of objection and publicity, entered once."""
    for kind in ("objection", "publicity"):
        if not BrokerRule.objects.filter(kind=kind).exists():
            rule(kind, days=5)


def filed(*, by=None, record=None, days=40):
    by = by or broker(user=person())
    with ago(days):
        return file_lead(by=by.user, record=record or outcome(), note="上门走访时引荐。")


def confirmed(**how):
    terms()
    days = how.get("days", 40)
    lead = filed(**how)
    with ago(days - 1 if days else 0):
        confirm_lead(lead, by=member(lead.party), organisation=lead.party)
    return lead


def standing(**how):
    days = how.get("days", 40)
    lead = confirmed(**how)
    with clock.moved_to(clock.now() - timedelta(days=days - 20)):
        assert end_publicity(Publicity.objects.of(lead).get())
        settle_lead(lead)
    return lead


def linked(lead, *, price=220 * deals.WAN, **contract):
    """Link the lead to a deal of its outcome whose contract is registered; return the contract."""
    deal, seller, _buyer = deals.from_sale(outcome=lead.outcome, price=price, lot=f"OH-2026-{next(serial)}")
    engage(deal, lead.broker, **seller.as_party)
    link_lead(deal, by=lead.broker.user, lead=lead)
    made = draft_contract_from_deal(deal, **seller.as_party)
    complete(made, seller.manager, **contract)
    submit_contract(made, by=seller.manager)
    register_contract(made, by=person("registrar"), number=number_of(next(serial)))
    made.refresh_from_db()
    return made


def ready(*, reward=None, **how):
    """A lead in a deal whose contract is registered, and the rule of rewards."""
    if not BrokerRule.objects.filter(kind="reward").exists():
        rule("reward", **(reward or RATE))
    contract = {name: how.pop(name) for name in ("price", "signed_on") if name in how}
    lead = standing(**how)
    linked(lead, **contract)
    return lead


def claimed(*, lead=None, **how):
    lead = lead or ready(**how)
    return claim_reward(lead, by=lead.broker.user, note="撮合、陪同谈判、协助登记。")


def in_publicity(*, reviewer=None, **how):
    claim = claimed(**how)
    review_claim(claim, by=reviewer or person("officer"))
    return claim


def publicised(**how):
    claim = in_publicity(**how)
    with clock.moved_to(clock.now() + timedelta(days=20)):
        assert end_publicity(Publicity.objects.of(claim).get())
        publicise_claim(claim)
    return claim


def approved(**how):
    claim = publicised(**how)
    approve_claim(claim, by=person("officer"))
    return claim
