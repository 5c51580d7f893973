"""Pages of deals and interest, walked with the forms people send, right and wrong."""

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.core.files import files_of
from marketplace.deals.brokering import consent_to_broker
from marketplace.deals.interest import Interest
from marketplace.deals.models import Deal
from marketplace.deals.parts import DealNote
from marketplace.deals.pricing import propose_price, standing
from marketplace.deals.talking import add_note
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import (
    WAN,
    broker,
    engage,
    enterprise,
    from_interest,
    from_match,
    from_sale,
    interest,
    member,
    outcome,
    pdf,
    performing,
    person,
    priced,
    pricing,
)
from tests.marketplace.matching.factories import agreed

pytestmark = pytest.mark.django_db


def client_of(user):
    return sign_in(Client(), user)


def send(user, deal, step, data=None):
    return client_of(user).post(reverse(f"deal-{step}", args=[deal.code]), data or {}, follow=True)


def words(page):
    return page.content.decode()


def test_showing_interest_and_opening_the_deal():
    offered, buyer = outcome(), enterprise()
    agent = client_of(member(buyer, "bidder"))
    address = reverse("interest-new", args=[offered.number])

    wrong = agent.post(address, {"message": "", "accepts_nda": "on"})
    assert "field--error" in words(wrong)
    assert "checked" in words(wrong)
    assert not Interest.objects.exists()

    agent.post(address, {"message": "年产 20 万套智能锁", "accepts_nda": "on"})
    shown = Interest.objects.get()
    assert (shown.organisation, shown.accepts_nda) == (buyer, True)

    again = agent.post(address, {"message": "再来一次"})
    assert "再来一次" in words(again)
    assert Interest.objects.count() == 1

    seller = client_of(member(offered.owner))
    seller.post(reverse("interest-accept", args=[shown.code]))
    assert Deal.objects.get().buyer == buyer


def test_who_has_shown_interest_is_led_to_it_before_typing_anything():
    shown = interest()
    agent = client_of(member(shown.organisation, "bidder"))

    page = agent.get(reverse("interest-new", args=[shown.outcome.number]), follow=True)

    assert page.redirect_chain[-1][0] == shown.get_absolute_url()
    assert [one.level_tag for one in page.context["messages"]] == ["info"]


def test_answered_interest_leaves_the_form_open():
    shown = interest()
    agent = client_of(member(shown.organisation, "bidder"))
    agent.post(reverse("interest-withdraw", args=[shown.code]))

    page = agent.get(reverse("interest-new", args=[shown.outcome.number]))

    assert page.status_code == 200
    assert page.context["form"] is not None


def test_declining_interest_without_a_reason_is_told():
    shown = interest()
    seller = client_of(member(shown.outcome.owner))

    page = seller.post(reverse("interest-decline", args=[shown.code]), {"reason": ""})
    shown.refresh_from_db()
    assert shown.state == "shown"
    assert page.status_code == 200

    seller.post(reverse("interest-decline", args=[shown.code]), {"reason": "已独占许可"})
    shown.refresh_from_db()
    assert shown.state == "declined"
    asker = client_of(member(shown.organisation))
    assert "已独占许可" in words(asker.get(shown.get_absolute_url()))


def test_a_match_becomes_a_deal():
    match = agreed()
    buyer = client_of(member(match.need.organisation))

    page = buyer.post(reverse("deal-from-match", args=[match.code]), follow=True)

    assert Deal.objects.get().get_absolute_url() == page.redirect_chain[-1][0]


def test_strangers_find_nothing():
    deal, _seller, _buyer = from_match()
    shown = from_interest().deal.interest

    stranger = client_of(member(enterprise()))
    for address in (deal.get_absolute_url(), shown.get_absolute_url()):
        assert stranger.get(address).status_code == 404
        assert client_of(person("registrar")).get(address).status_code == 404
        assert Client().get(address).status_code == 302
        assert client_of(person("officer")).get(address).status_code == 200
    assert stranger.post(reverse("deal-terminate", args=[deal.code]), {"reason": "x"}).status_code == 404
    assert deal.get_absolute_url() not in words(stranger.get(reverse("deal-list")))


