"""A price agreed in a deal binds its contract: another total needs a reason, and who reads the contract reads both."""

import copy
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from marketplace.contracts.actions import register_contract, submit_contract
from marketplace.contracts.agreed import departures
from marketplace.contracts.amending import answer_contract_change
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import request_contract_change
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.refusals import Incomplete
from marketplace.contracts.writing import attach_signed_file, change_contract
from marketplace.notices.models import Notice
from tests.factories.people import sign_in
from tests.marketplace.contracts import factories as contracts
from tests.marketplace.deals import factories as deals
from tests.tasks.conftest import carried_out

WAN = deals.WAN
pytestmark = pytest.mark.usefixtures("for_now")
OWN = ("buyer_name", "buyer_uscc", "project_name")
REASON = "双方另签补充协议，设备由买方自备。"


def published(amount=120 * WAN):
    """A deal of a public institute whose agreed price stood its publicity."""
    opened = deals.agreed_price(amount)
    deals.stand(opened.deal)
    return opened


def drafted(opened, *items, **changed):
    """The draft of a deal's contract over `items`, complete but for a reason."""
    deal, seller, buyer = opened
    contract = draft_contract_from_deal(deal, **seller.as_party)
    facts = {name: value for name, value in contracts.facts().items() if name not in OWN}
    change_contract(contract, by=seller.manager, items=items, **(facts | changed))
    attach_signed_file(contract, by=seller.manager, upload=contracts.scan())
    return contract, seller, buyer


def half(opened, **changed):
    return drafted(opened, Item("转让费", 60 * WAN, True), **changed)


@pytest.fixture(scope="module")
def lasting_deal(lasting):
    return published()


@pytest.fixture
def opened(lasting_deal, for_now):
    return copy.deepcopy(lasting_deal)


@pytest.mark.parametrize(
    "items",
    [
        [Item("转让费", 120 * WAN, True)],
        [Item("首期款", 50 * WAN, True), Item("尾款", 70 * WAN, True)],
        [Item("转让费", 90 * WAN, True), Item("设备", 30 * WAN, False)],
    ],
)
@pytest.mark.parametrize("payment", ["once", "instalments", "royalty"])
def test_the_same_total_is_no_departure_however_it_is_paid(opened, items, payment):
    contract, seller, _buyer = drafted(opened, *items, payment=payment)

    assert departures(contract) == []
    submit_contract(contract, by=seller.manager)
    assert contract.state == "submitted"


def test_less_than_the_published_price_is_sent_with_a_reason_only(opened):
    contract, seller, _buyer = half(opened)

    with pytest.raises(Incomplete, match="公示"):
        submit_contract(contract, by=seller.manager)
    contract.refresh_from_db()
    assert contract.state == "draft"

    contract.departure_reason = REASON
    contract.save()
    submit_contract(contract, by=seller.manager)
    assert contract.state == "submitted"


@pytest.mark.parametrize("amount", [60, 150])
def test_a_listed_price_binds_too(amount):
    contract, seller, _buyer = drafted(deals.priced(), Item("转让费", amount * WAN, True))

    with pytest.raises(Incomplete, match="120 万元") as refused:
        submit_contract(contract, by=seller.manager)

    assert "公示" not in str(refused.value)


def test_more_than_the_price_is_told_apart_from_less(opened):
    more, *_ = drafted(opened, Item("转让费", 120 * WAN, True), Item("设备", 30 * WAN, False))
    less, *_ = half(published())

    assert len(departures(more)) == 1
    assert any("第十八条" in sentence for sentence in departures(less))
    assert not any("第十八条" in sentence for sentence in departures(more))


