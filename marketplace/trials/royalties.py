"""The enterprise reports its output; what the formula makes due becomes an instalment of the paid contract."""

from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext, override

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.actions import plan_royalty
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.money import format_exact
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.trials import rules
from marketplace.trials.models import Trial
from marketplace.trials.pool import Pricing
from marketplace.trials.refusals import NoFormulaPrice, OutputCounted, OutputDays
from marketplace.trials.royalty import OutputReport, counted, share_due


@transaction.atomic
def report_output(
    trial: Trial,
    *,
    by: User,
    organisation: Organisation | None,
    begins_on: date,
    ends_on: date,
    output: int,
    due_on: date,
) -> OutputReport:
    """Report the output of a time; its share falls due on a day, until the cap of the terms is reached.

    Raises NoFormulaPrice, OutputCounted, OutputDays, WrongState, and what plan_royalty does.
    """
    trial.lock()
    now = clock.now()
    today = timezone.localdate(now)
    require(rules.report_output, by, trial, organisation=organisation)
    contract = _contract_of(trial)
    if not begins_on <= ends_on <= today or due_on < ends_on:
        raise OutputDays()
    before = counted(trial)
    if before.filter(begins_on__lte=ends_on, ends_on__gte=begins_on).exists():
        raise OutputCounted()
    due = _due(trial, output, so_far=before.aggregate(total=Sum("due"))["total"] or 0)
    words = _condition(trial, output, begins_on, ends_on)
    instalment = plan_royalty(contract, by=by, due_on=due_on, amount=due, condition=words) if due else None
    made = OutputReport.objects.create(
        trial=trial,
        begins_on=begins_on,
        ends_on=ends_on,
        output=output,
        due=due,
        instalment=instalment,
        reported_by=by,
        reported_at=now,
    )
    journal.record(Kind.TRIAL_OUTPUT_REPORTED, trial, by=by, on_behalf_of=organisation, output=output, due=due)
    return made


def _contract_of(trial: Trial) -> TechnologyContract:
    """Return the paid contract of a trial that was converted by a formula."""
    if trial.state != trial.State.CONVERTED or trial.deal is None:
        raise WrongState(state=trial.get_state_display())
    if trial.terms.pricing != Pricing.FORMULA:
        raise NoFormulaPrice()
    return trial.deal.contracts.in_force_of_deal().get()


def _due(trial: Trial, output: int, *, so_far: int) -> int:
    terms = trial.terms
    assert terms.output_rate is not None and terms.price is not None and terms.price_cap is not None  # noqa: S101, PT018
    return share_due(output, rate=terms.output_rate, base=terms.price, cap=terms.price_cap, so_far=so_far)


def _condition(trial: Trial, output: int, begins_on: date, ends_on: date) -> str:
    """Return why the instalment is due, in the language of contracts."""
    with override("zh-hans"):
        rate = f"{trial.terms.output_rate:f}".rstrip("0").rstrip(".")
        said = {"rate": rate, "output": format_exact(output), "begins": begins_on, "ends": ends_on}
        return gettext("%(rate)s %% of the output of %(begins)s to %(ends)s, %(output)s") % said
