"""Who answers a match and who sees the matches of a record: one table, each person acting for an organisation."""

import pytest
from django.contrib.auth.models import AnonymousUser

from marketplace.core.rules import why_not
from marketplace.deals.brokering import name_broker
from marketplace.matching import rules
from marketplace.matching.actions import accept_match
from marketplace.matching.invitation import BrokerInvitation
from marketplace.matching.inviting import accept_invitation, invite_broker
from marketplace.organisations.roles import MemberRole
from tests.factories.people import join
from tests.factories.rules import verbs
from tests.marketplace.deals.factories import broker, from_interest
from tests.marketplace.matching.factories import enterprise, institute, member, person, proposed

pytestmark = pytest.mark.django_db

NEEDS = {"need_manager", "need_publisher", "need_bidder"}
OFFERS = {"outcome_manager", "outcome_publisher"}
ANSWERS = dict.fromkeys(("accept_match", "decline_match"), NEEDS | OFFERS)
ANSWERS["withdraw_acceptance"] = NEEDS | OFFERS | {"answered_for_need"}  # taking back binds nobody
# Adding and pinning: either side, the broker who serves one of them, officers
BY_HAND = {
    name: NEEDS | OFFERS | {"officer", "invited_broker", "broker_of_deal"} for name in ("add_match", "pin_match")
}
# Of whatever organisation but that of the need; whether the outcome is theirs the action asks
OFFERS_TO_NEED = OFFERS | {"stranger", "other_manager", "other_publisher"}
TAKES_BACK = NEEDS | {"officer"}  # of what the side of the need added
RECONSIDERS = NEEDS  # of what the side of the need declined
UNPINS = NEEDS | {"officer"}  # of what the side of the need pinned
SEES = {
    "see_matches_of_need": NEEDS
    | {"officer", "auditor", "auditing_manager", "need_manager_for_nobody", "invited_broker"},
    "see_matches_of_outcome": OFFERS | {"outcome_bidder", "officer", "auditor", "auditing_manager", "broker_of_deal"},
}
SEES_BROKERS = {
    "need": NEEDS | {"officer", "auditor", "auditing_manager", "need_manager_for_nobody"},
    "outcome": OFFERS | {"outcome_bidder", "officer", "auditor", "auditing_manager"},
}
INVITES = {"need": NEEDS | {"officer"}, "outcome": OFFERS | {"officer"}}
ANSWERS_INVITATION = ("accept_invitation", "decline_invitation")


@pytest.fixture
def match():
    return proposed()


def _invited_broker(match):
    """A broker who took up the need."""
    invited = broker()
    side = match.need.organisation
    invitation = invite_broker(invited, match.need, by=member(side), organisation=side, message="请协助对接。")
    accept_invitation(invitation, by=invited.user)
    return invited.user


def _broker_of_deal(match):
    """The broker of the seller in an open deal about the outcome, with another buyer."""
    named = broker()
    deal, seller, _buyer = from_interest(on=match.outcome)
    name_broker(deal, named, **seller.as_party)
    return named.user


@pytest.fixture
def people(match):
    needs, offers, stranger, other = match.need.organisation, match.outcome.owner, enterprise(), institute()
    return {
        "visitor": (AnonymousUser(), None),
        "stranger": (member(stranger), stranger),
        "other_publisher": (member(other, "publisher"), other),
        "stranger_as_need": (member(stranger), needs),
        "need_manager": (member(needs), needs),
        "need_manager_for_nobody": (member(needs), None),
        "need_publisher": (member(needs, "publisher"), needs),
        "need_bidder": (member(needs, "bidder"), needs),
        "outcome_manager": (member(offers), offers),
        "outcome_publisher": (member(offers, "publisher"), offers),
        "outcome_bidder": (member(offers, "bidder"), offers),
        "invited_broker": (_invited_broker(match), None),
        "broker_of_deal": (_broker_of_deal(match), None),
        "broker_elsewhere": (broker().user, None),
        "officer": (person("officer"), None),
        "officer_as_need": (person("registrar"), needs),
        "liaison": (person("liaison"), None),
        "auditor": (person("auditor"), None),
        "auditing_manager": (person("auditor", member_of=needs, roles=["manager"]), needs),
    }


