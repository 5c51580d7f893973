"""Why a reward is not claimed, granted or paid."""

from django.utils.translation import gettext_lazy as _

from marketplace.core.refusals import Refused


class NotInDeal(Refused):
    message = _("Link the lead to its deal first. A lead that does not stand supports no reward.")


class NotRegistered(Refused):
    message = _("The deal has no registered contract yet.")


class LeadAfterSigning(Refused):
    message = _(
        "The lead was filed on %(filed)s, the contract signed on %(signed)s. "
        "Only a lead filed before the day of signing supports a reward."
    )


class CertificateRevoked(Refused):
    message = _("The certificate is revoked, so no reward is granted.")


class ContractStruck(Refused):
    message = _("The contract stands in the register no longer, so no reward is granted for it.")


class ClaimedAlready(Refused):
    message = _("A reward for this lead is claimed already.")


class PaidAmountMissing(Refused):
    message = _("The rule pays per cents of what was paid. State the amount.")
    field = "paid_amount"


class PaidTooMuch(Refused):
    message = _("More than the whole contract: it comes to %(total)s.")
    field = "paid_amount"


class DeedMissing(Refused):
    message = _("Say what you did for this contract.")
    field = "note"


class CapReached(Refused):
    message = _("Nothing is left: the cap of the %(cap)s is used up. Refuse the claim with this reason.")


class InPublicity(Refused):
    message = _("The claim is in publicity. Answer objections, or refuse it after the end.")


class ApprovedAlready(Refused):
    message = _("An approved reward is refused only where the contract or the certificate stands no longer.")


class NotThatDay(Refused):
    message = _("The day of payment lies between the approval and today.")
    field = "paid_on"


class ReferenceMissing(Refused):
    message = _("Enter the bank's reference.")
    field = "reference"
