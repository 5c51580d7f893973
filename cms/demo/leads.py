"""Leads of the demonstration: two claims on one need, one that stands and leads to a reward, one to confirm."""

from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cms.demo.contracts import PAPER
from cms.demo.houses import World, days_ago
from marketplace.brokers.leads.actions import confirm_lead, file_lead, settle_lead
from marketplace.brokers.leads.models import Lead
from marketplace.brokers.models import TechBroker
from marketplace.contracts.models import TechnologyContract
from marketplace.core import clock
from marketplace.core.money import FEN_PER_WAN
from marketplace.deals.leads import link_lead
from marketplace.deals.models import Deal
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome
from marketplace.publicity.actions import end_publicity
from marketplace.publicity.models import Publicity
from marketplace.rewards.actions import claim_reward
from marketplace.rewards.evaluation.actions import evaluate_broker, keep_evaluation_rule
from marketplace.rewards.evaluation.dated import EvaluationRule
from marketplace.rewards.satisfaction import rate_broker

WEIGHTS = {
    "needs": (15, 5),
    "meetings": (15, 10),
    "matches": (15, 5),
    "contracts": (20, 3),
    "amount": (20, 500 * FEN_PER_WAN),
    "hours": (5, 24),
    "satisfaction": (10, 450),  # a mean of 4.5
}
BROUGHT = "走访企业时了解到，次日邮件引荐双方，附沟通记录。"


def make_leads(world: World) -> None:
    """File them as the brokers did; the reward rests on a registered contract of the broker who signs in here."""
    broker = world.brokers["林晓岚"]
    _reward(world, broker)
    needs = TechnologyNeed.objects.filter(live=True, state=TechnologyNeed.State.OPEN).exclude(leads__broker=broker)
    need = needs.exclude(organisation__memberships__user=broker.user).order_by("pk").first()
    if need is not None and broker.user is not None:
        with clock.moved_to(days_ago(3)):
            file_lead(by=broker.user, record=need, note=BROUGHT)
    _evaluate(world, broker)
    _mark_brokers(world)
    with clock.moved_to(days_ago(4)):
        file_lead(by=world.people["broker"], record=world.houses["bidder"], note=BROUGHT)


def _evaluate(world: World, broker: TechBroker) -> None:
    """The year before, computed; the broker may comment."""
    rule = EvaluationRule(holds_from=date(2024, 1, 1), excellent_at=85, qualified_at=30, comment_days=10)
    for name, (weight, full) in WEIGHTS.items():
        setattr(rule, f"weight_{name}", weight)
        setattr(rule, f"full_{name}", full)
    rule.source, rule.source_en = "样例区技术经纪人考核办法（样例）", "Sample measures of evaluation"
    keep_evaluation_rule(rule=rule, by=world.people["officer"])
    evaluate_broker(broker, by=world.people["officer"], year=clock.today().year - 1)


def _mark_brokers(world: World) -> None:
    """The buyer of each completed deal marked its broker; the seller is still asked."""
    for deal in Deal.objects.filter(state=Deal.State.DONE, broker__isnull=False).order_by("pk"):
        with clock.moved_to(days_ago(2)):
            words = "会前准备充分，两次约到现场测试。"
            rate_broker(deal, by=world.agent_of(deal.buyer), organisation=deal.buyer, mark=5, words=words)


def _reward(world: World, broker: TechBroker) -> None:
    """A lead on the outcome of the newest registered contract this broker accompanied, filed before the deal."""
    found = TechnologyContract.objects.registered().filter(deal__broker=broker, outcome__isnull=False)
    contract: Any = found.latest("registered_on")  # so it has a deal, an outcome and a day of signing
    deal, by = contract.deal, world.people["broker"]
    before = (clock.today() - timezone.localdate(deal.opened_at)).days + 10
    lead = _standing(world, broker, contract.outcome, days=before)
    with clock.moved_to(days_ago(1)):
        link_lead(deal, by=by, lead=lead)
        claim_reward(lead, by=by, note="引荐成果、陪同会谈三次、协助准备登记材料。")


def _standing(world: World, broker: TechBroker, outcome: ResearchOutcome, *, days: int) -> Lead:
    assert broker.user is not None  # noqa: S101  # the broker who signs in here
    with clock.moved_to(days_ago(days)):
        mail = SimpleUploadedFile("引荐邮件（样例）.pdf", PAPER, content_type="application/pdf")
        lead = file_lead(by=broker.user, record=outcome, note=BROUGHT, evidence=[mail])
    with clock.moved_to(days_ago(days - 1)):
        confirm_lead(lead, by=world.agent_of(lead.party), organisation=lead.party)
    with clock.moved_to(days_ago(days - 1) + timedelta(days=20)):
        end_publicity(Publicity.objects.of(lead).get())
        settle_lead(Lead.objects.get(pk=lead.pk))
    return Lead.objects.get(pk=lead.pk)
