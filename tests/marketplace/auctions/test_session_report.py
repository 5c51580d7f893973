"""The report of a session: its figures from the records, the lots behind each, and what became of each sale."""

import copy
import csv
import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.session_report import SessionReport
from marketplace.contracts.actions import register_contract
from marketplace.contracts.models import TechnologyContract
from marketplace.core import clock
from marketplace.deals.models import Deal
from marketplace.indicators.lot_queries import sell_through
from marketplace.indicators.periods import Period
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import bidder, member, organisation, outcome, person
from tests.marketplace.auctions.sealing import sealed_at
from tests.marketplace.contracts import factories as contracts
from tests.pdf_text import text_of

LASTS = timedelta(minutes=30)


def held(*starts, practice=False, format="english"):
    """Return an announced session that was two hours ago, with a lot for each start price in 万元."""
    starts_at, organiser = timezone.now() - timedelta(hours=2), person("organiser")
    with clock.moved_to(starts_at - timedelta(days=8)):
        session = actions.plan_session(
            by=organiser,
            organiser=organisation("government"),
            title="样例专场",
            starts_at=starts_at,
            registration_closes_at=starts_at,
            is_practice=practice,
        )
        for start in starts:
            seller = organisation("institute")
            lot = actions.add_lot(
                session,
                by=organiser,
                outcome=outcome(seller),
                mode="assignment",
                format=format,
                object_of_sale="发明专利转让",
                start_price=start * WAN,
                starts_at=starts_at,
                ends_at=starts_at + LASTS,
            )
            actions.submit_lot(lot, by=member(seller, "publisher"), organisation=seller)
            actions.approve_lot(lot, by=organiser)
        session.refresh_from_db()
        actions.announce_session(session, by=organiser)
    return session


def lots_of(session):
    return list(Lot.objects.filter(session=session).order_by("position"))


def bid(lot, *bids):
    """Place (registration, 万元) one minute apart."""
    for place, (who, amount) in enumerate(bids):
        at = lot.starts_at + timedelta(minutes=place + 1)
        answer = actions.decide_bid(lot, who, amount=amount * WAN, key=f"{place}", arrived_at=at)
        assert answer["accepted"], answer


def close(session):
    for lot in lots_of(session):
        actions.close_lot(lot)
    while actions.move_session_on(session):
        session.refresh_from_db()
    return AuctionSession.objects.get(pk=session.pk)


@pytest.fixture(scope="module")
def sale(lasting):
    """Return a session, and a buyer: sold at 150 over 100, sold at its start of 50, unsold at 400, withdrawn at 30."""
    session = held(100, 50, 400, 30)
    first, second, _third, fourth = lots_of(session)
    one, two = bidder(first), bidder(first)
    alone = bidder(second)
    with clock.moved_to(session.starts_at - timedelta(hours=1)):
        actions.withdraw_lot(fourth, by=person("organiser"), reason="年费待补缴")
    bid(first, (one, 100), (two, 120), (one, 150))
    bid(second, (alone, 50))
    return close(session), one


@pytest.fixture(autouse=True)
def finished(sale, for_now):
    """Return them for one test; every test finds their rows."""
    return copy.deepcopy(sale)


def test_figures_count_sold_lots_where_they_say_so(finished):
    session, _buyer = finished

    report = SessionReport(session)

    assert [len(report.shown(which)) for which in ("all", "sold", "unsold", "withdrawn", "failed")] == [4, 2, 1, 1, 0]
    assert report.start_total == 580 * WAN
    assert (report.sold_start_total, report.sold_total) == (150 * WAN, 200 * WAN)
    assert report.premium == Decimal(50) / Decimal(150)
    assert (report.applicants, report.bidders) == (3, 3)
    assert [(row.bids, row.bidders, row.applicants) for row in report.rows] == [
        (3, 2, 2),
        (1, 1, 1),
        (0, 0, 0),
        (0, 0, 0),
    ]


