"""Lists that do not fit on a page lead on to what is behind it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions.models import AuctionSession
from marketplace.publicity.models import Publicity
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, person

pytestmark = pytest.mark.django_db


def test_deposits(client, monkeypatch):
    monkeypatch.setattr("marketplace.auctions.views.deposits.ON_A_PAGE", 1)
    lot = announced_lot()
    bidder(lot)
    bidder(lot)
    sign_in(client, person("finance"))

    page = client.get(reverse("deposit-list")).content.decode()

    assert 'href="?page=2"' in page


def test_finished_sessions(client, monkeypatch):
    monkeypatch.setattr("marketplace.auctions.views.sale.ON_A_PAGE", 1)
    for _session in range(2):
        announced_lot()
    AuctionSession.objects.update(state="closed")

    page = client.get(reverse("session-list")).content.decode()

    assert 'href="?page=2"' in page


def test_publicity_that_is_over(client, monkeypatch):
    monkeypatch.setattr("marketplace.publicity.views.ON_A_PAGE", 1)
    lot, now = announced_lot(), timezone.now()
    for _term in range(2):
        Publicity.objects.create(
            subject=lot, matter="sale_result", begins_on=now, ends_on=now, state="ended", ended_at=now
        )

    page = client.get(reverse("publicity-list")).content.decode()

    assert 'href="?page=2"' in page
