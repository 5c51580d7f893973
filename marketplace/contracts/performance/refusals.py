"""Why a milestone or a termination is not entered."""

from django.utils.translation import gettext_lazy as _

from marketplace.core.refusals import Refused


class AccountMissing(Refused):
    message = _("Say what was done.")
    field = "account"


class AnswerMissing(Refused):
    message = _("Give the reasons: the other side acts on them.")
    field = "answer"


class DayOutside(Refused):
    message = _("The day lies within the contract: %(first)s to %(last)s.")
    field = "due_on"


class DayTooEarly(Refused):
    message = _("The day is %(first)s or later: before, the contract is not signed or does not run yet.")
    field = "due_on"


class DayTooLate(Refused):
    message = _("The day is %(last)s at the latest: then the contract ends.")
    field = "due_on"


class DayAfterEnd(Refused):
    message = _("The day is %(day)s at the latest: then the contract ends before its time.")
    field = "due_on"


class PlannedAlready(Refused):
    message = _("The same is planned for this day already. Say so if it is to be done once more.")
    field = "is_another"


class ReasonMissing(Refused):
    message = _("Give the reason: the other side reads it.")
    field = "reason"


class PaperMissing(Refused):
    message = _("The buyer is not on the platform: upload the paper it signed.")
    field = "upload"


class EvidenceMissing(Refused):
    message = _("Upload what shows the breach.")
    field = "upload"


class AnswerTooLate(Refused):
    message = _("The end was to be answered by %(day)s. It stands undisputed here; a court or arbitration may decide.")


class EndSettled(Refused):
    message = _("The end is settled: the other side accepted it or did not answer in its term.")


class DecisionMissing(Refused):
    message = _("Say who decided what, with the number of the case.")
    field = "decision"


class DecidedLater(Refused):
    message = _("The day lies between the declaration and today.")
    field = "decided_on"


class PaperOfDecisionMissing(Refused):
    message = _("Upload the judgment or the award.")
    field = "upload"


class ContractTerminated(Refused):
    message = _("The contract was terminated.")


class TerminationOpen(Refused):
    message = _("A proposal to end this contract waits for its answer.")


class EndsBeforeSigning(Refused):
    message = _("A contract does not end before the day it was signed.")
    field = "ends_on"