@pytest.mark.parametrize("name", ANSWERS)
def test_each_side_answers_for_itself(name, match, people):
    rule, both = getattr(rules, name), member(match.need.organisation)
    accept_match(match, by=both, organisation=match.need.organisation)
    join(both, match.outcome.owner, MemberRole.MANAGER)
    people["answered_for_need"] = (both, match.outcome.owner)

    may = {who for who, (user, acting) in people.items() if why_not(rule, user, match, organisation=acting) is None}

    assert may == ANSWERS[name]


@pytest.mark.parametrize(("name", "side"), [("see_matches_of_need", "need"), ("see_matches_of_outcome", "outcome")])
def test_who_sees_the_matches_of_a_record(name, side, match, people):
    rule, record = getattr(rules, name), getattr(match, side)

    assert {who for who, (user, _) in people.items() if why_not(rule, user, record) is None} == SEES[name]


@pytest.mark.parametrize("name", BY_HAND)
def test_who_adds_and_pins_by_hand(name, match, people):
    rule = getattr(rules, name)

    may = {who for who, (user, acting) in people.items() if why_not(rule, user, match, organisation=acting) is None}

    assert may == BY_HAND[name]


def test_who_offers_an_outcome_to_a_need(match, people):
    other = institute()
    people["other_manager"] = (member(other), other)
    people["other_bidder"] = (member(other, "bidder"), other)

    may = {
        who
        for who, (user, acting) in people.items()
        if why_not(rules.offer_to_need, user, match.need, organisation=acting) is None
    }

    assert may == OFFERS_TO_NEED


def test_a_pin_is_taken_away_in_the_capacity_it_was_set_in(match, people):
    match.pinned_as = "need"

    may = {
        who
        for who, (user, acting) in people.items()
        if why_not(rules.unpin_match, user, match, organisation=acting) is None
    }

    assert may == UNPINS


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        (rules.take_back_match, {"added_as": "need"}, TAKES_BACK),
        (rules.take_back_match, {"added_as": ""}, set()),
        (rules.reconsider_match, {"need_answer": "declined"}, RECONSIDERS),
        (rules.reconsider_match, {"need_answer": "withdrawn"}, RECONSIDERS),
        (rules.reconsider_match, {}, set()),
        (rules.correct_offer, {"added_as": "outcome"}, OFFERS),
        (rules.correct_offer, {"added_as": "need"}, set()),
        (rules.correct_offer, {}, set()),
    ],
)
def test_who_takes_back_what_was_added_or_declined(rule, facts, expected, match, people):
    for name, value in facts.items():
        setattr(match, name, value)

    may = {who for who, (user, acting) in people.items() if why_not(rule, user, match, organisation=acting) is None}

    assert may == expected


@pytest.mark.parametrize("side", INVITES)
def test_who_sees_and_invites_brokers(side, match, people):
    record = getattr(match, side)
    [invitation] = [BrokerInvitation(**{side: record}, broker=broker())]

    sees = {who for who, (user, _) in people.items() if why_not(rules.see_brokers, user, record) is None}
    invites, takes_back = (
        {who for who, (user, acting) in people.items() if why_not(rule, user, subject, organisation=acting) is None}
        for rule, subject in ((rules.invite_broker, record), (rules.withdraw_invitation, invitation))
    )

    assert sees == SEES_BROKERS[side]
    assert invites == takes_back == INVITES[side]


@pytest.mark.parametrize("name", ANSWERS_INVITATION)
def test_only_the_invited_broker_answers(name, match, people):
    rule, invited = getattr(rules, name), broker()
    people["the_broker"] = (invited.user, None)
    invitation = BrokerInvitation(need=match.need, broker=invited)

    assert {who for who, (user, _) in people.items() if why_not(rule, user, invitation) is None} == {"the_broker"}


def test_every_rule_has_its_table():
    tables = {*ANSWERS, *SEES, *BY_HAND, *ANSWERS_INVITATION}
    tables |= {"take_back_match", "reconsider_match", "offer_to_need", "correct_offer", "pass_match_on"}
    assert tables | {"unpin_match", "see_brokers", "invite_broker", "withdraw_invitation"} == verbs(rules)
