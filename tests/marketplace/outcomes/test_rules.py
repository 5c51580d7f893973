"""Who may do what with an outcome: one table for each rule."""

import pytest
from django.contrib.auth.models import AnonymousUser

from marketplace.core.rules import why_not
from marketplace.outcomes import rules
from marketplace.outcomes.availability import reserve_outcome, withdraw_outcome
from marketplace.reviews import rules as review_rules
from marketplace.reviews.actions import approve_review
from tests.marketplace.outcomes.making import Institute, fresh, organisation, person

WHO = ("visitor", "stranger", "member", "publisher", "manager", "officer", "auditor")


@pytest.fixture
def people(institute):
    return {
        "visitor": AnonymousUser(),
        "stranger": Institute().manager,
        "member": person(of=institute.organisation),
        "publisher": institute.publisher,
        "manager": institute.manager,
        "officer": institute.officer,
        "auditor": person("auditor"),
    }


def allowed(people, rule, *subjects):
    return {who for who in WHO if why_not(rule, people[who], *subjects) is None}


@pytest.mark.parametrize(
    ("rule", "may"),
    [
        (review_rules.save_draft, {"publisher", "manager"}),
        (rules.submit_outcome, {"publisher", "manager"}),
        (rules.attach_outcome_file, {"publisher", "manager"}),
        (rules.confirm_outcome, {"publisher", "manager"}),
        (rules.withdraw_outcome, {"publisher", "manager"}),
        (review_rules.see_draft, {"member", "publisher", "manager", "officer", "auditor"}),
        (rules.see_confidential_part, {"member", "publisher", "manager", "officer", "auditor"}),
        (rules.offer_outcome_again, set()),
        (review_rules.delete_draft, set()),
        (review_rules.take_offline, {"officer"}),
        (review_rules.recall_review, {"publisher", "manager"}),
    ],
)
def test_a_public_outcome(rule, may, institute, people):
    assert allowed(people, rule, institute.published()) == may


def test_the_steps_of_a_review(institute, people):
    outcome = institute.submitted()
    assert allowed(people, review_rules.approve_review, outcome.pending_review) == {"manager"}

    approve_review(outcome.pending_review, by=institute.manager)
    assert allowed(people, review_rules.return_review, fresh(outcome).pending_review) == {"officer"}


def test_drafting_is_for_publishers_of_institutes_and_enterprises(institute, people):
    assert allowed(people, rules.draft_outcome, institute.organisation) == {"publisher", "manager"}

    bank = organisation(kind="bank")
    clerk = person(of=bank, roles=["publisher"])
    assert why_not(rules.draft_outcome, clerk, bank) is not None


@pytest.mark.parametrize("state", ["pending", "refused", "suspended"])
def test_only_verified_organisations_send_in(state, institute):
    outcome = institute.draft()
    institute.organisation.state = state
    institute.organisation.save()

    assert why_not(rules.submit_outcome, institute.publisher, fresh(outcome)) is not None
    assert why_not(review_rules.save_draft, institute.publisher, fresh(outcome)) is None


def test_what_is_reserved_is_not_withdrawn_and_what_is_withdrawn_is_not_sent_in(institute):
    outcome = institute.published()
    reserve_outcome(outcome, by=None)
    assert why_not(rules.withdraw_outcome, institute.manager, outcome) is not None

    other = institute.published(title="另一项成果")
    withdraw_outcome(other, by=institute.manager)
    assert why_not(rules.submit_outcome, institute.manager, other) is not None
    assert why_not(rules.offer_outcome_again, institute.manager, other) is None
