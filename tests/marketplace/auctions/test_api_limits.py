"""The fair limit: what is refused counts, what can be accepted is never held up. And the state, read often."""

import copy
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.fairness import REFUSED_BIDS
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidAnswer
from marketplace.core.limits import READS
from tests.factories.people import person as somebody
from tests.factories.people import sign_in
from tests.marketplace.auctions.calling import bearer, placed, send, told
from tests.marketplace.auctions.making import announced_lot, bidder, end_now, person

pytestmark = pytest.mark.usefixtures("for_now")


@pytest.fixture(scope="module")
def lasting_lot(lasting):
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1))


@pytest.fixture
def lot(lasting_lot, for_now):
    return copy.deepcopy(lasting_lot)


@pytest.fixture
def room(lot):
    """Return a lot led by a rival, a bidder that used up its refusals, and the headers of its program."""
    one, rival = bidder(lot), bidder(lot)
    placed(rival, 160 * WAN)
    headers = bearer(one)
    for _time in range(REFUSED_BIDS.most):
        assert told(send(lot, 161 * WAN, headers=headers)) == (409, "too_low")
    return lot, one, rival, headers


def test_bids_that_are_refused_too_often_wait(room):
    lot, _one, _rival, headers = room

    answer = send(lot, 161 * WAN, headers=headers)

    assert told(answer) == (429, "refused_too_often")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["RateLimit-Policy"] == '"refused-bids";q=20;w=60'
    assert answer.headers["RateLimit"].startswith('"refused-bids";r=0;t=')
    assert (answer.json()["least"], answer.json()["price"]) == (165 * WAN, 160 * WAN)


def test_the_honest_bid_of_the_last_second_is_accepted_all_the_same(room):
    lot, one, _rival, headers = room
    end_now(lot, ago=timedelta(seconds=-1))

    answer = send(lot, 165 * WAN, headers=headers)

    assert answer.status_code == 201
    assert BidAnswer.objects.get(amount=165 * WAN).registration == one


def test_a_priority_holder_that_used_it_up_may_match_the_price(lot):
    holder, rival = bidder(lot, rank=1), bidder(lot)
    placed(rival, 160 * WAN)
    headers = bearer(holder)
    for _time in range(REFUSED_BIDS.most + 1):
        send(lot, 159 * WAN, headers=headers)

    assert send(lot, 160 * WAN, headers=headers).status_code == 201


def test_after_an_accepted_bid_one_may_be_outbid_and_bid_again(room):
    lot, _one, rival, headers = room
    assert send(lot, 165 * WAN, headers=headers).status_code == 201
    assert told(send(lot, 170 * WAN, headers=headers)) == (429, "refused_too_often")  # leads
    placed(rival, 170 * WAN, key="again")

    assert send(lot, 175 * WAN, headers=headers).status_code == 201


def test_bids_that_are_accepted_do_not_count(lot):
    one, rival = bidder(lot), bidder(lot)
    headers = bearer(one), bearer(rival)
    answers = [send(lot, (160 + 10 * n) * WAN, headers=headers[n % 2]) for n in range(2 * REFUSED_BIDS.most + 4)]

    assert {answer.status_code for answer in answers} == {201}
    assert answers[-1].headers["RateLimit"].startswith('"refused-bids";r=20;')


def test_repetitions_count_and_wait_like_refusals(lot):
    one = bidder(lot)
    headers = bearer(one)
    answers = [send(lot, 160 * WAN, key="mine", headers=headers) for _time in range(REFUSED_BIDS.most + 2)]

    assert [answer.status_code for answer in answers] == [201] * (REFUSED_BIDS.most + 1) + [429]
    assert BidAnswer.objects.count() == 1


def test_one_bidder_does_not_use_up_what_others_have(room):
    lot, _one, rival, _headers = room

    assert told(send(lot, 161 * WAN, headers=bearer(rival))) == (409, "leads_already")


