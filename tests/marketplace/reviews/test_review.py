"""The way of a draft through its review, and the traps of architecture.md §4."""

import copy
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import TaskState, Workflow, WorkflowContentType, WorkflowState

from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.organisations.roles import Role
from marketplace.outcomes.actions import confirm_outcome, expire_outcome, submit_outcome
from marketplace.outcomes.availability import release_outcome, reserve_outcome
from marketplace.outcomes.parts import Inventor
from marketplace.reviews.actions import approve_review, recall_review, return_review
from marketplace.reviews.drafts import save_draft
from marketplace.reviews.history import timeline
from marketplace.reviews.refusals import (
    AlreadyDecided,
    AlreadyInReview,
    CommentMissing,
    Incomplete,
    InReview,
    NothingToReview,
    NotPublishable,
    NotTakenOffline,
)
from marketplace.reviews.setup import ensure_workflows
from tests.factories.people import sign_in, staff
from tests.marketplace.outcomes.making import Institute, fresh, join, person

pytestmark = pytest.mark.usefixtures("for_now")


@pytest.fixture
def institute(lasting_institute, for_now):
    return copy.deepcopy(lasting_institute)


@pytest.fixture
def beginner(institute):
    """An institute that has no outcome yet."""
    return Institute()


def kinds_of(outcome):
    return list(Entry.objects.about(outcome).order_by("pk").values_list("kind", flat=True))


def test_every_step_is_passed_before_anything_is_public(institute):
    outcome = institute.sent
    assert outcome.pending_review.task.specific.stage == "owner"

    approve_review(outcome.pending_review, by=institute.manager)
    assert not fresh(outcome).live
    assert fresh(outcome).pending_review.task.specific.stage == "district"

    approve_review(fresh(outcome).pending_review, by=institute.officer)
    outcome = fresh(outcome)
    assert outcome.live
    assert outcome.title == "低功耗指静脉识别锁用模组"
    assert (outcome.expires_on.year, outcome.expires_on.month) == (
        outcome.confirmed_on.year + 1,
        outcome.confirmed_on.month,
    )
    assert outcome.published_at is not None
    assert kinds_of(outcome) == [
        "outcome.drafted",
        "outcome.submitted",
        "outcome.reviewed",
        "outcome.reviewed",
        "outcome.published",
    ]


def test_an_approver_needs_no_publish_permission_of_wagtail(institute):
    assert not institute.officer.has_perm("marketplace.publish_researchoutcome")

    outcome = institute.public

    assert outcome.live


def test_a_reviewer_of_another_institute_is_refused(institute):
    other = Institute()
    outcome = institute.sent

    with pytest.raises(PermissionDenied, match=r"不代表|do not act for"):
        approve_review(outcome.pending_review, by=other.manager)
    with pytest.raises(PermissionDenied):
        outcome.pending_review.task.specific.on_action(outcome.pending_review, other.manager, "approve")

    assert outcome.pending_review.status == TaskState.STATUS_IN_PROGRESS
    assert outcome.pending_review.task.specific.get_actions(outcome, other.manager) == []
    assert not TaskState.objects.reviewable_by(other.manager).exists()
    assert kinds_of(outcome)[-1] == "outcome.submitted"


def test_nobody_passes_what_they_sent_in_while_a_second_manager_exists(beginner):
    outcome = beginner.draft()
    submit_outcome(outcome, by=beginner.manager, declared=True)
    second = person(of=beginner.organisation, roles=["manager"])
    outcome = fresh(outcome)

    with pytest.raises(PermissionDenied):
        approve_review(outcome.pending_review, by=beginner.manager)
    assert not TaskState.objects.reviewable_by(beginner.manager).exists()
    assert TaskState.objects.reviewable_by(second).get() == outcome.pending_review

    approve_review(outcome.pending_review, by=second)
    assert fresh(outcome).pending_review.task.specific.stage == "district"


def test_the_only_manager_may_pass_their_own_submission_and_the_district_still_decides(beginner):
    outcome = beginner.draft()
    submit_outcome(outcome, by=beginner.manager, declared=True)
    outcome = fresh(outcome)
    assert TaskState.objects.reviewable_by(beginner.manager).get() == outcome.pending_review

    approve_review(outcome.pending_review, by=beginner.manager)

    assert not fresh(outcome).live


def test_an_officer_does_not_decide_about_their_own_institute(institute):
    outcome = institute.sent
    approve_review(outcome.pending_review, by=institute.manager)
    outcome = fresh(outcome)
    join(institute.officer, institute.organisation)

    with pytest.raises(PermissionDenied):
        approve_review(outcome.pending_review, by=institute.officer)
    assert not TaskState.objects.reviewable_by(institute.officer).exists()
    assert not fresh(outcome).live


def test_an_old_draft_does_not_undo_a_reservation(institute):
    outcome = institute.public
    first = outcome.live_revision
    outcome.title = "指静脉模组第二版"
    save_draft(outcome, by=institute.publisher)
    submit_outcome(fresh(outcome), by=institute.publisher, declared=True)
    reserve_outcome(fresh(outcome), by=institute.officer)

    institute.pass_review(fresh(outcome))
    assert (fresh(outcome).title, fresh(outcome).state) == ("指静脉模组第二版", "reserved")

    first.refresh_from_db()
    first.publish(user=institute.officer)
    outcome = fresh(outcome)
    assert (outcome.title, outcome.state) == ("低功耗指静脉识别锁用模组", "reserved")
    assert outcome.number == first.content["number"]


