"""Co-owners on the platform: asked when a draft is sent in, their answers, and what follows from them."""

import copy
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from marketplace.core.journal import Entry
from marketplace.core.refusals import Refused
from marketplace.organisations.actions import suspend_organisation
from marketplace.outcomes.actions import confirm_outcome, submit_outcome
from marketplace.outcomes.availability import withdraw_outcome
from marketplace.outcomes.co_owners import objection_to, organisations_named, standings_of
from marketplace.outcomes.co_ownership import CoOwnerAnswer, CoOwnership
from marketplace.outcomes.co_owning import (
    AnsweredMeanwhile,
    AnsweredSo,
    AskedAnew,
    NothingToAnswer,
    ObjectionReasonMissing,
    ObjectionTooLong,
    answer_co_ownership,
    answer_seen,
)
from marketplace.outcomes.completeness import missing_in
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.parts import CoOwner
from marketplace.reviews.actions import approve_review, recall_review, return_review
from marketplace.reviews.refusals import NotPublishable
from tests.marketplace.outcomes.making import Institute, fresh, organisation, set_up
from tests.marketplace.outcomes.owning import Partner, agree, asked_of, held_with, objects, sent_with

pytestmark = pytest.mark.usefixtures("for_now")


@pytest.fixture(scope="module")
def lasting_house(lasting):
    """An institute with a draft, a partner, and an outcome that was sent in and names the partner."""
    set_up()
    institute, partner = Institute(), Partner(name="瓯江样例科技有限公司")
    institute.drafted, institute.shared = institute.draft(), sent_with(institute, partner)
    return SimpleNamespace(institute=institute, partner=partner)


@pytest.fixture
def house(lasting_house, for_now):
    return copy.deepcopy(lasting_house)


@pytest.fixture
def institute(house):
    return house.institute


@pytest.fixture
def partner(house):
    return house.partner


def kinds(outcome):
    told = Entry.objects.about(outcome).filter(kind__startswith="outcome.co_owner").order_by("pk")
    return [entry.kind.removeprefix("outcome.co_owner_") for entry in told]


def pass_both(institute, outcome):
    approve_review(fresh(outcome).pending_review, by=institute.manager)
    approve_review(fresh(outcome).pending_review, by=institute.officer)
    return fresh(outcome)


def change(institute, outcome, partner, share=40, **more):
    """Send a public or returned outcome in once more."""
    version = fresh(outcome).newest_version
    version.summary += "补充说明。"
    held_with(version, partner.organisation, share, by=institute.publisher, **more)
    version = fresh(outcome).newest_version
    submit_outcome(version, by=institute.publisher, declared=True)
    return fresh(outcome)


def test_sending_in_asks_the_verified_organisation_and_not_the_owner(institute, partner):
    outcome = institute.shared

    asked = CoOwnership.objects.get()
    assert (asked.outcome, asked.organisation, asked.share) == (outcome, partner.organisation, 40)
    assert (asked.state, asked.modes, asked.revision) == (
        "waiting",
        outcome.newest_version.modes,
        outcome.latest_revision,
    )
    assert kinds(outcome) == ["asked"]
    entry = Entry.objects.get(kind="outcome.co_owner_asked")
    assert (entry.data["co_owner"], entry.data["share"]) == (partner.organisation.pk, "40.00")
    assert partner.organisation.name not in str(entry.data)


@pytest.mark.parametrize("state", ["pending", "refused", "suspended"])
def test_of_who_is_not_verified_the_written_consent_is_asked_for(state, institute, partner):
    draft = held_with(institute.drafted, partner.organisation, by=institute.publisher)
    type(partner.organisation).objects.filter(pk=partner.organisation.pk).update(state=state)

    with pytest.raises(Refused):
        submit_outcome(draft, by=institute.publisher, declared=True)

    assert not draft.co_ownerships.exists()


def test_of_who_is_verified_no_written_consent_is_needed_to_send_it_in(institute, partner):
    draft = held_with(institute.drafted, partner.organisation, by=institute.publisher)

    assert "co_owners" not in missing_in(draft.newest_version)


def test_one_organisation_under_two_names_stands_there_twice(institute, partner):
    draft = institute.drafted.newest_version
    rows = [
        (institute.organisation, "甲", 40),
        (partner.organisation, "乙", 30),
        (partner.organisation, "乙的旧名", 30),
    ]
    draft.co_owners = [CoOwner(organisation=one, name=name, share=share) for one, name, share in rows]

    assert "乙的旧名" in str(missing_in(draft)["co_owners"])


def test_an_agreement_is_kept_with_person_share_and_ways(institute, partner):
    outcome = institute.shared

    agree(outcome, partner)

    asked, answer = CoOwnership.objects.get(), CoOwnerAnswer.objects.get()
    assert asked.state == answer.answer == "agreed"
    assert (answer.answered_by, answer.modes, answer.reason) == (partner.publisher, asked.modes, "")
    assert kinds(outcome) == ["asked", "agreed"]
    entry = Entry.objects.get(kind="outcome.co_owner_agreed")
    assert (entry.actor, entry.on_behalf_of) == (partner.publisher, partner.organisation)


