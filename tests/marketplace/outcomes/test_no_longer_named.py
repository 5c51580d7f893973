"""Co-owners that were asked and that a version which becomes public names no longer."""

import copy

import pytest
from django.urls import reverse

from marketplace.core.journal import Entry, Kind
from marketplace.outcomes.actions import confirm_outcome, submit_outcome
from marketplace.outcomes.co_ownership import CoOwnership
from marketplace.outcomes.co_owning import NoLongerNamed, answer_co_ownership
from marketplace.outcomes.no_longer_named import left_out_of
from marketplace.outcomes.parts import CoOwner
from marketplace.reviews.actions import approve_review, recall_review, return_review
from marketplace.reviews.drafts import save_draft
from tests.factories.people import sign_in
from tests.marketplace.outcomes.making import Institute, fresh, set_up
from tests.marketplace.outcomes.owning import Partner, agree, asked_of, objects, sent_with

pytestmark = pytest.mark.usefixtures("for_now")
NAME = "瓯江样例科技有限公司"
REASON = "转让须先经我方董事会讨论"


def pass_both(institute, outcome):
    approve_review(fresh(outcome).pending_review, by=institute.manager)
    approve_review(fresh(outcome).pending_review, by=institute.officer)
    return fresh(outcome)


@pytest.fixture(scope="module")
def lasting_scene(lasting):
    """An institute with a draft, a partner, and an outcome that became public with the partner's consent on file."""
    set_up()
    institute, partner = Institute(), Partner(name=NAME)
    institute.drafted = institute.draft()
    return institute, partner, pass_both(institute, sent_with(institute, partner, on_file=True))


@pytest.fixture
def institute(lasting_scene, for_now):
    return copy.deepcopy(lasting_scene[0])


@pytest.fixture
def partner(lasting_scene, for_now):
    return copy.deepcopy(lasting_scene[1])


@pytest.fixture
def public(lasting_scene, for_now):
    return fresh(lasting_scene[2])


def held_alone(institute, outcome, *, others=()):
    """Send a version in that names the owner, and names nobody answers for here."""
    version = fresh(outcome).newest_version
    rest = 100 - sum(share for _name, share in others)
    version.co_owners = [
        CoOwner(organisation=outcome.owner, name=outcome.owner.name, share=rest),
        *(CoOwner(name=name, share=share, has_consented=True) for name, share in others),
    ]
    save_draft(version, by=institute.publisher)
    version = fresh(outcome).newest_version
    submit_outcome(version, by=institute.publisher, declared=True)
    return fresh(outcome)


def dropped(outcome):
    return Entry.objects.about(outcome).filter(kind=Kind.OUTCOME_CO_OWNER_DROPPED)


def test_who_had_agreed_is_dropped_with_the_version_that_becomes_public(institute, partner):
    outcome = sent_with(institute, partner, outcome=institute.drafted)
    agree(outcome, partner)
    outcome = pass_both(institute, outcome)
    outcome = held_alone(institute, outcome)
    assert asked_of(outcome, partner).dropped_at is None

    outcome = pass_both(institute, outcome)

    asked = asked_of(outcome, partner)
    entry = dropped(outcome).get()
    assert asked.dropped_at is not None
    assert (asked.state, asked.stands) == ("agreed", False)
    assert (entry.actor, entry.data["co_owner"]) == (institute.officer, partner.organisation.pk)
    assert (entry.data["co_ownership"], entry.data["objected"]) == (asked.pk, False)
    assert partner.organisation.name not in str(entry.data)


def test_an_open_question_is_settled(institute, partner, public):
    assert CoOwnership.objects.to_answer().count() == 1

    outcome = pass_both(institute, held_alone(institute, public))

    assert not CoOwnership.objects.to_answer().exists()
    with pytest.raises(NoLongerNamed):
        answer_co_ownership(asked_of(outcome, partner), by=partner.manager, answer="agreed")


def test_a_returned_version_counts_as_an_earlier_one(institute, partner):
    outcome = sent_with(institute, partner, outcome=institute.drafted)
    objects(outcome, partner)
    return_review(fresh(outcome).pending_review, by=institute.manager, comment="请与共有人协商")

    outcome = pass_both(institute, held_alone(institute, outcome))

    assert dropped(outcome).get().data["objected"] is True


def test_it_is_told_once_and_again_only_where_it_was_named_again(institute, partner, public):
    outcome = pass_both(institute, held_alone(institute, public))
    outcome = pass_both(institute, held_alone(institute, outcome))
    assert dropped(outcome).count() == 1

    outcome = pass_both(institute, sent_with(institute, partner, on_file=True, outcome=outcome))
    assert asked_of(outcome, partner).dropped_at is None
    outcome = pass_both(institute, held_alone(institute, outcome))

    assert dropped(outcome).count() == 2


