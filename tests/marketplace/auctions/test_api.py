"""The interface for programs: bids with receipts, problems by name, the state, sign-in and the fair limit."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.bid_problems import problem_of
from marketplace.auctions.by_number import OF_A_LOT, OF_ITS_SESSION, lot_for_a_bid
from marketplace.auctions.conflicts import SENTENCES
from marketplace.auctions.ladder import WAN, instant
from marketplace.auctions.models import BidAnswer, BidderRegistration, Deposit, Lot, LotEvent
from marketplace.auctions.receipts import is_genuine
from marketplace.auctions.saying_no import refusal_of
from marketplace.organisations.models import Membership, Organisation
from tests.factories.people import sign_in
from tests.marketplace.auctions.calling import bearer, placed, send, told
from tests.marketplace.auctions.making import announced_lot, bidder, drafted, end_now, person, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1))


def test_an_accepted_bid_is_answered_with_its_receipt(lot):
    one = bidder(lot)

    answer = send(lot, 160 * WAN, headers=bearer(one))

    content = answer.json()
    assert answer.status_code == 201
    assert (content["accepted"], content["lot"], content["amount"], content["alias"]) == (
        True,
        lot.number,
        160 * WAN,
        one.alias,
    )
    assert is_genuine(content["receipt"])
    assert content["receipt"]["hash"] == LotEvent.objects.get(kind="bid").hash == content["hash"]
    assert BidAnswer.objects.get().registration == one


MOST_QUERIES = 6


def queries_of_a_bid(lot, one, *, confirmed, headers=None, client=None):
    """Return the queries of a further bid of `one`; its first request has warmed what a process keeps."""
    with CaptureQueriesContext(connection) as queries:
        answer = send(lot, 180 * WAN, headers=headers, client=client, confirmed=confirmed)
    assert answer.status_code == 201
    assert LotEvent.objects.filter(kind="bid", alias=one.alias, amount=180 * WAN).count() == 1
    return [each["sql"] for each in queries]


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_bid_by_token_costs_few_queries_and_none_with_the_joins_of_a_page(lot, confirmed):
    one, rival = bidder(lot), bidder(lot)
    headers = bearer(one)
    send(lot, 160 * WAN, headers=headers)
    placed(rival, 170 * WAN)

    queries = queries_of_a_bid(lot, one, confirmed=confirmed, headers=headers)

    assert len(queries) <= MOST_QUERIES
    assert max(each.count(" JOIN ") for each in queries) <= 3
    assert not [each for each in queries if "announcement" in each.lower()]  # it is the size of a book


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_bid_by_session_costs_few_queries(lot, client, confirmed):
    one, rival = bidder(lot), bidder(lot)
    sign_in(client, one.agent)
    send(lot, 160 * WAN, client=client)
    placed(rival, 170 * WAN)

    queries = queries_of_a_bid(lot, one, confirmed=confirmed, client=client)

    assert len(queries) <= MOST_QUERIES


@pytest.mark.parametrize("format", ["english", "sealed", "hybrid"])
def test_what_a_bid_reads_of_its_lot_is_what_stands_there(format):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1), format=format)
    if format != "sealed":
        placed(bidder(lot), 160 * WAN)
    whole = Lot.objects.select_related("session").get(pk=lot.pk)

    read = lot_for_a_bid(lot.number)

    for name in OF_A_LOT:
        value = getattr(read, name)
        assert (bytes(value) if name == "sealed_key" and value else value) == getattr(whole, name), name
    assert {name: getattr(read.session, name) for name in OF_ITS_SESSION} == {
        name: getattr(whole.session, name) for name in OF_ITS_SESSION
    }
    assert read.object_of_sale == whole.object_of_sale  # the rest is read when somebody asks for it


def test_a_lot_that_is_not_announced_or_was_wiped_takes_no_bid(lot):
    headers = bearer(bidder(lot))
    type(lot.session).objects.filter(pk=lot.session_id).update(
        rehearsal_of=lot.session, is_practice=True, wiped_at=timezone.now()
    )

    assert told(send(lot, 160 * WAN, headers=headers)) == (404, "not_found")
    assert told(send(drafted(planned()), 160 * WAN, headers=headers)) == (404, "not_found")


def test_a_bid_of_who_applied_is_one_question(lot):
    one = bidder(lot)
    headers = bearer(one)

    with CaptureQueriesContext(connection) as queries:
        answer = send(lot, 160 * WAN, headers=headers)

    assert answer.status_code == 201
    assert not [each for each in queries if re.search("bidder_conflict|bid_entitlement", each["sql"])]
    assert len([each for each in queries if each["sql"].startswith("SELECT place_bid(")]) == 1


def test_the_same_key_and_amount_give_the_same_answer_and_one_event(lot):
    one, rival = bidder(lot), bidder(lot)
    headers = bearer(one)

    first = send(lot, 160 * WAN, key="mine", headers=headers)
    placed(rival, 170 * WAN)
    again = send(lot, 160 * WAN, key="mine", headers=headers, confirmed=False)

    assert (first.status_code, first.content) == (201, again.content)
    assert again.status_code == 201
    assert LotEvent.objects.filter(kind="bid", alias=one.alias).count() == 1


def test_the_same_key_with_another_amount_is_told(lot):
    headers = bearer(bidder(lot))
    send(lot, 160 * WAN, key="mine", headers=headers)

    answer = send(lot, 170 * WAN, key="mine", headers=headers)

    assert told(answer) == (422, "key_reused")
    assert BidAnswer.objects.count() == 1


def test_a_repetition_after_the_close_gives_winner_and_loser_their_answers(lot):
    one, rival = bidder(lot), bidder(lot)
    headers = bearer(one), bearer(rival)
    first = send(lot, 160 * WAN, key="mine", headers=headers[0]), send(lot, 165 * WAN, key="mine", headers=headers[1])
    end_now(lot)
    actions.close_lot(lot)

    again = send(lot, 160 * WAN, key="mine", headers=headers[0]), send(lot, 165 * WAN, key="mine", headers=headers[1])

    assert [answer.status_code for answer in (*first, *again)] == [201] * 4
    assert [answer.content for answer in first] == [answer.content for answer in again]


def test_a_bid_from_the_page_and_its_repetition_by_program_are_one(lot):
    one = bidder(lot)
    placed(one, 160 * WAN, key="page")

    answer = send(lot, 160 * WAN, key="page", headers=bearer(one))

    assert (answer.status_code, answer.json()["seq"]) == (201, BidAnswer.objects.get().seq)


@pytest.mark.parametrize(("amount", "because"), [(160, ["first"]), (900, ["first", "far"])])
def test_a_first_or_far_bid_is_to_be_confirmed(lot, amount, because):
    headers = bearer(bidder(lot))

    asked = send(lot, amount * WAN, key="mine", headers=headers, confirmed=False)
    meant = send(lot, amount * WAN, key="mine", headers=headers)

    assert told(asked) == (409, "unconfirmed")
    assert (asked.json()["because"], asked.json()["least"]) == (because, 160 * WAN)
    assert meant.status_code == 201


def _too_low(lot, one):
    return 159 * WAN


def _leads(lot, one):
    placed(one, 160 * WAN)
    return 170 * WAN


def _suspended(lot, one):
    actions.suspend_lot(lot, by=person("auctioneer"), ground="fault")


def _withdrawn(lot, one):
    _suspended(lot, one)
    actions.withdraw_lot(lot, by=person("organiser"), reason="样例")


REFUSED = [
    (_too_low, 409, "too_low"),
    (lambda lot, one: 2 * 10**15, 409, "too_large"),
    (_leads, 409, "leads_already"),
    (lambda lot, one: end_now(lot), 409, "ended"),
    (_suspended, 409, "suspended"),
    (_withdrawn, 409, "withdrawn"),
]


@pytest.mark.parametrize(("before", "status", "code"), REFUSED, ids=[row[2] for row in REFUSED])
def test_a_refused_bid_says_why_and_changes_nothing(lot, before, status, code):
    one = bidder(lot)
    amount = before(lot, one) or 160 * WAN
    bids = LotEvent.objects.filter(kind="bid").count()

    answer = send(lot, amount, headers=bearer(one))

    assert told(answer) == (status, code)
    assert LotEvent.objects.filter(kind="bid").count() == bids
    assert {"arrived_at", "ends_at", "least", "seq"} <= set(answer.json())


def test_before_the_start_it_is_told_when_it_begins():
    lot = announced_lot(starts_at=timezone.now() + timedelta(minutes=5))

    answer = send(lot, 160 * WAN, headers=bearer(bidder(lot)))

    assert told(answer) == (409, "not_open_yet")
    assert answer.json()["starts_at"] == instant(lot.starts_at)


def test_a_refusal_says_what_would_have_been_accepted(lot):
    one, rival = bidder(lot), bidder(lot)
    placed(rival, 160 * WAN)

    content = send(lot, 161 * WAN, headers=bearer(one)).json()

    assert (content["least"], content["price"], content["seq"]) == (165 * WAN, 160 * WAN, 2)
    assert "starts_at" in content


def test_speaks_the_language_that_is_asked_for(lot):
    one, rival = bidder(lot), bidder(lot)
    placed(rival, 160 * WAN)
    headers = bearer(one)

    chinese = send(lot, 161 * WAN, headers=headers)
    english = send(lot, 161 * WAN, headers=headers | {"Accept-Language": "fr, en;q=0.8"})

    assert "165" in chinese.json()["detail"]
    assert english.json()["detail"] == "At that moment the least was ¥1.65 m."
    assert english.json()["title"] == "Bid too low"
    assert chinese.json()["title"] != english.json()["title"]
    assert (chinese.headers["Content-Language"], english.headers["Content-Language"]) == ("zh-hans", "en")
    assert "Accept-Language" in english.headers["Vary"]


UNPAID = {"state": "due", "received": 0, "received_at": None, "bank_reference": ""}
CONDITIONS = [
    (lambda one: Deposit.objects.filter(pk=one.deposit_id).update(**UNPAID), "deposit_missing"),
    (lambda one: BidderRegistration.objects.filter(pk=one.pk).update(state="deposit_held"), "not_qualified"),
    (lambda one: BidderRegistration.objects.filter(pk=one.pk).update(state="lapsed"), "not_qualified"),
    (lambda one: BidderRegistration.objects.filter(pk=one.pk).update(is_barred=True), "forbidden"),
    (lambda one: Organisation.objects.filter(pk=one.organisation_id).update(state="suspended"), "forbidden"),
    (
        lambda one: Organisation.objects.filter(pk=one.organisation_id).update(
            related_usccs=[one.lot.outcome.owner.uscc]
        ),
        "forbidden",
    ),
    (lambda one: Membership.objects.filter(user=one.agent).update(roles=["publisher"]), "forbidden"),
    (lambda one: Membership.objects.filter(user=one.agent).update(state="left"), "forbidden"),
]


@pytest.mark.parametrize(("lose", "code"), CONDITIONS)
def test_who_lost_a_condition_does_not_bid(lot, lose, code):
    one = bidder(lot)
    headers = bearer(one)
    lose(one)

    answer = send(lot, 160 * WAN, headers=headers)

    assert told(answer) == (403, code)
    assert LotEvent.objects.filter(kind="bid").count() == 0


@pytest.mark.parametrize("reason", ["not_verified", "barred", "no_authority", *SENTENCES])
def test_what_only_the_database_sees_is_told_by_its_name(reason):
    assert problem_of(refusal_of({"accepted": False, "reason": reason})).answer().status_code == 403


def test_no_answer_tells_the_reserve_or_who_bids():
    reserve = 173 * WAN
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1), reserve=reserve)
    one, rival = bidder(lot), bidder(lot)
    placed(rival, 160 * WAN)
    headers = bearer(one)

    answers = [
        send(lot, 161 * WAN, headers=headers),
        send(lot, 165 * WAN, headers=headers, confirmed=False),
        send(lot, 172 * WAN, headers=headers),
        send(lot, 180 * WAN, headers=headers),
        Client().get(f"/api/v1/lots/{lot.number}/state"),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 201, 409, 200]
    said = " ".join(answer.content.decode() for answer in answers)
    secrets = [str(reserve), "173 万元", rival.organisation.name, rival.organisation.uscc, rival.code, rival.agent.name]
    assert [secret for secret in [*secrets, one.organisation.name, one.agent.name] if secret in said] == []