def test_sell_through_counts_the_lots_as_the_board_does(finished):
    session, _buyer = finished

    report = SessionReport(session)

    assert report.sell_through == Decimal(2) / Decimal(4)
    assert float(report.sell_through) == sell_through(Period.containing(clock.today(), "year")).value
    assert SessionReport(close(held(100))).sell_through == 0


def test_sealed_bids_count_once_they_are_opened():
    session = held(100, 50, format="sealed")
    first, second = lots_of(session)
    one, two, alone = bidder(first), bidder(first), bidder(second)
    sealed_at(one, 110 * WAN, first.starts_at + timedelta(minutes=1), "a")
    sealed_at(two, 120 * WAN, first.starts_at + timedelta(minutes=2), "b")
    sealed_at(one, 130 * WAN, first.starts_at + timedelta(minutes=3), "c")
    sealed_at(alone, 50 * WAN, second.starts_at + timedelta(minutes=1), "d")

    report = SessionReport(close(session))

    assert [(row.bids, row.bidders) for row in report.rows] == [(2, 2), (1, 1)]
    assert report.bidders == 3


def test_a_voided_bid_stays_out_of_the_report(settings):
    settings.AUCTION_CALL_PAUSE = 0
    session, auctioneer = held(100, format="hybrid"), person("auctioneer")
    lot = lots_of(session)[0]
    home, paddle = bidder(lot), bidder(lot)
    bid(lot, (home, 100))
    with clock.moved_to(lot.starts_at + timedelta(minutes=3)):
        answer = actions.place_floor_bid(lot, by=auctioneer, alias=paddle.alias, amount=500 * WAN, key="p")
        actions.void_bid(lot, by=auctioneer, seq=answer["seq"], ground="mistyped")

    report = SessionReport(close(session))

    assert [(row.bids, row.bidders) for row in report.rows] == [(1, 1)]
    assert report.bidders == 1


def test_a_session_without_a_sale_has_no_premium(client):
    session = close(held(100))

    page = client.get(reverse("session-report", args=[session.number]))

    assert SessionReport(session).premium is None
    assert {"label": "溢价率", "value": "—", "shows": "sold", "remark": "仅计成交拍品"} in page.context["figures"]


def test_a_default_leaves_the_figures_of_sales(finished):
    session, _buyer = finished
    lot = lots_of(session)[0]
    actions.confirm_sale(lot, by=person("organiser"))
    actions.declare_default(lot, by=person("organiser"), ground="refused", reason="逾期未签约")

    report = SessionReport(session)

    assert (len(report.sold), report.sold_total, report.premium) == (1, 50 * WAN, Decimal(0))
    assert [row.lot for row in report.shown("failed")] == [lot]


def test_the_page_is_public_and_names_no_bidder(client, finished):
    session, buyer = finished
    actions.confirm_sale(lots_of(session)[0], by=person("organiser"))

    page = client.get(reverse("session-report", args=[session.number]))

    said = page.content.decode()
    assert page.status_code == 200
    assert "33.3%" in said
    assert buyer.alias in said
    assert buyer.organisation.name not in said
    assert said.count('class="chart"') == 2
    for export in ("report.pdf", "report.xlsx", "report.csv"):
        assert export not in said


@pytest.mark.parametrize(
    "which", ["all", "sold", "unsold", "withdrawn", "failed", "applied", "bid", "extended", "没有"]
)
def test_each_figure_opens_the_lots_behind_it(client, finished, which):
    session, _buyer = finished
    expected = {
        "sold": [1, 2],
        "unsold": [3],
        "withdrawn": [4],
        "failed": [],
        "applied": [1, 2],
        "bid": [1, 2],
        "extended": [],
    }.get(which, [1, 2, 3, 4])

    page = client.get(reverse("session-report", args=[session.number]), {"lots": which})

    assert [each["row"].lot.position for each in page.context["rows"]] == expected
    if which != "没有":
        assert f'href="?lots={which}#lots"' in page.content.decode()


