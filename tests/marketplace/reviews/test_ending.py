"""A review ends with what it was for: taken offline, withdrawn, converted, solved or closed. The draft stays."""

import copy
from datetime import timedelta

import pytest
from django.urls import reverse
from wagtail.models import TaskState

from marketplace.core import clock
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.journal import Entry
from marketplace.core.rules import why_not
from marketplace.desk.drafts import drafts_of
from marketplace.desk.rows import Reader
from marketplace.needs.actions import close_need, reopen_need, solve_need, submit_need
from marketplace.needs.ending import after_closing
from marketplace.needs.models import TargetIndicator, TechnologyNeed
from marketplace.notices.models import Notice
from marketplace.outcomes.actions import expire_outcome, submit_outcome
from marketplace.outcomes.availability import convert_outcome, free_outcome, withdraw_outcome
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews import rules
from marketplace.reviews.actions import approve_review
from marketplace.reviews.drafts import save_draft
from marketplace.reviews.history import timeline
from marketplace.reviews.refusals import AlreadyDecided
from tasks.delivery import at_once
from tests.factories.people import sign_in
from tests.marketplace.matching.factories import enterprise, member, need, person
from tests.marketplace.outcomes import making
from tests.marketplace.outcomes.making import fresh

pytestmark = pytest.mark.usefixtures("for_now")

NEW_TITLE = "改动后的标题"


@pytest.fixture
def commit(django_capture_on_commit_callbacks, settings, tmp_path):
    settings.SEARCH_DIR = tmp_path / "search"

    def run(call):
        with at_once(), django_capture_on_commit_callbacks(execute=True):
            return call()

    return run


@pytest.fixture(scope="module")
def lasting_house(lasting):
    """An institute with an outcome whose change is in review."""
    making.set_up()
    institute = making.Institute()
    institute.changing = with_change_in_review(institute, institute.published())
    return institute


@pytest.fixture
def institute(lasting_house, for_now):
    return copy.deepcopy(lasting_house)


def with_change_in_review(institute, outcome):
    """A public outcome whose change has passed the institute and waits for the district."""
    draft = outcome.newest_version
    draft.title = NEW_TITLE
    save_draft(draft, by=institute.publisher)
    submit_outcome(fresh(outcome), by=institute.publisher, declared=True)
    approve_review(fresh(outcome).pending_review, by=institute.manager)
    return fresh(outcome)


def need_in_review(writer):
    asked = need(of=writer.memberships.get().organisation)
    draft = copy.copy(asked)
    draft.title, draft.problem = (
        NEW_TITLE,
        "锁具待机电流约 60 微安，四节干电池只能用六个月，用户频繁换电池，售后成本高。",
    )
    draft.industry = Industry.objects.first()
    draft.field = TechnicalField.objects.first()
    draft.deadline = clock.today() + timedelta(days=90)
    draft.indicators = [TargetIndicator(name="待机电流", comparison="le", value="20", unit="µA")]
    save_draft(draft, by=writer)
    submit_need(TechnologyNeed.objects.get(pk=asked.pk), by=writer)
    return TechnologyNeed.objects.get(pk=asked.pk)


def reader(user):
    return Reader(user, None, clock.now())


def take_offline(institute):
    return lambda outcome: outcome.unpublish(user=institute.officer, reason="价格与证明材料不符")


def convert(institute):
    return lambda outcome: convert_outcome(outcome, by=person("registrar"), organisation=institute.organisation)


def withdraw(institute):
    return lambda outcome: withdraw_outcome(outcome, by=institute.manager)


ENDS = [
    (take_offline, "offline", "主管科室已将其页面下架"),
    (convert, "converted", "成果已转化"),
    (withdraw, "withdrawn", "已撤回"),
]


@pytest.mark.parametrize(("verb", "why", "words"), ENDS)
def test_the_change_leaves_the_queue_and_stays_a_draft(institute, client, commit, verb, why, words):
    outcome = institute.changing
    assert TaskState.objects.reviewable_by(institute.officer).count() == 1

    commit(lambda: verb(institute)(outcome))

    outcome = fresh(outcome)
    assert (outcome.pending_review, outcome.newest_version.title) == (None, NEW_TITLE)
    assert TaskState.objects.reviewable_by(institute.officer).count() == 0
    assert NEW_TITLE not in sign_in(client, institute.officer).get(reverse("review-queue")).content.decode()
    entry = Entry.objects.about(outcome).get(kind="outcome.recalled")
    assert entry.data["why"] == why
    assert any(words in str(row["title"]) for row in timeline(outcome))
    notice = Notice.objects.get(kind=f"review.ended_{why}")
    assert notice.user == institute.publisher
    assert outcome.title in notice.title
    followed = sign_in(client, institute.publisher).get(notice.path)
    assert followed.status_code == 200