def test_an_objection_says_why_and_the_journal_does_not_repeat_it(institute, partner):
    outcome = institute.shared
    with pytest.raises(ObjectionReasonMissing):
        objects(outcome, partner, reason="  ")
    with pytest.raises(ObjectionTooLong):
        objects(outcome, partner, reason="长" * 501)
    assert not CoOwnerAnswer.objects.exists()

    objects(outcome, partner)

    assert CoOwnerAnswer.objects.get().reason == "转让须先经我方董事会讨论"
    assert "董事会" not in str(Entry.objects.get(kind="outcome.co_owner_objected").data)


def test_an_answer_is_changed_and_each_stays_to_be_read(institute, partner):
    outcome = institute.shared
    agree(outcome, partner)
    objects(outcome, partner)
    objects(outcome, partner, reason="另一个理由")
    agree(outcome, partner)

    assert [each.answer for each in asked_of(outcome, partner).answers.all()] == [
        "agreed", "objected", "objected", "agreed",
    ]  # fmt: skip
    assert kinds(outcome) == ["asked", "agreed", "objected", "objected", "agreed"]


def test_an_answer_is_neither_changed_nor_deleted_in_the_database(institute, partner):
    outcome = institute.shared
    agree(outcome, partner)

    with pytest.raises(DatabaseError), transaction.atomic():
        CoOwnerAnswer.objects.update(answer="objected", reason="改写")
    with pytest.raises(DatabaseError), transaction.atomic():
        CoOwnerAnswer.objects.all().delete()


def test_the_same_pressed_twice_is_one_answer_and_a_colleague_is_told_who_was_faster(institute, partner):
    outcome = institute.shared
    asked = asked_of(outcome, partner)
    seen = answer_seen(asked)
    agree(outcome, partner, seen=seen)
    agree(outcome, partner, seen=seen)
    assert CoOwnerAnswer.objects.count() == 1

    with pytest.raises(AnsweredMeanwhile, match=str(partner.publisher)):
        answer_co_ownership(asked, by=partner.manager, answer="objected", reason="不同意", seen=seen)
    with pytest.raises(AnsweredSo):
        answer_co_ownership(asked, by=partner.manager, answer="agreed")

    assert CoOwnerAnswer.objects.count() == 1
    assert asked_of(outcome, partner).state == "agreed"


def test_a_page_that_showed_another_version_is_asked_anew(institute, partner):
    outcome = institute.shared
    seen = answer_seen(asked_of(outcome, partner))
    recall_review(outcome, by=institute.publisher)
    outcome = change(institute, outcome, partner)

    with pytest.raises(AskedAnew):
        agree(outcome, partner, seen=seen)


def test_who_has_agreed_is_asked_again_for_another_share_or_a_way_that_was_added(institute, partner):
    outcome = sent_with(institute, partner, modes=["ordinary", "sole"])
    agree(outcome, partner)
    outcome = pass_both(institute, outcome)

    outcome = change(institute, outcome, partner, modes=["ordinary"])
    assert asked_of(outcome, partner).state == "agreed"
    assert kinds(outcome).count("asked") == 1

    recall_review(outcome, by=institute.publisher)
    outcome = change(institute, outcome, partner, modes=["ordinary", "assignment"])
    asked = asked_of(outcome, partner)
    assert (asked.state, asked.modes) == ("waiting", ["ordinary", "assignment"])
    assert kinds(outcome).count("asked") == 2

    recall_review(outcome, by=institute.publisher)
    outcome = change(institute, outcome, partner, share=30)
    assert (asked_of(outcome, partner).share, asked_of(outcome, partner).state) == (30, "waiting")
    assert outcome.co_ownerships.count() == 2


def test_who_agreed_to_a_share_before_is_not_asked_again_when_it_comes_back(institute, partner):
    outcome = institute.shared
    agree(outcome, partner)
    recall_review(outcome, by=institute.publisher)
    outcome = change(institute, outcome, partner, share=30)
    recall_review(outcome, by=institute.publisher)
    outcome = change(institute, outcome, partner, share=40)

    assert standings_of(outcome.newest_version)[0].key == "agreed"


def test_an_objection_outlives_another_text_and_is_asked_again_for_other_ways(institute, partner):
    outcome = sent_with(institute, partner, modes=["ordinary", "assignment"])
    objects(outcome, partner)
    recall_review(outcome, by=institute.publisher)

    outcome = change(institute, outcome, partner)
    assert asked_of(outcome, partner).state == "objected"
    assert kinds(outcome) == ["asked", "objected", "asked"]

    recall_review(outcome, by=institute.publisher)
    outcome = change(institute, outcome, partner, modes=["ordinary"])
    standing = standings_of(outcome.newest_version)[0]
    assert (standing.key, standing.before.answer) == ("waiting", "objected")


