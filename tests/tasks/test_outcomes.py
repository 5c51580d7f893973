"""The daily sweep over terms, and who is told what about a review."""

from datetime import timedelta

import pytest

from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.notices.models import Notice
from marketplace.outcomes.actions import confirm_outcome, submit_outcome
from marketplace.reviews.actions import approve_review, return_review
from tasks.delivery import at_once
from tasks.models import Delivery
from tasks.outcomes import sweep_outcomes
from tests.marketplace.outcomes import making
from tests.marketplace.outcomes.making import Institute, fresh, person


@pytest.fixture
def platform(transactional_db):
    making.set_up()


@pytest.fixture
def institute(platform):
    return Institute()


def told(user):
    """Return what a person was told; a consequence that failed says so first."""
    assert list(Delivery.objects.exclude(error="").values_list("consequence", "error")) == []
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def test_each_step_tells_those_who_may_decide_and_the_end_tells_the_authors(institute):
    stranger, second = Institute(), person("officer")
    with at_once():
        outcome = institute.submitted()
        assert told(institute.manager) == ["review.to_decide"]
        assert told(institute.officer) == []

        return_review(outcome.pending_review, by=institute.manager, comment="补充数据")
        assert told(institute.publisher) == ["review.returned"]

        submit_outcome(fresh(outcome), by=institute.publisher, declared=True)
        approve_review(fresh(outcome).pending_review, by=institute.manager)
        assert told(institute.officer) == told(second) == ["review.to_decide"]

        approve_review(fresh(outcome).pending_review, by=institute.officer)

    assert told(institute.publisher) == ["review.returned", "review.published"]
    assert told(institute.manager)[-1] == "review.published"
    assert told(stranger.manager) == told(stranger.publisher) == []


def test_reminds_once_then_expires(institute):
    outcome = institute.published()
    now = clock.now()

    def kinds():
        return list(Entry.objects.about(outcome).order_by("pk").values_list("kind", flat=True))[5:]

    sweep_outcomes()
    assert kinds() == []

    with at_once(), clock.moved_to(now + timedelta(days=340)):
        sweep_outcomes()
        sweep_outcomes()
        assert kinds() == ["outcome.reminded"]
        assert told(institute.publisher) == ["outcome.reminded"]

    with at_once(), clock.moved_to(now + timedelta(days=366)):
        sweep_outcomes()
        sweep_outcomes()
    assert kinds() == ["outcome.reminded", "outcome.expired"]
    assert not fresh(outcome).live

    with clock.moved_to(now + timedelta(days=370)):
        confirm_outcome(fresh(outcome), by=institute.publisher)
    assert fresh(outcome).live
    with clock.moved_to(now + timedelta(days=370 + 340)):
        sweep_outcomes()
    assert kinds()[-1] == "outcome.reminded"
