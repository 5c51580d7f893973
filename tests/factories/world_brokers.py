"""The affairs of brokers in the small market: applications at three steps, hours, a lead, a reward claim."""

from types import SimpleNamespace

from marketplace.brokers.applications.deciding import check_application, return_application
from marketplace.brokers.leads.actions import file_lead
from marketplace.rewards.evaluation.actions import evaluate_broker
from tests.marketplace.brokers import making
from tests.marketplace.rewards import making as rewards
from tests.marketplace.rewards.test_evaluation import weighed


def register_affairs(world: SimpleNamespace) -> None:
    """Apply as the bidder, who is asked for more, and as others; enter hours as the broker."""
    officer = world.people["officer"]
    world.application = making.applied(by=world.people["bidder"])
    return_application(world.application, by=officer, reason="请补充扫描件。")
    world.application_sent, world.application_checked = making.applied(), making.applied()
    check_application(world.application_checked, by=officer)
    world.training = making.trained(world.broker)
    world.lead = file_lead(by=world.broker.user, record=world.need, note="走访时发现该需求。")
    world.reward = rewards.claimed(by=world.broker)
    world.evaluation_rule = weighed()
    world.evaluation_rule.save()
    world.evaluation = evaluate_broker(world.broker, by=officer, year=world.broker.filed_at.year - 1)
    world.scheme, world.broker_rule = making.scheme(), making.rule("objection", days=5)


def broker_addresses(world: SimpleNamespace) -> dict[str, dict[str, str]]:
    """Return {name of an address: its arguments}."""
    application, broker = {"code": world.application.code}, {"code": world.broker.code}
    training = {"code": world.training.code}
    return {
        **{f"application-{verb}": application for verb in ("detail", "complete", "withdraw")},
        **{f"application-{verb}": {"code": world.application_sent.code} for verb in ("check", "return", "refuse")},
        "application-file": {"code": world.application_checked.code},
        **{f"training-{verb}": broker for verb in ("list", "new")},
        **{f"training-{verb}": training for verb in ("confirm", "decline")},
        "broker-renewal": broker,
        "broker-evaluate": broker,
        **{f"evaluation-{verb}": {"code": world.evaluation.code} for verb in ("detail", "comment", "finish")},
        **{
            f"lead-{verb}": {"code": world.lead.code}
            for verb in [
                "detail",
                "confirm",
                "take-back",
                "decline",
                "withdraw",
                "link",
            ]
        },
        **{f"reward-{verb}": {"code": world.reward.code} for verb in ["detail", "review", "refuse", "approve", "pay"]},
        "reward-claim": {"code": world.reward.lead.code},
    }
