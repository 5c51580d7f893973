"""Two officers at the same moment: the caps hold, on real threads and real rows."""

import pytest

from marketplace.core.refusals import WrongState
from marketplace.rewards.actions import review_claim
from marketplace.rewards.models import RewardClaim
from marketplace.rewards.refusals import CapReached
from tests.marketplace.contracts.factories import broker, person
from tests.marketplace.contracts.test_races import at_once
from tests.marketplace.deals.factories import WAN
from tests.marketplace.rewards.making import claimed

pytestmark = pytest.mark.django_db(transaction=True)


def reviewing(claim, officer):
    own = RewardClaim.objects.get(pk=claim.pk)
    return lambda: review_claim(own, by=officer)


def test_what_the_year_leaves_is_granted_once():
    rates = {"basis": "technical", "percent": "2.00", "cap_year": 4_400_000}
    one = broker(user=person())
    first, second = (claimed(by=one, reward=rates, price=220 * WAN) for _ in range(2))

    answers = at_once(reviewing(first, person("officer")), reviewing(second, person("officer")))

    assert set(answers) == {None, CapReached}
    assert RewardClaim.objects.granted() == 4_400_000


def test_one_claim_is_reviewed_once():
    claim = claimed()

    answers = at_once(reviewing(claim, person("officer")), reviewing(claim, person("officer")))

    assert set(answers) == {None, WrongState}
