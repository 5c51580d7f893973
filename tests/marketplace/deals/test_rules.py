"""Who does what in a deal: one table, each person acting for their own organisation."""

import pytest
from django.contrib.auth.models import AnonymousUser

from marketplace.core.rules import why_not
from marketplace.deals import rules
from marketplace.deals.models import Deal
from marketplace.organisations.roles import MemberRole
from tests.factories.people import join
from tests.factories.rules import verbs
from tests.marketplace.deals.factories import broker, engage, enterprise, from_match, interest, member, person
from tests.marketplace.matching.factories import agreed

pytestmark = pytest.mark.django_db

SELLS = {"seller", "seller_publisher"}
BUYS = {"buyer", "buyer_bidder"}
BOTH = SELLS | BUYS
OPEN_TO = {"answered_for_buyer"}  # a manager of the seller who accepted the match for the buyer: what binds nobody
TALKS = BOTH | OPEN_TO | {"broker", "seller_bidder", "buyer_publisher"}
OF_DEAL = {
    "accept_nda": BOTH,
    "choose_pricing": SELLS,
    "propose_price": BOTH,
    "accept_price": BOTH,
    "reopen_pricing": BOTH,
    "withdraw_reopening": BOTH | OPEN_TO,
    "name_broker": BOTH,
    "consent_to_broker": BOTH,
    "release_broker": SELLS | OPEN_TO | {"broker"},  # whom the seller named
    "add_note": TALKS,
    "add_deal_file": TALKS,
    "write_terms": TALKS,
    "take_up_deal": BOTH,
    "terminate_deal": BOTH,
    "finish_deal": BUYS,
}
OF_INTEREST = {
    "accept_interest": SELLS,
    "decline_interest": SELLS,
    "withdraw_interest": BUYS | {"buyer_publisher"},
}
TRADES = BUYS | {"buyer_publisher", "stranger"}  # anybody who trades, but the owner and its relatives


def cast(seller, buyer, holder):
    """Return {who: (person, the organisation they act for)}."""
    stranger = enterprise()
    return {
        "visitor": (AnonymousUser(), None),
        "seller": (member(seller), seller),
        "seller_publisher": (member(seller, "publisher"), seller),
        "seller_bidder": (member(seller, "bidder"), seller),
        "seller_finance": (member(seller, "finance"), seller),
        "buyer": (member(buyer), buyer),
        "buyer_bidder": (member(buyer, "bidder"), buyer),
        "buyer_publisher": (member(buyer, "publisher"), buyer),
        "buyer_finance": (member(buyer, "finance"), buyer),
        "broker": (holder.user, None),
        "stranger": (member(stranger), stranger),
        "stranger_as_seller": (member(stranger), seller),
        "stranger_as_buyer": (member(stranger), buyer),
        "seller_as_buyer": (member(seller), buyer),
        "nobody_chosen": (member(seller), None),
        "officer": (person("officer"), None),
        "officer_as_seller": (person("officer"), seller),
        "registrar": (person("registrar"), None),
        "registrar_of_seller": (person("registrar", member_of=seller, roles=["finance"]), seller),
        "second_reviewer": (person("second_reviewer"), None),
        "organiser": (person("organiser"), seller),
        "auditor": (person("auditor", member_of=seller, roles=["manager"]), seller),
    }


def allowed(name, subject, people):
    rule = getattr(rules, name)
    return {who for who, (user, acting) in people.items() if why_not(rule, user, subject, organisation=acting) is None}


def brokered():
    deal, seller, buyer = from_match()
    one = broker()
    engage(deal, one, **seller.as_party)
    people = cast(seller.organisation, buyer.organisation, one)
    return deal, people | of_other_side(deal.match.need_answered_by, deal.seller, "answered_for_buyer")


def of_other_side(user, house, who):
    """Somebody who answered for one side, as a manager of the other."""
    join(user, house, MemberRole.MANAGER)
    return {who: (user, house)}


@pytest.mark.parametrize("name", OF_DEAL)
def test_who_does_what_in_a_deal(name):
    deal, people = brokered()

    assert allowed(name, deal, people) == OF_DEAL[name]


@pytest.mark.parametrize("name", OF_INTEREST)
def test_who_answers_interest_and_takes_it_back(name):
    shown = interest()
    people = cast(shown.outcome.owner, shown.organisation, broker())
    people |= of_other_side(shown.shown_by, shown.outcome.owner, "shower_in_owner")

    assert allowed(name, shown, people) == OF_INTEREST[name]


def test_who_shows_interest():
    shown = interest()
    people = cast(shown.outcome.owner, shown.organisation, broker())

    assert allowed("show_interest", shown.outcome, people) == TRADES


def test_who_opens_the_deal_of_a_match():
    match = agreed()
    people = cast(match.outcome.owner, match.need.organisation, broker())
    people |= of_other_side(match.need_answered_by, match.outcome.owner, "answered_for_need")

    assert allowed("open_deal_from_match", match, people) == SELLS | BUYS | {"buyer_publisher"}


def test_a_suspended_party_does_nothing_but_talk():
    deal, people = brokered()
    type(deal.seller).objects.filter(pk=deal.seller_id).update(state="suspended")
    again = Deal.objects.get(pk=deal.pk)
    seller = {"seller": (people["seller"][0], again.seller)}

    assert {name for name in OF_DEAL if allowed(name, again, seller)} == {"add_note", "add_deal_file", "write_terms"}


def test_every_rule_has_its_table():
    others = {"accept_engagement", "show_interest", "open_deal_from_match", "keep_deal_rule"}
    assert {*OF_DEAL, *OF_INTEREST, *others} == verbs(rules)


def test_only_the_broker_who_is_named_accepts():
    deal, people = brokered()

    accept = {who for who, (user, _acting) in people.items() if why_not(rules.accept_engagement, user, deal) is None}

    assert accept == {"broker"}


def test_who_sees_a_deal():
    deal, people = brokered()

    seen = {who for who, (user, _acting) in people.items() if deal in Deal.objects.visible_to(user)}

    unseen = {"visitor", "stranger", "stranger_as_seller", "stranger_as_buyer"}
    assert seen == set(people) - unseen - {"registrar", "second_reviewer", "organiser"}
