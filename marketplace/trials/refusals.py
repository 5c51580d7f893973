"""What the pool and a trial may answer with "no", in sentences people can act on."""

from django.utils.translation import gettext_lazy as _

from marketplace.core.refusals import Refused


class OutcomeNotOffered(Refused):
    message = _("Only a published outcome that is available can be tried first.")


class InPool(Refused):
    message = _("This outcome is in the pool already. Change its terms instead.")


class ReasonMissing(Refused):
    message = _("Give the reason: the other side reads it.")
    field = "reason"


class TermsIncomplete(Refused):
    message = _("Fill in the price as its kind asks: a fixed price; or a base, a share of output and a cap.")
    field = "price"


class TerritoryMissing(Refused):
    message = _("Say where the outcome may be used: tick a region, or all of China.")
    field = "regions"


class ScaleMissing(Refused):
    message = _("Say how much of it may be used: a number, and what it counts.")
    field = "scale_limit"


class TermsUnchanged(Refused):
    message = _("These terms are the same as version %(version)s. Change something before you save.")


class CapBelowBase(Refused):
    message = _("The cap of the whole price is not below the base.")
    field = "price_cap"


class TooLong(Refused):
    message = _("A trial lasts %(days)s days at most, extensions included.")
    field = "length_days"


class NoFormulaPrice(Refused):
    message = _("The price of this trial is no formula: nothing is due of the output.")


class OutputDays(Refused):
    message = _("The days are not in order: a time that is over, and due on its last day or later.")
    field = "ends_on"


class OutputCounted(Refused):
    message = _("The output of some of these days is reported already.")
    field = "begins_on"


class NotInPool(Refused):
    message = _("No new trial can be asked for: this outcome is not open in the pool.")


class OutcomeOffline(Refused):
    message = _(
        "The district took the outcome offline. New trials are refused until a changed version of it has passed "
        "review; those that run go on."
    )


class TrialUnderWay(Refused):
    message = _("Your organisation has a trial of this outcome under way.")


class WordsMissing(Refused):
    message = _("Say what you want to use it for, where, and at what scale.")
    field = "purpose"


class CriteriaMissing(Refused):
    message = _("Name at least one criterion by which you will judge, at most twenty.")
    field = "criteria"


class CriterionTwice(Refused):
    message = _("“%(text)s” is listed twice. Each criterion is judged once.")
    field = "criteria"


class TermsMoved(Refused):
    message = _(
        "The institute has changed the terms since you opened this page. Read the new ones here, then send again."
    )


class RegionMissing(Refused):
    message = _("Choose the region in which it will be used.")
    field = "region"


class OutsideTerritory(Refused):
    message = _("The terms allow use in %(territory)s only; %(place)s lies outside.")
    field = "region"


class QuantityMissing(Refused):
    message = _("Say how much of it will be used, counted in %(unit)s.")
    field = "quantity"


class AboveScale(Refused):
    message = _("The terms allow %(limit)s at most.")
    field = "quantity"


class NotCompared(Refused):
    message = _("These terms are in words alone: compare what is asked with them, and say that it stays within.")
    field = "is_within"


class NoPlaceLeft(Refused):
    message = _("All %(places)s places for trials at the same time are taken. One is free when a trial has ended.")


class SignedAlready(Refused):
    message = _("Your side has confirmed the trial contract already.")


class InsuranceIncomplete(Refused):
    message = _("An insurance has a premium and a sum, and its subsidy is not above the premium.")
    field = "premium"


class SubsidyAbovePremium(InsuranceIncomplete):
    message = _("The subsidy is not above the premium.")
    field = "subsidy"


class InsuranceMissing(Refused):
    message = _("The terms require insurance. Enter the policy before the trial begins.")


class InsuranceEnds(Refused):
    message = _("The insurance ends on %(day)s, before the trial does. Extend the policy first.")


class PolicyTooShort(Refused):
    message = _("The terms require insurance for the whole trial, so the policy ends on %(day)s or later.")
    field = "ends_on"


class NotBegun(Refused):
    message = _("Note the beginning once the trial has begun: on %(first)s, when both had confirmed, until today.")
    field = "starts_on"


class DayOutside(Refused):
    message = _("The day lies within the trial: %(first)s to %(last)s.")
    field = "due_on"


class DayOver(Refused):
    message = _("Before the trial begins, a milestone is due today (%(today)s) or later.")
    field = "due_on"


class SupportInFuture(Refused):
    message = _("Support is noted after it was given; %(day)s is yet to come.")
    field = "given_on"


class HoursImpossible(Refused):
    message = _("Hours of one day are more than 0 and at most 24.")
    field = "hours"


class NothingSaid(Refused):
    message = _("Write something first.")
    field = "text"


class OwnBreach(Refused):
    message = _("The side that did not report the breach answers it, once.")


class AnswerAwaited(Refused):
    message = _("The other side is heard first: it may answer until %(day)s.")
    field = "text"


class MilestoneReached(Refused):
    message = _("This milestone has been reached already.")


class ProofMissing(Refused):
    message = _("Say what was done, or add what proves it: the other side goes by it, and it is not taken back.")
    field = "note"


class VerdictMissing(Refused):
    message = _("Judge each criterion: met, not met, or the value measured.")


class ExtensionAsked(Refused):
    message = _("An extension is asked for already; the institute has not answered yet.")


class NoExtensionLeft(Refused):
    message = _("A trial is extended %(most)s times at most.")


class ExtensionTooLong(Refused):
    message = _("With this extension the trial would last more than %(days)s days.")
    field = "days"


class ExtensionGone(Refused):
    message = _("This question for more time was answered already.")


class NotEvaluated(Refused):
    message = _("Evaluate the trial by its criteria first.")


class NotPositive(Refused):
    message = _("A price is more than zero.")
    field = "amount"


class OwnPrice(Refused):
    message = _("The other side accepts your price, or proposes another.")


class PriceGone(Refused):
    message = _("This price no longer stands. Look at the present one before you accept.")


class ReturnConfirmed(Refused):
    message = _("Your side has confirmed the return already.")


class TermOver(Refused):
    message = _("The term ended on %(day)s; the trial has expired.")


class PeriodOutOfOrder(Refused):
    message = _("A policy ends after the day on which it begins.")
    field = "ends_on"


class CoverEndsEarlier(Refused):
    message = _("A trial that runs stays covered: the policy ends on %(day)s or later.")
    field = "ends_on"


class CoverInterrupted(Refused):
    message = _("A trial that runs stays covered: the policy begins on %(day)s or earlier.")
    field = "begins_on"
