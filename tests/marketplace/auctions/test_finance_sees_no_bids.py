"""Finance staff keep the money: of bids, numbers and who leads they learn no more than any visitor of the site."""

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.core.journal import Entry, Kind
from marketplace.notices.models import Notice
from marketplace.organisations.models import Role
from marketplace.organisations.staff import set_up_groups
from tasks.delivery import attempt, plan
from tests.factories import people
from tests.factories.people import sign_in
from tests.marketplace.auctions.calling import told
from tests.marketplace.auctions.making import announced_lot, bidder, end_now, person
from tests.standing_site import ensure_site

pytestmark = pytest.mark.django_db

SECRETS = ["7711", "8822", "167万元", str(167 * WAN), "1,670,000", "1670000"]
LISTINGS = ["sessions", "lots", "registrations", "deposits", "journal", "deliveries"]


@pytest.fixture
def room():
    """A lot in bidding, led by the second of two bidders at a price no other figure shares."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    ones = [bidder(lot), bidder(lot)]
    for number, one in enumerate(ones):  # numbers are drawn: one may have that of the other
        type(one).objects.filter(pk=one.pk).update(alias=f"was {number}")
    for alias, one in zip(("7711", "8822"), ones, strict=True):
        type(one).objects.filter(pk=one.pk).update(alias=alias)
    for one, amount in zip(ones, (160, 167), strict=True):
        actions.place_bid(lot, by=one.agent, organisation=one.organisation, amount=amount * WAN, key=str(amount))
    lot.refresh_from_db()
    return lot, *ones


def subjects(lot, one):
    """Return what the addresses of the site may be filled with."""
    return {
        "number": [lot.number, lot.session.number, lot.outcome.number],
        "code": [one.code, one.deposit.code, one.organisation.code],
        "form": ["csv", "xlsx"],
        "verb": ["bid"],
    }


def addresses(lot, one):
    """Return every address of the site that these subjects fill, whatever it answers."""
    resolver, found = get_resolver(), set()
    filled = subjects(lot, one)
    for name in {name for name in resolver.reverse_dict if isinstance(name, str)}:
        for pieces, _pattern, _defaults, _converters in resolver.reverse_dict.getlist(name):
            for _template, wanted in pieces:
                for values in combinations([filled.get(each, []) for each in wanted]):
                    try:
                        found.add(reverse(name, kwargs=dict(zip(wanted, values, strict=True))))
                    except Exception:  # noqa: BLE001, S112 - this subject does not fit this address
                        continue
    return sorted(address for address in found if "/logout" not in address)


def combinations(lists):
    return [[]] if not lists else [[first, *rest] for first in lists[0] for rest in combinations(lists[1:])]


def status_of(client, address):
    """Return how an address answers: to a script of our pages, because that is refused in a word instead of a page."""
    is_allauths = address.startswith("/accounts/")  # its pages answer scripts in their own way
    return client.get(address, headers={} if is_allauths else {"accept": "application/json"}).status_code


def said(answer):
    """Return what an answer says, without tags and white space; the cells of a spreadsheet by their values."""
    if getattr(answer, "streaming", False):
        return ""  # files: each asks its record
    if answer.headers.get("Content-Type", "").startswith("application/vnd.openxmlformats"):
        return _cells(answer.content)
    text = answer.content.decode(errors="replace")
    return re.sub(r"<[^>]*>|\s+", "", text) + re.sub(r"\s+", "", text)


def _cells(book):
    rows = openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows(values_only=True)
    return " ".join(str(cell) for row in rows for cell in row)


def found_in(text):
    return [secret for secret in SECRETS if re.search(rf"(?<![\w.-]){re.escape(secret)}(?![\w-])", text, re.ASCII)]


@pytest.mark.long
def test_no_page_of_the_site_tells_finance_what_it_does_not_tell_visitors(room):
    lot, one, _two = room
    finance, visitor = Client(raise_request_exception=False), Client(raise_request_exception=False)
    sign_in(finance, person("finance"))
    read, leaks = 0, []

    for address in addresses(lot, one):
        status = status_of(finance, address)
        assert status < 500, address
        if status != 200 or status_of(visitor, address) == 200:
            continue  # not for finance, or for everybody
        read += 1
        leaks += [(address, secret) for secret in found_in(said(finance.get(address)))]

    assert leaks == []
    assert read > 10  # the desk, deposits, one's account …
    assert found_in(said(finance.get(lot.get_absolute_url()))) == found_in(said(visitor.get(lot.get_absolute_url())))


def test_a_page_that_told_it_would_be_noticed(room):
    lot, one, _two = room
    client = Client()
    sign_in(client, one.agent)

    assert "8822" in found_in(said(client.get(lot.get_absolute_url())))
    assert reverse("lot-manage", args=[lot.number]) in addresses(lot, one)
    assert reverse("deposit-detail", args=[one.deposit.code]) in addresses(lot, one)


@pytest.mark.parametrize("form", ["", "?export=xlsx", "?export=csv"])
def test_no_listing_or_export_of_the_admin_tells_it(room, form):
    ensure_site()
    set_up_groups()
    client = Client()
    sign_in(client, people.staff(Role.FINANCE, is_staff=True))

    shown = {}
    for listing in LISTINGS:
        answer = client.get(f"/admin/{listing}/{form}")
        if answer.status_code == 200:
            shown[listing] = b"".join(answer.streaming_content) if answer.streaming else answer.content
            shown[listing] = _cells(shown[listing]) if "xlsx" in form else shown[listing].decode()

    assert {listing: found_in(text) for listing, text in shown.items() if found_in(text)} == {}
    assert set(shown) == {"sessions", "deposits"}


def test_no_notice_tells_it_through_the_whole_sale(room):
    lot, _one, two = room
    finance = person("finance")
    end_now(lot)
    actions.close_lot(lot)
    actions.confirm_sale(lot, by=person("organiser"))
    for entry in Entry.objects.all():
        for delivery in plan(entry.pk):
            if delivery.consequence == "notices.tell_people":
                attempt(delivery.pk)

    titles = [str(notice.title) for notice in Notice.objects.filter(user=finance)]

    assert Entry.objects.filter(kind=Kind.LOT_SOLD).exists()
    assert titles  # a loser's deposit is to be released
    assert [title for title in titles if found_in(re.sub(r"\s", "", title))] == []
    assert [title for title in titles if two.organisation.name in title] == []


def test_by_the_interface_finance_neither_bids_nor_reads_more(room):
    lot, _one, _two = room
    client = Client(raise_request_exception=False)
    sign_in(client, person("finance"))

    state = client.get(f"/api/v1/lots/{lot.number}/state").json()
    bid = client.post(
        f"/api/v1/lots/{lot.number}/bids",
        '{"amount": 1700000000, "confirmed": true}',
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )

    assert set(state) == set(Client().get(f"/api/v1/lots/{lot.number}/state").json())
    assert told(bid)[0] == 403
    lot.refresh_from_db()
    assert lot.price == 167 * WAN
