"""A default is declared on a ground; that the buyer is late is one only once the announced day is over."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from marketplace.auctions import actions
from marketplace.auctions.days_of_sale import day_of_signing, last_day
from marketplace.auctions.defaulting import GroundMissing, NoDayRuns, NotLateYet
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.working_days import add_working_days
from marketplace.publicity.actions import make_objection
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import person
from tests.marketplace.auctions.test_days_of_sale import in_publicity, late, sold
from tests.marketplace.auctions.test_milestones import again, confirmed
from tests.marketplace.auctions.test_sale_questions import sold as unconfirmed

pytestmark = pytest.mark.usefixtures("for_now")

SHARED = (sold, in_publicity)


def declared(lot, ground="late"):
    actions.declare_default(again(lot), by=person("organiser"), ground=ground, reason="催告后仍未签约")


def standing(lot):
    now = again(lot)
    now.leader.refresh_from_db()
    return now.state, now.leader.is_barred, now.leader.state


def test_nobody_is_late_until_the_announced_day_is_over(ready):
    lot = ready(sold)
    day = date_format(last_day(lot).day)

    with clock.moved_to(late(lot) - timedelta(days=1)), pytest.raises(NotLateYet) as refused:
        declared(lot)

    assert day in str(refused.value)
    assert standing(lot) == ("confirmed", False, "settled")
    with clock.moved_to(late(lot)):
        declared(lot)
    assert standing(lot) == ("defaulted", True, "forfeited")


def test_who_said_that_it_will_not_sign_is_not_waited_for(ready):
    lot = ready(sold)

    declared(lot, "refused")

    assert standing(lot) == ("defaulted", True, "forfeited")
    assert Entry.objects.about(lot).get(kind=Kind.LOT_DEFAULTED).data["ground"] == "refused"


@pytest.mark.parametrize("made", [confirmed, unconfirmed])
def test_where_no_day_was_announced_or_runs_nobody_is_late(made):
    lot = made()

    with clock.moved_to(clock.now() + timedelta(days=400)), pytest.raises(NoDayRuns):
        declared(lot)

    assert again(lot).state == lot.state


def test_nobody_is_late_while_an_objection_awaits_its_answer(ready, settings):
    settings.AUCTION_PUBLICITY_DAYS = 5
    lot, term = ready(in_publicity)
    make_objection(term, by=person(), organisation=None, ground="rights", text="成果权属有争议", evidence=())

    with clock.moved_to(clock.now() + timedelta(days=90)), pytest.raises(NoDayRuns):
        declared(lot)


@pytest.mark.parametrize(("rescinded_after", "is_late"), [(0, False), (30, True)])
def test_a_sale_that_failed_before_the_day_did_not_fail_by_its_passing(ready, rescinded_after, is_late):
    lot = ready(sold)
    with clock.moved_to(clock.now() + timedelta(days=rescinded_after)):
        actions.rescind_sale(again(lot), by=None)

    with clock.moved_to(clock.now() + timedelta(days=60)):
        if is_late:
            declared(lot)
        else:
            with pytest.raises(NotLateYet):
                declared(lot)

    assert again(lot).state == ("defaulted" if is_late else "rescinded")


def test_a_stopped_publicity_counts_as_if_it_had_run_out(ready, settings):
    settings.AUCTION_PUBLICITY_DAYS = 5
    lot, term = ready(in_publicity)
    before = day_of_signing(lot)

    actions.rescind_sale(again(lot), by=None)

    assert day_of_signing(again(lot)) == before == add_working_days(term.ends_on, 3)


@pytest.mark.parametrize("ground", ["", "moody"])
def test_a_default_needs_one_of_the_grounds(ready, ground):
    with pytest.raises(GroundMissing):
        declared(ready(sold), ground)


def test_the_page_says_beside_the_ground_why_nobody_is_late_and_keeps_what_was_typed(client, ready):
    lot = ready(sold)
    sign_in(client, person("organiser"))
    address = reverse("lot-move", args=[lot.number, "default"])

    early = client.post(address, {"ground": "late", "reason": "催告两次"})
    nothing = client.post(address, {"ground": "", "reason": "催告两次"})

    assert "买受人尚未逾期" in early.context["forms"]["default"].errors["ground"][0]
    assert set(nothing.context["forms"]["default"].errors) == {"ground"}
    assert all("催告两次</textarea>" in page.content.decode() for page in (early, nothing))
    assert again(lot).state == "confirmed"
