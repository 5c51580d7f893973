"""Requests of programs that are none: the key, the body, its kind and size, the address, the method."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidAnswer
from tests.marketplace.auctions.calling import JSON, bearer, send, told
from tests.marketplace.auctions.making import announced_lot, bidder

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1))


@pytest.mark.parametrize("key", ["", " ", "两", "a b", "x" * 65])
def test_the_key_is_needed_and_plain(lot, key):
    one = bidder(lot)

    assert told(send(lot, 160 * WAN, key=key, headers=bearer(one))) == (400, "key_missing")
    assert BidAnswer.objects.count() == 0


def test_a_request_without_a_key_is_told(lot):
    address = f"/api/v1/lots/{lot.number}/bids"

    answer = Client().post(address, {"amount": 1}, content_type=JSON, headers=bearer(bidder(lot)))

    assert told(answer) == (400, "key_missing")


BODIES = [
    ("{", 400, "malformed"),
    ("\xff", 400, "malformed"),
    ("[" * 100_000, 400, "malformed"),
    ('{"amount": ' + "9" * 5000 + "}", 400, "malformed"),
    (" ", 400, "malformed"),
    ("null", 422, "invalid"),
    ("[]", 422, "invalid"),
    ("{}", 422, "invalid"),
    ('{"amount": "160"}', 422, "invalid"),
    ('{"amount": 160.0}', 422, "invalid"),
    ('{"amount": true}', 422, "invalid"),
    ('{"amount": NaN}', 422, "invalid"),
    ('{"amount": 0}', 422, "invalid"),
    ('{"amount": -1}', 422, "invalid"),
    ('{"amount": 9007199254740993}', 422, "invalid"),
    ('{"amount": 160, "confirmed": 1}', 422, "invalid"),
    ('{"amount": 160, "confirmd": true}', 422, "invalid"),
    ('{"amount": 160, "\\ud800\\u0000": true}', 422, "invalid"),
]


@pytest.mark.parametrize(("body", "status", "code"), BODIES)
def test_a_body_that_is_none_is_told(lot, body, status, code):
    headers = bearer(bidder(lot), **{"Idempotency-Key": "k"})
    sent = body.encode("latin-1") if body == "\xff" else body

    answer = Client().post(f"/api/v1/lots/{lot.number}/bids", sent, content_type=JSON, headers=headers)

    assert told(answer) == (status, code)
    assert BidAnswer.objects.count() == 0


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_body_of_another_kind_is_told(lot, kind):
    headers = bearer(bidder(lot), **{"Idempotency-Key": "k"})

    answer = Client().post(f"/api/v1/lots/{lot.number}/bids", b"amount=1", content_type=kind, headers=headers)

    assert told(answer) == (415, "unsupported_media_type")


def test_too_much_is_told(lot, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024

    answer = send(lot, 160 * WAN, headers=bearer(bidder(lot)), note="x" * 2000)

    assert told(answer) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/lots/OH-2000-01/bids", 404, "not_found"),
        ("/api/v1/lots/OH%00/bids", 400, "bad_request"),
    ],
)
def test_a_lot_that_is_none_is_told(lot, address, status, code):
    headers = bearer(bidder(lot), **{"Idempotency-Key": "k"})

    assert told(Client().post(address, {"amount": 1}, content_type=JSON, headers=headers)) == (status, code)


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/nothing", "/api/v2/lots", "/api/x/", "/api/problems/nothing"])
def test_any_other_address_is_told(client, address):
    assert told(client.get(address)) == (404, "not_found")
    assert told(Client(enforce_csrf_checks=True).post(address, {}, content_type=JSON))[1] in (
        "not_found",
        "method_not_allowed",
    )


def test_the_wrong_method_is_told(client, lot):
    read, sent = client.get(f"/api/v1/lots/{lot.number}/bids"), client.delete(f"/api/v1/lots/{lot.number}/state")

    assert [told(read), told(sent)] == [(405, "method_not_allowed")] * 2
    assert read.headers["Allow"] == "POST"
