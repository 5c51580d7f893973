"""Who asked to reopen a price takes the request back until it is answered; then the deal is as before."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.deals.actions import follow_contract
from marketplace.deals.models import Deal
from marketplace.deals.pricing import reopen_pricing, withdraw_reopening
from marketplace.deals.refusals import NoReopeningAsked
from marketplace.desk.piles import rows_of
from marketplace.desk.rows import Reader
from marketplace.desk.waiting import deals as waiting
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import WAN, enterprise, member, person, priced, pricing

pytestmark = pytest.mark.django_db

ANSWER = "答复是否重新商定价格"


def asked(by="buyer"):
    opened = priced()
    reopen_pricing(opened.deal, **getattr(opened, by).as_party)
    return opened


def facts(opened):
    return Deal.objects.filter(pk=opened.deal.pk).values().get()


def desk(user):
    return [row.title for row in rows_of(waiting.waiting(Reader(user, None, clock.now())))]


def send(user, deal):
    client = sign_in(Client(), user)
    return client.post(reverse("deal-reopen-withdraw", args=[deal.code]), follow=True)


def page_of(user, deal):
    return sign_in(Client(), user).get(deal.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("side", "other"), [("buyer", "seller"), ("seller", "buyer")])
def test_the_deal_is_as_before_and_the_side_may_ask_again(side, other):
    opened = priced()
    before, mine, theirs = facts(opened), getattr(opened, side), getattr(opened, other)
    reopen_pricing(opened.deal, **mine.as_party)
    assert any(title.startswith(ANSWER) for title in desk(theirs.manager))

    withdraw_reopening(opened.deal, **mine.as_party)

    assert facts(opened) == before
    assert not any(title.startswith(ANSWER) for title in desk(theirs.manager))
    entry = Entry.objects.get(kind="deal.reopening_withdrawn")
    assert (entry.data, entry.on_behalf_of_id) == ({"side": side}, mine.organisation.pk)
    reopen_pricing(opened.deal, **mine.as_party)
    assert facts(opened)["reopening_asked_by"] == side
    assert any(title.startswith(ANSWER) for title in desk(theirs.manager))


def test_another_of_the_same_side_takes_it_back():
    opened = asked()
    colleague = member(opened.deal.buyer, "bidder")

    withdraw_reopening(opened.deal, by=colleague, organisation=opened.deal.buyer)

    assert facts(opened)["reopening_asked_by"] == ""


def test_the_other_side_strangers_and_who_only_reads_are_refused():
    opened = asked()
    deal = opened.deal
    for by, organisation, why in (
        (opened.seller.manager, deal.seller, "对方提出"),
        (member(stranger := enterprise()), stranger, "只有交易双方"),
        (opened.seller.manager, deal.buyer, None),
        (member(deal.buyer, "finance"), deal.buyer, None),
        (person("officer"), None, None),
        (person("auditor"), deal.buyer, None),
    ):
        with pytest.raises(PermissionDenied, match=why) as refused:
            withdraw_reopening(deal, by=by, organisation=organisation)
        assert str(refused.value)

    assert facts(opened)["reopening_asked_by"] == "buyer"
    assert not Entry.objects.filter(kind="deal.reopening_withdrawn").exists()


def test_what_is_answered_withdrawn_or_sent_is_not_taken_back():
    opened = asked()
    reopen_pricing(opened.deal, **opened.seller.as_party)
    again, sent = asked(), asked()
    withdraw_reopening(again.deal, **again.buyer.as_party)
    follow_contract(sent.deal, to="registration", by=sent.seller.manager)

    for each in (opened, again, sent, priced(), pricing("listing", listing_price=WAN)):
        with pytest.raises(NoReopeningAsked):
            withdraw_reopening(each.deal, **each.buyer.as_party)
    assert Entry.objects.filter(kind="deal.reopening_withdrawn").count() == 1


def test_the_page_offers_it_to_whom_it_belongs_where_the_request_is_shown():
    opened = asked()
    deal = opened.deal
    address = f'action="{reverse("deal-reopen-withdraw", args=[deal.code])}"'

    assert address in page_of(opened.buyer.manager, deal)
    assert address not in page_of(opened.seller.manager, deal)
    idle = page_of(member(deal.buyer, "finance"), deal)
    assert 'aria-describedby="why-reopen-withdraw"' in idle

    page = send(opened.buyer.manager, deal).content.decode()

    assert "您方已撤回" in page
    assert (address in page, reverse("deal-reopen", args=[deal.code]) in page) == (False, True)
    assert facts(opened)["reopening_asked_by"] == ""
    assert "已答复或已撤回" in send(opened.buyer.manager, deal).content.decode()


def test_a_stranger_does_not_find_it_and_the_other_side_is_refused():
    opened = asked()

    assert send(member(enterprise()), opened.deal).status_code == 404
    assert send(opened.seller.manager, opened.deal).status_code == 403
    assert facts(opened)["reopening_asked_by"] == "buyer"
