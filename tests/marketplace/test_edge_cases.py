"""The edge cases of domain.md §8.4 that no other test bears in its name; the others stand with their nouns."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from marketplace.auctions.actions import decide_bid
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.core.identifiers import USCC_ALPHABET, patent_check_digit, uscc_check_digit, validate_uscc
from marketplace.outcomes.actions import submit_outcome
from marketplace.outcomes.parts import CoOwner, IPRight
from marketplace.reviews.drafts import save_draft
from marketplace.reviews.refusals import Incomplete
from tests.marketplace.auctions.making import announced_lot, bidder
from tests.marketplace.outcomes import making

pytestmark = pytest.mark.django_db
STARTS = timezone.now() + timedelta(days=9)


@pytest.fixture
def institute():
    making.set_up()
    return making.Institute()


def sent(institute, **parts):
    """Send a complete draft with these parts of its own to review; return what it is refused for, by field."""
    draft = institute.draft()
    version = draft.newest_version
    for name, rows in parts.items():
        setattr(version, name, rows)
    save_draft(version, by=institute.publisher)
    with pytest.raises(Incomplete) as refused:
        submit_outcome(making.fresh(draft), by=institute.publisher, declared=True)
    assert making.fresh(draft).pending_review is None
    return refused.value.problems


def test_a_co_owned_patent_without_the_co_owners_consent_is_kept_from_review(institute):
    own = CoOwner(organisation=institute.organisation, name=institute.organisation.name, share=Decimal(60))

    missing = sent(institute, co_owners=[own, CoOwner(name="茶山光电研究所", share=Decimal(40))])

    assert list(missing) == ["co_owners"]
    assert "茶山光电研究所" in str(missing["co_owners"])


def test_a_patent_with_a_wrong_check_digit_is_kept_from_review(institute):
    body = "201410424697"
    wrong = (int(patent_check_digit(body).replace("X", "10")) + 1) % 10

    missing = sent(institute, ip_rights=[IPRight(kind="invention", number=f"ZL{body}.{wrong}", title="一种装置")])

    assert list(missing) == ["ip_rights"]


def test_a_credit_code_with_the_letter_o_for_a_nought_says_which_signs_there_are():
    code = "91330304MA2990000" + uscc_check_digit("91330304MA2990000")
    validate_uscc(code)

    with pytest.raises(ValidationError) as refused:
        validate_uscc(code[:12].replace("0", "O") + code[12:])

    assert refused.value.code == "alphabet"
    assert "O" not in USCC_ALPHABET


@pytest.mark.parametrize(("seconds", "is_accepted"), [(-0.2, True), (0.2, False)])
def test_a_bid_a_fifth_of_a_second_before_the_deadline_counts_and_one_after_it_does_not(seconds, is_accepted):
    lot = announced_lot(starts_at=STARTS)

    answer = decide_bid(
        lot, bidder(lot), amount=160 * WAN, key="k", arrived_at=lot.ends_at + timedelta(seconds=seconds)
    )

    assert answer["accepted"] is is_accepted
    assert answer.get("reason") == (None if is_accepted else "ended")


def test_of_two_bids_at_the_same_millisecond_the_sequence_decides():
    lot = announced_lot(starts_at=STARTS)
    at, ones = STARTS + timedelta(minutes=1), [bidder(lot), bidder(lot)]

    first, second = (decide_bid(lot, one, amount=160 * WAN, key="k", arrived_at=at) for one in ones)

    lot.refresh_from_db()
    assert (first["accepted"], second["accepted"], second["reason"]) == (True, False, "too_low")
    assert (lot.leader, lot.price) == (ones[0], 160 * WAN)
    raised = decide_bid(lot, ones[1], amount=second["least"], key="k2", arrived_at=at)
    assert (raised["accepted"], raised["seq"]) == (True, first["seq"] + 1)
    assert lot_problems(lot) == []
