"""Pages of auctions: who sees what, a bid by POST, and no growing number of queries."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.declaration import VERSION
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.frames import frame_of
from marketplace.auctions.ladder import WAN
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import Deposit, LotEvent
from marketplace.core import clock
from marketplace.deals.models import Deal
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import (
    announced_lot,
    bidder,
    drafted,
    end_now,
    member,
    organisation,
    person,
    planned,
)

pytestmark = pytest.mark.django_db
AS_JSON = {"accept": "application/json"}


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1), reserve=170 * WAN)


def get(client, name, *arguments, **headers):
    return client.get(reverse(name, args=arguments), **headers)


def test_everybody_sees_sessions_lot_and_record(client, lot):
    for name, arguments in [
        ("session-list", []),
        ("session-detail", [lot.session.number]),
        ("lot-detail", [lot.number]),
        ("lot-state", [lot.number]),
        ("lot-events", [lot.number]),
        ("lot-record", [lot.number]),
        ("lot-verifier", []),
        ("platform-time", []),
    ]:
        assert get(client, name, *arguments).status_code == 200, name


def test_the_reserve_is_on_no_page_before_the_close(client, lot):
    pages = [get(client, "lot-detail", lot.number), get(client, "lot-state", lot.number)]

    said = [page.content.decode() for page in pages]
    assert [secret for secret in (str(170 * WAN), "170 万元", "170万元") for page in said if secret in page] == []
    assert "收槌后公开" in pages[0].content.decode() or "secret until the close" in pages[0].content.decode()


def test_a_bidder_bids_by_a_button_and_by_hand(client, lot):
    first, second = bidder(lot), bidder(lot)
    sign_in(client, first.agent)
    page = get(client, "lot-detail", lot.number)
    assert f'value="{160 * WAN}"' in page.content.decode()

    told = client.post(
        reverse("place-bid", args=[lot.number]), {"fen": 160 * WAN, "key": "a", "sure": "1"}, follow=True
    )
    sign_in(client, second.agent)
    answer = client.post(
        reverse("place-bid", args=[lot.number]),
        {"amount": "165 万元", "key": "b", "sure": "1"},
        headers={"accept": "application/json"},
    )

    shown = [page.content.decode() for page in (told, get(client, "lot-detail", lot.number))]
    arrived = [f"{timezone.localtime(event.arrived_at):%H:%M:%S}" for event in lot.events.filter(kind="bid")]
    assert f"{arrived[0]} 收到" in shown[0]
    assert re.search(rf"#3 .*-\d\d {arrived[1]}</span>", shown[1])  # among one's receipts
    assert answer.json()["amount"] == 165 * WAN
    assert answer.json()["receipt"]["seq"] == 3
    assert list(lot.events.filter(kind="bid").values_list("amount", flat=True)) == [160 * WAN, 165 * WAN]


def test_a_refusal_says_what_is_accepted_and_changes_nothing(client, lot):
    first, second = bidder(lot), bidder(lot)
    actions.place_bid(lot, by=first.agent, organisation=first.organisation, amount=160 * WAN, key="a")
    sign_in(client, second.agent)

    answer = client.post(reverse("place-bid", args=[lot.number]), {"amount": "161", "key": "b"}, headers=AS_JSON)

    assert answer.status_code == 409
    assert (answer.json()["reason"], answer.json()["least"]) == ("too_low", 165 * WAN)
    assert LotEvent.objects.filter(kind="bid").count() == 1


@pytest.mark.parametrize(
    ("role", "expected"), [("", 403), ("organiser", 200), ("finance", 403), ("auditor", 200), ("auctioneer", 200)]
)
def test_who_sees_the_organisers_pages(client, lot, role, expected):
    sign_in(client, person(*[role] if role else []))

    assert get(client, "session-manage-list").status_code == expected
    assert get(client, "session-manage", lot.session.number).status_code == expected
    assert get(client, "lot-manage", lot.number).status_code == expected


def test_the_organisers_page_follows_a_lot_as_the_public_page_does(client, lot):
    one = bidder(lot)
    actions.place_bid(lot, by=one.agent, organisation=one.organisation, amount=165 * WAN, key="a")
    waiting = drafted(planned())
    pages = []
    for address, number in [("lot-detail", lot.number), ("lot-manage", lot.number), ("lot-manage", waiting.number)]:
        pages.append(get(client, address, number).content.decode())
        sign_in(client, person("organiser"))

    follows = [re.findall(r'data-(?:events-url|poll-url|state|seq|bids|ends-at)="[^"]*"', page) for page in pages]
    of_the_lot = [re.findall(r'<span data-live="(?:leader|price|count)".*?</', page, re.DOTALL) for page in pages]

    assert set(follows[0]) == set(follows[1])
    assert of_the_lot[0] == of_the_lot[1]
    assert len(of_the_lot[0]) == 3
    assert f"{one.alias} 号领先，第 1 次出价" in pages[1]
    assert "浏览器未运行脚本" in pages[1]
    assert (follows[2], of_the_lot[2]) == ([], [])  # not announced


@pytest.mark.parametrize(("role", "expected"), [("", 403), ("organiser", 403), ("finance", 200), ("auditor", 200)])
def test_who_sees_deposits(client, lot, role, expected):
    registration = bidder(lot)
    sign_in(client, person(*[role] if role else []))

    assert get(client, "deposit-list").status_code == expected
    assert get(client, "deposit-detail", registration.deposit.code).status_code == expected


def test_no_staff_page_shows_a_bidders_number_before_the_result(client, lot):
    registration = bidder(lot)
    type(registration).objects.filter(pk=registration.pk).update(alias="8888")
    sign_in(client, person("organiser", "finance", "auditor"))

    for name, arguments in [
        ("session-manage", [lot.session.number]),
        ("registration-review", [registration.code]),
        ("registration-detail", [registration.code]),
        ("deposit-detail", [registration.deposit.code]),
    ]:
        assert "8888" not in get(client, name, *arguments).content.decode(), name


def test_a_stranger_gets_404_for_another_bidders_registration(client, lot):
    registration = bidder(lot)
    sign_in(client, member(organisation(), "bidder"))

    assert get(client, "registration-detail", registration.code).status_code == 404
    assert get(client, "registration-list").status_code == 200


@pytest.mark.parametrize(("name", "role"), [("lot-detail", ""), ("lot-manage", "organiser")])
def test_reading_a_lot_after_its_end_closes_it(client, lot, name, role):
    first = bidder(lot)
    if role:
        sign_in(client, person(role))
    actions.place_bid(lot, by=first.agent, organisation=first.organisation, amount=175 * WAN, key="a")
    end_now(lot)

    page = get(client, name, lot.number)

    lot.refresh_from_db()
    assert lot.state == "sold"
    assert ("170" if name == "lot-detail" else "成交价") in page.content.decode()


def test_the_live_page_asks_as_often_with_one_bid_as_with_three(client, lot, django_assert_max_num_queries):
    first, second = bidder(lot), bidder(lot)
    sign_in(client, first.agent)
    get(client, "lot-detail", lot.number)
    bids = [(first, 160), (second, 165), (first, 170)]
    counts = []
    for who, amount in bids:
        actions.place_bid(lot, by=who.agent, organisation=who.organisation, amount=amount * WAN, key=str(amount))
        with django_assert_max_num_queries(40) as queries:
            get(client, "lot-detail", lot.number)
        counts.append(len(queries))

    assert counts[0] == counts[2]


def test_a_rank_is_never_typed(client, lot):
    firm = organisation()
    with clock.moved_to(lot.starts_at - timedelta(days=1)):
        registration = actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)
    sign_in(client, person("organiser"))

    client.post(reverse("registration-move", args=[registration.code, "admit"]), {"priority_rank": "1", "sure": "on"})

    registration.refresh_from_db()
    assert (registration.state, registration.priority_rank) == ("deposit_due", None)


def test_a_key_with_a_nul_byte_is_refused(client, lot):
    registration = bidder(lot)
    sign_in(client, registration.agent)

    answer = client.post(
        reverse("place-bid", args=[lot.number]), {"fen": str(160 * WAN), "key": "a\x00b"}, headers=AS_JSON
    )

    assert answer.status_code == 400
    assert not LotEvent.objects.filter(lot=lot, kind="bid").exists()


def sold_lot(*, confirm):
    """Return a lot sold to its only bidder an hour ago, and that bidder's registration."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    buyer = bidder(lot)
    actions.decide_bid(lot, buyer, amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lot.refresh_from_db()
    actions.close_lot(lot)
    if confirm:
        actions.confirm_sale(lot, by=person("organiser"))
    return lot, buyer


@pytest.mark.parametrize("confirm", [False, True])
def test_the_buyer_is_named_once_the_sale_is_confirmed_where_the_publicity_names_it(client, settings, confirm):
    settings.AUCTION_NAMES_BUYERS, settings.AUCTION_PUBLICITY_DAYS = True, 5
    lot, buyer = sold_lot(confirm=confirm)

    for name, argument in [("lot-detail", lot.number), ("session-detail", lot.session.number)]:
        assert (buyer.organisation.name in get(client, name, argument).content.decode()) is confirm, name


def test_the_deal_of_a_sold_lot_is_linked_for_its_parties_only(client):
    lot, buyer = sold_lot(confirm=True)
    address = Deal.objects.get(lot_number=lot.number).get_absolute_url()
    seen = {}
    readers = {
        "buyer": buyer.agent,
        "seller": member(lot.outcome.owner, "publisher"),
        "stranger": member(organisation(), "manager"),
        "organiser": person("organiser"),
    }

    for who, reader in [("visitor", None), *readers.items()]:
        client.logout()
        if reader is not None:
            sign_in(client, reader)
        pages = [get(client, "lot-detail", lot.number), get(client, "session-detail", lot.session.number)]
        seen[who] = [address in page.content.decode() for page in pages]

    assert seen == {
        "visitor": [False, False],
        "buyer": [True, True],
        "seller": [True, True],
        "stranger": [False, False],
        "organiser": [False, False],
    }


def test_an_unsold_lot_says_what_may_come_next_and_the_seller_chooses(client):
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    page = get(client, "lot-detail", lot.number)
    assert [path for path, _words in page.context["paths"]] == ["relist", "negotiate", "trial", "match"]
    assert not page.context["may_choose"]
    sign_in(client, member(organisation(), "publisher"))
    assert client.post(reverse("lot-next-path", args=[lot.number]), {"path": "trial"}).status_code == 403
    sign_in(client, member(lot.outcome.owner, "publisher"))

    client.post(reverse("lot-next-path", args=[lot.number]), {"path": "nonsense"})
    lot.refresh_from_db()
    assert lot.next_path == ""
    for path in ["relist", "negotiate", "trial", "match"]:
        client.post(reverse("lot-next-path", args=[lot.number]), {"path": path})
        page = get(client, "lot-detail", lot.number)
        assert str(page.context["path_step"]) in page.content.decode()
        assert str(page.context["chosen_path"]) in page.content.decode()
    client.logout()
    page = get(client, "lot-detail", lot.number)
    assert str(page.context["chosen_path"]) in page.content.decode()
    assert str(page.context["path_step"]) not in page.content.decode()  # what the seller does next


def test_who_leads_has_nothing_to_bid_against(client, lot):
    first, second = bidder(lot), bidder(lot)
    actions.place_bid(lot, by=first.agent, organisation=first.organisation, amount=160 * WAN, key="a")
    button = f'value="{165 * WAN}"'

    sign_in(client, first.agent)
    assert f"{button} disabled" in get(client, "lot-detail", lot.number).content.decode()
    sign_in(client, second.agent)
    page = get(client, "lot-detail", lot.number).content.decode()
    assert button in page
    assert f"{button} disabled" not in page


def test_the_page_of_an_ended_lot_is_not_live(client):
    lot, _buyer = sold_lot(confirm=False)

    assert "data-events-url" not in get(client, "lot-detail", lot.number).content.decode()


def test_a_refused_bid_says_why_beside_the_field_once_and_keeps_what_was_typed(client, lot):
    first, second = bidder(lot), bidder(lot)
    actions.place_bid(lot, by=first.agent, organisation=first.organisation, amount=160 * WAN, key="a")
    address = reverse("place-bid", args=[lot.number])
    sign_in(client, second.agent)

    for typed, why in [("161.5", "165 万元"), ("很多", "165 万元")]:
        page = client.post(address, {"amount": typed, "key": typed}, follow=True)
        assert page.redirect_chain
        assert page.context["refused"]["typed"] == typed
        assert why in page.context["accepted_now"]
        assert f'value="{typed}"' in page.content.decode()
        assert 'id="bid-refused"' in page.content.decode()
        assert 'id="bid-refused"' not in get(client, "lot-detail", lot.number).content.decode()

    sign_in(client, first.agent)
    page = client.post(address, {"amount": "900", "key": "c"}, follow=True)
    assert "领先" in page.context["refused"]["reason"]
    assert LotEvent.objects.filter(kind="bid").count() == 1


def test_an_odd_bid_is_told_to_the_fen_wherever_it_counts(client, lot):
    first, second = bidder(lot), bidder(lot)
    odd = 165 * WAN + 50_00
    actions.place_bid(lot, by=first.agent, organisation=first.organisation, amount=odd, key="a")
    sign_in(client, second.agent)

    page = get(client, "lot-detail", lot.number).content.decode()
    lot.refresh_from_db()
    frame = frame_of(lot, since=0, at=lot_now())
    low = client.post(reverse("place-bid", args=[lot.number]), {"amount": "170.004", "key": "b"}, follow=True)

    assert ">165.005<" in page
    assert ">165.01<" not in page
    assert "170.005" in page  # on the first button
    assert frame["price_text"] == "165.005 万元"
    assert "170.005 万元" in low.context["accepted_now"]
    assert "170.004 万元" in low.content.decode()


def test_the_history_says_when_a_lot_was_opened_and_suspended(client, lot):
    actions.suspend_lot(lot, by=person("organiser"), ground="fault")
    told = lot.events.exclude(kind="bid").order_by("seq")

    page = get(client, "lot-detail", lot.number).content.decode()

    assert {event.kind for event in told} >= {"suspended"}
    for event in told:
        assert f"<small>{timezone.localtime(event.arrived_at):%H:%M:%S}." in page


def test_a_bid_after_the_end_says_when_it_arrived_on_the_page_of_the_result(client, lot):
    first = bidder(lot)
    sign_in(client, first.agent)
    end_now(lot)

    page = client.post(reverse("place-bid", args=[lot.number]), {"amount": "170", "key": "c"}, follow=True)

    assert 'id="bid-refused"' in page.content.decode()
    assert LotEvent.objects.filter(kind="bid").count() == 0


def test_a_document_of_an_unwanted_kind_is_refused_beside_it(client):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=2))
    firm = organisation()
    sign_in(client, member(firm, "bidder"))
    upload = SimpleUploadedFile("授权书.pdf", b"not a pdf", content_type="application/pdf")

    page = client.post(
        reverse("lot-apply", args=[lot.number]),
        {"capacity": "representative", "version": VERSION, "declared": "on", "documents": upload},
    )

    assert set(page.context["form"].errors) == {"documents"}
    assert page.context["form"]["declared"].value()
    assert not lot.registrations.exists()


