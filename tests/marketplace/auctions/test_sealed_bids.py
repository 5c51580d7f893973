"""Sealed bids: submitted, replaced, withdrawn, repeated, refused; opened at the close, with the result."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from marketplace.auctions import actions, receipts, record, sealing
from marketplace.auctions.invariants import all_problems, lot_problems
from marketplace.auctions.ladder import MOST, WAN
from marketplace.auctions.models import BidAnswer, Lot, LotEvent, SealedBid
from marketplace.auctions.relisting import TooMuchLower
from marketplace.auctions.saying_no import (
    BidTooLarge,
    BidTooLow,
    DepositMissing,
    KeyReused,
    LotEnded,
    LotNotOpen,
    LotSuspended,
    NothingSealed,
    NotQualified,
    NotSealed,
    SealedOnly,
    SealingFailed,
    refusal_of,
)
from marketplace.auctions.sealed_box import BoxBroken, LotBoxes
from marketplace.auctions.verifier import record_problems, sealed_commitment
from marketplace.core import clock
from marketplace.deals.models import Deal
from tests.marketplace.auctions.making import announced_lot, bidder, end_now, member, organisation, person
from tests.marketplace.auctions.sealing import sealed, sealed_at, sealed_lot, withdrawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot():
    return sealed_lot(starts_at=timezone.now() - timedelta(minutes=1))


@pytest.fixture
def over():
    """Return a lot whose end has passed and that nobody has closed."""
    return sealed_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))


def kinds(lot):
    return list(lot.events.order_by("seq").values_list("kind", flat=True))


def state_of(row):
    row.refresh_from_db()
    return row.state


def with_another_key(monkeypatch):
    """Let this process have another AUCTION_KEY, as a web host that was set up wrongly."""
    other = sealing.HKDF(algorithm=sealing.SHA256(), length=32, salt=None, info=b"another seed").derive(b"other")
    monkeypatch.setattr(sealing, "_key", lambda purpose: other)


def test_the_commitment_is_these_bytes():
    nonce = "00" * 32
    text = f'{{"alias":"7711","amount":16000000000,"lot":"OH-2026-07","nonce":"{nonce}","v":1}}'

    commitment = sealed_commitment("OH-2026-07", "7711", 16_000_000_000, nonce)

    assert commitment == hashlib.sha256(text.encode()).hexdigest()
    assert commitment == "44d86258deeca67f530721cbc8125669c24ea21031d55707cedc193f459821c1"


def test_the_announcement_names_format_and_tie_rule():
    lot = sealed_lot(starts_at=timezone.now())

    (terms,) = lot.session.announcement["lots"]

    assert (terms["format"], terms["tie_rule"]) == ("sealed", "earlier_submission")
    assert set(terms) & {"ladder", "window_seconds", "most_extensions"} == set()
    assert lot.most_extensions == 0


def test_the_terms_of_an_open_lot_are_announced_as_ever():
    lot = announced_lot(starts_at=timezone.now())

    (terms,) = lot.session.announcement["lots"]

    assert set(terms) == {
        "lot", "position", "title", "title_en", "seller", "defects", "outcome", "format", "mode", "object",
        "start_price", "ladder", "deposit", "starts_at", "ends_at", "window_seconds", "most_extensions",
        "single_bidder", "reserve_commitment",
    }  # fmt: skip
    assert lot.sealed_key is None


def test_a_bid_is_sealed_and_its_receipt_proves_it_alone(lot):
    one = bidder(lot)

    answer = sealed(one, 170 * WAN)

    receipt = answer["receipt"]
    assert receipts.is_genuine(receipt)
    assert not receipts.is_genuine(receipt | {"amount": 1})
    assert not receipts.is_genuine(receipt | {"kind": "sealed_withdrawn"})
    event = LotEvent.objects.get(kind="sealed")
    assert (event.alias, event.amount, event.payload) == (one.alias, None, {"commitment": receipt["commitment"]})
    assert sealed_commitment(lot.number, one.alias, receipt["amount"], receipt["nonce"]) == receipt["commitment"]
    lot.refresh_from_db()
    assert (lot.state, lot.price, lot.leader, lot.leader_alias) == ("open", None, None, "")
    assert lot_problems(lot) == []


def test_the_answer_names_no_place_in_the_record(lot):
    answer = sealed(bidder(lot), 170 * WAN)

    assert set(answer) == {
        "accepted", "lot", "kind", "alias", "commitment", "arrived_at", "ends_at", "amount", "nonce", "receipt"
    }  # fmt: skip
    assert set(answer["receipt"]) == {
        "v", "kind", "lot", "alias", "amount", "nonce", "commitment", "arrived_at", "signature", "public_key"
    }  # fmt: skip


def test_a_later_bid_replaces_an_earlier_one_also_downwards(over):
    one, other = bidder(over), bidder(over)
    sealed_at(one, 300 * WAN, over.starts_at, "a")
    sealed_at(other, 180 * WAN, over.starts_at + timedelta(minutes=1), "a")
    answer = sealed_at(one, 170 * WAN, over.starts_at + timedelta(minutes=2), "b")

    actions.close_lot(over)

    assert answer["kind"] == "sealed_replaced"
    assert kinds(over) == ["opened", "sealed", "sealed", "sealed_replaced", "closed", "revealed", "revealed", "result"]
    revealed = over.events.filter(kind="revealed").order_by("seq")
    assert list(revealed.values_list("alias", "amount")) == [(other.alias, 180 * WAN), (one.alias, 170 * WAN)]
    assert (state_of(over), over.price, over.leader) == ("sold", 180 * WAN, other)
    assert lot_problems(over) == []


def test_a_withdrawn_bid_is_never_opened_and_may_be_followed_by_another(over):
    one, other = bidder(over), bidder(over)
    sealed_at(one, 300 * WAN, over.starts_at, "a")
    sealed_at(other, 200 * WAN, over.starts_at, "a")
    with clock.moved_to(over.starts_at + timedelta(minutes=1)):
        gone = [withdrawn(one), withdrawn(other)]
        with pytest.raises(NothingSealed):
            withdrawn(one, "again")
    sealed_at(other, 165 * WAN, over.starts_at + timedelta(minutes=2), "b")

    actions.close_lot(over)

    assert [receipts.is_genuine(answer["receipt"]) for answer in gone] == [True, True]
    assert gone[0]["receipt"]["commitment"] == over.events.get(kind="sealed", alias=one.alias).payload["commitment"]
    assert over.events.filter(kind="revealed").get().amount == 165 * WAN
    assert list(over.events.filter(alias=other.alias).order_by("seq").values_list("kind", flat=True)) == [
        "sealed", "sealed_withdrawn", "sealed", "revealed"
    ]  # fmt: skip
    assert (state_of(over), over.price) == ("sold", 165 * WAN)
    assert lot_problems(over) == []


def test_the_same_key_gives_the_same_answer_and_another_meaning_is_refused(lot):
    one = bidder(lot)
    answer = sealed(one, 170 * WAN)

    assert sealed(one, 170 * WAN) == answer
    with pytest.raises(KeyReused):
        sealed(one, 175 * WAN)
    with pytest.raises(KeyReused):
        withdrawn(one, "k")
    gone = withdrawn(one)
    assert withdrawn(one) == gone
    assert sealed(one, 170 * WAN) == answer  # the answer, not a new bid
    with pytest.raises(NothingSealed):
        withdrawn(one, "w2")

    assert kinds(lot) == ["opened", "sealed", "sealed_withdrawn"]
    assert SealedBid.objects.count() == 2
    assert lot_problems(lot) == []


def test_the_repetition_after_the_close_gives_the_answer_of_then(lot):
    one = bidder(lot)
    answer = sealed(one, 170 * WAN)
    end_now(lot)
    actions.close_lot(lot)

    assert sealed(one, 170 * WAN) == answer


@pytest.mark.parametrize(
    ("amount", "refusal"), [(160 * WAN - 1, BidTooLow), (1, BidTooLow), (MOST + 1, BidTooLarge), (10**18, BidTooLarge)]
)
def test_an_amount_is_checked_before_it_is_sealed(lot, amount, refusal):
    one = bidder(lot)

    with pytest.raises(refusal) as refused:
        sealed(one, amount)

    assert refused.value.answer.get("seq") is None
    assert LotEvent.objects.count() == SealedBid.objects.count() == 0


def test_the_start_price_is_enough_whatever_others_have_sealed(lot):
    first, second = bidder(lot), bidder(lot)
    sealed(first, 900 * WAN)

    answer = sealed(second, 160 * WAN)

    assert answer["accepted"]


def test_refuses_before_the_start_after_the_end_and_while_suspended(over):
    early = sealed_lot(starts_at=timezone.now() + timedelta(days=10))
    with pytest.raises(LotNotOpen):
        sealed(bidder(early, at=timezone.now()), 160 * WAN)
    with pytest.raises(LotEnded):
        sealed(bidder(over), 160 * WAN)
    running = sealed_lot(starts_at=timezone.now() - timedelta(minutes=1))
    one = bidder(running)
    sealed(one, 170 * WAN)
    actions.suspend_lot(running, by=person("auctioneer"), ground="fault")

    for attempt in (lambda: sealed(one, 180 * WAN, "b"), lambda: withdrawn(one)):
        with pytest.raises(LotSuspended):
            attempt()

    assert kinds(running) == ["opened", "sealed", "suspended"]
    assert lot_problems(running) == []


def test_after_a_suspension_it_goes_on_for_the_time_that_was_left(lot):
    one = bidder(lot)
    sealed(one, 170 * WAN)
    actions.suspend_lot(lot, by=person("auctioneer"), ground="fault")
    actions.resume_lot(lot, by=person("auctioneer"))

    sealed(one, 180 * WAN, "b")
    end_now(lot)

    assert kinds(lot) == ["opened", "sealed", "suspended", "resumed", "sealed_replaced"]
    assert actions.close_lot(lot)
    assert (state_of(lot), lot.price) == ("sold", 180 * WAN)


def test_refuses_who_is_not_qualified_or_has_no_deposit(lot):
    firm = organisation()
    with pytest.raises(NotQualified):
        actions.place_bid(lot, by=member(firm, "bidder"), organisation=firm, amount=160 * WAN, key="k")
    poor = bidder(lot)
    type(poor.deposit).objects.filter(pk=poor.deposit_id).update(state="release_due")
    with pytest.raises(DepositMissing):
        sealed(poor, 160 * WAN)

    assert LotEvent.objects.count() == 0


def test_refuses_whoever_does_not_act_for_the_bidder(lot):
    one = bidder(lot)
    sealed(one, 170 * WAN)
    for user in (person(), member(one.organisation, "finance"), person("organiser"), member(lot.outcome.owner)):
        with pytest.raises(PermissionDenied):
            actions.place_bid(lot, by=user, organisation=one.organisation, amount=180 * WAN, key="x")
        with pytest.raises(PermissionDenied):
            actions.withdraw_sealed_bid(lot, by=user, organisation=one.organisation, key="x")

    assert kinds(lot) == ["opened", "sealed"]


def test_an_open_bid_on_a_sealed_lot_and_a_withdrawal_on_an_open_one_are_refused(lot):
    one = bidder(lot)
    answer = actions.decide_bid(lot, one, amount=160 * WAN, key="k", arrived_at=timezone.now())
    opened = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    other = bidder(opened)

    with pytest.raises(NotSealed):
        withdrawn(other)

    assert (answer["accepted"], answer["reason"]) == (False, "sealed_only")
    assert isinstance(refusal_of(answer), SealedOnly)
    assert LotEvent.objects.count() == BidAnswer.objects.count() == 0


def test_nothing_moves_the_end(lot):
    end_now(lot, ago=timedelta(minutes=-1))
    ends_at = lot.ends_at

    answer = sealed(bidder(lot), 170 * WAN)

    lot.refresh_from_db()
    assert (lot.ends_at, lot.extensions) == (ends_at, 0)
    assert answer["ends_at"] == record.instant(ends_at)


@pytest.mark.parametrize(("microseconds", "accepted"), [(-1, True), (0, False), (1, False)])
def test_the_end_is_exact_to_the_microsecond(over, microseconds, accepted):
    one = bidder(over)
    at = over.ends_at + timedelta(microseconds=microseconds)

    answer = actions.decide_sealed_bid(over, one, key="k", commitment="c" * 64, box=b"box", arrived_at=at)

    assert answer["accepted"] is accepted
    assert SealedBid.objects.count() == int(accepted)


def test_of_equal_bids_the_earlier_final_submission_wins(over):
    first, second, third = bidder(over), bidder(over), bidder(over)
    sealed_at(first, 200 * WAN, over.starts_at, "a")
    sealed_at(second, 200 * WAN, over.starts_at + timedelta(seconds=1), "a")
    sealed_at(third, 190 * WAN, over.starts_at + timedelta(seconds=2), "a")
    sealed_at(first, 200 * WAN, over.starts_at + timedelta(seconds=3), "b")  # a replacement gives up the place

    actions.close_lot(over)

    assert (state_of(over), over.leader, over.price) == ("sold", second, 200 * WAN)
    assert state_of(second.deposit) == "held"
    assert {state_of(first.deposit), state_of(third.deposit)} == {"release_due"}
    assert lot_problems(over) == []


def test_a_priority_right_goes_before_time_among_equal_bids(over):
    first, holder = bidder(over), bidder(over, rank=2)
    sealed_at(first, 200 * WAN, over.starts_at, "a")
    sealed_at(holder, 200 * WAN, over.starts_at + timedelta(seconds=1), "a")

    actions.close_lot(over)

    assert (state_of(over), over.leader) == ("sold", holder)
    assert over.events.get(kind="revealed", alias=holder.alias).payload["rank"] == 2
    assert lot_problems(over) == []


@pytest.mark.parametrize(
    ("reserve", "single", "amounts", "why"),
    [
        (None, True, [], "no_bids"),
        (None, False, [170], "single_bidder"),
        (200, True, [170, 199.99], "below_reserve"),
        (200, True, [170, 200], None),
        (None, True, [160], None),
        (None, False, [160, 160], None),
    ],
)
def test_the_result_by_bids_reserve_and_number_of_bidders(reserve, single, amounts, why):
    lot = sealed_lot(
        starts_at=timezone.now() - timedelta(hours=2),
        lasts=timedelta(hours=1),
        reserve=reserve and reserve * WAN,
        sells_to_single_bidder=single,
    )
    for one, amount in [(bidder(lot), amount) for amount in amounts]:
        sealed_at(one, round(amount * WAN), lot.starts_at, "k")

    assert actions.close_lot(lot)

    result = lot.events.get(kind="result").payload
    assert (result["outcome"], result.get("why")) == ("unsold" if why else "sold", why)
    assert state_of(lot) == result["outcome"]
    assert lot.price == (round(max(amounts) * WAN) if amounts else None)
    assert lot.reserve_opened == (reserve and reserve * WAN)
    assert record_problems(record.export_lines(lot)) == []
    assert lot_problems(lot) == []


def test_a_sale_is_confirmed_and_an_unsold_lot_is_offered_again_by_the_same_rule(over):
    one = bidder(over)
    sealed_at(one, 170 * WAN, over.starts_at, "k")
    actions.close_lot(over)
    actions.confirm_sale(over, by=person("organiser"))
    assert (Deal.objects.get().price, Deal.objects.get().buyer) == (170 * WAN, one.organisation)

    missed = sealed_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    actions.close_lot(missed)
    publisher = member(missed.outcome.owner, "publisher")
    actions.choose_next_path(missed, by=publisher, organisation=missed.outcome.owner, path="relist")
    missed.outcome.refresh_from_db()
    starts_at = timezone.now() + timedelta(days=10)
    session = actions.plan_session(
        by=person("organiser"), organiser=organisation("government"), title="再次",
        starts_at=starts_at, registration_closes_at=starts_at,
    )  # fmt: skip
    facts = {"outcome": missed.outcome, "mode": "assignment", "object_of_sale": "发明专利转让", "format": "sealed"}
    facts |= {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}

    with pytest.raises(TooMuchLower):
        actions.add_lot(session, by=person("organiser"), start_price=127 * WAN, **facts)
    again = actions.add_lot(session, by=person("organiser"), start_price=128 * WAN, **facts)

    assert (again.format, again.state) == ("sealed", "draft")


def test_a_withdrawn_lot_opens_nothing(lot):
    one = bidder(lot)
    sealed(one, 170 * WAN)
    actions.suspend_lot(lot, by=person("auctioneer"), ground="legal")

    actions.withdraw_lot(lot, by=person("organiser"), reason="权属有争议")

    assert kinds(lot) == ["opened", "sealed", "suspended", "withdrawn"]
    assert (state_of(one.deposit), state_of(lot), lot.price) == ("release_due", "withdrawn", None)
    assert lot_problems(lot) == []


def test_under_another_key_no_bid_is_taken_in(lot, monkeypatch):
    one = bidder(lot)
    with_another_key(monkeypatch)

    with pytest.raises(SealingFailed):
        sealed(one, 170 * WAN)

    assert LotEvent.objects.count() == 0


def test_a_lot_whose_bids_cannot_be_opened_waits_says_so_and_is_closed_once_they_can(over):
    one, other = bidder(over), bidder(over)
    sealed_at(one, 170 * WAN, over.starts_at, "k")
    sealed_at(other, 180 * WAN, over.starts_at, "k")

    with pytest.MonkeyPatch.context() as wrong:
        with_another_key(wrong)
        closed = actions.close_lot(over)
        (problem,) = all_problems()
        wrong_kinds = kinds(over)

    assert not closed
    assert "AUCTION_KEY" in problem
    assert "#2, #3" in problem
    assert wrong_kinds == ["opened", "sealed", "sealed"]
    assert state_of(over) == "open"
    assert state_of(one.deposit) == "held"
    assert actions.close_lot(Lot.objects.get(pk=over.pk))
    assert (state_of(over), over.price) == ("sold", 180 * WAN)
    assert all_problems() == []


def test_one_broken_box_is_named_and_holds_the_whole_close(over):
    one, other = bidder(over), bidder(over)
    sealed_at(one, 170 * WAN, over.starts_at, "k")
    actions.decide_sealed_bid(
        over, other, key="k", commitment="ab" * 32, box=b"\0" * 68, arrived_at=over.starts_at + timedelta(seconds=1)
    )

    assert not actions.close_lot(over)

    assert [problem.split("(")[1].split(")")[0] for problem in lot_problems(over)] == ["#3"]
    assert kinds(over) == ["opened", "sealed", "sealed"]


def test_a_box_opens_only_beside_its_own_commitment(lot):
    boxes = LotBoxes(lot.number, bytes(lot.sealed_key))
    nonce = boxes.nonce_of("7711", 170 * WAN, "k")
    commitment = sealed_commitment(lot.number, "7711", 170 * WAN, nonce)
    box = boxes.seal("7711", 170 * WAN, nonce)

    assert boxes.open("7711", commitment, box) == (170 * WAN, nonce)
    assert len(box) == len(boxes.seal("8822", 1, nonce))  # its length tells nothing
    for alias, of, bytes_ in [("8822", commitment, box), ("7711", "0" * 64, box), ("7711", commitment, box[:-1])]:
        with pytest.raises(BoxBroken):
            boxes.open(alias, of, bytes_)
    other = sealed_lot(starts_at=timezone.now())
    with pytest.raises(BoxBroken):
        LotBoxes(lot.number, bytes(other.sealed_key))


@pytest.mark.parametrize(
    "statement", ["UPDATE marketplace_sealedbid SET key = 'x'", "DELETE FROM marketplace_sealedbid"]
)
def test_what_was_sealed_is_never_changed(lot, statement):
    sealed(bidder(lot), 170 * WAN)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert SealedBid.objects.count() == 1


def test_the_key_of_a_lot_is_kept_and_its_price_stays_empty_before_the_close(lot):
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(sealed_key=sealing.new_lot_key(lot.number))
    with pytest.raises(DatabaseError, match="unpriced"), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(price=200 * WAN, leader=bidder(lot), leader_alias="1")

    assert Lot.objects.get(pk=lot.pk).price is None


def test_sealed_bids_need_synchronous_commit(lot):
    one = bidder(lot)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")

    with pytest.raises(DatabaseError, match="synchronous_commit"), transaction.atomic():
        sealed(one, 170 * WAN)
