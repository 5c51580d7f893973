"""Matches that people add and pin: with a reason, kept by search, refused where the pair may not meet."""

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.matching.actions import accept_match, decline_match
from marketplace.matching.by_hand import (
    AnsweredMeanwhile,
    CannotMeet,
    DeclinedBefore,
    HandReasonMissing,
    MatchedAlready,
    add_match,
    pin_match,
    take_back_match,
    unpin_match,
)
from marketplace.matching.models import Match
from marketplace.matching.proposing import propose_matches
from tests.factories.people import sign_in
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


def added(asked, offered, reason="两家谈过这个方向"):
    side = asked.organisation
    return add_match(asked, offered, by=member(side), organisation=side, reason=reason)


def test_a_match_added_by_hand_stands_with_its_reason_and_is_written_down():
    asked, offered = need(), outcome()

    match = added(asked, offered)

    match.refresh_from_db()
    assert (match.state, match.added_as, match.added_reason) == ("proposed", "need", "两家谈过这个方向")
    assert (match.need_answer, match.outcome_answer) == ("waiting", "waiting")
    assert Entry.objects.get(kind="match.added").data == {"capacity": "need"}


def test_an_officer_adds_without_an_organisation():
    asked, offered = need(), outcome()

    match = add_match(asked, offered, by=person("officer"), organisation=None, reason="调研时听到双方需要")

    assert match.added_as == "officer"


def test_a_pair_that_may_not_meet_or_has_no_reason_is_refused():
    open_need, closed = need(), need(state="closed")

    with pytest.raises(CannotMeet):
        added(closed, outcome())
    with pytest.raises(CannotMeet):
        added(open_need, outcome(of=open_need.organisation))
    with pytest.raises(HandReasonMissing):
        added(open_need, outcome(), reason="  ")

    assert not Match.objects.exists()


def test_a_pair_that_stands_is_not_added_twice():
    waiting, done = proposed(), agreed()

    for match in (waiting, done):
        with pytest.raises(MatchedAlready):
            added(match.need, match.outcome)


def test_a_declined_pair_is_added_again_only_when_a_text_changed():
    match = proposed()
    owner = match.outcome.owner
    decline_match(match, by=member(owner), organisation=owner, reason="readiness")

    with pytest.raises(DeclinedBefore):
        added(match.need, match.outcome)

    type(match.outcome).objects.filter(pk=match.outcome_id).update(trl=8)
    again = added(match.need, match.outcome)
    assert again.pk == match.pk
    again.refresh_from_db()
    assert (again.state, again.decline_reason, again.outcome_answer) == ("proposed", "", "waiting")


def test_search_keeps_what_was_added_or_pinned_and_says_what_it_knows_of_it():
    asked, offered, other = need(), outcome(), outcome()
    by_hand = added(asked, offered)
    propose_matches(asked, [pair(asked, other, 0.66)])
    pinned = Match.objects.get(outcome=other)
    pin_match(pinned, by=member(other.owner), organisation=other.owner, reason="已约见面")

    propose_matches(asked, [pair(asked, offered, 0.12, phrases=("智能锁",))])

    by_hand.refresh_from_db()
    pinned.refresh_from_db()
    assert (by_hand.state, by_hand.score, by_hand.phrases) == ("proposed", 0.12, ["智能锁"])
    assert (pinned.state, pinned.score) == ("proposed", 0.66)


def test_what_people_keep_goes_all_the_same_when_the_need_closes():
    asked, offered = need(), outcome()
    match = added(asked, offered)
    type(asked).objects.filter(pk=asked.pk).update(state="closed")

    propose_matches(asked, [pair(asked, offered, 0.9)])

    match.refresh_from_db()
    assert (match.state, match.withdrawn_why) == ("withdrawn", "closed")