@pytest.mark.parametrize(("verb", "why", "words"), ENDS)
def test_who_decides_on_a_page_opened_before_reads_why_nothing_waits(institute, client, verb, why, words):
    outcome = institute.changing
    sign_in(client, institute.officer)
    shown = client.get(outcome.review_url)
    step = outcome.pending_review
    verb(institute)(outcome)

    with pytest.raises(AlreadyDecided) as refusal:
        approve_review(TaskState.objects.get(pk=step.pk), by=institute.officer)
    late = client.post(outcome.review_url, {"decision": "approve", "step": shown.context["step_mark"], "comment": "可"})

    assert words in str(refusal.value)
    assert late.status_code == 200
    assert words in late.content.decode()
    assert fresh(outcome).title != NEW_TITLE


def test_what_was_converted_and_given_back_is_sent_in_again_as_it_was_drafted(institute):
    outcome = institute.changing
    convert(institute)(outcome)
    assert why_not(rules.submit_for_review, institute.publisher, fresh(outcome)) is not None
    assert drafts_of(reader(institute.publisher)) == []

    free_outcome(fresh(outcome), by=None)
    assert [row.title for row in drafts_of(reader(institute.publisher))] == [NEW_TITLE]
    submit_outcome(fresh(outcome), by=institute.publisher, declared=True)
    outcome = institute.pass_review(fresh(outcome))

    assert (outcome.live, outcome.title) == (True, NEW_TITLE)


def test_what_the_district_took_offline_is_sent_in_again(institute):
    outcome = institute.changing
    take_offline(institute)(outcome)

    submit_outcome(fresh(outcome), by=institute.publisher, declared=True)
    outcome = institute.pass_review(fresh(outcome))

    assert (outcome.live, outcome.title) == (True, NEW_TITLE)


def test_a_change_stays_in_review_when_the_term_of_its_outcome_runs_out(institute):
    outcome = institute.changing
    ResearchOutcome.objects.filter(pk=outcome.pk).update(expires_on=clock.today())

    expire_outcome(fresh(outcome))

    outcome = fresh(outcome)
    assert (outcome.live, outcome.pending_review is None) == (False, False)
    approve_review(outcome.pending_review, by=institute.officer)
    assert (fresh(outcome).live, fresh(outcome).title) == (True, NEW_TITLE)


def test_without_a_review_nothing_is_ended(institute):
    outcome = institute.published()

    take_offline(institute)(outcome)

    assert not Entry.objects.about(outcome).filter(kind="outcome.recalled").exists()


def close_by_liaison(asked, colleague):
    close_need(asked, by=person("liaison"), reason="企业已停产")


def solve(asked, colleague):
    solve_need(asked, by=colleague)


@pytest.mark.parametrize(("verb", "why"), [(close_by_liaison, "closed"), (solve, "solved")])
def test_the_change_of_a_need_that_is_over_leaves_its_review(institute, commit, verb, why):
    house = enterprise()
    writer, colleague = member(house, "publisher"), member(house)
    liaison = person("liaison")
    asked = need_in_review(writer)
    assert TaskState.objects.reviewable_by(liaison).count() == 1
    assert any("审核" in sentence for sentence in after_closing(asked, writer))

    commit(lambda: verb(asked, colleague))

    asked = TechnologyNeed.objects.get(pk=asked.pk)
    assert (asked.pending_review, asked.newest_version.title) == (None, NEW_TITLE)
    assert TaskState.objects.reviewable_by(liaison).count() == 0
    assert {notice.user for notice in Notice.objects.filter(kind=f"review.ended_{why}")} >= {writer}


def test_a_need_that_is_opened_again_has_its_draft(institute):
    writer = member(enterprise())
    asked = need_in_review(writer)

    close_need(asked, by=writer, reason="先停一停")
    assert drafts_of(reader(writer)) == []
    reopen_need(TechnologyNeed.objects.get(pk=asked.pk), by=writer)
    submit_need(TechnologyNeed.objects.get(pk=asked.pk), by=writer)

    assert TechnologyNeed.objects.get(pk=asked.pk).pending_review is not None


@pytest.mark.parametrize("model", [ResearchOutcome, TechnologyNeed])
def test_over_are_the_states_in_which_nothing_may_be_public(model):
    assert set(model.OVER) == {state for state in model.State.values if model(state=state).why_not_public()}
