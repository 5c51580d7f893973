"""The reason a decision needs: given, and short enough to be read."""

from django.utils.translation import gettext_lazy as _

from marketplace.core.refusals import Refused

LONGEST_REASON = 300


class ReasonMissing(Refused):
    message = _("Give the reason.")
    field = "reason"


class ReasonTooLong(Refused):
    message = _("The reason has at most %(most)s characters.")
    field = "reason"


def require_reason(reason: str) -> str:
    """Return the reason without outer white space. Raises ReasonMissing, ReasonTooLong."""
    reason = reason.replace("\x00", "").strip()
    if not reason:
        raise ReasonMissing()
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong(most=LONGEST_REASON)
    return reason
