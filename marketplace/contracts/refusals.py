"""Why a contract is not written, sent or registered."""

from django.utils.translation import gettext_lazy as _

from marketplace.core.refusals import Refused


class SellerIsBuyer(Refused):
    message = _("Seller and buyer are the same organisation.")
    field = "buyer_uscc"


class BuyerOfDeal(Refused):
    message = _("The buyer of this contract is that of its deal: %(buyer)s.")
    field = "buyer_uscc"


class NoItems(Refused):
    message = _("List at least one item, each with an amount above zero.")


class Incomplete(Refused):
    message = _("The contract cannot be sent yet. %(missing)s")


class ReasonsMissing(Refused):
    message = _("Give the reasons: the seller acts on them.")
    field = "reasons"


class BadNumber(Refused):
    message = _("“%(number)s” is not a registration number of the national system.")
    field = "number"


class NumberTaken(Refused):
    message = _("The number %(number)s is in the register already.")
    field = "number"


class ContractExists(Refused):
    message = _("This deal has a contract already.")
