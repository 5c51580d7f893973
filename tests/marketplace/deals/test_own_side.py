"""What is only for the own side stays there, also where one person belongs to both parties."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.text import capfirst

from marketplace.core.files import files_of
from marketplace.core.journal import Kind
from marketplace.deals.actions import terminate_deal
from marketplace.deals.history import history
from marketplace.deals.nda import accept_nda
from marketplace.deals.opening import open_deal_from_match
from marketplace.deals.own_side import in_both, notes_for
from marketplace.deals.pricing import propose_price
from marketplace.deals.stalling import take_up_deal
from marketplace.deals.talking import add_note
from marketplace.matching.actions import accept_match
from marketplace.notices.models import Notice
from marketplace.organisations.acting import KEY
from marketplace.organisations.joining import accept_member, leave_organisation, request_membership
from marketplace.organisations.models import Membership, User
from marketplace.organisations.roles import MemberRole
from tests.factories.people import join, sign_in
from tests.marketplace.deals.factories import WAN, from_match, member, pdf, person, pricing
from tests.marketplace.deals.unnamed import hidden_buyer
from tests.marketplace.matching.factories import need, outcome, proposed
from tests.tasks.conftest import carried_out as commit

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk():
    """Return a deal whose price is open, in which each side wrote a private note with a paper."""
    opened = pricing()
    for name, party in (("卖方底价", opened.seller), ("买方上限", opened.buyer)):
        add_note(opened.deal, text=name, is_shared=False, attached=[pdf(f"{name}.pdf")], **party.as_party)
    return opened


def of_both(deal):
    both = member(deal.seller, MemberRole.PUBLISHER)
    join(both, deal.buyer, MemberRole.BIDDER)
    return both


def acting(user, organisation):
    client = sign_in(Client(), user)
    session = client.session
    session[KEY] = organisation.code if organisation else ""
    session.save()
    return client


def read(deal, user, organisation):
    return [note.text for note in notes_for(deal, user, organisation)]


def test_who_belongs_to_both_reads_what_the_house_they_act_for_wrote(talk):
    deal, seller, _buyer = talk
    both = of_both(deal)

    assert read(deal, both, deal.seller) == ["卖方底价"]
    assert read(deal, both, deal.buyer) == ["买方上限"]
    assert read(deal, both, None) == []
    assert read(deal, seller.manager, deal.seller) == read(deal, seller.manager, None) == ["卖方底价"]
    assert read(deal, person("auditor"), None) == ["卖方底价", "买方上限"]


def test_who_answered_for_one_side_reads_nothing_the_other_wrote_for_itself(talk):
    deal, _seller, _buyer = talk
    both = of_both(deal)
    propose_price(deal, amount=WAN, by=both, organisation=deal.seller)

    for organisation in (deal.seller, deal.buyer, None):
        assert read(deal, both, organisation) == ["卖方底价"]


def test_who_changed_houses_does_not_read_what_the_new_one_wrote_for_itself(talk):
    deal, seller, _buyer = talk
    member(deal.seller)
    propose_price(deal, amount=WAN, **seller.as_party)
    leave_organisation(Membership.objects.get(user=seller.manager), by=seller.manager)
    join(seller.manager, deal.buyer, MemberRole.MANAGER)

    assert read(deal, User.objects.get(pk=seller.manager.pk), deal.buyer) == []


@pytest.mark.parametrize(
    ("side", "seen", "hidden"), [("seller", "卖方底价", "买方上限"), ("buyer", "买方上限", "卖方底价")]
)
def test_page_and_papers_show_the_notes_of_the_house_acted_for(talk, side, seen, hidden):
    deal, _seller, _buyer = talk
    client = acting(of_both(deal), deal.party(side))

    page = client.get(deal.get_absolute_url())

    said = page.content.decode()
    assert (seen in said, hidden in said) == (True, False)
    given = {}
    for note in deal.notes.all():
        [paper] = files_of(note)
        given[note.text] = client.get(reverse("file-download", args=[paper.code])).status_code
    assert given == {seen: 200, hidden: 404}


def test_the_history_tells_of_private_notes_whom_they_are_for(talk):
    deal, _seller, _buyer = talk
    both = of_both(deal)

    def notes_told(organisation):
        title = capfirst(Kind.DEAL_NOTED.label)
        return [row["detail"] for row in history(deal, both, organisation) if row["title"] == title]

    assert notes_told(deal.seller) == [deal.seller.name]
    assert notes_told(deal.buyer) == [deal.buyer.name]
    assert notes_told(None) == []


def test_a_private_note_is_not_announced_to_who_answered_for_the_other_side(talk):
    deal, _seller, buyer = talk
    bound, free = of_both(deal), of_both(deal)
    propose_price(deal, amount=WAN, by=bound, organisation=deal.seller)

    commit(lambda: add_note(deal, text="最多八十万", is_shared=False, **buyer.as_party))

    told = set(Notice.objects.filter(kind="deal.noted").values_list("user", flat=True))
    assert (bound.pk in told, free.pk in told) == (False, True)


def about_both():
    return set(Notice.objects.filter(kind="deal.in_both").values_list("user", flat=True))


def managers_of(*organisations):
    return {one.pk for organisation in organisations for one in User.objects.managing(organisation)}


def test_both_managers_read_who_belongs_to_both(talk):
    deal, seller, buyer = talk
    both = of_both(deal)

    assert [(one.person, one.other) for one in in_both(deal, seller.manager, deal.seller)] == [(both, deal.buyer)]
    assert [(one.person, one.other) for one in in_both(deal, buyer.manager, deal.buyer)] == [(both, deal.seller)]
    assert in_both(deal, member(deal.seller, MemberRole.PUBLISHER), deal.seller) == []
    assert in_both(deal, person("auditor"), None) == []
    page = acting(seller.manager, deal.seller).get("/en" + deal.get_absolute_url()).content.decode()
    assert "also belongs to" in page
    terminate_deal(deal, reason="预算取消", **seller.as_party)
    assert in_both(deal, seller.manager, deal.seller) == []


def test_a_manager_of_both_reads_it_for_the_house_they_act_for(talk):
    deal, seller, _buyer = talk
    join(seller.manager, deal.buyer, MemberRole.MANAGER)

    for organisation, other in ((deal.seller, deal.buyer), (deal.buyer, deal.seller)):
        assert [one.other for one in in_both(deal, seller.manager, organisation)] == [other]


def test_managers_are_told_when_somebody_joins_the_other_party(talk):
    deal, seller, buyer = talk
    one = member(deal.seller, MemberRole.PUBLISHER)
    asked = request_membership(deal.buyer, by=one)
    assert not about_both()

    commit(lambda: accept_member(asked, by=buyer.manager, roles=[MemberRole.BIDDER]))

    others = managers_of(deal.seller, deal.buyer) - {buyer.manager.pk}  # who let them in did it
    assert about_both() == others >= {seller.manager.pk}
    assert one.name not in Notice.objects.filter(kind="deal.in_both").first().title


def test_nobody_is_told_of_who_joins_a_party_of_deals_with_others_or_of_one_that_ended(talk):
    deal, seller, buyer = talk
    stranger = request_membership(deal.buyer, by=member(from_match().deal.seller))
    terminate_deal(deal, reason="预算取消", **seller.as_party)
    late = request_membership(deal.buyer, by=member(deal.seller, MemberRole.PUBLISHER))

    for asked in (stranger, late):
        commit(lambda asked=asked: accept_member(asked, by=buyer.manager, roles=[MemberRole.BIDDER]))

    assert not about_both()
    commit(lambda: take_up_deal(deal, reason="预算有了", **seller.as_party))
    assert about_both() == managers_of(deal.seller, deal.buyer) - {seller.manager.pk}


def test_an_anonymous_buyer_is_not_given_away_by_who_belongs_to_both():
    buyer, offered = hidden_buyer(), outcome()
    seller, idle = member(offered.owner), member(offered.owner)
    both = member(offered.owner, MemberRole.PUBLISHER)
    join(both, buyer.organisation, MemberRole.BIDDER)
    match = proposed(need=need(of=buyer.organisation, is_anonymous=True), outcome=offered)
    accept_match(match, **buyer.as_party)
    accept_match(match, by=seller, organisation=offered.owner)

    deal = commit(lambda: open_deal_from_match(match, by=seller, organisation=offered.owner))
    assert about_both() == {buyer.manager.pk}
    assert in_both(deal, seller, offered.owner) == []
    assert [one.person for one in in_both(deal, buyer.manager, buyer.organisation)] == [both]

    commit(lambda: accept_nda(deal, **buyer.as_party))
    assert about_both() == {buyer.manager.pk}
    commit(lambda: accept_nda(deal, by=seller, organisation=offered.owner))

    assert about_both() == {buyer.manager.pk, idle.pk}  # the seller accepted, and reads it on the page
    deal = type(deal).objects.get(pk=deal.pk)
    assert [one.other for one in in_both(deal, seller, offered.owner)] == [buyer.organisation]
