"""Practice lots: the next repeats the last, rivals bid only while somebody watches, nothing outside the demo."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.models import Lot, LotEvent
from marketplace.auctions.practice import note_reader
from marketplace.core import clock
from marketplace.deals.models import Deal
from tasks import practice
from tests.marketplace.auctions.making import announced_lot, bidder, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def finished(settings):
    settings.DEMO = True
    person("finance")
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), is_practice=True)
    for registration in (bidder(lot), bidder(lot)):
        registration.agent.set_unusable_password()
        registration.agent.save()
    actions.decide_bid(lot, registration, amount=lot.start_price, key="a", arrived_at=lot.starts_at)
    actions.close_lot(Lot.objects.get(pk=lot.pk))
    return Lot.objects.get(pk=lot.pk)


def test_the_next_lot_has_the_same_outcome_and_qualified_bidders(finished):
    practice.keep_a_practice_lot()
    practice.keep_a_practice_lot()

    following = Lot.objects.exclude(pk=finished.pk).get()
    assert (following.outcome, following.state) == (finished.outcome, "announced")
    assert list(following.registrations.values_list("state", flat=True)) == ["qualified", "qualified"]
    assert Deal.objects.count() == 0


def test_rivals_bid_only_while_somebody_watches(finished, monkeypatch):
    monkeypatch.setattr(practice, "CHANCE", 1.0)
    practice.keep_a_practice_lot()
    following = Lot.objects.exclude(pk=finished.pk).get()

    with clock.moved_to(following.starts_at + timedelta(seconds=10)):
        practice.bid_as_rivals()
        assert LotEvent.objects.filter(lot=following).count() == 0
        note_reader(following.number)
        practice.bid_as_rivals()

    assert LotEvent.objects.filter(lot=following, kind="bid").count() == 1


def test_rivals_rest_after_some_extensions_so_that_a_watched_lot_ends(finished, monkeypatch):
    monkeypatch.setattr(practice, "CHANCE", 1.0)
    practice.keep_a_practice_lot()
    following = Lot.objects.exclude(pk=finished.pk).get()
    note_reader(following.number)

    for _turn in range(practice.MOST_EXTENSIONS + 2):
        following.refresh_from_db()
        with clock.moved_to(following.ends_at - timedelta(seconds=10)):
            practice.bid_as_rivals()

    following.refresh_from_db()
    assert following.extensions == practice.MOST_EXTENSIONS
    with clock.moved_to(following.ends_at + timedelta(seconds=1)):
        assert actions.close_lot(following)


def test_refused_outside_a_demonstration(finished, settings):
    settings.DEMO = False

    with pytest.raises(RuntimeError, match="demonstration"):
        practice.keep_a_practice_lot()

    assert Lot.objects.count() == 1
