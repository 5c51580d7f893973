"""先用后转 in the background: reminders, terms that run out, and what contracts and deals mean for their trials."""

from datetime import timedelta

from marketplace.contracts.models import TechnologyContract
from marketplace.core import clock
from marketplace.deals.models import Deal
from marketplace.outcomes.models import ResearchOutcome
from marketplace.publicity.models import Publicity
from marketplace.trials.converting import (
    end_trial_publicity,
    free_outcome_of_trial,
    give_up_conversion,
    note_registration_of_trial,
    reopen_objected_price,
)
from marketplace.trials.ending import expire_trial, remind_of_end
from marketplace.trials.keeping import close_pool_entry
from marketplace.trials.models import Trial
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.pool import PoolEntry
from tasks.app import app
from tasks.models import Delivery


@app.task
def end_due_trials() -> None:
    """End each trial whose term is over, and each entry of the pool whose outcome found its taker."""
    for entry in PoolEntry.objects.of_converted():
        close_pool_entry(entry.outcome, by=None)
    for trial in Trial.objects.due(clock.today()):
        expire_trial(trial)


@app.task
def remind_of_trials() -> None:
    """Remind the parties of each trial whose next term is near, once per term."""
    now = clock.now()
    near = clock.today() + timedelta(days=TrialPolicy.at(now).remind_days)
    for trial in Trial.objects.ending_by(near):
        remind_of_end(trial)


def note_contract_of_trial(delivery: Delivery) -> None:
    """The paid contract of a trial is registered: the trial is converted."""
    contract = TechnologyContract.objects.get(pk=delivery.entry.subject_id)
    trial = Trial.objects.filter(deal__isnull=False, deal=contract.deal_id).first()
    if trial is not None:
        note_registration_of_trial(trial, by=delivery.entry.actor)


def give_up_trial_of_deal(delivery: Delivery) -> None:
    """The deal of a trial was ended: before the registration what was handed over goes back, later others may ask."""
    deal = Deal.objects.get(pk=delivery.entry.subject_id)
    trial = Trial.objects.filter(deal=deal).first()
    if trial is None:
        return
    if delivery.entry.data["came_from"] == Deal.State.PERFORMANCE:
        free_outcome_of_trial(trial, by=delivery.entry.actor)
    else:
        give_up_conversion(trial, by=delivery.entry.actor, reason=deal.termination_reason)


def free_outcome_of_revoked(delivery: Delivery) -> None:
    """The paid contract of a trial was struck from the register: others may have the outcome.

    An objection that was examined again leads to the same, or leaves the contract where it stood.
    """
    contract = TechnologyContract.objects.get(pk=delivery.entry.subject_id)
    trial = Trial.objects.filter(deal__isnull=False, deal=contract.deal_id).first()
    if trial is not None and contract.state == contract.State.REVOKED:
        free_outcome_of_trial(trial, by=delivery.entry.actor)


def close_pool_of_outcome(delivery: Delivery) -> None:
    """An outcome found its taker: nobody tries it any more."""
    close_pool_entry(ResearchOutcome.objects.get(pk=delivery.entry.subject_id), by=delivery.entry.actor)


def follow_end_of_price_publicity(delivery: Delivery) -> None:
    """An agreed price stood its publicity: the paid contract follows."""
    trial = _trial_of(delivery)
    if trial is not None:
        end_trial_publicity(trial, by=delivery.entry.actor)


def follow_stop_of_price_publicity(delivery: Delivery) -> None:
    """An objection was upheld: the price is open again. A publicity that fell with its deal leads to nothing."""
    trial, by = _trial_of(delivery), delivery.entry.actor
    if trial is not None and by is not None and delivery.entry.data["upheld"]:
        reopen_objected_price(trial, by=by)


def _trial_of(delivery: Delivery) -> Trial | None:
    publicity = Publicity.objects.get(pk=delivery.entry.subject_id)
    if publicity.matter != Publicity.Matter.TRIAL_PRICE:
        return None
    return Trial.objects.with_parties().get(pk=publicity.subject_id)
