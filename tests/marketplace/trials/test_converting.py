"""From trial to paid contract: preset price, agreed price with publicity, registration, and what comes between."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.core import clock
from marketplace.core.refusals import WrongState
from marketplace.deals.actions import terminate_deal
from marketplace.deals.models import Deal
from marketplace.deals.pricing import reopen_pricing
from marketplace.deals.refusals import OutcomeNotOpen, PriceOfTrial
from marketplace.publicity.actions import answer_objection, make_objection
from marketplace.publicity.models import Publicity
from marketplace.trials import converting
from marketplace.trials.refusals import NotEvaluated, NotPositive, OwnPrice, PriceGone
from tasks.delivery import at_once
from tasks.publicity import end_due_publicity
from tests.marketplace.matching.factories import WAN, person
from tests.marketplace.trials.factories import AGREED, chosen, evaluated, fresh, in_publicity, register, running_trial


@pytest.mark.django_db
def test_a_preset_price_opens_the_deal_at_once():
    trial, owner, enterprise = chosen()

    deal = fresh(trial).deal
    assert fresh(trial).state == "paid_contract"
    assert (deal.state, deal.price, deal.pricing_mode) == ("contract", 60 * WAN, "listing")
    assert (deal.seller, deal.buyer) == (owner.organisation, enterprise.organisation)
    assert not Publicity.objects.exists()


@pytest.mark.django_db
def test_what_runs_is_evaluated_before_it_is_converted():
    trial, _owner, enterprise = running_trial()

    with pytest.raises(NotEvaluated):
        converting.convert_trial(trial, **enterprise.as_party)


@pytest.mark.django_db
def test_the_draft_takes_over_the_way_price_and_parties_of_the_trial():
    trial, owner, enterprise = chosen(mode="exclusive")

    contract = draft_contract_from_deal(fresh(trial).deal, **owner.as_party)

    assert (contract.sub_type, contract.total_amount) == ("XK-exclusive", 60 * WAN)
    assert (contract.buyer, contract.outcome) == (enterprise.organisation, trial.outcome)


@pytest.mark.django_db
def test_a_price_is_proposed_by_one_side_and_accepted_by_the_other_as_shown():
    trial, owner, enterprise = chosen(**AGREED)
    with pytest.raises(NotPositive):
        converting.propose_trial_price(trial, amount=0, **owner.as_party)
    converting.propose_trial_price(trial, amount=90 * WAN, **owner.as_party)

    with pytest.raises(OwnPrice):
        converting.accept_trial_price(trial, amount=90 * WAN, **owner.as_party)
    converting.propose_trial_price(trial, amount=80 * WAN, **owner.as_party)
    with pytest.raises(PriceGone):
        converting.accept_trial_price(trial, amount=90 * WAN, **enterprise.as_party)

    assert (fresh(trial).state, fresh(trial).price, Deal.objects.count()) == ("convert", None, 0)


@pytest.mark.django_db
def test_an_agreed_price_is_published_before_the_contract():
    trial, owner, _enterprise = in_publicity()

    publicity = Publicity.objects.get()
    deal = fresh(trial).deal
    assert (fresh(trial).state, deal.state, deal.price) == ("price_publicity", "publicity", 80 * WAN)
    assert publicity.subject == trial
    assert publicity.ends_on >= timezone.localdate() + timedelta(days=15)
    assert "80" in dict(publicity.subject.publicity_facts()).popitem()[1]
    with pytest.raises(WrongState):
        draft_contract_from_deal(deal, **owner.as_party)


@pytest.mark.django_db
def test_a_converted_price_is_not_reopened_in_the_deal():
    trial, owner, _enterprise = chosen()

    with pytest.raises(PriceOfTrial):
        reopen_pricing(fresh(trial).deal, **owner.as_party)


@pytest.mark.django_db
def test_an_outcome_reserved_meanwhile_is_not_converted():
    trial, _owner, enterprise = evaluated()
    type(trial.outcome).objects.filter(pk=trial.outcome_id).update(state="reserved")

    with pytest.raises(OutcomeNotOpen):
        converting.convert_trial(fresh(trial), **enterprise.as_party)

    assert fresh(trial).state == "evaluation"


@pytest.mark.django_db(transaction=True)
def test_a_price_that_stood_its_publicity_leads_to_the_contract():
    with at_once():
        trial, owner, _enterprise = in_publicity()
        over = Publicity.objects.get().ends_on + timedelta(days=1)
        with clock.moved_to(timezone.now() + (over - timezone.localdate()) + timedelta(hours=1)):
            end_due_publicity()

        contract = draft_contract_from_deal(fresh(trial).deal, **owner.as_party)

    assert (fresh(trial).state, fresh(trial).deal.state) == ("paid_contract", "contract")
    assert contract.total_amount == 80 * WAN


@pytest.mark.django_db(transaction=True)
def test_an_upheld_objection_opens_the_price_again_and_ends_the_deal():
    with at_once():
        trial, _owner, enterprise = in_publicity()
        former = fresh(trial).deal
        publicity = Publicity.objects.get()
        objection = make_objection(publicity, by=person(), organisation=None, ground="price", text="明显低于评估价。")
        answer_objection(objection, by=person("officer"), is_upheld=True, answer="评估依据不足。")

    former.refresh_from_db()
    trial = fresh(trial)
    assert (trial.state, trial.price, trial.deal, former.state) == ("convert", None, None, "terminated")
    converting.propose_trial_price(trial, amount=120 * WAN, **enterprise.as_party)
    converting.accept_trial_price(trial, amount=120 * WAN, **_owner.as_party)
    assert fresh(trial).deal.price == 120 * WAN


@pytest.mark.django_db(transaction=True)
def test_a_deal_that_ends_sends_the_materials_back_and_its_publicity_falls():
    with at_once():
        trial, owner, _enterprise = in_publicity()
        terminate_deal(fresh(trial).deal, reason="资金未到位。", **owner.as_party)

    assert (fresh(trial).state, fresh(trial).stop_reason) == ("stop", "资金未到位。")
    assert Publicity.objects.get().state == "stopped"


@pytest.mark.django_db(transaction=True)
def test_registered_means_converted():
    with at_once():
        trial, owner, _enterprise = chosen()
        contract = draft_contract_from_deal(fresh(trial).deal, **owner.as_party)
        register(contract, by=owner.manager)

    assert fresh(trial).state == "registered"
    assert fresh(trial).converted_at is not None
