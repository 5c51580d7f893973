"""Why a plan is not sent or approved, and why a payment is not shared out."""

from django.utils.translation import gettext_lazy as _

from marketplace.contracts.payments.refusals import OfMoney
from marketplace.core.refusals import Refused


class NoFormula(Refused):
    message = _("This formula is not among those that hold now.")
    field = "formula"


class BrokerRateMissing(Refused):
    message = _("Enter the per cent the broker gets.")
    field = "broker_rate"


class BrokerOfAnother(Refused):
    message = _("Only the broker of this contract or of its deal is named from the register; others by their name.")
    field = "broker"


class PayeeTwice(Refused):
    message = _("A payee stands there twice. Tell people of the same name apart by a word behind the name.")


class YearsOfProfit(Refused):
    message = _("Say from which year on and for how many years the profit is shared; other plans have no years.")
    field = "profit_years"


class BasisUnfit(Refused):
    """`why` says what this kind of contract cannot have shared."""

    message = "%(why)s"
    field = "basis"


class SharedOtherwise(Refused):
    message = _("The plan in effect does not share payments but: %(basis)s.")


class PlanOnItsWay(Refused):
    message = _("Version %(version)s of the plan is on its way. Finish or withdraw it first.")


class PlanIncomplete(Refused):
    message = _("The plan cannot be sent yet. %(missing)s")


class BelowFloor(Refused):
    """`share` and `floor` are per cents, `source` is where the floor is written."""

    message = _(
        "The inventors get %(share)s%%; the floor is %(floor)s%% (%(source)s). "
        "Less is lawful only by an agreement of the unit, which has to be on file with its reason."
    )


class BelowTheLaw(BelowFloor):
    """`floor` is one that gives way to no agreement (促进科技成果转化法 Art. 45)."""

    message = _(
        "The inventors get %(share)s%%; %(floor)s%% is the least that may be agreed on (%(source)s). "
        "No agreement of the unit goes below it."
    )


class BelowBothFloors(BelowTheLaw):
    """`least` and `law`: the highest floor that gives way to no agreement, below the `floor` that does."""

    message = _(
        "The inventors get %(share)s%%. The floor is %(floor)s%% (%(source)s); an agreement of the unit may go below "
        "it, but not below %(least)s%% (%(law)s)."
    )


class NoPublicityTerm(Refused):
    message = _("No rule says for how many days a plan is published. Ask the district's officers to enter it.")


class DecidedByThem(Refused):
    message = _("The same person does not approve twice: the department and the institute look independently.")


class ReasonsForReturn(Refused):
    message = _("Give the reasons: whoever wrote the plan acts on them.")
    field = "reasons"


class ReasonOfWithdrawal(Refused):
    message = _("Say why it is withdrawn: others have seen this version.")
    field = "reason"


class ReasonOfAgreement(Refused):
    message = _("Say why less than the floor is lawful here.")
    field = "reason"


class NoPlanInEffect(Refused):
    message = _("No distribution plan is in effect for this contract, so nothing can be shared out yet.")


class DistributedAlready(Refused):
    message = _("This payment was shared out already.")


class FiguresNotShown(OfMoney):
    """`net_fen` is what would be shared out with the costs that were sent."""

    message = _(
        "Nothing was shared out yet: the figures you had before you were others. With these costs the net income is "
        "%(net)s. Look at who gets what below, and share it out once more."
    )


class PaymentTakenBack(Refused):
    message = _("The payment was reversed, so nothing of it is paid out.")


class NothingToShare(OfMoney):
    """`payment_fen` and `deducted_fen` are what came in and what goes off it."""

    message = _("Costs and tax of %(deducted)s leave nothing of the payment of %(payment)s to share out.")
    field = "direct_cost"


class DayOfPayout(Refused):
    message = _("A payout is noted from the day the payment came in until today.")
    field = "paid_on"


class ReferenceMissing(Refused):
    message = _("Enter the reference of the bank.")
    field = "reference"


class VoucherUsed(Refused):
    """`reference` stands on what `payee` was paid under `contract`."""

    message = _(
        "The reference %(reference)s stands already on the payout to %(payee)s under the contract %(contract)s. If "
        "this one transfer pays several payouts, state it here."
    )
    field = "pays_several"


class DayOfYearsPayout(Refused):
    """`year` is the year whose profit is shared."""

    message = _("A payout of the profit of %(year)s is noted from the end of that year until today.")
    field = "paid_on"


class ReasonOfCorrection(Refused):
    message = _("Say what was wrong with the payout.")
    field = "reason"


class ReasonOfTakingBack(Refused):
    message = _("Say why it is taken back.")
    field = "reason"


class TakenBackAlready(Refused):
    message = _("This was taken back already.")


class NotOfShares(Refused):
    message = _("No plan in effect shares the shares of this contract.")


class NotOfProfit(Refused):
    message = _("No plan in effect shares the profit of this contract.")


class NotRegisteredYet(Refused):
    message = _("Shares are allotted after the contract was registered.")


class AllottedAlready(Refused):
    message = _("The shares of this contract stand there already; take them back first if they are wrong.")


class NoShares(Refused):
    message = _("The technology forms at least one share.")
    field = "amount"


class MoreThanCompany(Refused):
    message = _("The technology cannot form more than the whole company.")
    field = "amount"


class DayOfChange(Refused):
    message = _("The company's change is registered from the day the contract was signed until today.")
    field = "registered_on"


class YearNotNamed(Refused):
    """`years` are the years the plan names."""

    message = _("The plan shares the profit of these years only: %(years)s.")
    field = "year"


class YearNotOver(Refused):
    message = _("The year %(year)s is not over yet.")
    field = "year"


class YearReported(Refused):
    message = _("The profit of %(year)s stands there already; take it back first if it is wrong.")
    field = "year"


class NoProfit(Refused):
    """`year` is one that was reported without a profit."""

    message = _("The year %(year)s has no profit, so there is nothing to share out.")


class ProfitTakenBack(Refused):
    message = _("The reported profit was taken back, so nothing of it is paid out.")


class ProfitShared(Refused):
    message = _("The profit of this year was shared out already.")
