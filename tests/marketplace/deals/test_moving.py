"""The board moves deals by the steps of their page: what is allowed leads on, what is not says why."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core import clock
from marketplace.deals.actions import terminate_deal
from marketplace.deals.models import Deal
from marketplace.deals.moves import moves, why_not_move
from marketplace.deals.pricing import propose_price, reopen_pricing
from marketplace.deals.refusals import OutcomeNotOpen, PriceOfTrial, ReopeningAsked
from marketplace.deals.stalling import take_up_deal
from marketplace.outcomes.models import ResearchOutcome
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import (
    WAN,
    agreed_price,
    from_match,
    from_sale,
    member,
    outcome,
    performing,
    person,
    priced,
    pricing,
    rules,
)
from tests.marketplace.matching.factories import enterprise
from tests.marketplace.trials.factories import chosen

pytestmark = pytest.mark.django_db


def ways(deal, party):
    return [move.to for move in moves(Deal.objects.get(pk=deal.pk), party.manager, party.organisation)]


def client_of(user):
    return sign_in(Client(), user)


def ask(user, deal, to, **filters):
    return client_of(user).get(reverse("deal-move", args=[deal.code]), {"to": to, **filters}, follow=True)


def words(page):
    return page.content.decode()


def test_each_side_moves_what_is_its_own():
    talk, sale, done = from_match(), from_sale(), performing()
    assert (ways(talk.deal, talk.seller), ways(talk.deal, talk.buyer)) == (["pricing", "terminated"], ["terminated"])
    assert ways(sale.deal, sale.seller) == ["terminated"]
    assert (ways(done.deal, done.buyer), ways(done.deal, done.seller)) == (["done", "terminated"], ["terminated"])
    public = agreed_price()
    assert ways(public.deal, public.seller) == ["terminated"]


def test_a_price_is_accepted_by_whom_it_was_proposed_to():
    opened = pricing()
    assert ways(opened.deal, opened.buyer) == ["terminated"]

    propose_price(opened.deal, amount=WAN, **opened.seller.as_party)

    assert ways(opened.deal, opened.buyer) == ["publicity", "terminated"]
    assert ways(opened.deal, opened.seller) == ["terminated"]
    listed = pricing("listing", listing_price=WAN)
    assert ways(listed.deal, listed.buyer) == ["contract", "terminated"]


def test_a_side_asks_once_to_reopen():
    opened = priced()
    assert ways(opened.deal, opened.seller) == ["pricing", "terminated"]

    reopen_pricing(opened.deal, **opened.seller.as_party)

    assert ways(opened.deal, opened.seller) == ["terminated"]
    assert ways(opened.deal, opened.buyer) == ["pricing", "terminated"]


def test_the_board_offers_no_reopening_of_the_price_of_a_trial():
    trial, owner, _tries = chosen()

    deal = Deal.objects.get(trial=trial)

    assert ways(deal, owner) == ["terminated"]
    with pytest.raises(PriceOfTrial) as refused:
        reopen_pricing(deal, **owner.as_party)
    assert why_not_move(deal, "pricing", owner.manager, owner.organisation) == str(refused.value)


@pytest.mark.parametrize("state", ["reserved", "converted"])
def test_the_board_takes_up_no_deal_of_an_outcome_that_is_not_open(state):
    opened = from_match()
    terminate_deal(opened.deal, reason="预算取消", **opened.buyer.as_party)
    assert ways(opened.deal, opened.buyer) == ["negotiation"]
    ResearchOutcome.objects.filter(pk=opened.deal.outcome_id).update(state=state)

    deal = Deal.objects.get(pk=opened.deal.pk)

    assert ways(deal, opened.buyer) == []
    with pytest.raises(OutcomeNotOpen) as refused:
        take_up_deal(deal, reason="新预算", **opened.buyer.as_party)
    assert why_not_move(deal, "negotiation", opened.buyer.manager, opened.buyer.organisation) == str(refused.value)
    page = words(client_of(opened.buyer.manager).get(deal.get_absolute_url()))
    assert reverse("deal-take-up", args=[deal.code]) not in page


def test_who_asked_to_reopen_reads_on_the_page_that_the_other_side_is_next():
    opened = priced()
    address = reverse("deal-reopen", args=[opened.deal.code])
    reopen_pricing(opened.deal, **opened.seller.as_party)

    asked = words(client_of(opened.seller.manager).get(opened.deal.get_absolute_url()))
    answers = words(client_of(opened.buyer.manager).get(opened.deal.get_absolute_url()))

    assert str(ReopeningAsked()) in asked
    assert (address in answers, str(ReopeningAsked()) in answers) == (True, False)


def test_strangers_brokers_and_staff_move_nothing():
    deal = from_match().deal
    stranger = enterprise()

    assert moves(deal, member(stranger), stranger) == []
    assert moves(deal, person("officer"), None) == []
    assert moves(deal, person("auditor"), None) == []


@pytest.mark.parametrize(
    ("to", "said"),
    [("done", "不能从“洽谈”转到“已完成”"), ("negotiation", "已在该阶段"), ("registration", "不能从")],
)
def test_a_refused_move_says_why_and_leaves_the_card(to, said):
    deal, seller, _buyer = from_match()

    page = ask(seller.manager, deal, to, side="seller")

    assert said in words(page)
    where = urlsplit(page.redirect_chain[-1][0])
    assert (where.path, parse_qs(where.query)) == (reverse("deal-list"), {"side": ["seller"]})
    deal.refresh_from_db()
    assert deal.state == "negotiation"


def test_the_page_of_a_deal_asks_before_a_price_binds():
    listed = pricing("listing", listing_price=WAN)
    agreed = pricing()
    propose_price(agreed.deal, amount=WAN, **agreed.seller.as_party)

    for made, to in ((listed, "contract"), (agreed, "publicity")):
        page = words(client_of(made.buyer.manager).get(made.deal.get_absolute_url()))
        address = f"{reverse('deal-move', args=[made.deal.code])}?from=deal&to={to}"
        assert f'href="{address.replace("&", "&amp;")}"' in page
        assert "您接受对方提出的价格" in words(client_of(made.buyer.manager).get(address))


def test_the_page_is_called_by_its_step_wherever_it_was_asked_for():
    made = pricing("listing", listing_price=WAN)
    address = reverse("deal-move", args=[made.deal.code])
    titles = {
        (to, way): "接受对方报价" in words(client_of(made.buyer.manager).get(address, {"to": to, "from": way}))
        for to in ("contract", "terminated")
        for way in ("deal", "")
    }

    assert titles == {
        ("contract", "deal"): True,
        ("contract", ""): False,
        ("terminated", "deal"): False,
        ("terminated", ""): False,
    }


def test_what_follows_by_itself_is_not_moved():
    public, written = agreed_price(), priced()

    for deal, user, to, said in (
        (public.deal, public.seller.manager, "contract", "公示结束后"),
        (written.deal, written.seller.manager, "registration", "随合同"),
        (pricing().deal, None, "contract", "应先公示"),
    ):
        user = user or member(deal.seller)
        assert said in words(ask(user, deal, to))
        assert said in why_not_move(deal, to, user, deal.seller)


def test_a_move_is_confirmed_with_what_it_asks_for():
    deal, seller, buyer = from_match()
    page = words(ask(seller.manager, deal, "pricing", view="list"))
    assert f'action="{reverse("deal-pricing", args=[deal.code])}"' in page

    sent = {"mode": "listing", "listing_price": "80", "from_board": "view=list"}
    answer = client_of(seller.manager).post(reverse("deal-pricing", args=[deal.code]), sent)

    assert answer.url == reverse("deal-list") + "?view=list"
    deal.refresh_from_db()
    assert deal.state == "pricing"
    accept = words(ask(buyer.manager, deal, "contract"))
    assert "您接受对方提出的价格" in accept
    assert "from_board" in accept
    from_deal = words(ask(buyer.manager, deal, "contract", **{"from": "deal"}))
    assert "from_board" not in from_deal
    assert f'href="{deal.get_absolute_url()}">' in from_deal
    end = words(ask(buyer.manager, deal, "terminated"))
    assert f'action="{reverse("deal-terminate", args=[deal.code])}"' in end


def test_the_way_back_is_the_board_and_nowhere_else():
    deal, seller, _buyer = from_match()

    sent = {"mode": "agreed", "from_board": "https://example.org/?side=seller"}
    answer = client_of(seller.manager).post(reverse("deal-pricing", args=[deal.code]), sent)

    assert urlsplit(answer.url).path == reverse("deal-list")
    assert not answer.url.startswith("http")


def test_a_stranger_does_not_find_the_move():
    deal = from_match().deal

    assert ask(member(enterprise()), deal, "pricing").status_code == 404
    assert ask(person("officer"), deal, "pricing").redirect_chain


def test_who_moves_nothing_is_not_told_how():
    deal = from_match().deal
    board, rows = (
        words(client_of(person("auditor")).get(reverse("deal-list"), view)) for view in ({}, {"view": "list"})
    )

    assert deal.get_absolute_url() in board
    assert "拖动" not in board
    assert ">移动<" not in rows
    mover = client_of(member(deal.seller))
    assert "拖动" in words(mover.get(reverse("deal-list")))
    assert ">移动<" in words(mover.get(reverse("deal-list"), {"view": "list"}))


def test_board_and_list_name_the_moves_and_what_stalls():
    rules()
    deal, seller, _buyer = from_match()
    fresh = from_match(outcome=outcome(of=deal.seller))
    Deal.objects.filter(pk=deal.pk).update(moved_at=clock.now() - timedelta(days=31))
    reader = client_of(seller.manager)
    link = f"{reverse('deal-move', args=[deal.code])}?to=pricing"

    board, rows = words(reader.get(reverse("deal-list"))), words(reader.get(reverse("deal-list"), {"view": "list"}))

    assert link in board
    assert link in rows
    assert 'data-may="pricing terminated"' in board
    assert board.count("停滞") == 1
    assert rows.index(deal.get_absolute_url()) < rows.index(fresh.deal.get_absolute_url())


@pytest.mark.parametrize("view", ["", "list"])
def test_board_and_list_cost_the_same_for_one_and_for_five(view):
    rules()
    owner = outcome().owner
    reader, made = client_of(member(owner)), []
    made.append(from_match(outcome=outcome(of=owner)))
    address = reverse("deal-list") + f"?view={view}"
    reader.get(address)
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            page = reader.get(address)
        costs.append((len(captured), page.context["count"]))
        made += [from_match(outcome=outcome(of=owner)) for _ in range(4)]

    assert costs[0][0] == costs[1][0]
    assert (costs[0][1], costs[1][1]) == (1, 5)
