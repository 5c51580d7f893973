"""Who answers a match and who sees the matches of a record: one table, each person acting for an organisation."""

import pytest
from django.contrib.auth.models import AnonymousUser

from marketplace.core.rules import why_not
from marketplace.matching import rules
from tests.factories.rules import verbs
from tests.marketplace.matching.factories import enterprise, institute, member, person, proposed

pytestmark = pytest.mark.django_db

NEEDS = {"need_manager", "need_publisher", "need_bidder"}
OFFERS = {"outcome_manager", "outcome_publisher"}
ANSWERS = {"accept_match": NEEDS | OFFERS, "decline_match": NEEDS | OFFERS}
SEES = {
    "see_matches_of_need": NEEDS | {"officer", "auditor", "auditing_manager", "need_manager_for_nobody"},
    "see_matches_of_outcome": OFFERS | {"outcome_bidder", "officer", "auditor", "auditing_manager"},
}


@pytest.fixture
def match():
    return proposed()


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
        "officer": (person("officer"), None),
        "officer_as_need": (person("registrar"), needs),
        "liaison": (person("liaison"), None),
        "auditor": (person("auditor"), None),
        "auditing_manager": (person("auditor", member_of=needs, roles=["manager"]), needs),
    }


@pytest.mark.parametrize("name", ANSWERS)
def test_each_side_answers_for_itself(name, match, people):
    rule = getattr(rules, name)

    may = {who for who, (user, acting) in people.items() if why_not(rule, user, match, organisation=acting) is None}

    assert may == ANSWERS[name]


@pytest.mark.parametrize(("name", "side"), [("see_matches_of_need", "need"), ("see_matches_of_outcome", "outcome")])
def test_who_sees_the_matches_of_a_record(name, side, match, people):
    rule, record = getattr(rules, name), getattr(match, side)

    assert {who for who, (user, _) in people.items() if why_not(rule, user, record) is None} == SEES[name]


def test_every_rule_has_its_table():
    assert {*ANSWERS, *SEES} == verbs(rules)
