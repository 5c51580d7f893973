"""The steps of a trial, and of a pool entry: when each is offered, its form, its action."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.rules import Rule, why_not
from marketplace.trials import actions, converting, ending, insuring, noting, royalties, rules, running
from marketplace.trials import forms as f
from marketplace.trials import noting_forms as n
from marketplace.trials.models import Trial
from marketplace.trials.parts import Milestone, Support
from marketplace.trials.pool import Pricing
from marketplace.trials.refusals import ExtensionGone
from marketplace.trials.royalty import OutputReport

State = Trial.State


def _reach(trial: Trial, *, milestone: Milestone, **facts: Any) -> None:
    noting.reach_milestone(trial, milestone, **facts)


def _take_out(trial: Trial, *, milestone: Milestone, **facts: Any) -> None:
    noting.take_out_milestone(trial, milestone, **facts)


def _take_back_support(trial: Trial, *, support: Support, **facts: Any) -> None:
    noting.take_back_support(trial, support, **facts)


def _take_back_output(trial: Trial, *, report: OutputReport, **facts: Any) -> None:
    royalties.take_back_output(trial, report, **facts)


def _answer(trial: Trial, **facts: Any) -> None:
    asked = trial.extensions.filter(state="asked").first()
    if asked is None:
        raise ExtensionGone()
    running.answer_extension(trial, asked, **facts)


def _always(trial: Trial, party: str) -> bool:
    return True


def _is_to_answer(trial: Trial, party: str) -> bool:
    return trial.breaches.filter(answered_at=None, resolved_at=None).exclude(party=party).exists()


@dataclass(frozen=True)
class Step:
    """One thing that may be done now: words of the card and its button, who, how, in which states."""

    rule: Rule
    act: Callable[..., Any]
    title: Any
    button: Any
    done: Any
    states: tuple[str, ...]
    form: type[f.EmptyForm] = f.EmptyForm
    fits: Callable[[Trial, str], bool] = field(default=_always)
    kind: str = ""  # of the button: primary, danger
    by_officer: bool = False
    ask: str = ""  # the page that says what follows, before the step is taken
    note: Any = ""  # what follows, in a sentence on the card
    of_available: bool = False  # only while nobody else takes the outcome over
    sure: Any = ""  # the question asked before what cannot be taken back; `note` says what follows

    @property
    def follows(self) -> list[Any]:
        """Return what the question before the step says."""
        return [self.note] if self.note else []

    def is_next(self, trial: Trial, organisation: Any) -> bool:
        """Tell whether the trial stands so that this organisation may take the step, whoever does it."""
        is_free = not (self.of_available and trial.is_overtaken)
        return is_free and trial.state in self.states and self.fits(trial, trial.party_of(organisation) or "")

    def why_not(self, trial: Trial, user: Any, organisation: Any) -> str | None:
        """Return why this person does not take the step for the organisation."""
        return why_not(self.rule, user, trial, **({} if self.by_officer else {"organisation": organisation}))

    def is_offered(self, trial: Trial, user: Any, organisation: Any) -> bool:
        """Tell whether this person may take the step in the trial's present state."""
        return self.is_next(trial, organisation) and self.why_not(trial, user, organisation) is None