def test_a_session_that_is_not_over_and_practice_have_no_report(client, settings):
    settings.DEMO = True
    running, practice = held(100), close(held(100, practice=True))

    assert practice.state == "closed"
    for session in (running, practice):
        assert client.get(reverse("session-report", args=[session.number])).status_code == 404
        assert "/report/" not in client.get(session.get_absolute_url()).content.decode()


def test_the_follow_up_is_read_from_the_records(client, finished):
    session, _buyer = finished
    lot = lots_of(session)[0]
    actions.confirm_sale(lot, by=person("organiser"))
    before = SessionReport(session).sold[0].follow_up
    deal = Deal.objects.get(lot_number=lot.number)
    signed, registered = timezone.localdate() - timedelta(days=5), timezone.localdate() - timedelta(days=1)
    contract, _by = contracts.submitted(seller=deal.seller, signed_on=signed)
    TechnologyContract.objects.filter(pk=contract.pk).update(deal=deal)
    Deal.objects.filter(pk=deal.pk).update(state="registration")
    sent = SessionReport(session).sold[0].follow_up
    with clock.moved_to(timezone.now() - timedelta(days=1)):
        register_contract(contract, by=person("registrar"), number=contracts.number_of(77))
    Deal.objects.filter(pk=deal.pk).update(state="done")

    after = SessionReport(session).sold[0].follow_up
    page = client.get(reverse("session-report", args=[session.number])).content.decode()

    assert (before.signed_on, before.registered_on, before.is_performed) == (None, None, False)
    assert before.confirmed_at is not None
    assert (sent.signed_on, sent.registered_on) == (signed, None)
    assert (after.signed_on, after.registered_on, after.is_performed) == (signed, registered, True)
    assert signed.isoformat() in page
    assert SessionReport(session).sold[1].follow_up.confirmed_at is None


@pytest.mark.parametrize(
    ("role", "status"),
    [("officer", 200), ("auditor", 200), ("organiser", 200), ("auctioneer", 403), ("finance", 403), (None, 403)],
)
def test_who_takes_the_tables_away(client, finished, role, status):
    session, _buyer = finished
    sign_in(client, person(role) if role else person())

    page = client.get(reverse("session-report", args=[session.number])).content.decode()

    addresses = [reverse("report-pdf", args=[session.number])]
    addresses += [reverse("report-table", args=[session.number, form]) for form in ("xlsx", "csv")]
    for address in addresses:
        assert client.get(address).status_code == status
        assert (address in page) == (status == 200)


def test_the_tables_can_be_reckoned_with(client, finished):
    session, buyer = finished
    sign_in(client, person("officer"))

    text = client.get(reverse("report-table", args=[session.number, "csv"])).content.decode("utf-8-sig")
    book = client.get(reverse("report-table", args=[session.number, "xlsx"])).content

    first = list(csv.reader(io.StringIO(text)))[1]
    assert first[4:7] == ["1000000.00", "1500000.00", "50.0"]
    assert buyer.organisation.name not in text
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    assert [cell.value for cell in sheet[2]][4:7] == [1_000_000, 1_500_000, 50]
    assert sheet.max_row == 5


def test_the_paper_has_figures_bars_and_follow_up(client, finished):
    session, buyer = finished
    sign_in(client, person("officer"))
    address = reverse("report-pdf", args=[session.number])

    found, again = client.get(address), client.get(address)

    for said in ("竞价会战报", "1,500,000.00元", "+50.0%", "580万元", "200万元", "+33.3%"):
        assert said in text_of(found.content), said
    assert buyer.organisation.name not in text_of(found.content)
    assert found.content == again.content


def test_the_report_asks_as_many_questions_for_many_lots(client):
    few, many = close(held(100)), close(held(100, 200, 300, 400, 500))

    counts = []
    for session in (few, many):
        client.get(reverse("session-report", args=[session.number]))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(reverse("session-report", args=[session.number]))
        counts.append(len(asked))

    assert counts[0] == counts[1]
