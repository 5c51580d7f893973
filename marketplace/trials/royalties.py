"""The enterprise reports its output; what the formula makes due becomes an instalment of the paid contract."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.actions import drop_royalty, plan_royalty
from marketplace.contracts.payments.models import Receipt
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.money import format_exact
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.trials import rules
from marketplace.trials.models import Trial
from marketplace.trials.pool import Pricing
from marketplace.trials.refusals import NoFormulaPrice, OutputCounted, OutputDays, ReasonMissing
from marketplace.trials.royalty import OutputReport, Share, counted, share_of

DUE_WITHIN = timedelta(days=180)  # of the report: no debtor puts a payment off for years


class OutputNotOver(OutputDays):
    message = _("The time reported is over: its last day is %(today)s or earlier.")


class OutputBeforeContract(Refused):
    message = _("The contract was signed on %(day)s: output before that day bears no share.")
    field = "begins_on"


class OutputDueDay(OutputDays):
    message = _("The share is due from the last day of the time on, until %(last)s at the latest.")
    field = "due_on"


class ShareMoved(Refused):
    message = _("What is due of it is another sum now: %(due)s. Look at it, then report again.")


class ReportGone(Refused):
    message = _("This report does not count any more.")


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
    agreed: int | None = None,
) -> OutputReport:
    """Report the output of a time; its share falls due on a day, until the cap of the terms is reached.

    `agreed` is the share (fen) that was shown beforehand; where another is due, it is shown first.
    Raises NoFormulaPrice, OutputCounted, OutputDays, OutputNotOver, OutputBeforeContract, OutputDueDay, ShareMoved,
    WrongState, and what plan_royalty does.
    """
    trial.lock()
    now = clock.now()
    require(rules.report_output, by, trial, organisation=organisation)
    contract = contract_of(trial)
    require_days(trial, begins_on, ends_on, due_on, today=timezone.localdate(now))
    share = share_of(trial, output)
    if agreed is not None and agreed != share.due:
        raise ShareMoved(due=format_exact(share.due))
    words = _condition(trial, output, begins_on, ends_on, share)
    instalment = plan_royalty(contract, by=by, due_on=due_on, amount=share.due, condition=words) if share.due else None
    made = OutputReport.objects.create(
        trial=trial,
        begins_on=begins_on,
        ends_on=ends_on,
        output=output,
        due=share.due,
        instalment=instalment,
        reported_by=by,
        reported_at=now,
    )
    data = {"output": output, "due": share.due}
    journal.record(Kind.TRIAL_OUTPUT_REPORTED, trial, by=by, on_behalf_of=organisation, **data)
    return made


@transaction.atomic
def take_back_output(
    trial: Trial, report: OutputReport, *, by: User, organisation: Organisation | None, reason: str
) -> None:
    """Take a report back with a reason while nothing was paid on it; its instalment is struck with it.

    Raises ReportGone, ReasonMissing, InstalmentPaid.
    """
    trial.lock()
    now = clock.now()
    require(rules.take_back_output, by, trial, organisation=organisation)
    if not reason.strip():
        raise ReasonMissing()
    found = counted(trial).filter(pk=report.pk).select_related("instalment__contract").first()
    if found is None:
        raise ReportGone()
    if found.instalment is not None:
        drop_royalty(found.instalment, by=by, reason=reason)
    found.take_back(by=by, at=now, reason=reason)
    data = {"output": found.output, "due": found.due}
    journal.record(Kind.TRIAL_OUTPUT_TAKEN_BACK, trial, by=by, on_behalf_of=organisation, **data)


def to_take_back(trial: Trial) -> QuerySet[OutputReport]:
    """Return the reports nothing was paid on."""
    return counted(trial).exclude(instalment__receipts__in=Receipt.objects.standing())


def contract_of(trial: Trial) -> TechnologyContract:
    """Return the paid contract of a trial that was converted by a formula. Raises WrongState, NoFormulaPrice."""
    if trial.state != trial.State.CONVERTED or trial.deal is None:
        raise WrongState(state=trial.get_state_display())
    if trial.terms.pricing != Pricing.FORMULA:
        raise NoFormulaPrice()
    return trial.deal.contracts.in_force_of_deal().get()


def first_day(trial: Trial) -> date:
    """Return the day from which output bears a share: that of the signature."""
    contract = contract_of(trial)
    return contract.signed_on or timezone.localdate(trial.converted_at)


def last_due_day(today: date) -> date:
    """Return the latest day on which a share may fall due that is reported today."""
    return today + DUE_WITHIN


def require_days(trial: Trial, begins_on: date, ends_on: date, due_on: date, *, today: date) -> None:
    """Refuse a time that is not of the contract, not over or reported, and a payment put off for long.

    Raises OutputDays, OutputNotOver, OutputBeforeContract, OutputDueDay, OutputCounted.
    """
    if begins_on > ends_on:
        raise OutputDays()
    if ends_on > today:
        raise OutputNotOver(today=today.isoformat())
    first, last = first_day(trial), last_due_day(today)
    if begins_on < first:
        raise OutputBeforeContract(day=first.isoformat())
    if not ends_on <= due_on <= last:
        raise OutputDueDay(last=last.isoformat())
    if counted(trial).filter(begins_on__lte=ends_on, ends_on__gte=begins_on).exists():
        raise OutputCounted()


def _condition(trial: Trial, output: int, begins_on: date, ends_on: date, share: Share) -> str:
    """Return why the instalment is due, in the language of contracts."""
    with override("zh-hans"):
        rate = f"{trial.terms.output_rate:f}".rstrip("0").rstrip(".")
        said = {"rate": rate, "output": format_exact(output), "begins": begins_on, "ends": ends_on}
        words = gettext("%(rate)s %% of the output of %(begins)s to %(ends)s, %(output)s") % said
        if not share.is_cut:
            return words
        return words + gettext("; %(full)s, cut by the cap") % {"full": format_exact(share.full)}