def test_nothing_is_published_against_an_objection(institute, partner):
    outcome = sent_with(institute, partner, on_file=True)
    objects(outcome, partner)
    approve_review(fresh(outcome).pending_review, by=institute.manager)

    with pytest.raises(NotPublishable, match=r"瓯江样例科技有限公司.*转让须先经我方董事会讨论"):
        approve_review(fresh(outcome).pending_review, by=institute.officer)

    assert not fresh(outcome).live
    assert fresh(outcome).pending_review is not None
    agree(outcome, partner)
    approve_review(fresh(outcome).pending_review, by=institute.officer)
    assert fresh(outcome).live


def test_who_has_not_answered_holds_it_up_unless_written_consent_is_on_file(institute, partner):
    outcome = institute.shared
    with pytest.raises(NotPublishable, match="瓯江样例科技有限公司"):
        pass_both(institute, outcome)

    assert pass_both(institute, sent_with(institute, partner, on_file=True)).live


def test_an_objection_of_who_is_not_verified_any_more_stops_nothing(institute, partner):
    outcome = sent_with(institute, partner, on_file=True)
    objects(outcome, partner)
    suspend_organisation(partner.organisation, by=institute.officer, reason="材料失实")

    assert pass_both(institute, outcome).live
    assert objection_to(fresh(outcome)) is None


def test_what_expired_is_not_confirmed_against_an_objection(institute, partner):
    outcome = institute.shared
    agree(outcome, partner)
    outcome = pass_both(institute, outcome)
    objects(outcome, partner)
    outcome.unpublish(set_expired=True)

    with pytest.raises(NotPublishable):
        confirm_outcome(fresh(outcome), by=institute.manager)
    assert not fresh(outcome).live

    agree(outcome, partner)
    confirm_outcome(fresh(outcome), by=institute.manager)
    assert fresh(outcome).live


@pytest.mark.parametrize("how", ["recalled", "returned"])
def test_about_what_is_not_in_review_any_more_nothing_is_answered(how, institute, partner):
    outcome = institute.shared
    assert list(CoOwnership.objects.to_answer()) == [asked_of(outcome, partner)]
    if how == "recalled":
        recall_review(outcome, by=institute.publisher)
    else:
        return_review(outcome.pending_review, by=institute.manager, comment="请补充")

    with pytest.raises(NothingToAnswer):
        agree(fresh(outcome), partner)

    assert not CoOwnership.objects.to_answer().exists()
    assert asked_of(outcome, partner).state == "waiting"


def test_what_waits_is_in_review_or_public_and_names_the_share(institute, partner):
    outcome = pass_both(institute, sent_with(institute, partner, on_file=True))
    assert outcome.co_ownerships.to_answer().count() == 1

    change(institute, outcome, partner, share=30, on_file=True)
    assert {asked.share for asked in outcome.co_ownerships.to_answer()} == {30, 40}
    outcome = pass_both(institute, outcome)
    assert [asked.share for asked in outcome.co_ownerships.to_answer()] == [30]

    withdraw_outcome(outcome, by=institute.manager)
    assert not outcome.co_ownerships.to_answer().exists()


def test_who_may_answer(institute, partner):
    outcome = institute.shared
    asked = asked_of(outcome, partner)

    for user in (institute.manager, institute.officer, Partner().manager):
        with pytest.raises(PermissionDenied):
            answer_co_ownership(asked, by=user, answer="agreed")
    suspend_organisation(partner.organisation, by=institute.officer, reason="材料失实")
    with pytest.raises(PermissionDenied):
        answer_co_ownership(CoOwnership.objects.get(), by=partner.manager, answer="agreed")

    assert not CoOwnerAnswer.objects.exists()


def test_a_co_owner_finds_what_it_was_asked_and_not_the_outcome_itself(institute, partner):
    outcome = institute.shared
    asked = asked_of(outcome, partner)
    seen = {
        who: asked in CoOwnership.objects.visible_to(user)
        for who, user in {
            "co-owner": partner.publisher,
            "owner": institute.publisher,
            "officer": institute.officer,
            "stranger": Partner().manager,
        }.items()
    }

    assert seen == {"co-owner": True, "owner": True, "officer": True, "stranger": False}
    assert not ResearchOutcome.objects.visible_to(partner.manager).exists()


def test_names_lead_to_the_verified_organisation_of_exactly_that_name(house):
    wide = organisation(name="瓯江（温州）样例公司")
    organisation(name="同名样例公司"), organisation(name="同名样例公司")
    organisation(name="未认证样例公司", state="pending")

    found = organisations_named(["瓯江(温州)样例公司", "同名样例公司", "未认证样例公司", "瓯江（温州）样例", " "])

    assert found == {"瓯江(温州)样例公司": wide}