def test_a_new_draft_leaves_the_public_version_alone(institute):
    outcome = institute.public
    outcome.title = "改过的名称"
    outcome.inventors = []
    save_draft(outcome, by=institute.publisher)

    row = fresh(outcome)
    assert row.title == "低功耗指静脉识别锁用模组"
    assert row.inventors.count() == 1
    assert row.newest_version.title == "改过的名称"
    assert row.has_unpublished_changes


def test_what_did_not_pass_review_is_not_published(institute):
    outcome = institute.drafted

    with pytest.raises(NotPublishable):
        outcome.latest_revision.publish(user=institute.officer)
    with pytest.raises(NotPublishable):
        outcome.latest_revision.publish()

    assert not fresh(outcome).live


def test_an_institute_that_lost_its_verification_does_not_publish(institute):
    outcome = institute.sent
    approve_review(outcome.pending_review, by=institute.manager)
    institute.organisation.state = "suspended"
    institute.organisation.save()

    with pytest.raises(NotPublishable):
        approve_review(fresh(outcome).pending_review, by=institute.officer)

    assert not fresh(outcome).live
    assert fresh(outcome).pending_review.task.specific.stage == "district"


def test_what_was_said_with_an_approval_is_read_by_author_and_next_reviewer(client, institute):
    outcome = institute.sent
    approve_review(outcome.pending_review, by=institute.manager, comment="已核对原始检测报告")

    for reader, address in (
        (institute.officer, outcome.review_url),
        (institute.publisher, outcome.get_absolute_url()),
    ):
        sign_in(client, reader)
        assert "已核对原始检测报告" in client.get(address).content.decode()


def test_the_days_a_review_has_left_are_working_days_as_on_the_desk(client, institute):
    outcome = institute.sent
    sign_in(client, institute.manager)
    wednesday = datetime(2026, 11, 25, 2, tzinfo=UTC)
    TaskState.objects.filter(pk=outcome.pending_review.pk).update(started_at=wednesday)

    with clock.moved_to(datetime(2026, 11, 30, 2, tzinfo=UTC)):
        queue, desk = client.get("/reviews/").content.decode(), client.get("/desk/").content.decode()

    assert "已超 1 个工作日" in queue
    assert "已超 1 个工作日" in desk


def test_an_auditor_reads_what_waits_for_others(client, institute):
    outcome, auditor = institute.sent, staff(Role.AUDITOR)
    sign_in(client, auditor)

    queue = client.get("/reviews/").content.decode()
    page = client.get(outcome.review_url)

    assert outcome.review_url in queue
    assert "等候他人审核的草稿" in queue
    assert "没有等您办理的" not in queue
    assert page.status_code == 200
    assert 'name="decision"' not in page.content.decode()
    assert client.post(outcome.review_url, {"decision": "approve"}).status_code == 403
    approve_review(outcome.pending_review, by=institute.manager)
    approve_review(fresh(outcome).pending_review, by=institute.officer)
    assert "目前没有等候审核的草稿" in client.get("/reviews/").content.decode()


def test_returned_with_comments_and_sent_in_again_from_the_first_step(institute):
    outcome = institute.sent
    approve_review(outcome.pending_review, by=institute.manager)
    step = fresh(outcome).pending_review
    with pytest.raises(CommentMissing):
        return_review(step, by=institute.officer, comment="  ")

    return_review(
        step, by=institute.officer, comment="专利与证书不符", remarks={"ip_rights": "核对第 1 项", "title": ""}
    )
    outcome = fresh(outcome)
    assert outcome.pending_review is None
    assert outcome.returned_review.comment == "专利与证书不符"
    assert [(remark.field, remark.text) for remark in outcome.returned_review.remarks.all()] == [
        ("ip_rights", "核对第 1 项")
    ]
    assert kinds_of(outcome)[-1] == "outcome.returned"
    assert timeline(outcome)[0]["said"] == ""  # while it is returned the page says so by itself

    submit_outcome(outcome, by=institute.publisher, declared=True)
    assert timeline(fresh(outcome))[2]["said"] == "专利与证书不符\n核对第 1 项"
    assert fresh(outcome).pending_review.task.specific.stage == "owner"
    assert fresh(outcome).returned_review is None


def test_what_is_in_review_stays_as_it_is(institute):
    outcome = institute.sent
    outcome.title = "趁审核时改名"

    with pytest.raises(InReview):
        save_draft(outcome, by=institute.publisher)
    with pytest.raises(AlreadyInReview):
        submit_outcome(fresh(outcome), by=institute.publisher, declared=True)

    recall_review(fresh(outcome), by=institute.publisher)
    save_draft(outcome, by=institute.publisher)
    assert fresh(outcome).newest_version.title == "趁审核时改名"


