"""The pool of trials: every outcome marked 先, on terms fixed in advance."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from cms.demo.houses import World, days_ago
from marketplace.auctions.ladder import WAN
from marketplace.core import clock
from marketplace.core.choices import TransferMode
from marketplace.outcomes.models import ResearchOutcome
from marketplace.trials import pooling
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.pool import PoolEntry

CLAUSES = {
    "regions": ["330300"],
    "territory": "限试用企业自有场所",
    "allowed_scale": "不对外销售试用产品",
    "support_hours": 24,
    "needs_insurance": False,
    "payment_plan": "签约付六成，验收后付四成",
    "decide_days": 30,
    "confidentiality": "试用中知悉的工艺参数、图纸与软件，试用期间及其后三年保密。",
    "on_return": "图纸、样机与软件全部归还，复制件销毁，双方书面确认。",
    "data_sharing": "试用数据双方共有，未经对方同意不公开。",
}


# How much of an outcome one trial may use: a number and what it counts
SCALES = {
    "R02": (5, "吨"),
    "R04": (2, "台试验机"),
    "R06": (2, "个工位"),
    "R08": (500, "套"),
    "R14": (20_000, "片"),
    "R23": (4, "个转鼓"),
    "R25": (5, "名工程师"),
    "R30": (3, "台水泵"),
    "R32": (20, "台水泵"),
    "R37": (2, "个节点"),
    "R38": (5, "张数据表"),
    "R41": (1, "套"),
    "R42": (2, "台"),
}
AGREED = ("R08", "R23")


PAUSED = "R24"


def make_pool(world: World) -> None:
    """Put every outcome marked 先 into the pool the day after its publication; one is paused."""
    policy = TrialPolicy(holds_from=days_ago(365).date(), note="样例：先用后转工作指引（区级）")
    with clock.moved_to(days_ago(366)):
        pooling.keep_trial_policy(policy=policy, by=world.people["officer"])
    for key, outcome in world.outcomes.items():
        if TransferMode.TRIAL_FIRST in outcome.modes:
            _enter(key, outcome, world)
    entry = PoolEntry.objects.get(outcome=world.outcomes[PAUSED])
    with clock.moved_to(days_ago(3)):
        by = world.agent_of(entry.outcome.owner)
        pooling.pause_pool_entry(entry, by=by, organisation=entry.outcome.owner, reason="样机检修，下月恢复。")


def _enter(key: str, outcome: ResearchOutcome, world: World) -> None:
    owner, published = outcome.owner, outcome.published_at or days_ago(30)
    with clock.moved_to(published + timedelta(days=1)):
        mode = next(mode for mode in outcome.modes if mode != TransferMode.TRIAL_FIRST)
        limit, unit = SCALES.get(key, (1, "条产线"))
        bounds = {"scale_limit": limit, "scale_unit": unit}
        terms: dict[str, Any] = (
            CLAUSES | bounds | {"max_parallel": 2, "length_days": 90, "mode": mode} | _price(key, outcome)
        )
        pooling.enter_pool(outcome, by=world.agent_of(owner), organisation=owner, **terms)


def _price(key: str, outcome: ResearchOutcome) -> dict[str, Any]:
    low, high = outcome.price_low or 20 * WAN, outcome.price_high or 40 * WAN
    if key in AGREED:
        return {"pricing": "agreed"}
    if key == "R04":
        return {"pricing": "formula", "price": low // 5, "output_rate": Decimal("2.5"), "price_cap": high}
    return {"pricing": "fixed", "price": low}
