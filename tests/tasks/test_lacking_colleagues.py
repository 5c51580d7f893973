"""Reminders go to those who may act; where nobody of a house may, its managers are to bring in a colleague."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core import clock
from marketplace.deals.interest import Interest
from marketplace.deals.nda import accept_nda
from marketplace.deals.opening import accept_interest
from marketplace.desk.collecting import collect
from marketplace.desk.rows import Reader
from marketplace.notices.models import Notice
from marketplace.organisations.joining import accept_member, change_member_roles, request_membership
from marketplace.organisations.models import Membership, User
from marketplace.organisations.roles import MemberRole
from tasks.deals import remind_of_stalled_deals
from tests.factories import people
from tests.factories.people import join, sign_in
from tests.marketplace.deals.factories import from_match, interest, member, performing, priced, rules
from tests.marketplace.matching import factories as matches
from tests.tasks.test_stalled_deals import wait_for_answers

pytestmark = pytest.mark.django_db

BRING = "请安排同事处理"


def told(kind, **more):
    return set(Notice.objects.filter(kind=kind, **more).values_list("user", flat=True))


def after(days):
    return clock.moved_to(clock.now() + timedelta(days=days))


def again(user):
    """Return the person as their next page reads them."""
    return User.objects.get(pk=user.pk)


def rows(user):
    return [row for row in collect(Reader(again(user), None, clock.now())) if row.title.startswith(BRING)]


def left(organisation, *, but):
    """Let everybody leave an organisation but one."""
    Membership.objects.filter(organisation=organisation).exclude(user=but).update(state="left")


def of_both(answered_by, house, *roles):
    """Return who answered for the other side, now a member of this one too."""
    user = User.objects.get(pk=answered_by)
    join(user, house, *(roles or [MemberRole.MANAGER]))
    return user


@pytest.fixture
def turn():
    """A deal in which it is the seller's turn, and who answered for the buyer and manages the seller too."""
    rules()
    deal, seller, buyer = from_match()
    accept_nda(deal, **buyer.as_party)
    return deal, seller, of_both(deal.match.need_answered_by_id, deal.seller)


def test_who_is_kept_off_is_not_reminded_and_the_others_are(commit, turn):
    _deal, seller, both = turn

    with after(30):
        commit(remind_of_stalled_deals)

    assert seller.manager.pk in told("deal.stalls")
    assert both.pk not in told("deal.stalls")
    assert told("deal.lacks_colleague") == set()
    assert rows(both) == []


def test_where_nobody_may_act_the_managers_are_to_bring_in_a_colleague(commit, turn, mailoutbox):
    deal, _seller, both = turn
    left(deal.seller, but=both)
    reads = member(deal.seller, "finance")

    with after(30):
        commit(remind_of_stalled_deals)

    assert told("deal.lacks_colleague") == {both.pk}
    assert told("deal.stalls") == set()
    notice = Notice.objects.get(kind="deal.lacks_colleague")
    assert notice.path == deal.get_absolute_url()
    assert "停滞 30 天" in notice.title
    assert any(BRING in mail.subject for mail in mailoutbox if mail.to == [both.email])
    (row,) = rows(both)
    assert row.url == deal.get_absolute_url()
    assert row.act_url == reverse("organisation-members", args=[deal.seller.code]) + "#invite"
    assert rows(reads) == []


def test_an_inactive_colleague_or_one_without_the_role_helps_nobody(turn):
    deal, _seller, both = turn
    left(deal.seller, but=both)
    member(deal.seller, "bidder")
    gone = member(deal.seller, "publisher")
    User.objects.filter(pk=gone.pk).update(is_active=False)

    assert len(rows(both)) == 1

    User.objects.filter(pk=gone.pk).update(is_active=True)
    assert rows(both) == []


def test_once_somebody_can_act_row_and_notice_go(commit, turn):
    deal, _seller, both = turn
    left(deal.seller, but=both)
    with after(30):
        commit(remind_of_stalled_deals)
    joined = people.person()
    membership = request_membership(deal.seller, by=joined)

    commit(lambda: accept_member(membership, by=again(both), roles=["bidder"]))
    assert told("deal.lacks_colleague", read_at=None) == {both.pk}
    assert len(rows(both)) == 1

    commit(lambda: change_member_roles(Membership.objects.get(pk=membership.pk), by=again(both), roles=["publisher"]))
    assert told("deal.lacks_colleague", read_at=None) == set()
    assert rows(both) == []
    with after(37):
        commit(remind_of_stalled_deals)
    assert told("deal.stalls") == {joined.pk}


