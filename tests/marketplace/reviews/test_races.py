"""Two at once: only one decides, only one submission stands, numbers are not given twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from wagtail.models import TaskState, WorkflowState

from marketplace.core.journal import Entry
from marketplace.core.refusals import Refused, WrongState
from marketplace.outcomes.actions import draft_outcome, submit_outcome
from marketplace.outcomes.availability import reserve_outcome, withdraw_outcome
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.actions import approve_review, return_review
from marketplace.reviews.drafts import save_draft
from marketplace.reviews.history import mark_of_step
from tests.marketplace.outcomes import making
from tests.marketplace.outcomes.making import Institute, fresh, person
from tests.marketplace.pressing import pressed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def institute(transactional_db):
    making.set_up()
    return Institute()


def at_once(*calls):
    """Run the calls in threads that start together; return what each gave back or raised."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=20)
            return call()
        except (Refused, PermissionDenied) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_of_two_reviewers_one_decides(institute):
    second = person(of=institute.organisation, roles=["manager"])
    outcome = institute.submitted()
    step = outcome.pending_review.pk

    answers = at_once(
        lambda: approve_review(TaskState.objects.get(pk=step), by=institute.manager),
        lambda: return_review(TaskState.objects.get(pk=step), by=second, comment="退回"),
    )

    assert sum(isinstance(answer, Refused) for answer in answers) == 1
    kinds = Entry.objects.about(outcome).values_list("kind", flat=True)
    assert sum(kind in ("outcome.reviewed", "outcome.returned") for kind in kinds) == 1


def test_of_two_last_approvals_one_publishes(institute):
    second = person("officer")
    outcome = institute.submitted()
    approve_review(outcome.pending_review, by=institute.manager)
    step = fresh(outcome).pending_review.pk

    at_once(
        lambda: approve_review(TaskState.objects.get(pk=step), by=institute.officer),
        lambda: approve_review(TaskState.objects.get(pk=step), by=second),
    )

    assert fresh(outcome).live
    assert Entry.objects.about(outcome).filter(kind="outcome.published").count() == 1


def test_a_double_submission_is_one(institute):
    outcome = institute.draft()

    answers = at_once(
        *[lambda: submit_outcome(fresh(outcome), by=institute.publisher, declared=True) for _ in range(4)]
    )

    assert sum(isinstance(answer, Refused) for answer in answers) == 3
    assert WorkflowState.objects.for_instance(outcome).count() == 1
    assert Entry.objects.about(outcome).filter(kind="outcome.submitted").count() == 1


def test_two_deals_do_not_reserve_the_same_outcome(institute):
    outcome = institute.published()

    answers = at_once(*[lambda: reserve_outcome(fresh(outcome), by=institute.officer) for _ in range(4)])

    assert sum(isinstance(answer, WrongState) for answer in answers) == 3
    assert fresh(outcome).state == "reserved"


def test_a_number_is_given_once(institute):
    at_once(
        *[
            lambda: draft_outcome(organisation=institute.organisation, by=institute.publisher, title="同时起草")
            for _ in range(8)
        ]
    )

    numbers = list(ResearchOutcome.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == 8


def test_withdrawn_while_the_last_step_is_decided_nothing_waits_for_a_reviewer(institute):
    outcome = institute.published()
    draft = outcome.newest_version
    draft.title = "改动后的标题"
    save_draft(draft, by=institute.publisher)
    submit_outcome(fresh(outcome), by=institute.publisher, declared=True)
    approve_review(fresh(outcome).pending_review, by=institute.manager)
    step = fresh(outcome).pending_review.pk

    answers = at_once(
        lambda: approve_review(TaskState.objects.get(pk=step), by=institute.officer),
        lambda: withdraw_outcome(fresh(outcome), by=institute.manager),
    )

    outcome = fresh(outcome)
    assert answers[1] is None
    assert (outcome.state, outcome.pending_review) == ("withdrawn", None)
    was_published = answers[0] is None
    assert (outcome.title == "改动后的标题") == was_published
    recalled = Entry.objects.about(outcome).filter(kind="outcome.recalled").exists()
    assert recalled != was_published


def test_of_two_who_press_at_the_same_instant_one_decides_and_the_other_reads_who_did(institute):
    second = person(of=institute.organisation, roles=["manager"])
    outcome = institute.submitted()
    shown = {"step": mark_of_step(outcome.pending_review)}
    presses = (
        (institute.manager, outcome.review_url, shown | {"decision": "approve"}),
        (second, outcome.review_url, shown | {"decision": "return", "comment": "请补充检测报告"}),
    )

    answers = pressed(*presses, row=outcome)

    assert sorted(answer.status_code for answer in answers) == [200, 302]
    late = next(number for number, answer in enumerate(answers) if answer.status_code == 200)
    said = answers[late].context["form"].non_field_errors()
    assert [str(presses[1 - late][0]) in sentence for sentence in said] == [True]
    told = Entry.objects.about(outcome).filter(kind__in=["outcome.reviewed", "outcome.returned"])
    assert [entry.kind for entry in told] == [["outcome.returned", "outcome.reviewed"][late]]
    assert TaskState.objects.exclude(finished_by=None).count() == 1
    if late == 0:
        assert "请补充检测报告" in answers[late].content.decode()
