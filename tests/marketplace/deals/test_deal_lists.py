"""The board of deals, the list of interest, and what a deal's page leads to."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core import clock
from marketplace.deals.actions import terminate_deal
from marketplace.deals.models import Deal, Side
from marketplace.deals.nda import accept_nda
from marketplace.deals.pricing import propose_price, reopen_pricing
from marketplace.deals.showing import with_turns
from marketplace.deals.turns import turn_of, waits_for
from marketplace.needs.models import TechnologyNeed
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import (
    WAN,
    agreed_price,
    broker,
    engage,
    from_interest,
    from_match,
    from_sale,
    interest,
    member,
    outcome,
    performing,
    person,
    priced,
    pricing,
    rules,
)

pytestmark = pytest.mark.django_db


def client_of(user):
    return sign_in(Client(), user)


def words(page):
    return page.content.decode()


def test_the_board_filters_and_exports():
    first = priced(120 * WAN)
    second = from_sale(buyer=first.buyer.organisation)
    reader = client_of(first.buyer.manager)

    page = words(reader.get(reverse("deal-list")))
    assert first.deal.get_absolute_url() in page
    assert second.deal.get_absolute_url() in page
    auction = words(reader.get(reverse("deal-list"), {"mode": "auction"}))
    assert first.deal.get_absolute_url() not in auction
    assert second.deal.get_absolute_url() in auction
    assert first.deal.get_absolute_url() not in words(reader.get(reverse("deal-list"), {"side": "seller"}))

    exported = reader.get(reverse("deal-export"), {"mode": "auction", "format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(exported)))
    assert len(rows) == 2
    assert "需方" in rows[0]
    assert rows[1][0] == second.deal.code
    assert rows[1][9:11] == ["", "2200000.00"]
    assert reader.get(reverse("deal-export")).content[:2] == b"PK"


def cost(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["deal-list", "interest-list"])
def test_lists_cost_the_same_for_one_and_for_three(name):
    owner = outcome().owner
    reader, address = client_of(member(owner)), reverse(name)
    from_interest(on=outcome(of=owner))
    cost(reader, address)
    one = cost(reader, address)

    for _ in range(2):
        from_interest(on=outcome(of=owner))

    assert Deal.objects.count() == 3
    assert cost(reader, address) == one


def test_the_page_links_only_to_what_its_reader_may_open():
    deal, seller, buyer = from_match()
    one = broker()
    engage(deal, one, **seller.as_party)
    match, offered = f'href="{deal.match.get_absolute_url()}"', f'href="{deal.outcome.get_absolute_url()}"'

    for user, sees in ((seller.manager, True), (buyer.manager, True), (one.user, True), (person("officer"), True)):
        assert (match in words(client_of(user).get(deal.get_absolute_url()))) is sees
    type(deal.outcome).objects.filter(pk=deal.outcome_id).update(live=False)
    assert offered in words(client_of(seller.manager).get(deal.get_absolute_url()))
    assert offered in words(client_of(buyer.manager).get(deal.get_absolute_url()))
    assert client_of(buyer.manager).get(deal.outcome.get_absolute_url()).status_code == 200  # a party reads it still


def test_whose_turn_it_is_is_led_to_the_place():
    deal, seller, buyer = from_match()

    assert 'href="#turn"' in words(client_of(seller.manager).get(deal.get_absolute_url()))
    for party in (seller, buyer):
        accept_nda(deal, **party.as_party)
    assert 'href="#price"' in words(client_of(seller.manager).get(deal.get_absolute_url()))
    assert 'href="#price"' not in words(client_of(buyer.manager).get(deal.get_absolute_url()))


def test_an_ended_deal_asks_nobody_for_a_price():
    deal, seller, _ = from_match()
    terminate_deal(deal, reason="路线调整", **seller.as_party)

    page = words(client_of(seller.manager).get(deal.get_absolute_url()))

    assert "交易在定价前终止" in page
    assert "由供方选定" not in page


def test_a_listing_price_stands_on_board_list_and_table():
    _deal, seller, _ = pricing(mode="listing", listing_price=120 * WAN)
    reader = client_of(seller.manager)

    for address in (reverse("deal-list"), f"{reverse('deal-list')}?view=list"):
        page = " ".join(re.sub("<[^>]+>", " ", words(reader.get(address))).split())
        assert "120 万元 挂牌价" in page
    exported = reader.get(reverse("deal-export"), {"format": "csv"}).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(exported)))[1][9:11] == ["1200000.00", ""]


def test_interest_is_listed_as_the_board_was_filtered(monkeypatch):
    monkeypatch.setattr("marketplace.deals.listed.ON_THE_BOARD", 1)
    monkeypatch.setattr("marketplace.deals.listed.IN_A_COLUMN", 1)
    owner = outcome().owner
    wanted, other = (outcome(of=owner, title=title) for title in ("降解菌剂", "低功耗锁芯"))
    for each in (wanted, wanted, other):
        interest(on=each)
    reader = client_of(member(owner))

    board = words(reader.get(reverse("deal-list"), {"q": "降解菌剂", "side": "seller"}))
    address = re.search(r'href="([^"]*state=shown[^"]*)" hx-get', board)[1].replace("&amp;", "&")
    found = words(reader.get(address))

    assert (found.count('<th scope="row"'), "低功耗锁芯" in found) == (2, False)
    assert "没有符合筛选条件的意向" in words(reader.get(reverse("interest-list"), {"q": "无此词"}))
    assert words(reader.get(reverse("interest-list"), {"side": "buyer"})).count('<th scope="row"') == 0


def test_at_a_listing_price_only_the_seller_is_asked_for_one():
    deal, seller, buyer = pricing(mode="listing", listing_price=120 * WAN)
    address = f'action="{reverse("deal-price", args=[deal.code])}"'

    assert address in words(client_of(seller.manager).get(deal.get_absolute_url()))
    assert address not in words(client_of(buyer.manager).get(deal.get_absolute_url()))


def test_the_turns_a_desk_asks_the_database_for_are_those_of_the_record():
    rules()
    talk, half, agreed = from_match(), from_match(), from_match()
    accept_nda(half.deal, **half.buyer.as_party)
    for party in (agreed.seller, agreed.buyer):
        accept_nda(agreed.deal, **party.as_party)
    offered, listed, asked = pricing(), pricing("listing", listing_price=90 * WAN), priced()
    propose_price(offered.deal, amount=100 * WAN, **offered.seller.as_party)
    reopen_pricing(asked.deal, **asked.buyer.as_party)
    ended = from_match()
    terminate_deal(ended.deal, reason="路线调整", **ended.seller.as_party)
    every = [talk, half, agreed, offered, listed, asked, pricing(), pricing("auction"), priced(), performing()]
    every += [agreed_price(), ended]

    found = {side: set(Deal.objects.filter(waits_for(side)).values_list("pk", flat=True)) for side in Side}

    for opened in every:
        deal = with_turns(Deal.objects.all()).get(pk=opened.deal.pk)
        assert {side for side in Side if deal.pk in found[side]} == set(turn_of(deal).acts), deal.state
    assert min(len(keys) for keys in found.values()) >= 3


def test_a_column_shows_its_first_cards_and_leads_to_the_rest(monkeypatch):
    monkeypatch.setattr("marketplace.deals.listed.ON_THE_BOARD", 2)
    monkeypatch.setattr("marketplace.deals.listed.IN_A_COLUMN", 2)
    owner = outcome().owner
    opened = [from_interest(on=outcome(of=owner)).deal for _ in range(3)]
    for days, deal in enumerate(opened):
        Deal.objects.filter(pk=deal.pk).update(moved_at=clock.now() - timedelta(days=9 - days))
    reader = client_of(member(owner))

    page = reader.get(reverse("deal-list"))

    column = next(each for each in page.context["columns"] if each.state == "negotiation")
    assert [card.url for card in column.cards] == [deal.get_absolute_url() for deal in opened[:2]]
    assert (column.count, column.more) == (3, 1)
    assert 'href="?view=list&amp;state=negotiation" hx-get="?column=negotiation&amp;after=2"' in words(page)
    assert ">还有 1 宗交易<" in words(page)
    assert "1 more deal<" in words(reader.get("/en" + reverse("deal-list")))
    rest = reader.get(reverse("deal-list"), {"view": "list", "state": "negotiation"})
    assert [card.url for card in rest.context["cards"]] == [deal.get_absolute_url() for deal in opened]
    assert reader.get(reverse("deal-list"), {"state": "done"}).context["count"] == 0


def codes(page):
    """Return the codes of the deals whose cards stand in an answer, in their order."""
    return re.findall(r'<article [^>]*data-move="/deals/(\w+)/move/', words(page))


def test_a_few_deals_are_all_on_the_board(monkeypatch):
    monkeypatch.setattr("marketplace.deals.listed.ON_THE_BOARD", 3)
    monkeypatch.setattr("marketplace.deals.listed.IN_A_COLUMN", 1)
    owner = outcome().owner
    reader = client_of(member(owner))
    shown = []
    for _ in range(4):
        from_interest(on=outcome(of=owner))
        shown.append(len(codes(reader.get(reverse("deal-list")))))

    assert shown == [1, 2, 3, 1]


def test_more_of_a_column_comes_in_its_place(monkeypatch):
    monkeypatch.setattr("marketplace.deals.listed.ON_THE_BOARD", 1)
    monkeypatch.setattr("marketplace.deals.listed.IN_A_COLUMN", 1)
    monkeypatch.setattr("marketplace.deals.listed.MORE", 2)
    owner = outcome().owner
    opened = [from_interest(on=outcome(of=owner)).deal for _ in range(4)]
    Deal.objects.update(moved_at=clock.now())  # in one moment: their numbers tell the order
    reader, address = client_of(member(owner)), reverse("deal-list")
    asks = {"HX-Request": "true"}

    first = reader.get(address, {"side": "seller"})
    more, last = (
        reader.get(address, {"side": "seller", "column": "negotiation", "after": after}, headers=asks)
        for after in (1, 3)
    )

    assert [codes(page) for page in (first, more, last)] == [
        [opened[0].code],
        [opened[1].code, opened[2].code],
        [opened[3].code],
    ]
    assert "<html" not in words(more)
    assert 'href="?side=seller&amp;view=list&amp;state=negotiation"' in words(more)
    assert 'hx-get="?side=seller&amp;column=negotiation&amp;after=3"' in words(more)
    assert "hx-get" not in words(last)
    assert f"{reverse('deal-move', args=[opened[1].code])}?side=seller" in words(more)


def test_more_of_a_column_is_told_to_nobody_else_and_stands_nonsense():
    deal = from_interest(on=outcome()).deal
    stranger, reader = client_of(member(outcome().owner)), client_of(member(deal.seller))
    address, asks = reverse("deal-list"), {"HX-Request": "true"}

    def answer(browser, **asked):
        return browser.get(address, asked, headers=asks)

    assert codes(answer(stranger, column="negotiation", after="0")) == []
    for after in ("", "-1", "x", "１", "9" * 20):
        assert codes(answer(reader, column="negotiation", after=after)) == [deal.code]
    assert codes(answer(reader, column="negotiation", after="1")) == []
    assert "<html" in words(answer(reader, column="nowhere"))
    assert "<html" in words(reader.get(address, {"column": "negotiation"}))


def test_cards_in_every_state_cost_the_same_for_one_of_each_and_for_two():
    rules()
    officer, address = client_of(person("officer")), reverse("deal-list") + "?ended=1"

    def one_of_each(lot):
        talking, offered = from_match(), pricing()
        TechnologyNeed.objects.filter(pk=talking.deal.need_id).update(is_anonymous=True)
        propose_price(offered.deal, amount=100 * WAN, **offered.seller.as_party)
        ended = from_match()
        terminate_deal(ended.deal, reason="路线调整", **ended.seller.as_party)
        made = (talking, offered, ended, agreed_price(), priced(), performing(), from_sale(lot=lot))
        return set(Deal.objects.filter(pk__in=[each.deal.pk for each in made]).values_list("state", flat=True))

    assert one_of_each("OH-2026-07") == {state for state in Deal.State if state not in ("registration", "done")}
    costs = []
    for view in ("", "&view=list"):
        cost(officer, address + view)
        costs.append(cost(officer, address + view))
    one_of_each("OH-2026-08")

    assert [cost(officer, address + view) for view in ("", "&view=list")] == costs


def test_ended_deals_their_seller_may_take_up_cost_the_same_for_one_and_for_three():
    owner = outcome().owner
    seller, address = member(owner), reverse("deal-list") + "?ended=1"
    reader = client_of(seller)

    def one_ended():
        deal = from_interest(on=outcome(of=owner)).deal
        terminate_deal(deal, reason="路线调整", by=seller, organisation=owner)

    one_ended()
    cost(reader, address)
    one = cost(reader, address)
    one_ended()
    one_ended()

    assert cost(reader, address) == one
    assert words(reader.get(address)).count('data-may="negotiation"') == 3


def test_a_long_list_of_deals_is_paged(monkeypatch):
    monkeypatch.setattr("marketplace.deals.views.PAGE", 2)
    owner = outcome().owner
    opened = [from_interest(on=outcome(of=owner)).deal for _ in range(3)]
    reader = client_of(member(owner))

    first, second = (reader.get(reverse("deal-list"), {"view": "list", "page": page}) for page in (1, 2))

    shown = [[card.url for card in page.context["cards"]] for page in (first, second)]
    assert [len(each) for each in shown] == [2, 1]
    assert {url for each in shown for url in each} == {deal.get_absolute_url() for deal in opened}
    assert 'rel="next"' in words(first)


@pytest.mark.parametrize(
    ("address", "words"), [("/en/deals/", "No deals are shown to you"), ("/en/matches/", "No matches are shown")]
)
def test_who_is_shown_none_does_not_read_that_there_are_none(address, words):
    said = {
        role: sign_in(Client(), person(*role)).get(address).content.decode()
        for role in (("registrar",), ("officer",), ())
    }

    assert [words in page for page in said.values()] == [True, False, False]
