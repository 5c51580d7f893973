"""Deals in every state, brought forward by the real actions only."""

from datetime import date, timedelta

import typst
from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace.brokers.actions import file_broker
from marketplace.core import clock
from marketplace.deals.actions import follow_contract
from marketplace.deals.brokering import name_broker
from marketplace.deals.dated import DealRule
from marketplace.deals.engagement import accept_engagement
from marketplace.deals.opening import accept_interest, open_deal_from_match, open_deal_from_sale, show_interest
from marketplace.deals.pricing import accept_price, choose_pricing, propose_price, standing
from marketplace.deals.publishing import accepted_of, end_agreed_price_publicity, price_publicity
from marketplace.publicity.actions import end_publicity
from tests.factories.people import numbers as serial
from tests.marketplace.matching.factories import WAN, agreed, enterprise, institute, member, outcome, person

TERM = 15
STALLS = {"negotiation": 30, "pricing": 30, "publicity": 60, "contract": 30, "registration": 45, "performance": 365}
PDF = typst.compile(b"#set page(width: 8cm, height: 6cm)\n#rect()\n#pagebreak()\n#rect()")  # two pages without a word


class Party:
    """One side of a deal with a person who manages it; `as_party` is what every action wants to know."""

    def __init__(self, organisation):
        self.organisation = organisation
        self.manager = member(organisation)

    @property
    def as_party(self):
        return {"by": self.manager, "organisation": self.organisation}


class Opened:
    """A deal with its two parties at hand."""

    def __init__(self, deal):
        self.deal = deal
        self.seller, self.buyer = Party(deal.seller), Party(deal.buyer)

    def __iter__(self):
        return iter((self.deal, self.seller, self.buyer))


def interest(*, of=None, on=None, **facts):
    of = of or enterprise()
    given = {"message": "想用于智能锁的指静脉识别。", **facts}
    return show_interest(on or outcome(), by=member(of), organisation=of, **given)


def from_interest(**facts):
    shown = interest(**facts)
    owner = shown.outcome.owner
    return Opened(accept_interest(shown, by=member(owner), organisation=owner))


def from_match(**sides):
    match = agreed(**sides)
    owner = match.outcome.owner
    return Opened(open_deal_from_match(match, by=member(owner), organisation=owner))


def from_sale(*, lot="OH-2026-07", price=220 * WAN, **facts):
    offered = facts.pop("outcome", None) or outcome()
    buyer = facts.pop("buyer", None) or enterprise()
    deal = open_deal_from_sale(
        outcome=offered,
        seller=offered.owner,
        buyer=buyer,
        price=price,
        by=person("organiser"),
        organisation=None,
        lot_number=lot,
    )
    return Opened(deal)


def pricing(mode="agreed", *, of=None, **how):
    """A deal, `of` a match or of a new one, whose price is being agreed."""
    opened = of or from_match()
    choose_pricing(opened.deal, mode=mode, **opened.seller.as_party, **how)
    return opened


def priced(amount=120 * WAN, *, of=None):
    """A deal at a fixed listing price, which nothing has to publish: the contract is next."""
    opened = pricing("listing", of=of, listing_price=amount)
    accept_price(opened.deal, standing(opened.deal), **opened.buyer.as_party)
    return opened


def rules():
    """Put the rules in force that the tests reckon with, once; those of the migration are gone after a race."""
    if DealRule.objects.filter(source="样例依据").exists():
        return
    DealRule.objects.all().delete()
    said = {"holds_from": date(2016, 2, 26), "source": "样例依据", "source_en": "样例依据"}
    DealRule.objects.create(kind="term", days=TERM, **said)
    for stage, days in STALLS.items():
        DealRule.objects.create(kind="stage", stage=stage, days=days, **said)


def agreed_price(amount=120 * WAN):
    """A deal of a public institute whose agreed price is in publicity since today."""
    rules()
    opened = pricing()
    proposal = propose_price(opened.deal, amount=amount, **opened.seller.as_party)
    accept_price(opened.deal, proposal, **opened.buyer.as_party)
    return opened


def after_the_term(deal):
    """Return an instant on the day after the last of the publicity of its price."""
    return clock.now() + (price_publicity(deal).ends_on - clock.today()) + timedelta(days=1)


def stand(deal):
    """Let the publicity of the price end without an objection, as the sweep and its consequence do."""
    with clock.moved_to(after_the_term(deal)):
        assert end_publicity(price_publicity(deal))
        end_agreed_price_publicity(accepted_of(deal), by=None)
    deal.refresh_from_db()


def performing():
    opened = priced()
    follow_contract(opened.deal, to="registration", by=opened.seller.manager)
    follow_contract(opened.deal, to="performance", by=opened.seller.manager)
    return opened


def broker(**changed):
    number = next(serial)
    given = {
        "name": f"样例经纪人{number}",
        "certificate_no": f"样技经 2024-{number:04d}",
        "issuer": "样例协会",
        "level": "medium",
        "filing_number": f"瓯备 {number:04d}",
        "valid_from": date(2024, 10, 1),
        "valid_until": clock.today() + timedelta(days=400),
        "firm": None,
        "user": person(),
        "introduction": "",
        **changed,
    }
    return file_broker(by=person("officer"), fields=[], **given)


def engage(deal, one, **named):
    """Name a broker, who accepts: the broker takes part from now on."""
    name_broker(deal, one, **named)
    if one.user is not None:
        accept_engagement(deal, by=one.user)


def pdf(name="保密协议.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


__all__ = ["WAN", "Opened", "Party", "enterprise", "institute", "member", "outcome", "person"]
