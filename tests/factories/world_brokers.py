"""The affairs of brokers in the small market: an application to check and hours to confirm."""

from types import SimpleNamespace

from tests.marketplace.brokers import making


def register_affairs(world: SimpleNamespace) -> None:
    """Apply as the bidder, enter hours as the broker."""
    world.application = making.applied(by=world.people["bidder"])
    world.training = making.trained(world.broker)
    world.scheme, world.broker_rule = making.scheme(), making.rule("objection", days=5)


def broker_addresses(world: SimpleNamespace) -> dict[str, dict[str, str]]:
    """Return {name of an address: its arguments}."""
    application, broker = {"code": world.application.code}, {"code": world.broker.code}
    training = {"code": world.training.code}
    verbs = "detail complete withdraw check return refuse file".split()
    return {
        **{f"application-{verb}": application for verb in verbs},
        **{f"training-{verb}": broker for verb in ("list", "new")},
        **{f"training-{verb}": training for verb in ("confirm", "decline")},
        "broker-renewal": broker,
    }
