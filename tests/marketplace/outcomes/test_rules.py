"""Who may do what with an outcome, its drafts, its review and an import: one table for each rule."""

import copy
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from marketplace.core.rules import why_not
from marketplace.organisations.roles import MemberRole
from marketplace.outcomes import rules
from marketplace.outcomes.availability import disclose_outcome, reserve_outcome, withdraw_outcome
from marketplace.outcomes.imports import rules as import_rules
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews import rules as review_rules
from marketplace.reviews.actions import approve_review
from tests.factories.rules import verbs
from tests.marketplace.outcomes.making import Institute, fresh, organisation, person
from tests.marketplace.outcomes.owning import Partner, asked_of, sent_with

WRITES = {"publisher", "manager"}
READS = {"member", "publisher", "manager", "officer", "auditor"}
OF_PUBLIC = {
    rules.submit_outcome: WRITES,
    rules.attach_outcome_file: WRITES,
    rules.withdraw_outcome_file: WRITES,
    rules.confirm_outcome: WRITES,
    rules.withdraw_outcome: WRITES,
    rules.offer_outcome_again: set(),  # it is not withdrawn
    rules.see_confidential_part: READS | {"disclosed"},
    review_rules.save_draft: WRITES,
    review_rules.delete_draft: set(),  # it was sent in
    review_rules.see_draft: READS,
    review_rules.submit_for_review: WRITES,
    review_rules.recall_review: WRITES,
    review_rules.take_offline: {"officer"},
}
OF_IMPORT = {
    import_rules.change_import: WRITES,
    import_rules.take_over_import: WRITES,
    import_rules.take_back_import: WRITES,
}


pytestmark = pytest.mark.usefixtures("for_now")


@pytest.fixture(scope="module")
def lasting_people(lasting_institute):
    institute, other = lasting_institute, Institute()
    return {
        "visitor": AnonymousUser(),
        "stranger": person(),
        "other_publisher": other.publisher,
        "other_manager": other.manager,
        "disclosed": person(of=organisation(kind="enterprise"), roles=["manager"]),
        "member": person(of=institute.organisation),
        "publisher": institute.publisher,
        "manager": institute.manager,
        "officer": institute.officer,
        "liaison": person("liaison"),
        "editor": person("editor"),
        "auditor": person("auditor"),
        "auditing_manager": person("auditor", of=institute.organisation, roles=["manager"]),
    }


@pytest.fixture
def people(lasting_people, for_now):
    return copy.deepcopy(lasting_people)


@pytest.fixture
def institute(lasting_institute, for_now):
    return copy.deepcopy(lasting_institute)


def allowed(people, rule, *subjects):
    return {who for who, user in people.items() if why_not(rule, user, *subjects) is None}


def may(who, rule):
    """Return who may, as the table has it; an auditor who is a manager too reads, and changes nothing."""
    return who | {"auditing_manager"} if rule.__name__.startswith("see_") else who


@pytest.mark.parametrize("rule", OF_PUBLIC)
def test_a_public_outcome(rule, institute, people):
    outcome = institute.public
    disclose_outcome(outcome, people["disclosed"].memberships.get().organisation, "nda", by=institute.manager)

    assert allowed(people, rule, fresh(outcome)) == may(OF_PUBLIC[rule], rule)


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        (review_rules.save_draft, WRITES),
        (review_rules.delete_draft, WRITES),
        (review_rules.submit_for_review, WRITES),
        (review_rules.see_draft, READS),
        (rules.confirm_outcome, set()),
    ],
)
def test_a_draft_never_sent_in(rule, who, institute, people):
    assert allowed(people, rule, institute.drafted) == may(who, rule)


@pytest.mark.parametrize("rule", [review_rules.approve_review, review_rules.return_review])
def test_the_steps_of_a_review(rule, institute, people):
    outcome = institute.sent
    assert allowed(people, rule, outcome.pending_review) == {"manager"}

    approve_review(outcome.pending_review, by=institute.manager)
    assert allowed(people, rule, fresh(outcome).pending_review) == {"officer"}


