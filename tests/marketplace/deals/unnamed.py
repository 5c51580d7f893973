"""A buyer behind an anonymous need, and a deal with it in which much happened before confidentiality."""

from marketplace.core import clock
from marketplace.core.actions import read_file
from marketplace.deals.opening import open_deal_from_match
from marketplace.deals.pricing import choose_pricing, propose_price
from marketplace.deals.talking import add_deal_file, add_note, write_terms
from marketplace.matching.actions import accept_match
from tests.marketplace.deals.factories import (
    WAN,
    Party,
    broker,
    engage,
    enterprise,
    outcome,
    pdf,
)
from tests.marketplace.matching.factories import need, proposed
from tests.tasks.conftest import commit  # noqa: F401  # what follows from an action is carried out at once

BUYER, AGENT = "瓯江隐名锁业有限公司", "隐名经办人"
SAID = "请先看检测报告，再谈价格。"


def hidden_buyer():
    party = Party(enterprise(name=BUYER, name_en="Hidden Locks Ltd"))
    party.manager.name = AGENT
    party.manager.save()
    return party


def anonymous(of):
    return need(of=of, is_anonymous=True, title="智能门锁待机电流降低")


class Room:
    """A deal from a match about an anonymous need in which much happened before confidentiality."""

    def __init__(self, run):
        self.run, self.buyer = run, hidden_buyer()
        offered = outcome()
        self.seller, self.broker = Party(offered.owner), broker()
        match = proposed(need=anonymous(self.buyer.organisation), outcome=offered)
        run(lambda: accept_match(match, **self.buyer.as_party))
        run(lambda: accept_match(match, **self.seller.as_party))
        self.deal = run(lambda: open_deal_from_match(match, **self.seller.as_party))
        self._talk()

    def _talk(self):
        deal, run, buys, sells = self.deal, self.run, self.buyer.as_party, self.seller.as_party
        run(lambda: engage(deal, self.broker, **sells))
        run(lambda: add_note(deal, text=SAID, **buys))
        run(lambda: add_note(deal, text="线上会谈", met_on=clock.today(), participants=f"{AGENT}、郑可", **buys))
        run(lambda: add_deal_file(deal, upload=pdf("需求说明.pdf"), purpose="other", **buys))
        laid = run(lambda: add_deal_file(deal, upload=pdf("报告.pdf"), purpose="other", **sells))
        run(lambda: read_file(laid, **buys))
        run(lambda: write_terms(deal, subject="配方许可", **buys))
        run(lambda: choose_pricing(deal, mode="agreed", **sells))
        run(lambda: propose_price(deal, amount=80 * WAN, **buys))
        run(lambda: propose_price(deal, amount=70 * WAN, **buys))
