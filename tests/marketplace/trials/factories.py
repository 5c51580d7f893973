"""Pool entries and trials in every state, brought forward by the real actions only."""

from datetime import timedelta

from marketplace.contracts.actions import register_contract, submit_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.writing import attach_signed_file, change_contract
from marketplace.core import clock
from marketplace.trials import actions, converting, ending, insuring, pooling, running
from marketplace.trials.models import Trial
from tests.marketplace.contracts import factories as contracts
from tests.marketplace.deals.factories import Party
from tests.marketplace.matching.factories import WAN, enterprise, member, outcome

TERMS = {
    "max_parallel": 2,
    "length_days": 90,
    "regions": ["330300"],
    "territory": "限自有车间",
    "scale_limit": 500,
    "scale_unit": "件锁具",
    "allowed_scale": "一条产线",
    "support_hours": 20,
    "needs_insurance": False,
    "mode": "ordinary",
    "pricing": "fixed",
    "price": 60 * WAN,
    "output_rate": None,
    "price_cap": None,
    "payment_plan": "签约付六成，验收付四成",
    "decide_days": 30,
    "confidentiality": "试用期间及其后三年保密。",
    "on_return": "图纸、样机与软件全部归还，复制件销毁。",
    "data_sharing": "试用数据双方共有，不得公开。",
}
AGREED = {"pricing": "agreed", "price": None}
REQUEST = {
    "purpose": "替换现有锁具模组，验证待机电流。",
    "place": "瓯海区娄桥一号车间",
    "region": "330304",
    "quantity": 300,
    "scale": "一条产线",
    "criteria": ["待机电流不高于 20 µA", "良率不低于 99 %"],
}
VERDICTS = {1: ("met", "18 µA"), 2: ("", "98.6 %")}
POLICY = {
    "insurer": "样例财产保险",
    "policy_number": "YB-2026-0001",
    "premium": 600_000,
    "subsidy": 300_000,
    "insured_sum": 50 * WAN,
}


def pooled(*, of=None, **terms):
    """An entry open in the pool, and its institute."""
    offered = of or outcome()
    owner = Party(offered.owner)
    entry = pooling.enter_pool(offered, **owner.as_party, **(TERMS | terms))
    return entry, owner


class Tried:
    """A trial with its two parties at hand."""

    def __init__(self, trial):
        self.trial = trial
        self.owner, self.enterprise = Party(trial.outcome.owner), Party(trial.enterprise)

    def __iter__(self):
        return iter((self.trial, self.owner, self.enterprise))


def requested(*, on=None, by=None, **terms):
    entry = on or pooled(**terms)[0]
    tries = by or enterprise()
    return Tried(actions.request_trial(entry.outcome, by=member(tries), organisation=tries, **REQUEST))


def approved(**how):
    tried = requested(**how)
    actions.approve_trial(tried.trial, **tried.owner.as_party)
    return tried


def signed(**how):
    tried = approved(**how)
    actions.sign_trial_contract(tried.trial, **tried.owner.as_party)
    actions.sign_trial_contract(tried.trial, **tried.enterprise.as_party)
    return tried


def insured(**how):
    tried = signed(**how)
    day = clock.today()
    period = {"begins_on": day, "ends_on": day + timedelta(days=365)}
    insuring.insure_trial(tried.trial, **tried.owner.as_party, **POLICY, **period)
    return tried


def running_trial(**how):
    tried = signed(**how)
    actions.start_trial(tried.trial, starts_on=clock.today(), **tried.owner.as_party)
    return tried


def evaluated(**how):
    tried = running_trial(**how)
    running.evaluate_trial(tried.trial, verdicts=VERDICTS, text="总体达到预期。", **tried.enterprise.as_party)
    return tried


def chosen(**how):
    """Converted in words: at a preset price the deal is open, else the price is talked about."""
    tried = evaluated(**how)
    converting.convert_trial(tried.trial, **tried.enterprise.as_party)
    return tried


def in_publicity(amount=80 * WAN):
    tried = chosen(**AGREED)
    converting.propose_trial_price(tried.trial, amount=amount, **tried.owner.as_party)
    converting.accept_trial_price(tried.trial, amount=amount, **tried.enterprise.as_party)
    return tried


def stopped(**how):
    tried = evaluated(**how)
    ending.stop_trial(tried.trial, reason="良率未达到要求。", **tried.enterprise.as_party)
    return tried


def disputed(**how):
    tried = running_trial(**how)
    ending.report_breach(tried.trial, text="在约定地域以外使用。", **tried.owner.as_party)
    return tried


def fresh(trial):
    return Trial.objects.get(pk=trial.pk)


def send(contract, *, by):
    """Complete a paid contract and send it to the registrars."""
    given = ("buyer_name", "buyer_uscc", "project_name", "contract_type", "sub_type")
    facts = {name: value for name, value in contracts.facts().items() if name not in given}
    facts |= {"payment": contract.payment} if contract.payment else {}
    change_contract(contract, by=by, items=[Item("许可费", contract.total_amount, True)], **facts)
    attach_signed_file(contract, by=by, upload=contracts.scan())
    submit_contract(contract, by=by)


def register(contract, *, by):
    """Complete a paid contract, send it in, and let a registrar enter it."""
    send(contract, by=by)
    number = contracts.number_of(next(contracts.serial))
    register_contract(contract, by=contracts.person("registrar"), number=number)
