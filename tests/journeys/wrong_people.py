"""Who tries what at each step of the chain without being the one, and what they are answered.

An answer is a status (403, 404), LOGIN, or the sentence the page says.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from marketplace.auctions import declaration
from marketplace.auctions.ladder import WAN
from tests.journeys import chain
from tests.marketplace.contracts.factories import number_of

LOGIN = "/accounts/login/"
Answers = dict[str, int | str]


class Step(NamedTuple):
    """After `arrive`, everybody in `answers` posts `sent` to an address, and is refused."""

    arrive: Callable[[Any], None]
    address: str
    key: Callable[[Any], list[str]]
    sent: Callable[[Any], dict[str, Any]]
    answers: Answers


def _nothing(world: Any) -> None:
    """The chain stands where the step before left it."""


def _plain(**sent: Any) -> Callable[[Any], dict[str, Any]]:
    return lambda world: sent


APPROVE = _plain(decision="approve", comment="")

OFFER = [
    Step(
        chain.outcome_is_drafted, "outcome-edit", lambda world: [world.outcome.number],
        _plain(action="submit", declared="1", title="别人的成果"),
        {"visitor": LOGIN, "stranger": 404, "publisher elsewhere": 404, "buyer": 404, "bidder of the seller": 403,
         "auditor": 403},
    ),
    Step(
        chain.outcome_is_sent_in, "review-page", lambda world: ["outcome", world.outcome.number], APPROVE,
        {"visitor": LOGIN, "publisher": 403, "publisher elsewhere": 404, "manager elsewhere": 404, "buyer": 404,
         "officer": 403, "auditor": 403},
    ),
    Step(
        chain.institute_approved, "review-page", lambda world: ["outcome", world.outcome.number], APPROVE,
        {"manager": 403, "manager elsewhere": 404, "officer of the seller": 403, "registrar": 404, "auditor": 403},
    ),
    Step(
        chain.need_is_sent_in, "review-page", lambda world: ["need", world.need.code], APPROVE,
        {"visitor": LOGIN, "buyer": 403, "manager": 404, "officer": 403, "auditor": 403},
    ),
    Step(
        chain.liaison_approved, "review-page", lambda world: ["need", world.need.code], APPROVE,
        {"liaison": 403, "buyer": 403, "manager": 404, "auditor": 403},
    ),
]  # fmt: skip

MATCH = [
    Step(
        chain.match_is_proposed, "match-accept", lambda world: [world.match.code], _plain(),
        {"visitor": LOGIN, "stranger": 404, "rival": 404, "manager elsewhere": 404, "finance of the buyer": 403,
         "officer": 403, "auditor": 403},
    ),
    Step(
        chain.match_is_agreed, "deal-from-match", lambda world: [world.match.code], _plain(),
        {"visitor": LOGIN, "stranger": 404, "rival": 404, "finance of the buyer": 403, "officer": 403, "auditor": 403},
    ),
    Step(
        chain.deal_is_open, "deal-broker", lambda world: [world.deal.code],
        lambda world: {"broker": world.expired.code},
        {"visitor": LOGIN, "rival": 404, "broker": 404, "buyer": "选择一个有效的选项"},
    ),
    Step(
        _nothing, "deal-broker", lambda world: [world.deal.code],
        lambda world: {"broker": world.broker_of_seller.code},
        {"buyer": "样例研究院甲", "finance of the buyer": 403, "officer": 403},
    ),
    Step(
        _nothing, "deal-broker-consent", lambda world: [world.deal.code], _plain(),
        {"rival": 404, "broker": 404, "officer": 403, "manager": "经纪人"},
    ),
    Step(
        _nothing, "deal-pricing", lambda world: [world.deal.code], _plain(mode="auction"),
        {"visitor": LOGIN, "rival": 404, "buyer": 403, "bidder of the seller": 403, "officer": 403},
    ),
]  # fmt: skip

SALE = [
    Step(
        chain.session_is_planned, "lot-add", lambda world: [world.session.number],
        lambda world: {"outcome": world.outcome.pk},
        {"visitor": LOGIN, "buyer": 403, "manager elsewhere": 403, "auctioneer": 403, "officer": 403},
    ),
    Step(
        chain.lot_is_drafted, "lot-move", lambda world: [world.lot.number, "submit"], _plain(reserve=""),
        {"visitor": LOGIN, "manager elsewhere": 404, "buyer": 404, "bidder of the seller": 403, "organiser": 403},
    ),
    Step(
        chain.seller_agreed, "lot-move", lambda world: [world.lot.number, "approve"], _plain(),
        {"manager": 403, "organiser of the seller": 403, "auctioneer": 403, "officer": 403},
    ),
    Step(
        chain.lot_is_approved, "session-move", lambda world: [world.session.number, "announce"], _plain(),
        {"visitor": LOGIN, "manager": 403, "auctioneer": 403, "officer": 403, "organiser": "至少要隔 7 天"},
    ),
    Step(
        chain.session_is_announced, "lot-apply", lambda world: [world.lot.number],
        _plain(declared="on", capacity="representative", version=declaration.VERSION),
        {"visitor": LOGIN, "stranger": 403, "manager": 403, "bidder of the seller": 403, "organiser": 403,
         "finance of the buyer": 403},
    ),
    Step(
        chain.two_applied, "registration-move", lambda world: [world.registration.code, "admit"], _plain(),
        {"agent": 403, "manager": 404, "finance": 404, "organiser of the seller": 403, "auctioneer": 404},
    ),
    Step(
        chain.buyer_is_admitted, "deposit-detail", lambda world: [world.registration.deposit.code],
        lambda world: {"amount": "160000", "bank_reference": "B-7", "received_at": "2026-01-01T10:00"},
        {"agent": 403, "organiser": 403, "auditor": 403},
    ),
    Step(
        chain.deposit_is_held, "registration-move", lambda world: [world.registration.code, "qualify"], _plain(),
        {"agent": 403, "finance": 404, "organiser of the seller": 403},
    ),
    Step(
        chain.buyer_leads, "place-bid", lambda world: [world.lot.number], _plain(fen=str(165 * WAN), key="mine"),
        {"visitor": LOGIN, "stranger": 403, "manager": 403, "bidder of the seller": 403, "organiser": 403,
         "second bidder": "还不能出价", "rival": "报名", "agent": "领先"},
    ),
    Step(
        chain.lot_is_sold, "lot-move", lambda world: [world.lot.number, "confirm"], _plain(),
        {"visitor": LOGIN, "manager": 403, "agent": 403, "organiser of the seller": 403, "auctioneer": 403},
    ),
]  # fmt: skip

CONTRACT = [
    Step(
        chain.sale_is_confirmed, "contract-from-deal", lambda world: [world.deal.code], _plain(),
        {"visitor": LOGIN, "buyer": 403, "rival": 404, "broker": 404, "bidder of the seller": 403, "registrar": 404},
    ),
    Step(
        chain.contract_is_drafted, "contract-submit", lambda world: [world.contract.code], _plain(),
        {"visitor": LOGIN, "buyer": 404, "rival": 404, "publisher": 403, "registrar": 404},
    ),
    Step(
        chain.contract_is_submitted, "contract-register", lambda world: [world.contract.code],
        _plain(number=number_of(999)),
        {"visitor": LOGIN, "manager": 403, "buyer": 403, "rival": 404, "registrar of the seller": 403, "officer": 403,
         "second_reviewer": 403, "auditor": 403},
    ),
    Step(
        _nothing, "contract-register", lambda world: [world.contract.code],
        lambda world: {"number": world.registered.number}, {"registrar": "已被登记使用"},
    ),
]  # fmt: skip

STEPS = [*OFFER, *MATCH, *SALE, *CONTRACT]
