"""Offering an outcome to a need: one verb adds the pair and accepts it, so that only the enterprise answers."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from marketplace.core.journal import Entry
from marketplace.core.refusals import Refused
from marketplace.core.rules import why_not
from marketplace.matching import rules
from marketplace.matching.actions import AnsweredAlready, accept_match, decline_match
from marketplace.matching.by_hand import CannotMeet, DeclinedBefore, HandReasonMissing, MatchedAlready, add_match
from marketplace.matching.models import Match
from marketplace.matching.offering import AddedByHand, offer_to_need
from marketplace.matching.proposing import propose_matches
from marketplace.matching.reconsidering import reconsider_match
from tests.marketplace.matching.factories import (
    agreed,
    enterprise,
    institute,
    member,
    need,
    outcome,
    pair,
    person,
    proposed,
)

pytestmark = pytest.mark.django_db

WHY = "待机电流 18 µA，已在三家锁企试用"


def offered(asked, found, *, by=None, reason=WHY):
    return offer_to_need(asked, found, by=by or member(found.owner), organisation=found.owner, reason=reason)


def kinds():
    return list(Entry.objects.filter(kind__startswith="match.").order_by("pk").values_list("kind", flat=True))


def test_an_offer_is_a_match_its_own_side_has_accepted():
    asked, found = need(), outcome()
    publisher = member(found.owner, "publisher")

    match = offered(asked, found, by=publisher, reason=f"  {WHY} ")

    match.refresh_from_db()
    assert (match.state, match.need_answer, match.outcome_answer) == ("proposed", "waiting", "accepted")
    assert (match.added_as, match.added_reason, match.added_by) == ("outcome", WHY, publisher)
    assert match.outcome_answered_by == publisher
    assert kinds() == ["match.added", "match.accepted"]
    assert Entry.objects.get(kind="match.accepted").on_behalf_of == found.owner


def test_what_search_had_proposed_is_accepted_with_the_reason():
    match = proposed()

    again = offered(match.need, match.outcome)

    match.refresh_from_db()
    assert again.pk == match.pk
    assert (match.state, match.outcome_answer, match.added_reason) == ("proposed", "accepted", WHY)
    assert (match.score, kinds()) == (0.66, ["match.proposed", "match.accepted"])


def test_where_the_enterprise_had_accepted_both_have():
    match = proposed()
    buyer = match.need.organisation
    accept_match(match, by=member(buyer), organisation=buyer)

    assert offered(match.need, match.outcome).state == "agreed"
    assert kinds()[-1] == "match.agreed"


def test_a_pair_that_was_taken_back_by_search_is_offered_again():
    match = proposed()
    propose_matches(match.need, [])

    assert offered(match.need, match.outcome).pk == match.pk
    match.refresh_from_db()
    assert (match.state, match.outcome_answer, match.withdrawn_why) == ("proposed", "accepted", "")


def test_search_keeps_an_offer_it_would_not_have_made():
    asked, found = need(), outcome()
    match = offered(asked, found)

    propose_matches(asked, [pair(asked, found, 0.12, phrases=("智能锁",))])

    match.refresh_from_db()
    assert (match.state, match.score, match.outcome_answer) == ("proposed", 0.12, "accepted")


def test_what_stands_already_is_not_offered_again():
    asked, found = need(), outcome()
    match = offered(asked, found)
    both = agreed()

    with pytest.raises(AnsweredAlready):
        offered(asked, found, reason="再说一遍")
    with pytest.raises(MatchedAlready):
        offered(both.need, both.outcome)

    match.refresh_from_db()
    assert match.added_reason == WHY


def test_what_others_added_with_their_reason_is_answered_and_not_overwritten():
    asked, found = need(), outcome()
    match = add_match(asked, found, by=member(asked.organisation), organisation=asked.organisation, reason="展会上谈过")

    with pytest.raises(AddedByHand, match="需求方"):
        offered(asked, found)

    match.refresh_from_db()
    assert (match.added_as, match.added_reason, match.outcome_answer) == ("need", "展会上谈过", "waiting")


@pytest.mark.parametrize("who", ["need", "outcome"])
def test_a_declined_pair_comes_back_by_a_second_thought_or_a_changed_text_only(who):
    match = proposed()
    side = match.organisation_of(who)
    decline_match(match, by=member(side), organisation=side, reason="price")

    with pytest.raises(DeclinedBefore):
        offered(match.need, match.outcome)

    type(match.outcome).objects.filter(pk=match.outcome_id).update(price_low=40)
    again = offered(match.need, match.outcome)
    assert (again.state, again.decline_reason, again.outcome_answer) == ("proposed", "", "accepted")


def test_after_a_second_thought_of_its_own_side_the_pair_is_offered():
    match = proposed()
    owner = match.outcome.owner
    decline_match(match, by=member(owner), organisation=owner, reason="no_capacity")
    reconsider_match(match, by=member(owner), organisation=owner)

    assert offered(match.need, match.outcome).outcome_answer == "accepted"


@pytest.mark.parametrize("is_proposed", [False, True])
def test_an_offer_says_why(is_proposed):
    asked, found = need(), outcome()
    if is_proposed:
        proposed(need=asked, outcome=found)

    with pytest.raises(HandReasonMissing):
        offered(asked, found, reason="  ")

    assert not Match.objects.exclude(outcome_answer="waiting").exists()


@pytest.mark.parametrize("is_proposed", [False, True])
@pytest.mark.parametrize("facts", [{"state": "reserved"}, {"live": False}])
def test_what_is_not_to_be_had_any_more_is_not_offered(facts, is_proposed):
    asked, found = need(), outcome()
    if is_proposed:
        proposed(need=asked, outcome=found)
    type(found).objects.filter(pk=found.pk).update(**facts)

    with pytest.raises(CannotMeet):
        offered(asked, found)

    assert not Match.objects.exclude(outcome_answer="waiting").exists()


@pytest.mark.parametrize("is_proposed", [False, True])
def test_nobody_offers_what_is_not_of_the_organisation_they_act_for(is_proposed):
    asked, found, other = need(), outcome(), institute()
    if is_proposed:
        proposed(need=asked, outcome=found)

    for user in (member(other), person("officer", member_of=other, roles=["publisher"])):
        with pytest.raises(PermissionDenied):
            offer_to_need(asked, found, by=user, organisation=other, reason=WHY)

    assert not Match.objects.exclude(added_reason="", outcome_answer="waiting").exists()


def test_of_an_anonymous_enterprise_it_is_not_told_that_it_is_related():
    buyer = enterprise()

    with pytest.raises(CannotMeet, match="未经认证，或") as refusal:
        offered(need(of=buyer, is_anonymous=True), outcome(of=institute(related_usccs=[buyer.uscc])))

    assert buyer.name not in str(refusal.value)


@pytest.mark.parametrize(
    ("facts", "says"),
    [({}, None), ({"state": "solved"}, "已结束"), ({"state": "closed"}, "已结束"), ({"live": False}, "未公开")],
)
def test_only_an_open_public_need_is_offered_to(facts, says):
    owner = institute()

    reason = why_not(rules.offer_to_need, member(owner, "publisher"), need(**facts), organisation=owner)

    assert reason is None if says is None else says in reason


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_offer_the_same_outcome_at_once_and_it_is_one_match():
    asked, found = need(), outcome()
    colleagues, barrier = [member(found.owner), member(found.owner, "publisher")], Barrier(2)

    def run(colleague):
        barrier.wait(timeout=20)
        try:
            return offered(asked, found, by=colleague, reason=f"理由 {colleague.pk}")
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(run, colleagues))

    match = Match.objects.get()
    assert sorted(type(answer).__name__ for answer in answers) == ["AnsweredAlready", "Match"]
    assert match.added_reason == f"理由 {match.outcome_answered_by_id}"
    assert kinds() == ["match.added", "match.accepted"]


@pytest.mark.django_db(transaction=True)
def test_an_offer_and_a_run_of_search_at_once_leave_one_match_that_stands():
    asked, found = need(), outcome()
    colleague, barrier = member(found.owner), Barrier(2)

    def run(call):
        barrier.wait(timeout=20)
        try:
            return call()
        finally:
            connection.close()

    calls = [
        lambda: offered(asked, found, by=colleague),
        lambda: propose_matches(asked, [pair(asked, found)]),
    ]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, calls))

    match = Match.objects.get()
    assert (match.state, match.outcome_answer, match.score, match.added_reason) == ("proposed", "accepted", 0.66, WHY)