def applied_for(lot):
    """Return an admitted application whose deposit is due."""
    firm = organisation()
    applied = actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)
    actions.admit_bidder(applied, by=person("organiser"), missing=ASKED_ALWAYS)
    return applied


@pytest.mark.parametrize(
    ("amount", "received", "wrong"), [("1", 0, "amount"), ("160000", 2, "received_at"), ("160000", -7, "received_at")]
)
def test_a_refused_payment_leaves_the_page_of_a_deposit_that_is_due(client, amount, received, wrong):
    applied = applied_for(announced_lot(starts_at=timezone.now() + timedelta(days=2)))
    at = timezone.localtime() + timedelta(days=received)
    sign_in(client, person("finance"))
    paid = {"amount": amount, "bank_reference": "样例流水", "received_at": f"{at:%Y-%m-%dT%H:%M}"}

    page = client.post(reverse("deposit-detail", args=[applied.deposit.code]), paid | {"entry": "payment"})

    said = page.content.decode()
    assert set(page.context["form"].errors) == {wrong}
    assert "登记到账" in said
    assert "登记退款" not in said
    assert "已到账" not in said


def test_who_only_reads_a_deposit_is_offered_no_form_and_refused_one(client):
    due = Deposit.objects.get(registrations=applied_for(announced_lot(starts_at=timezone.now() + timedelta(days=2))))
    sign_in(client, person("auditor"))

    page, sent = get(client, "deposit-detail", due.code), client.post(reverse("deposit-detail", args=[due.code]))

    assert page.context["form"] is None
    assert "登记到账" not in page.content.decode()
    assert sent.status_code == 403
