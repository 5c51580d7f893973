"""A deal's contract: begun from the deal, and the deal goes where the contract goes."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from marketplace.contracts.actions import refuse_contract, register_contract, return_contract, submit_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.refusals import BuyerOfDeal, ContractExists
from marketplace.contracts.writing import attach_signed_file, change_contract
from marketplace.core import clock
from marketplace.core.refusals import WrongState
from marketplace.deals.actions import terminate_deal
from marketplace.deals.refusals import OutcomeNotOpen
from marketplace.indicators import queries
from marketplace.indicators.periods import Period
from marketplace.outcomes.models import ResearchOutcome
from tests.factories import people
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import number_of, person, scan, technical_field
from tests.marketplace.deals import factories as deals
from tests.marketplace.deals.factories import engage

pytestmark = pytest.mark.django_db


def complete(contract, by, **changed):
    today = clock.today()
    facts = {
        "buyer_region": "330304",
        "seller_region": "330304",
        "signed_on": today,
        "begins_on": today,
        "ends_on": today + timedelta(days=365),
        "payment": "once",
        "field": technical_field(),
        "ip_kind": "invention",
        "objective": "industry",
        **changed,
    }
    items = [Item(row.label, row.amount, row.is_technical) for row in contract.items.all()]
    change_contract(contract, by=by, items=items, **facts)
    attach_signed_file(contract, by=by, upload=scan())


def begun(**changed):
    deal, seller, buyer = deals.from_sale()
    contract = draft_contract_from_deal(deal, **seller.as_party)
    complete(contract, seller.manager, **changed)
    return deal, contract, seller, buyer


def test_the_draft_takes_over_what_the_deal_knows():
    deal, seller, buyer = deals.from_sale(price=220 * deals.WAN)

    contract = draft_contract_from_deal(deal, **seller.as_party)

    assert (contract.deal, contract.outcome, contract.seller, contract.buyer) == (
        deal,
        deal.outcome,
        seller.organisation,
        buyer.organisation,
    )
    assert (contract.total_amount, contract.technical_amount) == (220 * deals.WAN, 220 * deals.WAN)
    assert contract.sub_type.startswith(contract.contract_type)


def test_the_buyer_does_not_write_it():
    deal, _, buyer = deals.from_sale()

    with pytest.raises(PermissionDenied):
        draft_contract_from_deal(deal, **buyer.as_party)

    assert not TechnologyContract.objects.exists()


def test_a_contract_is_not_sent_while_the_outcome_is_kept_for_another_buyer():
    deal, seller, _buyer = deals.priced()
    contract = draft_contract_from_deal(deal, **seller.as_party)
    complete(contract, seller.manager)
    ResearchOutcome.objects.filter(pk=deal.outcome_id).update(state="reserved")
    contract = TechnologyContract.objects.get(pk=contract.pk)

    with pytest.raises(OutcomeNotOpen):
        submit_contract(contract, by=seller.manager)

    ResearchOutcome.objects.filter(pk=deal.outcome_id).update(state="available")
    submit_contract(TechnologyContract.objects.get(pk=contract.pk), by=seller.manager)


def test_a_deal_has_one_contract():
    deal, _, seller, _ = begun()

    with pytest.raises(ContractExists):
        draft_contract_from_deal(deal, **seller.as_party)

    assert deal.contracts.count() == 1


def test_a_deal_without_price_has_none():
    deal, seller, _ = deals.from_interest()

    with pytest.raises(WrongState):
        draft_contract_from_deal(deal, **seller.as_party)


def test_the_deal_follows_to_performance_and_the_assigned_outcome_is_converted():
    deal, contract, seller, _ = begun(contract_type="ZR", sub_type="ZR-patent")
    registrar = person("registrar")

    submit_contract(contract, by=seller.manager)
    deal.refresh_from_db()
    assert deal.state == "registration"
    return_contract(contract, by=registrar, reasons="缺附件")
    deal.refresh_from_db()
    assert deal.state == "contract"
    submit_contract(contract, by=seller.manager, answer="已在附件二补齐")
    register_contract(contract, by=registrar, number=number_of(41))

    deal.refresh_from_db()
    deal.outcome.refresh_from_db()
    assert (deal.state, deal.outcome.state) == ("performance", "converted")


def test_a_licensed_outcome_is_not_converted():
    deal, contract, seller, _ = begun(contract_type="XK", sub_type="XK-ordinary")
    before = deal.outcome.state
    submit_contract(contract, by=seller.manager)

    register_contract(contract, by=person("registrar"), number=number_of(42))

    deal.outcome.refresh_from_db()
    assert deal.outcome.state == before != "converted"


def test_a_refused_contract_makes_room_for_another():
    deal, contract, seller, _ = begun()
    submit_contract(contract, by=seller.manager)
    refuse_contract(contract, by=person("registrar"), reasons="不属于技术合同")

    second = draft_contract_from_deal(deal, **seller.as_party)

    deal.refresh_from_db()
    assert (deal.state, second.state) == ("contract", "draft")


def test_the_landed_outcome_counts_on_the_board():
    _, contract, seller, _ = begun()
    submit_contract(contract, by=seller.manager)
    register_contract(contract, by=person("registrar"), number=number_of(43))
    month = Period.containing(clock.today(), "month")

    assert [row.contract for row in queries.landed_count(month).records] == [contract]
    assert queries.landed_technical(month).value == contract.technical_amount


def test_begun_by_page(client):
    deal, seller, buyer = deals.from_sale()
    address = f"/contracts/from-deal/{deal.code}/"
    sign_in(client, person())
    assert client.post(address).status_code == 404
    sign_in(client, buyer.manager)
    assert client.post(address).status_code == 403
    sign_in(client, seller.manager)

    answer = client.post(address)

    contract = TechnologyContract.objects.get()
    assert answer["Location"] == f"/contracts/{contract.code}/change/"


def test_the_buyer_of_the_contract_is_that_of_the_deal():
    _deal, contract, seller, buyer = begun()
    other = people.organisation()

    with pytest.raises(BuyerOfDeal):
        complete(contract, seller.manager, buyer_uscc=other.uscc)

    contract.refresh_from_db()
    assert contract.buyer == buyer.organisation


@pytest.mark.parametrize("decide", [return_contract, refuse_contract])
def test_a_registrar_decides_though_a_party_ended_the_deal(decide):
    deal, contract, seller, buyer = begun()
    submit_contract(contract, by=seller.manager)
    terminate_deal(deal, reason="不再合作", **buyer.as_party)
    contract = TechnologyContract.objects.get(pk=contract.pk)

    decide(contract, by=person("registrar"), reasons="交易已终止")

    deal.refresh_from_db()
    assert (deal.state, contract.is_under_review) == ("terminated", False)


def test_only_who_may_open_the_deal_gets_its_link(client):
    deal, contract, seller, _ = begun()
    submit_contract(contract, by=seller.manager)

    for user, opens in ((seller.manager, True), (person("officer"), True), (person("registrar"), False)):
        sign_in(client, user)
        page = client.get(contract.get_absolute_url()).content.decode()
        assert (f'href="{deal.get_absolute_url()}"' in page) is opens
        assert deal.code in page


def test_a_broker_named_after_the_draft_stands_in_the_contract_that_is_submitted():
    deal, contract, seller, _buyer = begun()
    broker = deals.broker()
    engage(deal, broker, **seller.as_party)

    submit_contract(contract, by=seller.manager)

    contract.refresh_from_db()
    assert contract.broker == broker
