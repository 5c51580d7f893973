"""Two officers at the same moment: the caps hold, on real threads and real rows."""

import time
from threading import Event

import pytest
from django.db import transaction

from marketplace.contracts.ending import revoke_contract
from marketplace.contracts.models import TechnologyContract
from marketplace.core.refusals import WrongState
from marketplace.rewards.actions import claim_reward, review_claim
from marketplace.rewards.models import RewardClaim
from marketplace.rewards.refusals import CapReached, ContractStruck
from tests.marketplace.contracts.factories import broker, person
from tests.marketplace.contracts.test_races import at_once
from tests.marketplace.deals.factories import WAN
from tests.marketplace.rewards.making import claimed, ready

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


def test_a_contract_revoked_at_that_moment_supports_no_claim():
    lead, officer = ready(), person("officer")
    contract, is_held = TechnologyContract.objects.get(deal=lead.deal_link.deal), Event()

    def revoking():
        with transaction.atomic():
            contract.lock()
            is_held.set()
            time.sleep(2)  # the claim arrives meanwhile
            revoke_contract(contract, by=officer, reasons="虚假材料")

    def claiming():
        assert is_held.wait(timeout=10)
        claim_reward(lead, by=lead.broker.user, note="撮合、陪同谈判。")

    assert at_once(revoking, claiming) == [None, ContractStruck]
    assert not RewardClaim.objects.exists()


def test_one_claim_is_reviewed_once():
    claim = claimed()

    answers = at_once(reviewing(claim, person("officer")), reviewing(claim, person("officer")))

    assert set(answers) == {None, WrongState}
