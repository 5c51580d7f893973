"""Whatever is sent to the interface for programs: no fault of ours, and a problem for each refusal."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidAnswer, LotEvent
from tests.marketplace.auctions.calling import JSON, PROBLEM, bearer
from tests.marketplace.auctions.making import announced_lot, bidder

pytestmark = [pytest.mark.django_db, pytest.mark.long]

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)
AMOUNTS = st.sampled_from([0, 1, -1, 160 * WAN, 10**15, 10**15 + 1, 2**53 - 1, 2**53, 2**63, 10**40]) | st.integers()
BIDS = st.fixed_dictionaries({}, optional={"amount": AMOUNTS | ANYTHING, "confirmed": st.booleans() | ANYTHING})
BODIES = (
    st.binary(max_size=60)
    | ANYTHING.map(json.dumps).map(str.encode)
    | BIDS.map(json.dumps).map(str.encode)
    | BIDS.map(json.dumps).map(lambda text: text.encode("utf-16"))
)
LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=70)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Idempotency-Key": LATIN | st.just("k"),
        "Authorization": LATIN | LATIN.map("Bearer ".__add__) | st.just("WITH"),
        "Accept-Language": LATIN,
        "If-None-Match": LATIN,
        "Accept": LATIN,
    },
)
KINDS = st.sampled_from([JSON, JSON, JSON, "application/json; charset=utf-8", "text/plain", "multipart/form-data", ""])
NUMBERS = st.sampled_from(["THE LOT"] * 4 + ["none", "%00", "%FF", "a" * 300, "..", "🏺"])
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def room():
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    return lot, bearer(bidder(lot))["Authorization"]


def asked(room, method, end, number, headers, **facts):
    cache.clear()  # each question is the first one: limits would answer for the rest
    lot, token = room
    number = lot.number if number == "THE LOT" else number
    headers = {name: token if value == "WITH" else value for name, value in headers.items()}
    client = Client(raise_request_exception=False)
    return getattr(client, method)(f"/api/v1/lots/{number}/{end}", headers=headers, **facts)


@MANY
@given(body=BODIES, headers=HEADERS, kind=KINDS, number=NUMBERS)
def test_no_bid_breaks_anything(room, body, headers, kind, number):
    answer = asked(room, "post", "bids", number, headers, data=body, content_type=kind)

    assert answer.status_code in (201, 400, 401, 403, 404, 409, 415, 422, 429), answer.content
    if answer.status_code != 201:
        assert answer.headers["Content-Type"] == PROBLEM
        assert answer.json()["code"]
    assert LotEvent.objects.filter(kind="bid").count() == BidAnswer.objects.count()


@MANY
@given(query=st.dictionaries(st.sampled_from(["since", "after", "lang"]), LATIN), headers=HEADERS, number=NUMBERS)
def test_no_question_breaks_anything(room, query, headers, number):
    answer = asked(room, "get", "state", number, headers, data=query)

    assert answer.status_code in (200, 304, 400, 401, 404, 422, 429), answer.content
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == PROBLEM
