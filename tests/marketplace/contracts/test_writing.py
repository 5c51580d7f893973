"""What a contract may say: the outcome, the parties and the price are those of its seller and its deal."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from marketplace.contracts import rules
from marketplace.contracts.actions import submit_contract
from marketplace.contracts.amounts import Item, Joint
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.refusals import (
    BuyerOfDeal,
    OutcomeOfOther,
    PriceOfSale,
    SellerOfDeal,
    SellerTwice,
    SharesAreAll,
)
from marketplace.contracts.writing import change_contract, draft_contract
from marketplace.core import clock
from marketplace.core.rules import why_not
from marketplace.deals.pricing import reopen_pricing
from marketplace.organisations.models import Organisation
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import ITEMS, credit_code, drafted, facts, organisation, person
from tests.marketplace.deals import factories as deals

pytestmark = pytest.mark.django_db
WAN = deals.WAN


def test_refuses_an_outcome_of_somebody_else():
    seller = organisation()
    manager = person(member_of=seller, roles=["manager"])

    with pytest.raises(OutcomeOfOther):
        draft_contract(by=manager, organisation=seller, **facts(outcome=deals.outcome()))

    assert not TechnologyContract.objects.exists()


def test_refuses_a_deal_of_another_seller():
    deal, _, buyer = deals.priced()
    contract, manager = drafted(buyer_uscc=buyer.organisation.uscc)

    with pytest.raises(SellerOfDeal):
        change_contract(contract, by=manager, items=[], deal=deal)

    contract.refresh_from_db()
    assert contract.deal is None


def test_refuses_another_outcome_than_that_of_its_deal():
    deal, seller, _ = deals.priced()
    contract = draft_contract_from_deal(deal, **seller.as_party)
    other = deals.outcome(of=seller.organisation)

    with pytest.raises(OutcomeOfOther):
        change_contract(contract, by=seller.manager, items=[], outcome=other)


def test_refuses_another_buyer_than_that_of_its_deal():
    deal, seller, _ = deals.priced()
    contract = draft_contract_from_deal(deal, **seller.as_party)

    with pytest.raises(BuyerOfDeal):
        change_contract(contract, by=seller.manager, items=[], buyer_uscc=deals.enterprise().uscc)


def test_a_suspended_buyer_stays_the_buyer_of_the_contract():
    deal, seller, buyer = deals.priced()
    contract = draft_contract_from_deal(deal, **seller.as_party)
    Organisation.objects.filter(pk=buyer.organisation.pk).update(state="suspended")

    change_contract(contract, by=seller.manager, items=[])

    contract.refresh_from_db()
    assert contract.buyer == buyer.organisation


def test_a_price_found_at_an_auction_is_the_total():
    deal, seller, _ = deals.from_sale(price=220 * WAN)
    contract = draft_contract_from_deal(deal, **seller.as_party)

    with pytest.raises(PriceOfSale, match="220"):
        change_contract(contract, by=seller.manager, items=[Item("成果转让", 200 * WAN, True)])

    contract.refresh_from_db()
    assert contract.total_amount == 220 * WAN
    change_contract(contract, by=seller.manager, items=[Item("甲", 200 * WAN, True), Item("乙", 20 * WAN, False)])
    assert (contract.total_amount, contract.technical_amount) == (220 * WAN, 200 * WAN)


def test_who_sends_a_contract_reads_first_that_the_buyer_asked_to_reopen_its_price(client):
    deal, seller, buyer = deals.priced(amount=120 * WAN)
    contract = draft_contract_from_deal(deal, **seller.as_party)
    sign_in(client, seller.manager)
    before = client.get(contract.get_absolute_url()).content.decode()

    reopen_pricing(deal, **buyer.as_party)

    assert "买方已提出重新商定价格" not in before
    assert "买方已提出重新商定价格" in client.get(contract.get_absolute_url()).content.decode()


def test_an_agreed_price_may_be_exceeded_and_both_readers_are_told(client):
    deal, seller, _ = deals.priced(amount=120 * WAN)
    contract = draft_contract_from_deal(deal, **seller.as_party)
    sign_in(client, seller.manager)
    assert 'id="departs"' not in client.get(contract.get_absolute_url()).content.decode()

    change_contract(contract, by=seller.manager, items=[Item("许可", 120 * WAN, True), Item("设备", 30 * WAN, False)])

    for address in (contract.get_absolute_url(), f"{contract.get_absolute_url()}change/"):
        page = client.get(address).content.decode()
        assert 'id="departs"' in page, address
        assert {"120 万元", "150 万元"} <= set(re.findall(r"[0-9]+ 万元", page.replace("&nbsp;", " "))), address


def typed(contract, *items):
    """Return what the form of a contract sends, with these (label, amount) lines."""
    rows = {
        f"items-{place}-{name}": value
        for place, (label, amount) in enumerate(items)
        for name, value in (("label", label), ("amount", amount), ("is_technical", "on"))
    }
    return {
        "project_name": contract.project_name, "sub_type": contract.sub_type, "buyer_name": contract.buyer_name,
        "buyer_uscc": contract.buyer_uscc, "plan_source": "none", "items-TOTAL_FORMS": len(items),
        "items-INITIAL_FORMS": 0, **rows,
    }  # fmt: skip


@pytest.fixture
def draft(client):
    contract, manager = drafted()
    sign_in(client, manager)
    return contract


def change(client, contract, *items, **typed_too):
    return client.post(f"{contract.get_absolute_url()}change/", typed(contract, *items) | typed_too)


def test_full_width_digits_of_a_region_are_kept_in_half_width(client, draft):
    change(client, draft, ("开发", "１２０"), buyer_region="３３０ ３０４", seller_region="330304")

    draft.refresh_from_db()
    assert (draft.buyer_region, draft.total_amount) == ("330304", 120 * WAN)


def test_what_is_expected_of_the_technology_is_typed_in_ten_thousands_and_shown(client, draft):
    change(client, draft, ("开发", "120"), expected_investment="300", expected_output="2亿")

    draft.refresh_from_db()
    assert (draft.expected_investment, draft.expected_output) == (300 * WAN, 20_000 * WAN)
    page, form = (client.get(f"{draft.get_absolute_url()}{more}").content.decode() for more in ("", "change/"))
    assert "预计新增产值" in page
    assert 'name="expected_investment" value="300"' in form


def test_an_expectation_that_is_no_amount_is_told_beside_its_field(client, draft):
    page = change(client, draft, ("开发", "120"), expected_output="很多")

    assert page.context["form"].errors["expected_output"]
    assert "很多" in page.content.decode()


def test_a_day_of_signing_in_the_future_is_told_beside_its_field(client, draft):
    tomorrow = clock.today() + timedelta(days=1)

    page = change(client, draft, ("开发", "120"), signed_on=tomorrow.isoformat())

    assert "还没有到" in page.context["form"].errors["signed_on"][0]
    assert tomorrow.isoformat() in page.content.decode()


def test_wrong_items_alone_are_told_at_the_head_too(client, draft):
    page = change(client, draft, ("开发", "-3"), ("设备", "9" * 20))

    html = page.content.decode()
    assert not page.context["form"].errors
    assert "data-error-summary" in html
    assert "有 2 处需要改" in html
    assert html.count('href="#id_items-') == 2


def test_the_refusal_of_another_price_stands_with_the_items_and_nothing_typed_is_lost(client):
    deal, seller, _ = deals.from_sale(price=220 * WAN)
    contract = draft_contract_from_deal(deal, **seller.as_party)
    sign_in(client, seller.manager)

    page = client.post(f"{contract.get_absolute_url()}change/", typed(contract, ("成果转让", "200")))

    assert "竞价成交价" in str(page.context["lines"].non_form_errors())
    assert 'value="200"' in page.content.decode()
    assert "与交易约定价" not in page.content.decode()
    contract.refresh_from_db()
    assert contract.total_amount == 220 * WAN


def joint(percent="30", uscc=None, name="样例研究院"):
    return Joint(name=name, uscc=uscc or credit_code(), region="110108", percent=Decimal(percent))


def test_joint_sellers_have_their_shares_and_the_first_seller_the_rest():
    contract, manager = drafted()

    change_contract(contract, by=manager, items=ITEMS, joint=[joint("30"), joint("20.5")], **facts())

    assert [each.percent for each in contract.joint_sellers.all()] == [Decimal(30), Decimal("20.5")]
    assert contract.own_percent == Decimal("49.5")
    change_contract(contract, by=manager, items=ITEMS, **facts())
    assert contract.joint_sellers.count() == 2


def test_shares_that_leave_nothing_and_a_party_named_twice_are_refused():
    contract, manager = drafted()
    twice = credit_code()
    cases = [
        ([joint("60"), joint("40")], SharesAreAll),
        ([joint(uscc=contract.seller.uscc)], SellerTwice),
        ([joint(uscc=twice), joint(uscc=twice)], SellerTwice),
    ]

    for sellers, refusal in cases:
        with pytest.raises(refusal), transaction.atomic():
            change_contract(contract, by=manager, items=ITEMS, joint=sellers, **facts())

    assert not contract.joint_sellers.exists()


def test_a_registrar_of_a_joint_seller_keeps_off():
    other = organisation()
    contract, manager = drafted()
    change_contract(contract, by=manager, items=ITEMS, joint=[joint(uscc=other.uscc)], **facts())
    submit_contract(contract, by=manager)
    registrar = person("registrar", member_of=other)

    assert why_not(rules.register_contract, registrar, contract)
    assert contract not in TechnologyContract.objects.awaiting(registrar)
    assert contract in TechnologyContract.objects.awaiting(person("registrar"))