def test_another_share_drops_nobody(institute, partner, public):
    outcome = pass_both(institute, sent_with(institute, partner, 30, on_file=True, outcome=public))

    assert not dropped(outcome).exists()
    assert {asked.dropped_at for asked in CoOwnership.objects.all()} == {None}


def test_confirming_an_older_version_drops_nobody_the_newer_one_names(institute, partner):
    outcome = pass_both(institute, institute.submitted())
    outcome = sent_with(institute, partner, on_file=True, outcome=outcome)
    outcome.unpublish(set_expired=True)
    assert fresh(outcome).pending_review is not None

    confirm_outcome(fresh(outcome), by=institute.manager)

    assert fresh(outcome).live
    assert not dropped(outcome).exists()
    assert asked_of(outcome, partner).stands


def test_who_had_agreed_and_was_dropped_is_asked_again(institute, partner):
    outcome = sent_with(institute, partner, outcome=institute.drafted)
    agree(outcome, partner)
    outcome = pass_both(institute, outcome)
    outcome = pass_both(institute, held_alone(institute, outcome))

    outcome = sent_with(institute, partner, outcome=outcome)

    assert asked_of(outcome, partner).state == "waiting"


def test_an_objection_survives_being_left_out_and_named_again(institute, partner):
    outcome = sent_with(institute, partner, outcome=institute.drafted)
    objects(outcome, partner)
    recall_review(outcome, by=institute.publisher)
    outcome = pass_both(institute, held_alone(institute, outcome))

    outcome = sent_with(institute, partner, on_file=True, outcome=outcome)

    assert asked_of(outcome, partner).state == "objected"


# what is read


def review_page(client, user, outcome):
    sign_in(client, user)
    return client.get(reverse("review-page", args=["outcome", outcome.number])).content.decode()


def test_the_reviewer_sees_that_an_objecting_co_owner_is_named_no_longer(client, institute, partner, public):
    objects(public, partner)
    outcome = held_alone(institute, public)
    approve_review(fresh(outcome).pending_review, by=institute.manager)

    page = review_page(client, institute.officer, fresh(outcome))

    assert f"{NAME}（40%）曾表示不同意，本版本不再列其为共有人。" in page
    assert REASON in page
    assert asked_of(outcome, partner).get_absolute_url() in page
    note = fresh(outcome).newest_version.notes_for_reviewer(institute.officer)[-1]
    assert (note["field"], note["tone"]) == ("co_owners", "stop")
    outcome = pass_both_of_officer(institute, outcome)
    assert left_out_of(outcome) == []
    assert NAME not in "".join(one["strong"] for one in outcome.notes_for_reviewer(institute.officer))


def pass_both_of_officer(institute, outcome):
    approve_review(fresh(outcome).pending_review, by=institute.officer)
    return fresh(outcome)


def test_a_name_that_is_written_otherwise_names_nobody_and_the_reviewer_sees_it(client, institute, partner):
    outcome = sent_with(institute, partner, outcome=institute.drafted)
    objects(outcome, partner)
    recall_review(outcome, by=institute.publisher)

    outcome = held_alone(institute, outcome, others=[("瓯江样例科技公司", 40)])

    assert "曾表示不同意，本版本不再列其为共有人" in review_page(client, institute.officer, outcome)


def test_objections_come_before_who_agreed_or_did_not_answer(institute, partner):
    agreed, silent = Partner(name="甲样例公司"), Partner(name="乙样例公司")
    outcome = institute.drafted
    for one in (agreed, silent, partner):
        outcome = sent_with(institute, one, on_file=True, outcome=outcome)
        if one is agreed:
            agree(outcome, one)
        if one is partner:
            objects(outcome, one)
        recall_review(outcome, by=institute.publisher)

    version = held_alone(institute, outcome).newest_version
    notes = version.notes_for_reviewer(institute.officer)

    assert left_out_of(version)[0].organisation == partner.organisation
    assert sorted(note["tone"] for note in notes) == ["stop", "wait", "wait"]
    assert any("尚未答复" in note["strong"] for note in notes)
    assert any("曾同意" in note["strong"] for note in notes)


def test_the_co_owner_reads_that_it_is_named_no_longer_and_whom_to_write_to(client, institute, partner, public):
    outcome = pass_both(institute, held_alone(institute, public))
    sign_in(client, partner.manager)

    page = client.get(asked_of(outcome, partner).get_absolute_url()).content.decode()
    row = client.get(reverse("co-ownership-list")).content.decode()

    assert "公开版本已不再列贵单位为共有人" in page
    assert "不再列为共有人" in row
    assert reverse("co-ownership-answer", args=[asked_of(outcome, partner).code]) not in page