TRYING = (State.RUNNING, State.EVALUATION)
STEPS: dict[str, Step] = {
    "approve": Step(
        rules.approve_trial, actions.approve_trial, _("Approve the trial"), pgettext_lazy("trial", "Approve"),
        _("Approved. Both sides confirm the trial contract next."), (State.REQUESTED,), kind="primary",
        of_available=True,
        note=_("It takes one of the places. Both sides then confirm the contract, and the trial begins in its term."),
        sure=_("Approve this trial?"),
    ),
    "refuse": Step(
        rules.refuse_trial, actions.refuse_trial, _("Refuse the trial"), pgettext_lazy("trial", "Refuse"),
        _("Refused. The enterprise has been told why."), (State.REQUESTED,), f.ReasonForm,
    ),
    "sign": Step(
        rules.sign_trial_contract, actions.sign_trial_contract, _("Confirm the trial contract"),
        _("Confirm for our side"), _("Confirmed for your side."), (State.APPROVED,), f.SignForm, kind="primary",
        of_available=True,
        fits=lambda trial, party: not trial.has_signed(party),
    ),
    "withdraw": Step(
        rules.withdraw_trial, actions.withdraw_trial, _("Take the request back"), _("Take it back"),
        _("The request is taken back."), (State.REQUESTED, State.APPROVED),
        note=_(
            "The institute is told. A place, if one was kept for you, is free for others. To try it all the same, "
            "ask anew."
        ),
        sure=_("Take the request back?"),
    ),
    "call-off": Step(
        rules.call_off_trial, ending.call_off_trial, _("Step back before the trial begins"), _("Step back"),
        _("Called off. The other side has been told why."), Trial.BEFORE_START, f.ReasonForm, kind="danger",
        fits=lambda trial, party: trial.state != State.APPROVED or party == "owner",
        note=_("The trial does not take place, and its place is free for others. The other side reads the reason."),
        sure=_("Call the trial off?"),
    ),
    "start": Step(
        rules.start_trial, actions.start_trial, _("Begin the trial"), _("Begin"), _("The trial has begun."),
        (State.SIGNED, State.INSURED), f.StartForm, kind="primary", of_available=True,
        fits=lambda trial, party: trial.state == State.INSURED or not trial.terms.needs_insurance,
    ),
    "insure": Step(
        rules.insure_trial, insuring.insure_trial, _("Enter the insurance"), _("Enter the policy"),
        _("The policy is entered."), (State.SIGNED, *insuring.INSURABLE), f.InsuranceForm,
    ),
    "extension": Step(
        rules.answer_extension, _answer, _("Answer the question for more time"), _("Answer"), _("Answered."),
        TRYING, f.ExtensionAnswerForm, kind="primary",
        fits=lambda trial, party: trial.extensions.filter(state="asked").exists(),
    ),
    "convert": Step(
        rules.convert_trial, converting.convert_trial, _("Convert after the trial"), _("Convert"),
        _("Chosen. The paid contract comes next."), (State.EVALUATION,), kind="primary",
        ask="trial-convert",
    ),
    "accept": Step(
        rules.accept_trial_price, converting.accept_trial_price, _("Accept the proposed price"),
        _("Accept this price"), _("The price is fixed and in publicity now."), (State.CONVERTING,), f.AcceptForm,
        ask="trial-accept", kind="primary",
        fits=lambda trial, party: bool(trial.offered_by) and trial.offered_by != party,
    ),
    "price": Step(
        rules.propose_trial_price, converting.propose_trial_price, _("Propose a price"), _("Propose the price"),
        _("Your price is proposed."), (State.CONVERTING,), f.AmountForm, of_available=True,
    ),
    "output": Step(
        rules.report_output, royalties.report_output, _("Report the output"), _("Report it"),
        _("Reported. What is due of it stands in the payments of the contract, and the institute is told."),
        (State.CONVERTED,), n.OutputForm, fits=lambda trial, party: trial.terms.pricing == Pricing.FORMULA,
        note=_("The share is reckoned and shown before it is reported. It then binds as a payment of the contract."),
    ),
    "unreport": Step(
        rules.take_back_output, _take_back_output, _("Take a report of output back"), _("Take it back"),
        _("Taken back. Its payment is struck, and the institute is told."), (State.CONVERTED,), n.TakeBackOutputForm,
        fits=lambda trial, party: trial.terms.pricing == Pricing.FORMULA and royalties.to_take_back(trial).exists(),
        note=_("A report on which nothing was paid is taken back with its payment; the right one is reported anew."),
        sure=_("Take this report back?"),
    ),
    "return": Step(
        rules.confirm_return, ending.confirm_return, _("Confirm the return of materials"),
        _("Materials are returned or destroyed"), _("Confirmed for your side."), Trial.TO_RETURN, kind="primary",
        fits=lambda trial, party: not trial.has_returned(party),
        note=_("Confirm it once nothing of the other side is left with you. When both sides have, the trial is over."),
        sure=_("Are all materials returned or destroyed?"),
    ),
    "answer": Step(
        rules.answer_breach, ending.answer_breach, _("Answer the breach that was reported"), _("Send the answer"),
        _("Answered. The officer reads both sides."), (State.DISPUTE,), f.AnswerForm, kind="primary",
        fits=_is_to_answer,
        note=_("The other side and the officer who decides read it; it is not changed afterwards."),
    ),
    "resolve": Step(
        rules.resolve_dispute, ending.resolve_dispute, _("Resolve the dispute"), _("Resolve"),
        _("The dispute is resolved."), (State.DISPUTE,), f.ResolutionForm, kind="primary", by_officer=True,
    ),
    "reach": Step(
        rules.reach_milestone, _reach, _("Report a milestone"), _("Report it as reached"), _("Written down."),
        TRYING, n.ReachForm,
        fits=lambda trial, party: trial.milestones.standing().filter(reached_at=None).exists(),
    ),
    "evaluate": Step(
        rules.evaluate_trial, running.evaluate_trial, _("Evaluate the trial"), _("Send the evaluation"),
        _("Evaluated. Decide now: convert, extend or stop."), (State.RUNNING,), f.EvaluationForm,
    ),
    "support": Step(
        rules.note_support, noting.note_support, _("Note hours of support"), _("Note the hours"),
        _("Written down."), TRYING, n.SupportForm,
    ),
    "unsupport": Step(
        rules.take_back_support, _take_back_support, _("Take hours of support back"), _("Take them back"),
        _("Taken back. The enterprise is told."), TRYING, n.TakeBackSupportForm,
        fits=lambda trial, party: trial.support.standing().exists(),
    ),
    "milestone": Step(
        rules.add_milestone, noting.add_milestone, _("Add a milestone"), pgettext_lazy("trial", "Add"),
        _("The milestone is added."), (*Trial.BEFORE_START, State.RUNNING), n.MilestoneForm,
    ),
    "unmilestone": Step(
        rules.take_out_milestone, _take_out, _("Take a milestone out"), _("Take it out"),
        _("The milestone is taken out. The other side is told."), (*Trial.BEFORE_START, *TRYING), n.TakeOutForm,
        fits=lambda trial, party: noting.to_take_out(trial, party).exists(),
    ),
    "extend": Step(
        rules.ask_extension, running.ask_extension, _("Ask for more time"), _("Ask"),
        _("The institute has been asked."), TRYING, f.ExtensionForm,
        fits=lambda trial, party: not trial.extensions.filter(state="asked").exists(),
    ),
    "breach": Step(
        rules.report_breach, ending.report_breach, _("Report a breach of the terms"), _("Report it"),
        _("Reported. An officer resolves it."), Trial.TRYING, f.BreachForm,
        note=_(
            "The trial stands still until an officer of the district has resolved it. The other side reads your words "
            "and answers them first."
        ),
        sure=_("Report a breach of the terms?"),
    ),
    "stop": Step(
        rules.stop_trial, ending.stop_trial, _("Stop without taking it over"), _("Stop the trial"),
        _("Stopped. Both sides confirm the return of materials."), Trial.TRYING, f.ReasonForm, kind="danger",
        note=_("The trial ends and is not taken up again. Both sides confirm the return of materials."),
        sure=_("Stop the trial?"),
    ),
}  # fmt: skip


def form_of(name: str, trial: Trial, data: Any = None, files: Any = None) -> forms.Form:
    """Return the form of a step, with ids of its own, because a page holds several."""
    form = f.ComparedForm if name == "approve" and not trial.terms.is_counted else STEPS[name].form
    return form(data, files, trial=trial, auto_id=f"id_{name}_%s")


def cards(trial: Trial, user: Any, organisation: Any, wrong: dict[str, forms.Form]) -> list[dict[str, Any]]:
    """Return what this person may do now, in the order of the table; `wrong` holds a form that was not accepted."""
    return [
        {"name": name, "step": step, "form": wrong.get(name) or form_of(name, trial), "is_wrong": name in wrong}
        for name, step in STEPS.items()
        if name in wrong or step.is_offered(trial, user, organisation)
    ]
