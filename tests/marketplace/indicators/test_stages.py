"""The stream at home: one cohort of outcomes, each counted once in every stage it reached."""

import pytest

from marketplace.indicators.stages import outcomes_by_stage
from marketplace.outcomes.models import ResearchOutcome
from tests.marketplace.contracts import factories as contracts
from tests.marketplace.deals import factories as trade
from tests.marketplace.matching import factories as matches

pytestmark = pytest.mark.django_db


def test_before_anything_is_published_every_stage_is_empty():
    matches.outcome(live=False, published_at=None)

    assert outcomes_by_stage() == (0, 0, 0, 0, 0)


def test_each_outcome_is_counted_once_up_to_the_stage_it_reached():
    matches.outcome()
    twice = matches.agreed().outcome
    matches.agreed(outcome=twice)
    matches.proposed()
    trade.from_match()
    returned = matches.outcome()
    contracts.drafted(seller=returned.owner, outcome=returned)
    handed_in = matches.outcome()
    contracts.submitted(seller=handed_in.owner, outcome=handed_in)
    registered = matches.outcome()
    contracts.registered(seller=registered.owner, outcome=registered)

    assert outcomes_by_stage() == (7, 4, 3, 2, 1)


def test_a_contract_without_a_deal_does_not_widen_a_later_stage():
    sold = matches.outcome()
    for _time in range(2):
        contracts.registered(seller=sold.owner, outcome=sold)
    contracts.registered()

    found = outcomes_by_stage()

    assert found == (1, 1, 1, 1, 1)
    assert list(found) == sorted(found, reverse=True)


def test_what_left_the_list_stays_in_the_cohort():
    gone = matches.outcome()
    ResearchOutcome.objects.filter(pk=gone.pk).update(state="withdrawn", live=False)

    assert outcomes_by_stage() == (1, 0, 0, 0, 0)
