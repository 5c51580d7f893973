"""What is kept of what search found, and what is withdrawn again."""

import pytest

from marketplace.core.journal import Entry
from marketplace.deals.opening import open_deal_from_match
from marketplace.matching import choosing
from marketplace.matching.actions import accept_match, decline_match
from marketplace.matching.models import Match
from marketplace.matching.proposing import propose_matches, propose_matches_for_outcome
from tests.marketplace.matching.factories import (
    agreed,
    enterprise,
    institute,
    member,
    need,
    outcome,
    pair,
    proposed,
)

pytestmark = pytest.mark.django_db


def told(kind):
    return Entry.objects.filter(kind=kind).count()


def test_keeps_a_pair_with_its_reasons():
    asked, offered = need(), outcome()

    [match] = propose_matches(asked, [pair(asked, offered, 0.66)])

    match.refresh_from_db()
    assert (match.state, match.strength, match.score) == ("proposed", "strong", 0.66)
    assert match.phrases == ["静态电流", "智能锁"]
    assert match.parts[1] == {"feature": "field", "value": 1.0, "weight": 0.12, "facts": {"code": "TEST"}}
    assert (match.need_answer, match.outcome_answer) == ("waiting", "waiting")
    assert told("match.proposed") == 1


def test_repeating_changes_nothing_and_tells_nobody_again():
    asked, offered = need(), outcome()
    [first] = propose_matches(asked, [pair(asked, offered)])

    [second] = propose_matches(asked, [pair(asked, offered)])
    [third] = propose_matches_for_outcome(offered, [pair(asked, offered)])

    assert first.pk == second.pk == third.pk
    assert second.computed_at == third.computed_at == first.computed_at
    assert told("match.proposed") == 1


def test_a_new_score_is_written_without_telling_again():
    asked, offered = need(), outcome()
    propose_matches(asked, [pair(asked, offered, 0.66)])

    [match] = propose_matches(asked, [pair(asked, offered, 0.35)])

    match.refresh_from_db()
    assert (match.score, match.strength) == (0.35, "weak")
    assert told("match.proposed") == 1


@pytest.mark.parametrize(("score", "phrases"), [(0.29, ("静态电流", "智能锁")), (0.9, ("智能锁",)), (0.9, ())])
def test_leaves_out_what_is_too_far(score, phrases):
    asked, offered = need(), outcome()

    assert propose_matches(asked, [pair(asked, offered, score, phrases=phrases)]) == []
    assert not Match.objects.exists()


def test_keeps_the_ten_strongest():
    asked = need()
    offered = [outcome() for _ in range(12)]

    kept = propose_matches(asked, [pair(asked, one, 0.4 + place / 100) for place, one in enumerate(offered)])

    assert [match.outcome_id for match in kept] == [one.pk for one in reversed(offered[2:])]


@pytest.mark.parametrize(
    ("of_need", "of_outcome"),
    [
        ({"live": False}, {}),
        ({"state": "solved"}, {}),
        ({}, {"live": False}),
        ({}, {"state": "reserved"}),
        ({}, {"state": "withdrawn"}),
    ],
)
def test_never_proposes_what_is_not_open(of_need, of_outcome):
    asked, offered = need(**of_need), outcome(**of_outcome)

    assert propose_matches(asked, [pair(asked, offered)]) == []
    assert not Match.objects.exists()


def test_never_proposes_within_a_house_or_between_related_ones():
    institution = institute()
    daughter = enterprise(related_usccs=[institution.uscc])
    own, related = need(of=institution), need(of=daughter)
    offered = outcome(of=institution)

    assert propose_matches(own, [pair(own, offered)]) == []
    assert propose_matches(related, [pair(related, offered)]) == []


def test_ignores_pairs_of_another_need():
    asked, other, offered = need(), need(), outcome()

    assert propose_matches(asked, [pair(other, offered)]) == []


def test_withdraws_what_search_no_longer_finds_and_brings_it_back():
    asked, offered = need(), outcome()
    [match] = propose_matches(asked, [pair(asked, offered)])

    assert propose_matches(asked, []) == []
    match.refresh_from_db()
    assert match.state == "withdrawn"
    assert told("match.withdrawn") == 1

    propose_matches(asked, [pair(asked, offered)])
    match.refresh_from_db()
    assert match.state == "proposed"
    assert told("match.proposed") == 2


def test_a_proposal_that_nearer_ones_crowd_out_says_so(monkeypatch):
    monkeypatch.setattr(choosing, "MOST", 1)
    asked, offered, nearer = need(), outcome(), outcome()
    [match] = propose_matches(asked, [pair(asked, offered, 0.5)])

    propose_matches(asked, [pair(asked, offered, 0.5), pair(asked, nearer, 0.7)])

    match.refresh_from_db()
    assert (match.state, match.withdrawn_why) == ("withdrawn", "crowded")


def test_keeps_what_a_side_accepted_while_both_are_open():
    match = proposed()
    accept_match(match, by=member(match.outcome.owner), organisation=match.outcome.owner)

    propose_matches(match.need, [])
    match.refresh_from_db()
    assert match.state == "proposed"

    type(match.need).objects.filter(pk=match.need_id).update(state="closed")
    propose_matches(match.need, [])
    match.refresh_from_db()
    assert match.state == "withdrawn"


def test_an_agreed_match_stays_as_it_is():
    match = agreed()

    propose_matches(match.need, [])
    propose_matches_for_outcome(match.outcome, [pair(match.need, match.outcome, 0.31)])

    match.refresh_from_db()
    assert (match.state, match.score) == ("agreed", 0.66)


def test_a_declined_pair_comes_back_only_with_another_text():
    match = proposed()
    owner = match.outcome.owner
    decline_match(match, by=member(owner), organisation=owner, reason="readiness")

    assert propose_matches(match.need, [pair(match.need, match.outcome, 0.9)]) == []
    match.refresh_from_db()
    assert match.state == "declined"

    type(match.outcome).objects.filter(pk=match.outcome_id).update(trl=8)
    [back] = propose_matches(match.need, [pair(match.need, match.outcome, 0.9)])
    assert back.pk == match.pk
    back.refresh_from_db()
    assert (back.state, back.outcome_answer, back.decline_reason) == ("proposed", "waiting", "")


@pytest.mark.parametrize(("state", "why"), [("solved", "solved"), ("closed", "closed")])
def test_what_both_accepted_ends_with_its_need_unless_a_deal_is_open(state, why):
    asked = need()
    without, dealt = agreed(need=asked), agreed(need=asked)
    owner = dealt.outcome.owner
    open_deal_from_match(dealt, by=member(owner), organisation=owner)
    type(asked).objects.filter(pk=asked.pk).update(state=state)

    propose_matches(asked, [])

    without.refresh_from_db()
    dealt.refresh_from_db()
    assert (without.state, without.withdrawn_why) == ("withdrawn", why)
    assert (without.need_answer, without.outcome_answer) == ("accepted", "accepted")
    assert dealt.state == "agreed"
    assert list(Match.objects.accepted_by_both().order_by("pk")) == [without, dealt]


def test_what_both_accepted_waits_while_its_outcome_is_reserved():
    match = agreed()
    type(match.outcome).objects.filter(pk=match.outcome_id).update(state="reserved")

    propose_matches(match.need, [])

    match.refresh_from_db()
    assert match.state == "agreed"
