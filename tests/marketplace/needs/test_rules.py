"""Who may do what with a need: one table for each rule and each place a need may stand in."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from marketplace.core import clock
from marketplace.core.rules import why_not
from marketplace.needs import rules
from marketplace.needs.actions import draft_need, submit_need
from marketplace.needs.models import TargetIndicator, TechnologyNeed
from marketplace.organisations.roles import MemberRole
from marketplace.reviews import rules as review_rules
from marketplace.reviews.actions import recall_review
from marketplace.reviews.drafts import save_draft
from tests.factories.people import member, organisation
from tests.factories.rules import verbs
from tests.marketplace.matching.factories import need

WRITES = {"manager", "publisher"}
READS = {"manager", "publisher", "bidder", "officer", "liaison", "auditor"}
TABLE = {  # rule: (draft, open to the public, closed)
    rules.submit_need: (WRITES, WRITES, set()),
    rules.solve_need: (set(), WRITES, set()),  # the enterprise's own word (K15.2)
    rules.close_need: (set(), WRITES | {"liaison"}, set()),
    rules.reopen_need: (set(), set(), WRITES),
    review_rules.save_draft: (WRITES, WRITES, set()),
    review_rules.delete_draft: (WRITES, set(), set()),
    review_rules.see_draft: (READS - {"liaison"}, READS, READS),
    review_rules.take_offline: ({"officer"}, {"officer"}, {"officer"}),
}
STANDS = ({"live": False, "published_at": None}, {}, {"state": "closed"})


@pytest.fixture
def people(trade):
    return {
        "visitor": AnonymousUser(),
        "stranger": trade.stranger,
        "other_manager": trade.rival,
        "other_publisher": member(trade.other, MemberRole.PUBLISHER),
        "manager": trade.manager,
        "publisher": trade.publisher,
        "bidder": trade.bidder,
        "officer": trade.officer,
        "liaison": trade.liaison,
        "auditor": trade.auditor,
    }


def allowed(people, rule, subject):
    return {who for who, user in people.items() if why_not(rule, user, subject) is None}


@pytest.mark.parametrize("rule", TABLE)
def test_who_may_with_a_draft_a_public_and_a_closed_need(rule, trade, people):
    found = tuple(allowed(people, rule, need(of=trade.enterprise, **stands)) for stands in STANDS)

    assert found == TABLE[rule]


def test_drafting_is_for_publishers_of_enterprises_and_institutes(trade, people):
    bank = organisation(kind="bank", name="样例银行")

    assert allowed(people, rules.draft_need, trade.enterprise) == WRITES
    assert why_not(rules.draft_need, member(bank, MemberRole.MANAGER), bank) is not None


def test_an_unverified_enterprise_writes_but_does_not_send_in(trade):
    draft = need(of=trade.enterprise, live=False, published_at=None)
    trade.enterprise.state = "suspended"
    trade.enterprise.save()
    draft.refresh_from_db()

    assert why_not(review_rules.save_draft, trade.publisher, draft) is None
    assert why_not(rules.submit_need, trade.publisher, draft) is not None


def test_who_finds_a_draft_and_who_a_public_need(trade, people):
    draft, public = need(of=trade.enterprise, live=False, published_at=None), need(of=trade.enterprise)

    seen = {who: set(TechnologyNeed.objects.visible_to(user)) for who, user in people.items()}

    assert {who for who, found in seen.items() if draft in found} == READS - {"liaison"}
    assert all(public in found for found in seen.values())


@pytest.mark.parametrize(
    ("stand", "who"),
    [
        ("draft", READS - {"liaison"}),
        ("sent in", READS),
        ("recalled", READS),  # the liaison has seen it
    ],
)
def test_liaisons_find_needs_from_when_they_are_sent_in(trade, people, stand, who):
    written = draft_need(organisation=trade.enterprise, by=trade.publisher, title="智能锁静态功耗降低")
    if stand != "draft":
        written = sent_in(written, trade)
    if stand == "recalled":
        recall_review(written, by=trade.publisher)
        written = TechnologyNeed.objects.get(pk=written.pk)

    finds = {each for each, user in people.items() if written in TechnologyNeed.objects.visible_to(user)}

    assert finds == allowed(people, review_rules.see_draft, written) == who


def sent_in(written, trade):
    written.problem = "锁具待机电流约 60 微安，四节干电池只能用六个月，用户频繁换电池，售后成本高。"
    written.field, written.industry, written.mode, written.is_negotiable = trade.field, trade.industry, "joint", True
    written.deadline = clock.today() + timedelta(days=90)
    written.indicators = [TargetIndicator(name="待机电流", comparison="le", value="20", unit="µA")]
    save_draft(written, by=trade.publisher)
    submit_need(TechnologyNeed.objects.get(pk=written.pk), by=trade.publisher)
    return TechnologyNeed.objects.get(pk=written.pk)


def test_every_rule_has_its_table():
    assert {rule.__name__ for rule in TABLE} | {"draft_need"} >= verbs(rules)
