"""An outcome that leaves room for one taker only: promised once, kept, given back, told to the others."""

import pytest

from marketplace.contracts.ending import revoke_contract
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.objecting import object_to_decision, re_examine_contract
from marketplace.core import clock
from marketplace.deals.actions import terminate_deal
from marketplace.deals.models import Deal
from marketplace.deals.refusals import OutcomeNotOpen
from marketplace.notices.models import Notice
from marketplace.outcomes.models import ResearchOutcome
from marketplace.trials import actions, converting, pooling
from marketplace.trials.pool import PoolEntry
from marketplace.trials.refusals import NotInPool, OutcomeNotOffered
from tasks.trials import end_due_trials
from tests.marketplace.contracts import factories as contracts
from tests.marketplace.deals import factories as deals
from tests.marketplace.matching.factories import WAN, enterprise, member
from tests.marketplace.trials.factories import (
    AGREED,
    REQUEST,
    TERMS,
    approved,
    chosen,
    evaluated,
    fresh,
    pooled,
    register,
    requested,
    signed,
)
from tests.tasks.conftest import carried_out

ONE_TAKER = ["assignment", "exclusive", "sole", "equity"]


def state_of(trial):
    return ResearchOutcome.objects.get(pk=trial.outcome_id).state


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ONE_TAKER)
def test_a_conversion_to_one_taker_reserves_the_outcome(mode):
    trial, *_parties = chosen(mode=mode)

    assert (state_of(trial), fresh(trial).holds_outcome) == ("reserved", True)


@pytest.mark.django_db
def test_an_ordinary_licence_leaves_it_to_others():
    trial, *_parties = chosen(mode="ordinary")

    assert (state_of(trial), fresh(trial).holds_outcome) == ("available", False)


@pytest.mark.django_db
def test_nobody_else_goes_on_towards_what_is_promised():
    entry, _owner = pooled(mode="assignment", max_parallel=9)
    asked, waiting, begins, second = requested(on=entry), approved(on=entry), signed(on=entry), evaluated(on=entry)
    chosen(on=entry)

    with pytest.raises(OutcomeNotOpen):
        actions.approve_trial(fresh(asked.trial), **asked.owner.as_party)
    with pytest.raises(OutcomeNotOpen):
        actions.sign_trial_contract(fresh(waiting.trial), **waiting.enterprise.as_party)
    with pytest.raises(OutcomeNotOpen):
        actions.start_trial(fresh(begins.trial), starts_on=clock.today(), **begins.owner.as_party)
    with pytest.raises(OutcomeNotOpen):
        converting.convert_trial(fresh(second.trial), **second.enterprise.as_party)
    late = enterprise()
    with pytest.raises(NotInPool):
        actions.request_trial(entry.outcome, by=member(late), organisation=late, **REQUEST)
    assert Deal.objects.count() == 1


@pytest.mark.django_db
def test_of_two_who_talk_about_a_price_the_second_finds_it_taken():
    entry, owner = pooled(mode="assignment", max_parallel=2, **AGREED)
    first, second = chosen(on=entry), chosen(on=entry)
    converting.propose_trial_price(first.trial, amount=80 * WAN, **owner.as_party)
    converting.propose_trial_price(second.trial, amount=90 * WAN, **owner.as_party)
    converting.accept_trial_price(fresh(first.trial), amount=80 * WAN, **first.enterprise.as_party)

    with pytest.raises(OutcomeNotOpen):
        converting.accept_trial_price(fresh(second.trial), amount=90 * WAN, **second.enterprise.as_party)
    with pytest.raises(OutcomeNotOpen):
        converting.propose_trial_price(fresh(second.trial), amount=95 * WAN, **second.enterprise.as_party)

    assert fresh(second.trial).state == "convert"


@pytest.mark.django_db
def test_a_deal_that_ends_gives_the_outcome_back():
    trial, owner, _enterprise = chosen(mode="assignment")

    carried_out(lambda: terminate_deal(fresh(trial).deal, reason="资金未到位。", **owner.as_party))

    assert (state_of(trial), fresh(trial).holds_outcome) == ("available", False)


