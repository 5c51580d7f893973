"""Who decides on what they sent in, and what a page that has stood open too long says."""

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import TaskState

from marketplace.core.refusals import Refused
from marketplace.core.rules import why_not
from marketplace.organisations.joining import leave_organisation
from marketplace.outcomes.actions import submit_outcome
from marketplace.reviews import rules
from marketplace.reviews.actions import approve_review, recall_review, return_review
from marketplace.reviews.drafts import save_draft
from marketplace.reviews.history import timeline
from marketplace.reviews.queue import reviewers_of
from marketplace.reviews.refusals import RemarkStands
from tests.factories.people import sign_in
from tests.marketplace.outcomes.making import fresh, join, person

ONE_PERSON = "提交人与本单位审核人为同一人"


def sent_in_by_the_manager(institute):
    outcome = institute.draft()
    submit_outcome(outcome, by=institute.manager, declared=True)
    return fresh(outcome)


def asked(rule, step, **people):
    return {who for who, user in people.items() if why_not(rule, user, step) is None}


@pytest.mark.parametrize("rule", [rules.approve_review, rules.return_review])
def test_whoever_sent_it_in_decides_only_while_nobody_else_holds_the_role(rule, institute):
    step = sent_in_by_the_manager(institute).pending_review
    assert asked(rule, step, submitter=institute.manager, publisher=institute.publisher) == {"submitter"}

    auditor = person("auditor", of=institute.organisation, roles=["manager"])
    assert asked(rule, step, submitter=institute.manager, auditor=auditor) == {"submitter"}
    assert TaskState.objects.reviewable_by(institute.manager).get() == step
    assert list(reviewers_of(step)) == [institute.manager]

    second = person(of=institute.organisation, roles=["manager"])
    assert asked(rule, step, submitter=institute.manager, second=second) == {"second"}
    assert str(second) in why_not(rule, institute.manager, step)
    assert not TaskState.objects.reviewable_by(institute.manager).exists()
    assert list(reviewers_of(step)) == [second]


def test_an_officer_who_sent_it_in_before_leaving_the_institute_leaves_it_to_another_officer(institute):
    mover = person("officer")
    join(mover, institute.organisation, "publisher")
    outcome = institute.draft()
    submit_outcome(outcome, by=mover, declared=True)
    leave_organisation(mover.memberships.get(), by=mover)
    approve_review(fresh(outcome).pending_review, by=institute.manager)
    step = fresh(outcome).pending_review

    assert asked(rules.approve_review, step, mover=mover, officer=institute.officer) == {"officer"}
    assert not TaskState.objects.reviewable_by(mover).exists()
    assert list(reviewers_of(step)) == [institute.officer]

    join(institute.officer, institute.organisation)
    institute.officer.forget_roles()
    assert asked(rules.approve_review, step, mover=mover, officer=institute.officer) == {"mover"}
    assert TaskState.objects.reviewable_by(mover).get() == step


def test_the_district_and_the_history_read_that_submitter_and_reviewer_are_one(client, institute):
    outcome = sent_in_by_the_manager(institute)
    sign_in(client, institute.manager)
    assert "这是您提交的" in client.get(outcome.review_url).content.decode()
    approve_review(outcome.pending_review, by=institute.manager)

    sign_in(client, institute.officer)
    assert client.get(outcome.review_url).content.decode().count(ONE_PERSON) == 2  # above, and in the history

    approve_review(fresh(outcome).pending_review, by=institute.officer)
    assert [ONE_PERSON in entry["said"] for entry in timeline(fresh(outcome))] == [False, False, True, False, False]


def test_where_two_people_acted_nothing_is_said_of_one(client, institute):
    outcome = institute.submitted()
    approve_review(outcome.pending_review, by=institute.manager)

    sign_in(client, institute.officer)
    assert ONE_PERSON not in client.get(outcome.review_url).content.decode()


def pressed_late(client, outcome, shown, **answer):
    return client.post(outcome.review_url, {"step": shown.context["step_mark"], "decision": "approve"} | answer)


def test_a_decision_on_an_old_tab_says_what_happened_by_whom_and_when(client, institute):
    institute.manager.name = "顾清川"
    institute.manager.save()
    outcome = institute.submitted()
    sign_in(client, institute.manager)
    shown = client.get(outcome.review_url)
    approve_review(outcome.pending_review, by=institute.manager)

    late = pressed_late(client, outcome, shown, comment="已核对")

    assert late.status_code == 200
    assert "顾清川" in str(late.context["form"].non_field_errors())
    assert "通过这一步。您刚才的操作没有生效" in late.content.decode()
    assert "已核对" in late.content.decode()  # what was typed is not lost
    assert fresh(outcome).pending_review.task.specific.stage == "district"