@pytest.mark.parametrize("code", ["unconfirmed", "suspended", "ended"])
def test_what_cannot_be_accepted_for_another_reason_waits_too(room, code):
    lot, _one, _rival, headers = room
    if code == "suspended":
        actions.suspend_lot(lot, by=person("auctioneer"), ground="fault")
    elif code == "ended":
        end_now(lot)

    answer = send(lot, 165 * WAN, headers=headers, confirmed=code != "unconfirmed")

    assert told(answer) == (429, "refused_too_often")
    assert answer.json().get("because") == (["first"] if code == "unconfirmed" else None)


def test_a_bid_is_accepted_while_the_cache_is_away(lot, settings):
    headers = bearer(bidder(lot))
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = settings.CACHES | {"limits": away}

    bid = send(lot, 160 * WAN, headers=headers)
    read = Client().get(f"/api/v1/lots/{lot.number}/state")

    assert (bid.status_code, read.status_code) == (201, 200)
    assert bid.headers["RateLimit"] == '"refused-bids";r=20;t=60'


def test_the_state_is_the_frame_of_the_page(lot, client):
    placed(bidder(lot), 160 * WAN)

    mine = client.get(f"/api/v1/lots/{lot.number}/state").json()
    pages = client.get(f"/lots/{lot.number}/state").json()

    for each in (mine, pages):
        each.pop("server_time")
    assert mine == pages
    assert [event["kind"] for event in mine["events"]] == ["opened", "bid"]


def test_the_state_tells_what_came_after_and_nothing_twice(lot, client):
    placed(bidder(lot), 160 * WAN)
    address = f"/api/v1/lots/{lot.number}/state"

    full = client.get(address, {"since": 1})
    again = client.get(address, {"since": 1}, headers={"If-None-Match": full.headers["ETag"]})
    weak = client.get(address, {"since": 1}, headers={"If-None-Match": f'"x", W/{full.headers["ETag"]}'})
    english = client.get(address, {"since": 1}, headers={"Accept-Language": "en"})

    assert [event["seq"] for event in full.json()["events"]] == [2]
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", full.headers["ETag"])
    assert weak.status_code in (200, 304)
    assert english.json()["price_text"] != full.json()["price_text"]
    assert english.headers["ETag"] != full.headers["ETag"]


def test_the_state_moves_with_a_bid(lot, client):
    one = bidder(lot)
    address = f"/api/v1/lots/{lot.number}/state"
    before = client.get(address)
    placed(one, 160 * WAN)

    after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})

    assert (after.status_code, after.json()["price"]) == (200, 160 * WAN)


@pytest.mark.parametrize("since", ["-1", "x", "²", "9" * 30, "1.5", ""])
def test_a_place_that_is_none_is_told(lot, client, since):
    answer = client.get(f"/api/v1/lots/{lot.number}/state", {"since": since})

    assert told(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["where"] == "query.since"


def test_the_state_of_a_lot_that_is_not_public_is_not_told(lot, client):
    from tests.marketplace.auctions.making import drafted, planned

    hidden = drafted(planned())

    assert told(client.get(f"/api/v1/lots/{hidden.number}/state")) == (404, "not_found")


def test_a_head_of_the_state_has_no_body(lot, client):
    answer = client.head(f"/api/v1/lots/{lot.number}/state")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["ETag"]


def test_reads_are_limited_per_client(lot):
    address = f"/api/v1/lots/{lot.number}/state"
    here, elsewhere = Client(), Client(REMOTE_ADDR="203.0.113.7")
    known = sign_in(Client(), somebody())
    for _time in range(READS.most):
        READS.count("address-127.0.0.1")

    limited = here.get(address)

    assert told(limited) == (429, "too_many")
    assert 0 < int(limited.headers["Retry-After"]) <= 60
    assert [elsewhere.get(address).status_code, known.get(address).status_code] == [200, 200]
    assert elsewhere.get(address).headers["RateLimit"].startswith('"reads";r=298;')
