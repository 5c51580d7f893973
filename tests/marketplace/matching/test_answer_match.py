"""Both sides answer: who may, what follows, and what two answers at once do."""

from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from marketplace.core.journal import Entry
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import why_not
from marketplace.deals.models import Deal
from marketplace.deals.opening import open_deal_from_match
from marketplace.deals.refusals import NotAgreed
from marketplace.matching import rules
from marketplace.matching.actions import (
    AnsweredAlready,
    DealIsOpen,
    DeclineReasonMissing,
    NoLongerPossible,
    RemarkMissing,
    accept_match,
    decline_match,
)
from marketplace.matching.models import Match
from marketplace.matching.proposing import propose_matches
from marketplace.matching.withdrawing import withdraw_acceptance
from marketplace.needs.models import NeedDisclosure
from tests.marketplace.matching.factories import agreed, enterprise, member, need, organisation, person, proposed

pytestmark = pytest.mark.django_db


def accept(match, organisation):
    accept_match(match, by=member(organisation), organisation=organisation)


def test_one_acceptance_waits_for_the_other():
    match = proposed()

    accept(match, match.outcome.owner)

    match.refresh_from_db()
    assert (match.state, match.outcome_answer, match.need_answer) == ("proposed", "accepted", "waiting")
    assert not NeedDisclosure.objects.exists()
    assert not Entry.objects.filter(kind="match.agreed").exists()


def test_two_acceptances_agree_and_name_nobody_yet():
    match = agreed(need=need(is_anonymous=True))

    match.refresh_from_db()
    assert match.state == "agreed"
    assert not NeedDisclosure.objects.exists()  # the deal names the enterprise, after confidentiality
    assert Entry.objects.filter(kind="match.agreed").count() == 1


def test_declining_needs_a_reason():
    match = proposed()
    side = match.need.organisation
    by = member(side)

    with pytest.raises(DeclineReasonMissing):
        decline_match(match, by=by, organisation=side, reason="")
    with pytest.raises(RemarkMissing):
        decline_match(match, by=by, organisation=side, reason="other", note="  ")

    match.refresh_from_db()
    assert match.state == "proposed"
    decline_match(match, by=by, organisation=side, reason="other", note=" 已自行解决 ")
    match.refresh_from_db()
    assert (match.state, match.decline_reason, match.decline_note) == ("declined", "other", "已自行解决")


def test_a_declined_match_is_not_accepted_afterwards():
    match = proposed()
    side = match.need.organisation
    decline_match(match, by=member(side), organisation=side, reason="price")

    with pytest.raises(WrongState):
        accept(match, match.outcome.owner)


def test_an_acceptance_is_withdrawn_before_a_deal_and_not_after():
    match, with_deal = agreed(), agreed()
    owner, seller = match.outcome.owner, with_deal.outcome.owner
    open_deal_from_match(with_deal, by=member(seller), organisation=seller)

    withdraw_acceptance(match, by=member(owner), organisation=owner, seen="agreed", note=" 另有合作 ")
    with pytest.raises(DealIsOpen):
        withdraw_acceptance(with_deal, by=member(seller), organisation=seller, seen="agreed")

    match.refresh_from_db()
    with_deal.refresh_from_db()
    assert (match.state, match.need_answer, match.outcome_answer) == ("withdrawn", "accepted", "withdrawn")
    assert (match.withdrawn_why, match.withdrawn_note, match.decline_reason) == ("by_outcome", "另有合作", "")
    assert with_deal.state == "agreed"
    assert Entry.objects.get(kind="match.acceptance_withdrawn").data == {"side": "outcome", "was_agreed": True}
    assert not Entry.objects.filter(kind="match.declined").exists()


def test_a_closed_need_is_not_accepted():
    match = proposed()
    type(match.need).objects.filter(pk=match.need_id).update(state="solved")

    with pytest.raises(NoLongerPossible):
        accept(match, match.outcome.owner)