def test_a_decided_step_is_not_decided_again(institute):
    outcome = institute.sent
    step = outcome.pending_review
    again = TaskState.objects.get(pk=step.pk)
    approve_review(step, by=institute.manager)

    with pytest.raises(AlreadyDecided):
        approve_review(again, by=institute.manager)
    with pytest.raises(AlreadyDecided):
        return_review(again, by=institute.manager, comment="太迟")

    assert kinds_of(outcome).count("outcome.reviewed") == 1


def test_nothing_new_is_not_sent_in(institute):
    outcome = institute.public

    with pytest.raises(NothingToReview):
        submit_outcome(outcome, by=institute.publisher, declared=True)


def test_an_incomplete_draft_says_what_is_missing_by_field(institute):
    outcome = institute.drafted.newest_version
    outcome.summary, outcome.trl_evidence = "太短", "lab_test"
    save_draft(outcome, by=institute.publisher)

    with pytest.raises(Incomplete) as refusal:
        submit_outcome(fresh(outcome), by=institute.publisher, declared=True)

    assert set(refusal.value.problems) == {"summary", "trl_evidence"}
    assert fresh(outcome).review is None


def test_expired_is_offline_and_public_again_when_confirmed(institute):
    outcome = institute.public
    outcome.expires_on = outcome.confirmed_on
    outcome.save(update_fields=["expires_on"])

    expire_outcome(outcome)
    outcome = fresh(outcome)
    assert (outcome.live, outcome.expired, kinds_of(outcome)[-1]) == (False, True, "outcome.expired")

    confirm_outcome(outcome, by=institute.publisher)
    outcome = fresh(outcome)
    assert (outcome.live, outcome.expired) == (True, False)
    assert outcome.expires_on > outcome.confirmed_on
    assert kinds_of(outcome)[-2:] == ["outcome.confirmed", "outcome.published"]


def test_what_the_district_took_offline_is_not_confirmed_back(institute):
    outcome = institute.public
    outcome.unpublish(user=institute.officer, reason="价格与证明材料不符")

    with pytest.raises(PermissionDenied):
        confirm_outcome(outcome, by=institute.publisher)

    assert (fresh(outcome).live, kinds_of(outcome)[-1]) == (False, "outcome.unpublished")


def test_a_reserved_outcome_does_not_expire(institute):
    outcome = institute.public
    outcome.expires_on = outcome.confirmed_on
    outcome.save(update_fields=["expires_on"])
    reserve_outcome(outcome, by=None)

    expire_outcome(outcome)
    assert fresh(outcome).live

    release_outcome(outcome, by=None)
    expire_outcome(outcome)
    assert not fresh(outcome).live


def test_only_officers_take_offline(institute):
    outcome = institute.public

    with pytest.raises(NotTakenOffline):
        outcome.unpublish(user=institute.manager)
    assert fresh(outcome).live

    outcome.unpublish(user=institute.officer, reason="价格与证明材料不符")
    assert not fresh(outcome).live
    assert kinds_of(outcome)[-1] == "outcome.unpublished"


def test_setting_up_again_changes_nothing_and_keeps_what_staff_bound(institute):
    before = Workflow.objects.count()
    bound = WorkflowContentType.objects.first()
    bound.workflow = Workflow.objects.create(name="区里自定")
    bound.save()

    ensure_workflows()
    call_command("setup_platform", stdout=StringIO())

    assert Workflow.objects.count() == before + 1
    assert WorkflowContentType.objects.count() == 2
    assert WorkflowContentType.objects.get(pk=bound.pk).workflow.name == "区里自定"


def test_staff_may_take_a_step_out(institute):
    workflow = institute.drafted.get_workflow()
    workflow.workflow_tasks.filter(task__reviewtask__stage="owner").delete()
    outcome = institute.submitted(title="只有一步审核")

    approve_review(outcome.pending_review, by=institute.officer)

    assert fresh(outcome).live
    assert WorkflowState.objects.for_instance(outcome).get().status == "approved"


def test_a_version_is_read_at_the_same_cost_whatever_it_has_of_parts(institute):
    outcome = institute.drafted
    costs = []
    for names in (["沈一鸣"], ["沈一鸣", "陆行简", "许星河"]):
        outcome.inventors = [Inventor(name=name) for name in names]
        save_draft(outcome, by=institute.publisher)
        row = fresh(outcome)
        with CaptureQueriesContext(connection) as asked:
            version = row.newest_version
        costs.append(len(asked))
        assert [one.name for one in version.inventors.all()] == names
        assert {one.outcome_id for one in version.inventors.all()} == {outcome.pk}

    assert costs[0] == costs[1]


def test_a_version_has_the_facts_of_the_row_and_not_those_of_its_day(institute):
    outcome = institute.sent
    day_of_the_draft = outcome.latest_revision

    institute.pass_review(outcome)
    version = day_of_the_draft.as_object()

    row = fresh(outcome)
    assert day_of_the_draft.content["live"] is False
    assert (version.live, version.published_at, version.live_revision) == (True, row.published_at, row.live_revision)
    assert (version.number, version.owner, version.drafted_by) == (row.number, row.owner, institute.publisher)
