"""Confirmation and minutes of a sale: what they say, who may open them, what a scanned code answers."""

import copy
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import Lot, SaleConfirmation
from marketplace.core import clock
from marketplace.core.verification import printed_code
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, member, organisation, person
from tests.marketplace.auctions.test_announcement import licensed
from tests.pdf_text import text_of

PAPERS = ["sale-confirmation", "confirmation-pdf", "minutes-pdf"]


def sold(**facts):
    """Return a lot sold for 166.5 after 160 万元, with its buyer and the bidder who lost."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1), **facts)
    loser, winner = bidder(lot), bidder(lot)
    for place, (who, amount) in enumerate([(loser, 160 * WAN), (winner, 166_500_000)]):
        actions.decide_bid(
            lot, who, amount=amount, key=str(place), arrived_at=lot.starts_at + timedelta(minutes=place, milliseconds=7)
        )
    lot.refresh_from_db()
    actions.close_lot(lot)
    return Lot.objects.get(pk=lot.pk), winner, loser


def confirmed(**facts):
    lot, winner, loser = sold(**facts)
    actions.confirm_sale(lot, by=person("organiser"))
    return Lot.objects.get(pk=lot.pk), winner, loser


@pytest.fixture(scope="module")
def lasting_sale(lasting):
    return confirmed()


@pytest.fixture
def sale(lasting_sale, for_now):
    """Return a lot whose sale is confirmed, with its buyer and the bidder who lost."""
    return copy.deepcopy(lasting_sale)


def test_a_confirmation_is_written_with_the_sale_it_confirms(sale):
    lot, winner, _loser = sale

    found = lot.confirmation
    assert found.number == f"{lot.session.number}-C01"
    assert (found.price, found.deposit_applied) == (166_500_000, lot.deposit)
    assert (found.seller, found.buyer) == (lot.outcome.owner, winner.organisation)
    assert (found.seq, found.head_hash) == (lot.seq, lot.head_hash)
    assert lot.events.get(seq=found.seq).hash == found.head_hash


@pytest.mark.django_db
def test_a_sale_not_confirmed_has_none(client):
    lot, winner, _loser = sold()
    sign_in(client, winner.agent)

    assert client.get(reverse("sale-confirmation", args=[lot.number])).status_code == 404
    assert not SaleConfirmation.objects.exists()


@pytest.mark.django_db
def test_the_paper_says_price_parties_and_record(client):
    lot, winner, _loser = confirmed(**licensed(days=0))
    sign_in(client, winner.agent)

    page = client.get(reverse("sale-confirmation", args=[lot.number]))
    pdf = client.get(reverse("confirmation-pdf", args=[lot.number]))
    again = client.get(reverse("confirmation-pdf", args=[lot.number]))

    found = text_of(pdf.content)
    for said in (
        "成交确认书",
        lot.confirmation.number,
        "1,665,000.00元",
        "壹佰陆拾陆万伍仟元整",
        "160,000.00元",
        "1,505,000.00元",
        "".join(winner.organisation.name.split()),
        f"统一社会信用代码{winner.organisation.uscc}",
        f"记录条数{lot.seq}",
        "".join(lot.outcome.owner.name.split()),
        lot.head_hash,
        lot.session.announcement_hash,
        printed_code(lot.confirmation.code),
        "拍卖师",
        f"/verify/{lot.confirmation.code}/",
    ):
        assert said in found, said
    assert lot.head_hash in page.content.decode()
    assert pdf.content == again.content
    assert "no-store" in pdf["Cache-Control"]


def test_open_bidding_has_no_auctioneer_on_its_paper(client, sale):
    lot, winner, _loser = sale
    sign_in(client, winner.agent)

    found = text_of(client.get(reverse("confirmation-pdf", args=[lot.number])).content)

    assert "成交确认书" in found
    assert "拍卖" not in found.replace("拍卖公告", "")


def reader(who, lot, winner, loser):
    return {
        "buyer": lambda: winner.agent,
        "seller": lambda: member(lot.outcome.owner, "publisher"),
        "organiser": lambda: person("organiser"),
        "auditor": lambda: person("auditor"),
        "officer": lambda: person("officer"),
        "auctioneer": lambda: person("auctioneer"),
        "finance": lambda: person("finance"),
        "loser": lambda: loser.agent,
        "stranger": lambda: member(organisation(), "bidder"),
    }[who]()


@pytest.mark.parametrize(
    ("who", "opened"),
    [
        ("buyer", PAPERS),
        ("seller", PAPERS),
        ("organiser", PAPERS),
        ("auditor", PAPERS),
        ("officer", PAPERS),
        ("auctioneer", ["minutes-pdf"]),
        ("finance", []),
        ("loser", []),
        ("stranger", []),
    ],
)
def test_who_may_open_the_papers_of_a_sale(client, who, opened, sale):
    lot, winner, loser = sale
    sign_in(client, reader(who, lot, winner, loser))

    answers = {name: client.get(reverse(name, args=[lot.number])).status_code for name in PAPERS}
    page = client.get(lot.get_absolute_url()).content.decode()

    assert answers == {name: 200 if name in opened else 404 for name in PAPERS}
    assert (reverse("sale-confirmation", args=[lot.number]) in page) == ("sale-confirmation" in opened)
    assert (reverse("minutes-pdf", args=[lot.number]) in page) == ("minutes-pdf" in opened)


@pytest.mark.parametrize("name", PAPERS)
def test_visitors_are_asked_to_sign_in(client, name, sale):
    lot, _winner, _loser = sale

    answer = client.get(reverse(name, args=[lot.number]))

    assert answer.status_code == 302
    assert "next=" in answer["Location"]


def test_a_scanned_code_tells_whether_the_sale_stands(client, sale):
    lot, winner, _loser = sale
    address = reverse("verify-code", args=[lot.confirmation.code])

    stands = client.get(address).content.decode()
    actions.declare_default(lot, by=person("organiser"), ground="refused", reason="逾期未签约")
    fails = client.get(address).content.decode()

    assert 'data-tone="go"' in stands
    assert winner.organisation.name in stands
    assert lot.head_hash in stands
    assert "合同金额和文本" not in stands  # it does show one amount: the price
    assert "成交价是公开的" in stands
    assert 'data-tone="stop"' in fails
    assert winner.organisation.name not in fails
    assert "逾期未签约" not in fails


def test_the_page_of_a_failed_sale_says_that_the_paper_is_void(client, sale):
    lot, winner, _loser = sale
    sign_in(client, winner.agent)
    to_sign = text_of(client.get(reverse("confirmation-pdf", args=[lot.number])).content)
    actions.declare_default(lot, by=person("organiser"), ground="refused", reason="逾期未签约")
    sign_in(client, winner.agent)

    page = client.get(reverse("sale-confirmation", args=[lot.number]))
    minutes = client.get(reverse("minutes-pdf", args=[lot.number]))
    void = text_of(client.get(reverse("confirmation-pdf", args=[lot.number])).content)

    assert 'data-tone="stop"' in page.content.decode()
    assert "PDF（已注明作废）" in page.content.decode()
    assert ("作废" in to_sign, "签章" in to_sign or "盖章" in to_sign) == (False, True)
    assert ("本确认书作废" in void, "组织方认定买受人悔拍" in void) == (True, True)
    assert "签章" not in void
    assert "盖章" not in void
    assert "逾期未签约" in text_of(minutes.content)


@pytest.mark.django_db
def test_minutes_hold_every_event_by_number_and_name_the_buyer_once_confirmed(client):
    lot, winner, loser = sold()
    organiser = person("organiser")
    sign_in(client, organiser)
    address = reverse("minutes-pdf", args=[lot.number])

    before = text_of(client.get(address).content)
    actions.confirm_sale(lot, by=organiser)
    after = text_of(client.get(address).content)

    events = list(lot.events.order_by("seq"))
    assert [event.kind for event in events] == ["opened", "bid", "bid", "closed", "result"]
    for event in events:
        local = timezone.localtime(event.arrived_at)
        assert event.hash[:16] in before
        assert f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}" in before
    for said in ("1,600,000.00元", "1,665,000.00元", "壹佰陆拾陆万伍仟元整", lot.head_hash):
        assert said in before, said
    assert winner.organisation.name not in before
    assert winner.organisation.name in after
    assert loser.organisation.name not in after


@pytest.mark.django_db
def test_there_are_no_minutes_while_bids_may_come(client):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=5))
    actions.decide_bid(lot, bidder(lot), amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    sign_in(client, person("organiser"))

    assert client.get(reverse("minutes-pdf", args=[lot.number])).status_code == 404


@pytest.mark.django_db
def test_minutes_of_an_unsold_lot_say_why(client):
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1), reserve=200 * WAN)
    actions.decide_bid(lot, bidder(lot), amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lot.refresh_from_db()
    actions.close_lot(lot)
    sign_in(client, member(lot.outcome.owner, "publisher"))

    found = text_of(client.get(reverse("minutes-pdf", args=[lot.number])).content)

    assert "未达到保留价" in found
    assert "2,000,000.00元" in found


@pytest.mark.django_db
def test_minutes_of_a_withdrawn_lot_have_its_reason(client):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=8, hours=1))
    with clock.moved_to(lot.starts_at - timedelta(days=1)):
        actions.withdraw_lot(lot, by=person("organiser"), reason="年费待补缴")
    sign_in(client, person("auditor"))

    found = text_of(client.get(reverse("minutes-pdf", args=[lot.number])).content)

    assert "年费待补缴" in found


def test_the_database_refuses_to_change_a_confirmation(sale):
    lot, _winner, _loser = sale

    for statement in ("UPDATE marketplace_saleconfirmation SET price = 1", "DELETE FROM marketplace_saleconfirmation"):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    assert SaleConfirmation.objects.get(lot=lot).price == 166_500_000


@pytest.mark.django_db
def test_sales_confirmed_before_there_were_confirmations_get_theirs():
    lot, _winner, _loser = confirmed()
    written = SaleConfirmation.objects.values().get(lot=lot)
    sold()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # as it was before
        cursor.execute("DELETE FROM marketplace_saleconfirmation")
        cursor.execute("SET LOCAL session_replication_role = origin")

    migration = import_module("marketplace.migrations.0027_confirmations_of_before")
    migration.write(apps, None)
    migration.write(apps, None)

    found = SaleConfirmation.objects.values().get()
    assert found.pop("code") != written.pop("code")
    moments = found.pop("confirmed_at"), written.pop("confirmed_at")
    assert abs(moments[0] - moments[1]) < timedelta(seconds=5)
    assert {**found, "id": 0} == {**written, "id": 0}
