"""The pool of trials when the district takes an outcome offline: no new trials, with the reason why not."""

from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.core import clock
from marketplace.outcomes.actions import expire_outcome
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.actions import take_offline
from marketplace.trials.actions import approve_trial, request_trial
from marketplace.trials.refusals import OutcomeOffline
from tests.factories.people import sign_in
from tests.marketplace.matching.factories import enterprise, member
from tests.marketplace.outcomes.making import Institute, fresh, set_up
from tests.marketplace.trials.factories import REQUEST, pooled, requested

pytestmark = pytest.mark.django_db


@pytest.fixture
def institute():
    set_up()
    return Institute()


def test_the_pool_says_that_it_is_offline_and_what_that_means(institute, client):
    entry, _owner = pooled(of=institute.published())
    take_offline(entry.outcome, by=institute.officer, reason="内容不实")

    for address in (reverse("pool-list"), entry.get_absolute_url()):
        shown = sign_in(client, institute.manager).get(address).content.decode()
        assert "已被主管科室下架。修改稿审核通过之前不受理新的试用" in shown
        assert "可转化" not in shown


def test_the_pool_says_that_the_term_of_an_outcome_has_run_out(institute):
    entry, _owner = pooled(of=institute.published())
    ResearchOutcome.objects.filter(pk=entry.outcome.pk).update(expires_on=clock.today() - timedelta(days=1))
    expire_outcome(fresh(entry.outcome))
    entry.outcome = fresh(entry.outcome)

    assert "已过有效期" in entry.why_closed


def test_new_trials_are_neither_asked_for_nor_approved(institute):
    entry, _owner = pooled(of=institute.published())
    tried = requested(on=entry)
    take_offline(entry.outcome, by=institute.officer, reason="内容不实")
    tries = enterprise()

    with pytest.raises(OutcomeOffline):
        request_trial(fresh(entry.outcome), by=member(tries), organisation=tries, **REQUEST)
    with pytest.raises(OutcomeOffline):
        approve_trial(tried.trial, **tried.owner.as_party)
    tried.trial.refresh_from_db()
    assert tried.trial.state == "trial_requested"