def test_the_buyer_is_told_of_another_price(opened):
    contract, seller, buyer = half(opened, departure_reason=REASON)
    kept, other, _ = drafted(published(), Item("转让费", 120 * WAN, True))

    carried_out(lambda: submit_contract(contract, by=seller.manager))
    carried_out(lambda: submit_contract(kept, by=other.manager))

    notice = Notice.objects.get(kind="contract.departs_from_price", user=buyer.manager)
    assert notice.path == contract.get_absolute_url()
    assert not Notice.objects.filter(kind="contract.submitted", user=buyer.manager, path=notice.path).exists()
    assert not Notice.objects.filter(kind__startswith="contract.departs", path=kept.get_absolute_url()).exists()


def test_both_sides_and_the_registrar_read_price_departure_and_reason(client, opened):
    contract, seller, buyer = half(opened, departure_reason=REASON)
    submit_contract(contract, by=seller.manager)
    registrar = contracts.person("registrar")
    pages = [(who, "contract-detail") for who in (seller.manager, buyer.manager, registrar)]
    for reader, name in [*pages, (registrar, "contract-register")]:
        sign_in(client, reader)
        page = client.get(reverse(name, args=[contract.code])).content.decode()
        assert 'id="of-deal"' in page
        assert 'id="departs"' in page
        assert "120 万元" in page
        assert "60 万元" in page
        assert REASON in page
        assert "请写明理由" not in page  # said to the seller alone, while it can still write


def test_only_the_seller_is_asked_for_the_reason(client, opened):
    contract, seller, _buyer = half(opened)
    asked = "请写明理由"
    sign_in(client, seller.manager)
    assert asked in client.get(contract.get_absolute_url()).content.decode()
    change = client.get(reverse("contract-change", args=[contract.code])).content.decode()
    assert 'name="departure_reason"' in change
    assert asked in change
    sign_in(client, contracts.person("officer"))
    page = client.get(contract.get_absolute_url()).content.decode()
    assert 'id="departs"' in page
    assert asked not in page


def test_a_contract_at_its_price_says_nothing(client, opened):
    contract, seller, _buyer = drafted(opened, Item("转让费", 120 * WAN, True))
    sign_in(client, seller.manager)

    page = client.get(contract.get_absolute_url()).content.decode()

    assert 'id="departs"' not in page


def test_the_words_are_english_for_who_reads_english(opened):
    contract, *_ = half(opened)

    with translation.override("en"):
        said = " ".join(departures(contract))

    assert "Art. 18" in said
    assert "published" in said


def test_a_change_below_the_price_is_read_beside_it(client, opened):
    contract, seller, buyer = drafted(opened, Item("转让费", 120 * WAN, True))
    submit_contract(contract, by=seller.manager)
    registrar = contracts.person("registrar")
    register_contract(contract, by=registrar, number=contracts.number_of(71))
    request_contract_change(
        contract,
        upload=contracts.scan(),
        by=seller.manager,
        items=[Item("转让费", 60 * WAN, True)],
        begins_on=contract.begins_on,
        ends_on=contract.ends_on + timedelta(days=1),
        reasons=REASON,
    )
    answer_contract_change(contract, by=buyer.manager, agrees=True)
    sign_in(client, registrar)

    page = client.get(reverse("contract-grant-change", args=[contract.code])).content.decode()

    assert 'id="departs"' in page
    assert "第十八条" in page


def test_a_contract_entered_by_hand_beside_the_deal_does_not_leave_its_price_in_silence(client, opened):
    deal, seller, buyer = opened
    beside = {"seller": seller.organisation, "by": seller.manager, "outcome": deal.outcome}
    lower = {**beside, "buyer_uscc": buyer.organisation.uscc, "items": [Item("转让费", 60 * WAN, True)]}
    contract, _by = contracts.drafted(**lower)

    with pytest.raises(Incomplete, match="公示"):
        submit_contract(contract, by=seller.manager)
    sign_in(client, seller.manager)
    assert 'name="departure_reason"' in client.get(reverse("contract-change", args=[contract.code])).content.decode()

    other, _by = contracts.drafted(**beside, items=[Item("转让费", 60 * WAN, True)])
    submit_contract(other, by=seller.manager)
    assert other.state == "submitted"