def test_the_price_is_agreed_in_the_browser():
    deal, seller, buyer = from_match()

    wrong = send(seller.manager, deal, "pricing", {"mode": "listing", "listing_price": ""})
    assert "请填写挂牌价" in words(wrong)
    wrong = send(seller.manager, deal, "pricing", {"mode": "agreed", "listing_price": "70"})
    assert "只有挂牌定价才填写挂牌价" in words(wrong)
    send(seller.manager, deal, "pricing", {"mode": "agreed"})
    wrong = send(buyer.manager, deal, "price", {"amount": "八十", "note": "一次付清"})
    assert "八十" in words(wrong)
    assert "一次付清" in words(wrong)
    send(buyer.manager, deal, "price", {"amount": "80", "note": "一次付清"})

    proposal = standing(deal)
    assert proposal.amount == 80 * WAN
    address = reverse("deal-price-accept", args=[deal.code, proposal.code])
    client_of(buyer.manager).post(address)
    deal.refresh_from_db()
    assert deal.price is None
    client_of(seller.manager).post(address)
    deal.refresh_from_db()
    assert (deal.price, deal.state) == (80 * WAN, "publicity")


def test_a_proposal_of_another_deal_is_not_found():
    mine, other = pricing(), pricing()
    foreign = propose_price(other.deal, amount=WAN, **other.seller.as_party)

    page = client_of(mine.buyer.manager).post(reverse("deal-price-accept", args=[mine.deal.code, foreign.code]))

    assert page.status_code == 404


def test_confidentiality_notes_papers_and_the_end():
    deal, seller, buyer = from_match()
    one = broker()

    send(seller.manager, deal, "nda", {"version": "old"})
    assert not deal.nda_acceptances.exists()
    send(seller.manager, deal, "nda", {"version": "2026-1"})
    send(buyer.manager, deal, "nda", {"version": "2026-1"})
    assert deal.nda_acceptances.count() == 2

    waiting = send(seller.manager, deal, "broker", {"broker": one.code, "for_both": "on"})
    assert "为双方服务尚待需方同意" in words(waiting)
    send(buyer.manager, deal, "broker-consent")
    assert client_of(one.user).get(deal.get_absolute_url()).status_code == 302
    client_of(one.user).post(reverse("deal-engagement", args=[deal.code]), {"version": "2026-1"})
    deal.refresh_from_db()
    assert (deal.broker, deal.broker_side) == (one, "both")
    assert client_of(one.user).get(deal.get_absolute_url()).status_code == 200

    wrong = send(buyer.manager, deal, "note", {"text": "会谈纪要", "met_on": "2999-01-01"})
    assert "会谈纪要" in words(wrong)
    assert not DealNote.objects.exists()
    send(buyer.manager, deal, "note", {"text": "只给我们看", "is_private": "on"})
    assert "只给我们看" in words(client_of(buyer.manager).get(deal.get_absolute_url()))
    assert "只给我们看" not in words(client_of(seller.manager).get(deal.get_absolute_url()))
    assert "只给我们看" not in words(client_of(one.user).get(deal.get_absolute_url()))

    send(one.user, deal, "file", {"file": pdf("条款书.pdf"), "purpose": "term_sheet"})
    [file] = files_of(deal)
    assert client_of(buyer.manager).get(reverse("file-download", args=[file.code])).status_code == 200
    assert client_of(member(enterprise())).get(reverse("file-download", args=[file.code])).status_code == 404
    untold = send(one.user, deal, "file", {"file": pdf("未说明.pdf"), "purpose": ""})
    assert 'id="id_file_purpose_error"' in words(untold)
    assert len(files_of(deal)) == 1
    wrong = send(one.user, deal, "file", {"file": pdf("病毒.pdf", b"MZ\x90\x00"), "purpose": "other"})
    assert "内容却不是" in words(wrong)

    send(one.user, deal, "broker-release")
    assert client_of(one.user).get(deal.get_absolute_url()).status_code == 404
    send(buyer.manager, deal, "terminate", {"reason": ""})
    deal.refresh_from_db()
    assert deal.state == "negotiation"
    send(buyer.manager, deal, "terminate", {"reason": "预算取消"})
    deal.refresh_from_db()
    assert deal.state == "terminated"
    assert "预算取消" in words(client_of(seller.manager).get(deal.get_absolute_url()))