def test_the_version_that_passed_is_published_by_its_reviewers_and_its_owner(institute, people):
    outcome = institute.public
    passed = outcome.last_passed_revision()

    assert allowed(people, review_rules.publish_reviewed, outcome, passed) == {"publisher", "manager", "officer"}
    assert allowed(people, review_rules.publish_reviewed, institute.drafted, passed) == set()


def test_what_is_withdrawn_is_offered_again_by_its_owner(institute, people):
    outcome = institute.public
    withdraw_outcome(outcome, by=institute.manager)

    assert allowed(people, rules.offer_outcome_again, fresh(outcome)) == WRITES
    assert allowed(people, rules.withdraw_outcome, fresh(outcome)) == set()


def test_drafting_is_for_publishers_of_institutes_and_enterprises(institute, people):
    assert allowed(people, rules.draft_outcome, institute.organisation) == WRITES

    bank = organisation(kind="bank")
    clerk = person(of=bank, roles=["publisher"])
    assert why_not(rules.draft_outcome, clerk, bank) is not None


@pytest.mark.parametrize("rule", OF_IMPORT)
def test_an_import(rule, institute, people):
    batch = SimpleNamespace(organisation=institute.organisation)

    assert allowed(people, rule, batch) == OF_IMPORT[rule]


def test_sheets_are_uploaded_for_institutes(institute, people):
    enterprise = organisation(kind="enterprise")

    assert allowed(people, import_rules.upload_sheet, institute.organisation) == WRITES
    assert why_not(import_rules.upload_sheet, person(of=enterprise, roles=[MemberRole.MANAGER]), enterprise)


def test_a_co_owner_answers_for_itself(institute, people):
    partner = Partner()
    asked = asked_of(sent_with(institute, partner), partner)
    people |= {
        "co_owner_publisher": partner.publisher,
        "co_owner_manager": partner.manager,
        "co_owner_member": person(of=partner.organisation),
        "co_owner_finance": person(of=partner.organisation, roles=["finance"]),
    }

    assert allowed(people, rules.answer_co_ownership, asked) == {"co_owner_publisher", "co_owner_manager"}
    for side in (institute.organisation, partner.organisation):
        people[f"officer of {side.pk}"] = person("officer", of=side)
    assert allowed(people, rules.enter_co_owner_answer, asked) == {"officer"}


def test_every_rule_has_its_table():
    of_co_owners = {"draft_outcome", "answer_co_ownership", "enter_co_owner_answer"}
    assert {rule.__name__ for rule in OF_PUBLIC} | of_co_owners >= verbs(rules)
    assert {rule.__name__ for rule in OF_IMPORT} | {"upload_sheet"} == verbs(import_rules)
    in_tests = {"approve_review", "return_review", "publish_reviewed"}
    assert {rule.__name__ for rule in OF_PUBLIC} | in_tests >= verbs(review_rules) - {"passed_review"}


def test_who_finds_a_draft_and_who_a_public_outcome(institute, people):
    draft, public = institute.drafted, institute.public

    seen = {who: set(ResearchOutcome.objects.visible_to(user)) for who, user in people.items()}

    assert {who for who, found in seen.items() if draft in found} == READS | {"auditing_manager"}
    assert all(public in found for found in seen.values())


@pytest.mark.parametrize("state", ["pending", "refused", "suspended"])
def test_only_verified_organisations_send_in(state, institute):
    outcome = institute.drafted
    institute.organisation.state = state
    institute.organisation.save()

    assert why_not(rules.submit_outcome, institute.publisher, fresh(outcome)) is not None
    assert why_not(review_rules.save_draft, institute.publisher, fresh(outcome)) is None


def test_what_is_reserved_is_not_withdrawn_and_what_is_withdrawn_is_not_sent_in(institute):
    outcome = institute.public
    reserve_outcome(outcome, by=None)
    assert why_not(rules.withdraw_outcome, institute.manager, outcome) is not None

    other = institute.published(title="另一项成果")
    withdraw_outcome(other, by=institute.manager)
    assert why_not(rules.submit_outcome, institute.manager, other) is not None
    assert why_not(rules.offer_outcome_again, institute.manager, other) is None
