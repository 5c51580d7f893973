"""A trial as one reader sees it: whose turn it is, the path, how many days are left."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.core import clock
from marketplace.organisations.models import Organisation
from marketplace.organisations.one_side import why_not_both
from marketplace.trials.models import Trial
from marketplace.trials.party import Party

State = Trial.State
TONES = {
    State.REQUESTED: "wait",
    State.REFUSED: "stop",
    State.WITHDRAWN: "idle",
    State.APPROVED: "wait",
    State.SIGNED: "way",
    State.INSURED: "way",
    State.LAPSED: "idle",
    State.CALLED_OFF: "idle",
    State.RUNNING: "go",
    State.EVALUATION: "wait",
    State.CONVERTING: "way",
    State.PUBLICITY: "wait",
    State.PAID_CONTRACT: "way",
    State.CONVERTED: "done",
    State.RETURNING: "wait",
    State.EXPIRED: "stop",
    State.CLOSED: "idle",
    State.DISPUTE: "stop",
}
POOL_TONES = {"checking": "wait", "returned": "stop", "in_pool": "go", "paused": "idle", "left": "idle"}
PATH = (State.REQUESTED, State.APPROVED, State.SIGNED, State.RUNNING, State.EVALUATION)
TO_CONTRACT = (State.PUBLICITY, State.PAID_CONTRACT, State.CONVERTED)
TO_RETURN = (State.RETURNING, State.CLOSED)


def acts_of(trial: Trial) -> dict[Party, str]:
    """Return what each party has to do now, in words; nobody where others decide or the clock runs."""
    owner, enterprise = Party.OWNER, Party.ENTERPRISE
    if trial.state == State.APPROVED:
        return {party: _("Confirm the trial contract") for party in Party if not trial.has_signed(party)}
    if trial.state in trial.TO_RETURN:
        return {party: _("Confirm the return of materials") for party in Party if not trial.has_returned(party)}
    if trial.state == State.CONVERTING:
        return _pricing(trial)
    if trial.state == State.DISPUTE:
        awaited = [one for one in trial.breaches.all() if one.awaits_answer(clock.today())]  # after that the officer's
        return {Party(one.party).other: _("Answer the breach that was reported") for one in awaited}
    if trial.state == State.SIGNED and trial.terms.needs_insurance:  # a policy makes it an insured one
        return {party: _("Enter the insurance the terms require; the trial begins only then") for party in Party}
    if trial.state == State.PAID_CONTRACT and contract_under_review(trial):
        return {}
    asked = any(one.state == "asked" for one in trial.extensions.all())
    words: dict[str, dict[Party, str]] = {
        State.REQUESTED: {owner: _("Answer the request for a trial")},
        State.SIGNED: {owner: _("Hand over and begin the trial")},
        State.INSURED: {owner: _("Hand over and begin the trial")},
        State.RUNNING: {enterprise: _("Use it, and evaluate by the criteria")},
        State.EVALUATION: {enterprise: _("Decide: convert, extend or stop")},
        State.PAID_CONTRACT: {owner: _("Draw up the paid contract and send it to registration")},
    }
    acts = dict(words.get(trial.state, {}))
    if asked and trial.state in (State.RUNNING, State.EVALUATION):
        acts[owner] = _("Answer the question for more time")
    return acts


def asks_an_answer(trial: Trial, party: Party) -> bool:
    """Tell whether what a party has to do now speaks to the other, so that nobody does it who answered for that.

    Entering a policy does not; of deciding, whoever is kept off conversion and stop still asks for more time.
    """
    if trial.state == State.SIGNED:
        return not trial.terms.needs_insurance
    if trial.state == State.EVALUATION:
        return party == Party.OWNER
    speaks = (State.REQUESTED, State.APPROVED, State.INSURED, State.RUNNING, State.CONVERTING, State.DISPUTE)
    return trial.state in (*speaks, *trial.TO_RETURN)


def barred(trial: Trial, party: Party, answered_for: Mapping[int, str]) -> bool:
    """Tell whether the turn of a party is not that of somebody who answered for these organisations."""
    return asks_an_answer(trial, party) and why_not_both(trial.organisation(party), answered_for) is not None


def contract_under_review(trial: Trial) -> bool:
    """Tell whether the paid contract was sent in and the register decides on it."""
    contracts = trial.deal.contracts.all() if trial.deal is not None else []  # lists load them beforehand
    return any(one.state in one.UNDER_REVIEW for one in contracts)


def _pricing(trial: Trial) -> dict[Party, str]:
    if trial.offered_by:
        return {Party(trial.offered_by).other: _("Accept the proposed price, or propose another")}
    return {party: _("Propose a price") for party in Party}


def waits_for(trial: Trial) -> str:
    """Return what whoever does not act waits for."""
    words = {
        State.PUBLICITY: _("The price is being publicised"),
        State.DISPUTE: _("An officer resolves the dispute"),
    }
    if trial.state == State.PAID_CONTRACT and contract_under_review(trial):
        return _("The paid contract is with the register")
    return words.get(State(trial.state), "" if trial.state in trial.ENDED else _("Waits for the other side"))


def parties(trial: Trial, user: Any, organisation: Organisation | None) -> list[dict[str, Any]]:
    """Return the rows of components/turn.html."""
    acts = acts_of(trial)
    mine = {party for party in Party if user.acts_for(trial.organisation(party))}
    acting = trial.party_of(organisation)
    you = {acting} if acting in mine else mine  # who belongs to both is the one they act for
    return [
        {
            "role": capfirst(party.label),
            "name": trial.organisation(party).name,
            "you": party in you,
            "also": party in mine,
            "acts": party in acts,
            "text": acts.get(party, waits_for(trial)),
        }
        for party in (Party.ENTERPRISE, Party.OWNER)
    ]


def steps(trial: Trial) -> list[dict[str, Any]]:
    """Return the path for components/steps.html: towards the contract, or towards the return once that is chosen."""
    returns = trial.state in (*TO_RETURN, State.EXPIRED)
    end = TO_RETURN if returns else [one for one in TO_CONTRACT if one != State.PUBLICITY or not trial.terms.is_preset]
    path = [*PATH, *end]
    nearest = {
        State.INSURED: State.SIGNED,
        State.CONVERTING: State.EVALUATION,
        State.EXPIRED: State.RETURNING,
        State.DISPUTE: State.RUNNING,
    }
    state = nearest.get(State(trial.state), State(trial.state))
    here = path.index(state) if state in path else -1
    over = trial.state in trial.ENDED
    marks = ["done" if place < here or (over and place == here) else "" for place in range(len(path))]
    if here >= 0 and not over:
        marks[here] = "current"
    return [{"label": capfirst(one.label), "state": mark} for one, mark in zip(path, marks, strict=True)]


def days_left(trial: Trial, today: date) -> str:
    """Return how long the next term runs, in words; "" where none does."""
    if trial.state not in (*trial.BEFORE_START, *trial.TRYING):
        return ""
    tries = trial.state == State.RUNNING and trial.ends_on is not None and trial.ends_on >= today
    end = trial.ends_on if tries else trial.decide_by
    if end is None:
        return ""
    left = (end - today).days
    if left < 0:
        return _("the term is over")
    return ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left}