@pytest.mark.parametrize(("make", "said"), [(from_match, "可以重新开启"), (from_sale, "不能重新开启")])
def test_before_a_deal_is_ended_the_page_asks_and_says_what_follows(make, said):
    made = make()

    page = words(client_of(made.buyer.manager).get(made.deal.get_absolute_url()))

    assert '<button class="btn btn--danger" data-dialog="terminate-deal">' in page
    question = page.partition('<dialog id="terminate-deal"')[2].partition("</dialog>")[0]
    assert said in question
    assert ("成交随之解除" in question) == bool(made.deal.lot_number)


def test_once_both_accepted_confidentiality_the_deal_leads_to_the_outcome():
    deal, seller, buyer = from_match()
    send(seller.manager, deal, "nda", {"version": "2026-1"})
    page = send(buyer.manager, deal, "nda", {"version": "2026-1"})

    assert f'<a href="{deal.outcome.get_absolute_url()}">打开成果</a>' in words(page)
    assert "<dt>需方</dt>" in words(page)
    assert "受让方" not in words(page)


def test_who_may_not_is_told_why_and_changes_nothing():
    deal, seller, buyer = from_match()

    for user, step, data in (
        (buyer.manager, "pricing", {"mode": "agreed"}),
        (member(seller.organisation, "finance"), "terminate", {"reason": "x"}),
        (person("officer"), "note", {"text": "x"}),
        (person("auditor"), "terminate", {"reason": "x"}),
    ):
        assert send(user, deal, step, data).status_code == 403
    deal.refresh_from_db()
    assert (deal.state, deal.pricing_mode) == ("negotiation", "")
    assert not DealNote.objects.exists()


@pytest.mark.parametrize("make", [from_match, from_interest, from_sale, pricing, priced, performing])
def test_every_state_opens_for_everybody_in_it(make):
    opened = make()
    if opened.deal.broker is None:
        engage(opened.deal, broker(), **opened.seller.as_party)
    add_note(opened.deal, text="一句话", **opened.buyer.as_party)

    readers = [opened.seller.manager, opened.buyer.manager, opened.deal.broker.user, person("officer")]
    address = opened.deal.get_absolute_url()
    for user in (*readers, member(opened.deal.seller, "finance")):
        client = client_of(user)
        assert client.get(address).status_code == 200
        assert client.get(f"/en{address}").status_code == 200


def test_the_contract_is_drawn_up_from_the_deal():
    deal, seller, buyer = priced()
    address = reverse("contract-from-deal", args=[deal.code])
    assert address in words(client_of(seller.manager).get(deal.get_absolute_url()))

    client_of(seller.manager).post(address)

    contract = deal.contracts.get()
    page = words(client_of(seller.manager).get(deal.get_absolute_url()))
    assert contract.get_absolute_url() in page
    assert address not in page
    assert contract.get_absolute_url() not in words(client_of(buyer.manager).get(deal.get_absolute_url()))


@pytest.mark.parametrize(("for_both", "said"), [(True, "继续为对方服务"), (False, "经纪人已退出交易")])
def test_who_releases_the_broker_is_asked_and_told_what_became_of_it(client, for_both, said):
    deal, seller, buyer = from_match()
    engage(deal, broker(), for_both=for_both, **seller.as_party)
    if for_both:
        consent_to_broker(deal, **buyer.as_party)
    sign_in(client, seller.manager)
    page = client.get(deal.get_absolute_url()).content.decode()

    answer = client.post(reverse("deal-broker-release", args=[deal.code]), follow=True)

    assert 'data-dialog="release-broker"' in page
    assert ("继续为对方服务" in page) == for_both
    assert [str(message) for message in answer.context["messages"] if said in str(message)] != []


def test_the_other_side_reads_that_the_contract_is_being_drawn_up(client):
    deal, seller, buyer = priced()
    draft_contract_from_deal(deal, **seller.as_party)
    sign_in(client, buyer.manager)

    page = client.get(deal.get_absolute_url()).content.decode()

    assert "供方正在起草" in page