def test_who_may_accept_and_why_not():
    match = proposed()
    buyer, seller, stranger = match.need.organisation, match.outcome.owner, enterprise()
    cases = [
        (member(seller), seller, None),
        (member(seller, "publisher"), seller, None),
        (member(seller, "bidder"), seller, "需要"),
        (member(buyer), buyer, None),
        (member(buyer, "bidder"), buyer, None),
        (member(buyer, "publisher"), buyer, None),
        (member(buyer, "finance"), buyer, "需要"),
        (member(seller), None, "选择"),
        (member(stranger), seller, "不能代表"),
        (member(stranger), stranger, "对接双方"),
        (person("officer"), seller, "不能代表"),
        (person("auditor", member_of=seller, roles=["manager"]), seller, "审计"),
        (person("officer"), None, "选择"),
    ]
    for user, acting, words in cases:
        for rule in (rules.accept_match, rules.decline_match, rules.withdraw_acceptance):
            reason = why_not(rule, user, match, organisation=acting)
            assert (reason is None) == (words is None), (user.member_roles, acting, reason)


def test_an_unverified_side_does_not_answer():
    match = proposed()
    owner = match.outcome.owner
    type(owner).objects.filter(pk=owner.pk).update(state="suspended")
    match = Match.objects.get(pk=match.pk)

    with pytest.raises(PermissionDenied):
        accept(match, match.outcome.owner)


def test_accepting_twice_is_told():
    match = proposed()
    accept(match, match.outcome.owner)

    with pytest.raises(AnsweredAlready, match="已接受"):
        accept(match, match.outcome.owner)


def test_strangers_see_nothing():
    match = proposed()

    def seen(user):
        return match in Match.objects.visible_to(user)

    assert seen(member(match.need.organisation, "finance"))
    assert seen(member(match.outcome.owner))
    assert seen(person("officer"))
    assert seen(person("auditor"))
    assert not seen(member(enterprise()))
    assert not seen(person("registrar"))
    assert not seen(member(organisation()))


def together(*calls):
    """Run the calls in threads that start at one time; return what each raised (or None)."""
    barrier, raised = Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        try:
            barrier.wait(timeout=10)
            call()
        except (Refused, PermissionDenied) as refusal:
            raised[place] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    return raised


@pytest.mark.django_db(transaction=True)
def test_both_sides_accept_at_once():
    match = proposed()
    sides = [match.need.organisation, match.outcome.owner]
    people = [member(side) for side in sides]

    raised = together(
        *(
            lambda by=by, side=side: accept_match(Match.objects.get(pk=match.pk), by=by, organisation=side)
            for by, side in zip(people, sides, strict=True)
        )
    )

    assert raised == [None, None]
    match.refresh_from_db()
    assert match.state == "agreed"
    assert Entry.objects.filter(kind="match.agreed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_accept_at_once():
    match = proposed()
    owner = match.outcome.owner
    people = [member(owner), member(owner)]

    raised = together(
        *(lambda by=by: accept_match(Match.objects.get(pk=match.pk), by=by, organisation=owner) for by in people)
    )

    assert sorted(refusal is None for refusal in raised) == [False, True]
    assert Entry.objects.filter(kind="match.accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepting_meets_withdrawal_without_a_deadlock():
    match = proposed()
    owner = match.outcome.owner
    by = member(owner)

    raised = together(
        lambda: accept_match(Match.objects.get(pk=match.pk), by=by, organisation=owner),
        lambda: propose_matches(match.need, []),
    )

    match.refresh_from_db()
    accepted_first = raised[0] is None
    assert raised[1] is None
    assert match.state == ("proposed" if accepted_first else "withdrawn")
    assert (match.outcome_answer == "accepted") is accepted_first


@pytest.mark.django_db(transaction=True)
def test_withdrawing_an_acceptance_meets_the_opening_of_the_deal():
    match = agreed()
    owner, buyer = match.outcome.owner, match.need.organisation
    seller, agent = member(owner), member(buyer)

    raised = together(
        lambda: withdraw_acceptance(Match.objects.get(pk=match.pk), by=seller, organisation=owner, seen="agreed"),
        lambda: open_deal_from_match(Match.objects.get(pk=match.pk), by=agent, organisation=buyer),
    )

    match.refresh_from_db()
    assert sorted(type(refusal) for refusal in raised if refusal) in ([DealIsOpen], [NotAgreed])
    assert match.state == ("agreed" if raised[0] else "withdrawn")
    assert Deal.objects.filter(match=match).exists() == (raised[0] is not None)