def test_an_officer_takes_back_what_was_added_while_nobody_answered():
    officer, match, answered = person("officer"), added(need(), outcome()), added(need(), outcome())
    owner = answered.outcome.owner
    accept_match(answered, by=member(owner), organisation=owner)

    take_back_match(match, by=officer, organisation=None)
    with pytest.raises(AnsweredMeanwhile):
        take_back_match(answered, by=officer, organisation=None)

    match.refresh_from_db()
    answered.refresh_from_db()
    assert (match.state, match.withdrawn_why, match.is_held) == ("withdrawn", "taken_back", False)
    assert answered.state == "proposed"
    assert Entry.objects.get(kind="match.withdrawn").actor == officer


@pytest.mark.parametrize(
    ("of_need", "of_outcome", "says"),
    [
        ({"state": "solved"}, {}, "已解决"),
        ({"live": False}, {}, "需求目前未公开"),
        ({}, {"state": "converted"}, "已转化"),
        ({}, {"live": False}, "成果目前未公开"),
    ],
)
def test_a_pair_that_may_not_meet_is_told_which_of_the_reasons_it_is(of_need, of_outcome, says):
    with pytest.raises(CannotMeet) as refusal:
        added(need(**of_need), outcome(**of_outcome))

    assert says in str(refusal.value)


@pytest.mark.parametrize(("is_anonymous", "says"), [(False, "相互关联"), (True, "未经认证，或")])
def test_of_an_anonymous_enterprise_it_is_not_told_that_it_is_related(is_anonymous, says):
    buyer = enterprise()
    owner = institute(related_usccs=[buyer.uscc])

    with pytest.raises(CannotMeet) as refusal:
        added(need(of=buyer, is_anonymous=is_anonymous), outcome(of=owner))

    assert says in str(refusal.value)


def test_a_pin_comes_first_and_is_taken_away_again():
    asked = need()
    weak, strong = propose_matches(asked, [pair(asked, outcome(), 0.35), pair(asked, outcome(), 0.9)])[::-1]
    side = asked.organisation
    by = member(side)

    pin_match(weak, by=by, organisation=side, reason="专家推荐")

    assert list(Match.objects.best_first()) == [weak, strong]
    with pytest.raises(WrongState):
        pin_match(weak, by=by, organisation=side, reason="再来")
    unpin_match(weak, by=by, organisation=side)
    weak.refresh_from_db()
    assert (weak.pinned_by, weak.pin_reason) == (None, "")
    assert list(Match.objects.best_first()) == [strong, weak]
    with pytest.raises(WrongState):
        unpin_match(weak, by=by, organisation=side)


def test_an_agreed_match_is_not_pinned():
    match = agreed()
    side = match.need.organisation

    with pytest.raises(WrongState):
        pin_match(match, by=member(side), organisation=side, reason="重要")


def test_adding_and_pinning_in_the_browser():
    asked, offered = need(), outcome()
    client = sign_in(Client(), member(asked.organisation))
    address = reverse("need-match-add", args=[asked.code])

    missing = client.post(address, {"counterpart": "CG-0000", "reason": "合适"}).content.decode()
    whole = f"https://example.cn/outcomes/{offered.number}/?from=mail"
    done = client.post(address, {"counterpart": whole, "reason": "合适"}, follow=True).content.decode()
    twice = client.post(address, {"counterpart": offered.number, "reason": "合适"}).content.decode()
    match = Match.objects.get()
    client.post(reverse("match-pin", args=[match.code]), {"reason": "先谈这家"})
    listed = client.get(reverse("need-matches", args=[asked.code])).content.decode()
    client.post(reverse("match-unpin", args=[match.code]))

    assert "没有这个编号的公开记录" in missing
    assert "由需求方添加：合适" in done
    assert "已经对接" in twice
    assert "由需求方置顶：先谈这家" in listed
    match.refresh_from_db()
    assert match.pinned_by is None


def test_strangers_add_and_pin_nothing():
    match = proposed()
    client = sign_in(Client(), member(need().organisation))

    answers = [
        client.post(reverse("need-match-add", args=[match.need.code]), {"counterpart": "x", "reason": "y"}),
        client.post(reverse("outcome-match-add", args=[match.outcome.number]), {"counterpart": "x", "reason": "y"}),
        client.post(reverse("match-pin", args=[match.code]), {"reason": "y"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 404]
