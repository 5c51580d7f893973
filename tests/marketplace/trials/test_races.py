"""Two at once: the last place of an entry, two confirmations, a price and its successor, a verb and the sweep."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from marketplace.contracts.payments.actions import enter_receipt
from marketplace.core import clock
from marketplace.core.refusals import Refused
from marketplace.trials import actions, converting, ending, running
from marketplace.trials.models import Trial
from marketplace.trials.royalties import take_back_output
from marketplace.trials.royalty import OutputReport
from tests.factories.locks import is_free_behind
from tests.marketplace.matching.factories import WAN
from tests.marketplace.trials.factories import (
    AGREED,
    VERDICTS,
    Tried,
    approved,
    chosen,
    evaluated,
    fresh,
    pooled,
    requested,
    running_trial,
)
from tests.marketplace.trials.test_royalties import converted, reported

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Carry all out in the same instant, each in its own thread; return what became of each."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            act()
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_the_last_place_is_given_once():
    entry, owner = pooled(max_parallel=1)
    trials = [requested(on=entry).trial for _ in range(4)]

    came_of = at_once(
        *(
            lambda trial=trial: actions.approve_trial(Trial.objects.get(pk=trial.pk), **owner.as_party)
            for trial in trials
        )
    )

    assert sorted(came_of) == ["NoPlaceLeft", "NoPlaceLeft", "NoPlaceLeft", "done"]
    assert entry.trials.holding().count() == 1


def test_both_confirm_in_the_same_instant_and_the_contract_stands():
    trial, owner, enterprise = approved()

    came_of = at_once(
        *(
            lambda party=party: actions.sign_trial_contract(fresh(trial), **party.as_party)
            for party in (owner, enterprise)
        )
    )

    assert came_of == ["done", "done"]
    assert fresh(trial).state == "trial_contract_signed"


def test_a_price_that_changes_in_the_same_instant_is_not_accepted_as_another():
    trial, owner, enterprise = chosen(**AGREED)
    converting.propose_trial_price(trial, amount=90 * WAN, **owner.as_party)

    came_of = at_once(
        lambda: converting.propose_trial_price(fresh(trial), amount=99 * WAN, **owner.as_party),
        lambda: converting.accept_trial_price(fresh(trial), amount=90 * WAN, **enterprise.as_party),
    )

    assert sorted(came_of) in (["PriceGone", "done"], ["WrongState", "done"])
    assert fresh(trial).price in ((None,) if "PriceGone" in came_of else (90 * WAN,))


def test_a_trial_that_is_evaluated_while_the_sweep_comes_is_one_or_the_other():
    trial, _owner, enterprise = running_trial()
    Trial.objects.filter(pk=trial.pk).update(decide_by=trial.starts_on)
    with clock.moved_to(timezone.now() + timedelta(days=2)):
        late = clock.now()

    def evaluate():
        with clock.moved_to(late - timedelta(days=2)):
            running.evaluate_trial(fresh(trial), verdicts=VERDICTS, text="可以。", **enterprise.as_party)

    def expire():
        with clock.moved_to(late):
            ending.expire_trial(fresh(trial))

    came_of = at_once(evaluate, expire)

    assert fresh(trial).state == "expired"
    assert came_of[1] == "done"


def test_who_confirms_waits_for_the_outcome_before_it_holds_the_trial():
    trial, owner, enterprise = approved()
    actions.sign_trial_contract(trial, **owner.as_party)

    is_free = is_free_behind(
        fresh(trial).outcome, trial, lambda: actions.sign_trial_contract(fresh(trial), **enterprise.as_party)
    )

    assert is_free
    assert fresh(trial).state == "trial_contract_signed"


def test_two_who_convert_at_once_open_one_deal():
    entry, _owner = pooled(mode="assignment", max_parallel=2)
    both = [evaluated(on=entry), evaluated(on=entry)]

    came_of = at_once(
        *(
            lambda tried=tried: converting.convert_trial(fresh(tried.trial), **tried.enterprise.as_party)
            for tried in both
        )
    )

    assert sorted(came_of) == ["OutcomeNotOpen", "done"]
    assert entry.outcome.deals.count() == 1


def test_a_report_is_taken_back_or_paid_on_but_never_both():
    tried, contract = converted()
    report = reported(tried)
    money = {"amount": WAN, "received_on": clock.today(), "bank_reference": "样例 9"}

    def take_back():
        mine = OutputReport.objects.get(pk=report.pk)
        take_back_output(fresh(tried.trial), mine, reason="写错", **tried.enterprise.as_party)

    def pay():
        of = type(contract).objects.get(pk=contract.pk)
        enter_receipt(of, by=tried.owner.manager, instalment=of.instalments.get(), **money)

    came_of = at_once(take_back, pay)

    report.refresh_from_db()
    assert came_of in (["done", "InstalmentDropped"], ["InstalmentPaid", "done"])
    assert (report.taken_back_at is not None) == (came_of[0] == "done")
    assert contract.receipts.count() == (came_of[1] == "done")


def test_the_output_of_the_same_days_is_reported_once():
    tried, contract = converted()

    came_of = at_once(*(lambda: reported(Tried(fresh(tried.trial))) for _ in range(2)))

    assert sorted(came_of) == ["OutputCounted", "done"]
    assert contract.instalments.count() == 1