def test_what_asks_no_answer_waits_for_whoever_there_is(commit):
    """A contract is drawn up by anybody of the seller."""
    rules()
    deal, _seller, _buyer = priced()
    both = of_both(deal.match.need_answered_by_id, deal.seller)
    left(deal.seller, but=both)

    with after(30):
        commit(remind_of_stalled_deals)

    assert both.pk in told("deal.stalls")
    assert told("deal.lacks_colleague") == set()
    assert rows(both) == []


def test_the_buyer_confirms_delivery_and_lacks_somebody_too(commit):
    rules()
    deal, _seller, _buyer = performing()
    both = of_both(deal.match.outcome_answered_by_id, deal.buyer)
    left(deal.buyer, but=both)

    with after(365):
        commit(remind_of_stalled_deals)

    assert told("deal.lacks_colleague") == {both.pk}
    assert [row.url for row in rows(both)] == [deal.get_absolute_url()]


@pytest.fixture
def shown():
    """An interest, and who showed it, now a manager of its owner too."""
    wait_for_answers(14)
    one = interest()
    return one, of_both(one.shown_by_id, one.outcome.owner)


def test_who_showed_an_interest_is_not_reminded_to_answer_it(commit, shown):
    one, both = shown
    colleague = member(one.outcome.owner, "publisher")

    with after(14):
        commit(remind_of_stalled_deals)

    assert colleague.pk in told("interest.stalls")
    assert both.pk not in told("interest.stalls")
    assert rows(both) == []


def test_an_interest_nobody_may_answer_asks_for_a_colleague_till_one_is_there(commit, shown):
    one, both = shown
    left(one.outcome.owner, but=both)
    with after(14):
        commit(remind_of_stalled_deals)
    assert told("interest.lacks_colleague") == {both.pk}
    assert told("interest.stalls") == set()
    assert [row.url for row in rows(both)] == [one.get_absolute_url()]
    page = sign_in(Client(), again(both)).get(one.get_absolute_url()).content.decode()
    assert f"/organisations/{one.outcome.owner.code}/members/#invite" in page

    joined = people.person()
    membership = request_membership(one.outcome.owner, by=joined)
    commit(lambda: accept_member(membership, by=again(both), roles=["publisher"]))

    assert told("interest.lacks_colleague", read_at=None) == set()
    assert rows(both) == []
    accept_interest(Interest.objects.get(pk=one.pk), by=again(joined), organisation=one.outcome.owner)


# pages


def test_the_page_of_the_deal_leads_managers_to_inviting_and_others_to_their_manager(turn):
    deal, _seller, both = turn
    invite = f"/organisations/{deal.seller.code}/members/#invite"
    assert invite not in sign_in(Client(), again(both)).get(deal.get_absolute_url()).content.decode()
    left(deal.seller, but=both)

    manager = sign_in(Client(), again(both)).get(deal.get_absolute_url()).content.decode()
    Membership.objects.filter(organisation=deal.seller, user=both).update(roles=["publisher"])
    publisher = sign_in(Client(), again(both)).get(deal.get_absolute_url()).content.decode()

    assert invite in manager
    assert invite not in publisher
    assert "请联系本单位管理员安排同事处理" in publisher


def test_the_desk_shows_both_ways(turn):
    deal, _seller, both = turn
    left(deal.seller, but=both)

    page = sign_in(Client(), again(both)).get(reverse("desk")).content.decode()

    assert f'href="{deal.get_absolute_url()}">{BRING}' in page
    assert f'href="/organisations/{deal.seller.code}/members/#invite"' in page


def test_more_of_them_cost_no_query_more():
    rules()
    buyer, house = matches.enterprise(), matches.institute()
    both, counts = member(buyer), []
    join(both, house, MemberRole.MANAGER)
    for times in (1, 2):
        for _each in range(times):
            deal = from_match(need=matches.need(of=buyer), outcome=matches.outcome(of=house)).deal
            accept_nda(deal, by=both, organisation=buyer)
        left(house, but=both)
        with CaptureQueriesContext(connection) as captured:
            found = rows(both)
        counts.append((len(found), len(captured)))

    assert [number for number, _queries in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]