def test_what_was_taken_back_changed_and_sent_in_again_is_not_passed_unseen(client, institute):
    outcome = institute.submitted()
    sign_in(client, institute.manager)
    shown = client.get(outcome.review_url)
    recall_review(fresh(outcome), by=institute.publisher)
    assert "撤回" in pressed_late(client, outcome, shown).content.decode()

    version = fresh(outcome).newest_version
    version.title = "另一个名称"
    save_draft(version, by=institute.publisher)
    submit_outcome(fresh(outcome), by=institute.publisher, declared=True)

    assert "撤回" in str(pressed_late(client, outcome, shown).context["form"].non_field_errors())
    assert fresh(outcome).pending_review.task.specific.stage == "owner"


def test_a_page_without_its_step_says_that_nothing_is_in_review(client, institute):
    outcome = institute.submitted()
    recall_review(outcome, by=institute.publisher)
    sign_in(client, institute.manager)

    answer = client.post(outcome.review_url, {"decision": "approve"})

    assert answer.context["form"].non_field_errors() == ["这份草稿不在审核中。"]


def test_a_remark_is_not_lost_by_an_approval(client, institute):
    outcome = institute.submitted()
    with pytest.raises(Refused):
        approve_review(outcome.pending_review, by=institute.manager, remarks={"title": "写明用途"})
    sign_in(client, institute.manager)

    answer = client.post(outcome.review_url, {"decision": "approve", "remark-title": "写明用途"})

    assert answer.context["form"].errors == {"remark-title": [str(RemarkStands("title"))]}
    assert 'value="写明用途"' in answer.content.decode()
    assert fresh(outcome).pending_review.task.specific.stage == "owner"
    client.post(outcome.review_url, {"decision": "approve", "remark-title": " ", "comment": "写明用途"})
    assert fresh(outcome).pending_review.task.specific.stage == "district"


def sent_in_again(institute, outcome, **facts):
    return_review(outcome.pending_review, by=institute.manager, comment="", remarks={"title": "写明用途"})
    version = fresh(outcome).newest_version
    for name, value in facts.items():
        setattr(version, name, value)
    save_draft(version, by=institute.publisher)
    submit_outcome(fresh(outcome), by=institute.publisher, declared=True)
    return fresh(outcome)


def test_what_is_sent_in_again_stands_beside_what_was_returned_and_the_remarks(client, institute):
    outcome = sent_in_again(institute, institute.submitted(), title="门锁用低功耗指静脉识别模组")
    sign_in(client, institute.manager)

    shown = client.get(outcome.review_url)

    assert [row["change"].field for row in shown.context["rows"] if row["change"].is_changed] == ["title"]
    assert [row["said"] for row in shown.context["rows"] if row["said"]] == ["写明用途"]
    assert "这一稿与退回的版本对照" in shown.content.decode()

    same = sent_in_again(institute, institute.submitted(title="未改动的成果"))
    page = client.get(same.review_url).content.decode()
    assert "与退回的版本没有差别" in page
    assert "<ins>" not in page


def test_a_public_record_is_compared_with_either_and_only_returns_since_it_was_passed_count(client, institute):
    outcome = sent_in_again(institute, institute.submitted(), title="第一次改名")
    institute.pass_review(outcome)
    version = fresh(outcome).newest_version
    version.title = "第二次改名"
    save_draft(version, by=institute.publisher)
    submit_outcome(fresh(outcome), by=institute.publisher, declared=True)
    sign_in(client, institute.manager)
    assert client.get(outcome.review_url).context["earlier"] is None

    sent_in_again(institute, fresh(outcome), title="第三次改名")
    before = {
        beside: [row["change"].before for row in client.get(outcome.review_url + beside).context["rows"][:1]]
        for beside in ("", "?beside=public")
    }
    assert before == {"": ["第二次改名"], "?beside=public": ["第一次改名"]}


def test_a_stranger_is_refused_on_an_old_step_too(institute):
    step = institute.submitted().pending_review
    approve_review(step, by=institute.manager)
    with pytest.raises(PermissionDenied):
        approve_review(TaskState.objects.get(pk=step.pk), by=institute.publisher)


def test_what_was_never_public_is_called_by_its_newest_title(institute):
    outcome = institute.draft()
    for title in ("换过的名称", "再换的名称"):
        version = fresh(outcome).newest_version
        version.title = title
        save_draft(version, by=institute.publisher)

    submit_outcome(fresh(outcome), by=institute.publisher, declared=True)
    return_review(fresh(outcome).pending_review, by=institute.manager, comment="请补充")
    assert fresh(outcome).title == "再换的名称"  # as the notice of the return says it


def test_the_history_says_which_step_was_passed_and_how_a_draft_began(institute):
    outcome = institute.submitted()
    approve_review(outcome.pending_review, by=institute.manager)
    told = [str(entry["title"]) for entry in timeline(fresh(outcome))]
    assert told[1] == "本单位审核通过"
    assert told.count("成果起草") == 1
