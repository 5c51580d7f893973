"""Why a plan is not sent or approved, and why a payment is not shared out."""

from django.utils.translation import gettext_lazy as _

from marketplace.contracts.payments.refusals import OfMoney
from marketplace.core.refusals import Refused


class NoFormula(Refused):
    message = _("This formula is not among those that hold now.")
    field = "formula"


class PayeeTwice(Refused):
    message = _("A payee stands there twice. Tell people of the same name apart by a word behind the name.")


class YearsOfProfit(Refused):
    message = _("Say for how many years the profit is shared; other plans have no years.")
    field = "profit_years"


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


class NoPublicityTerm(Refused):
    message = _("No rule says for how many days a plan is published. Ask the district's officers to enter it.")


class DecidedByThem(Refused):
    message = _("The same person does not approve twice: the department and the institute look independently.")


class ReasonsForReturn(Refused):
    message = _("Give the reasons: whoever wrote the plan acts on them.")
    field = "reasons"


class ReasonOfAgreement(Refused):
    message = _("Say why less than the floor is lawful here.")
    field = "reason"


class NoPlanInEffect(Refused):
    message = _("No distribution plan is in effect for this contract, so nothing can be shared out yet.")


class DistributedAlready(Refused):
    message = _("This payment was shared out already.")


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