@pytest.mark.django_db
def test_the_registration_tells_the_others_and_closes_the_pool():
    entry, owner = pooled(mode="assignment", max_parallel=2)
    second, beside = evaluated(on=entry), deals.from_interest(on=entry.outcome)
    first = chosen(on=entry)
    contract = draft_contract_from_deal(fresh(first.trial).deal, **owner.as_party)

    carried_out(lambda: register(contract, by=owner.manager))

    assert state_of(first.trial) == "converted"
    of_deal = Notice.objects.filter(path=beside.deal.get_absolute_url()).values_list("kind", "user")
    assert {("deal.overtaken", beside.buyer.manager.pk), ("deal.to_end", owner.manager.pk)} <= set(of_deal)
    assert not {("deal.to_end", beside.buyer.manager.pk), ("deal.overtaken", owner.manager.pk)} & set(of_deal)
    entry = PoolEntry.objects.get(pk=entry.pk)
    assert (entry.state, bool(entry.reason)) == ("left", True)
    told = set(Notice.objects.filter(kind="trial.overtaken").values_list("user", flat=True))
    assert second.enterprise.manager.pk in told
    assert not told & {second.owner.manager.pk, first.enterprise.manager.pk}


@pytest.mark.django_db
def test_a_licence_to_one_alone_stays_kept_until_it_is_revoked():
    entry, owner = pooled(mode="exclusive", max_parallel=2)
    second, first = evaluated(on=entry), chosen(on=entry)
    contract = draft_contract_from_deal(fresh(first.trial).deal, **owner.as_party)
    carried_out(lambda: register(contract, by=owner.manager))
    assert state_of(first.trial) == "reserved"
    assert Notice.objects.filter(kind="trial.overtaken", user=second.enterprise.manager).exists()
    contract.refresh_from_db()

    carried_out(lambda: revoke_contract(contract, by=contracts.person("second_reviewer"), reasons="材料虚假。"))

    assert (state_of(first.trial), fresh(first.trial).holds_outcome) == ("available", False)


@pytest.mark.django_db
def test_a_registration_that_falls_when_it_is_examined_again_leaves_room_for_the_next():
    entry, owner = pooled(mode="assignment", max_parallel=2)
    second, first = evaluated(on=entry), chosen(on=entry)
    contract = draft_contract_from_deal(fresh(first.trial).deal, **owner.as_party)
    carried_out(lambda: register(contract, by=owner.manager))
    contract.refresh_from_db()
    second_reviewer = contracts.person("second_reviewer")
    carried_out(lambda: object_to_decision(contract, by=owner.manager, reasons="合同未实际签订"))
    carried_out(lambda: re_examine_contract(contract, by=second_reviewer, upheld=False, reasons="材料虚假"))
    assert (state_of(first.trial), fresh(first.trial).holds_outcome) == ("available", False)

    carried_out(lambda: converting.convert_trial(fresh(second.trial), **second.enterprise.as_party))

    assert (state_of(second.trial), fresh(second.trial).holds_outcome) == ("reserved", True)


@pytest.mark.django_db
def test_who_held_it_by_a_contract_that_fell_lets_go_when_the_next_takes_it():
    entry, _owner = pooled(mode="assignment", max_parallel=2)
    second, first = evaluated(on=entry), chosen(on=entry)
    ResearchOutcome.objects.filter(pk=entry.outcome_id).update(state="available")

    converting.convert_trial(fresh(second.trial), **second.enterprise.as_party)

    assert (fresh(first.trial).holds_outcome, fresh(second.trial).holds_outcome) == (False, True)


@pytest.mark.django_db
def test_terms_of_a_converted_outcome_are_not_rewritten_and_the_sweep_closes_its_entry():
    entry, owner = pooled()
    ResearchOutcome.objects.filter(pk=entry.outcome_id).update(state="converted")
    with pytest.raises(OutcomeNotOffered):
        pooling.change_pool_terms(PoolEntry.objects.get(pk=entry.pk), **owner.as_party, **(TERMS | {"length_days": 60}))

    end_due_trials()
    end_due_trials()

    assert PoolEntry.objects.get(pk=entry.pk).state == "left"
    assert "trial_first" not in ResearchOutcome.objects.get(pk=entry.outcome_id).modes
