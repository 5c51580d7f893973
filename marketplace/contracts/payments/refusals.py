"""Why a payment is not planned, entered or changed."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.money import format_exact
from marketplace.core.refusals import Refused


class OfMoney(Refused):
    """A refusal whose details ending in `_fen` are printed as exact amounts."""

    def __str__(self) -> str:
        language = get_language() or "zh-hans"
        shown: dict[str, Any] = {
            name.removesuffix("_fen"): format_exact(value, language) if name.endswith("_fen") else value
            for name, value in self.details.items()
        }
        return str(self.message % shown)


class ContractEnded(Refused):
    message = _("The contract was terminated; nothing further becomes due.")


class DueAfterEnd(Refused):
    message = _("The contract ends on %(day)s; nothing becomes due after that day.")
    field = "due_on"


class NotSignedYet(Refused):
    message = _("Payments belong to a signed contract: enter the day of signing and upload the signed contract first.")


class PlannedAboveTotal(OfMoney):
    """`left_fen` is what of the total is not planned yet."""

    message = _("The instalments would exceed the total of the contract; %(left)s is not planned yet.")
    field = "amount"


class ReceivedAboveTotal(OfMoney):
    """`left_fen` is what of the total has not come in."""

    message = _("More than the total of the contract would have come in; %(left)s is still open.")
    field = "amount"


class BelowReceived(OfMoney):
    """`received_fen` is what came in."""

    message = _(
        "%(received)s came in under this contract already: its amount cannot be less. Where that is wrong, a payment "
        "is reversed first."
    )
    field = "items"


class NotYetReceived(Refused):
    message = _("This day is yet to come; a payment is entered when it has come in.")
    field = "received_on"


class LongBeforeSigning(Refused):
    message = _("This day is more than a year before the contract was signed on %(signed_on)s.")
    field = "received_on"


class DueLongBeforeSigning(LongBeforeSigning):
    field = "due_on"


class DueBeforeSigning(Refused):
    """`days` is by how much it would be late from the start."""

    message = _(
        "This day is before the contract was signed on %(signed_on)s: the instalment would be late by %(days)s days "
        "from the start. If the contract names this day, state it here; otherwise correct the day."
    )
    field = "is_agreed_before"


class DueAfterAnnounced(Refused):
    message = _(
        "The announcement of the sale sets %(last_day)s as the last day for the whole price. If the parties have "
        "agreed on this later day, state it here; otherwise correct the day."
    )
    field = "is_agreed_later"


class NothingToPay(Refused):
    message = _("An amount is more than nothing.")
    field = "amount"


class EnteredAlready(Refused):
    message = _("A payment with the bank reference %(reference)s is entered already.")
    field = "bank_reference"


class ReferenceElsewhere(Refused):
    """`reference` stands on `contract`, another one of the seller."""

    message = _(
        "The bank reference %(reference)s stands already on a payment of another contract: %(contract)s. If this one "
        "transfer pays several contracts, state it here and enter the part that belongs to this contract."
    )
    field = "pays_several"


class PaidBeforeSigning(Refused):
    message = _(
        "This day is before the contract was signed on %(signed_on)s. If the money was paid in advance, state it here; "
        "otherwise correct the day."
    )
    field = "is_advance"


class InstalmentOfOther(Refused):
    message = _("This instalment is not one of this contract.")
    field = "instalment"


class InstalmentDropped(Refused):
    message = _("This instalment was struck from the schedule.")


class InstalmentPaid(Refused):
    message = _("Money came in for this instalment, so it stays in the schedule.")


class ReasonOfStrike(Refused):
    message = _("Say why the instalment is struck; both sides read it.")
    field = "reason"


class RemarkEmpty(Refused):
    message = _("Say what is not right, or how it stands.")
    field = "text"


class RemarkOpen(Refused):
    message = _("A remark on this payment waits for the seller's answer already.")


class RemarkAnswered(Refused):
    message = _("This remark was answered already.")


class ReversedAlready(Refused):
    message = _("This payment was reversed already.")


class ReversalIsFinal(Refused):
    message = _("A reversing row is not reversed; enter the payment again.")


class FallsWithDeposit(Refused):
    message = _(
        "This is a deposit that counts towards the price. It is taken back only with the decision about the deposit, "
        "which is the organiser's."
    )


class ReasonOfReversal(Refused):
    message = _("Say why the payment is reversed.")
    field = "reason"
