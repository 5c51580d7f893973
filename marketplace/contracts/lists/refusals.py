"""Why a registration list is not made."""

from django.utils.translation import gettext_lazy as _

from marketplace.core.refusals import Refused


class NothingChosen(Refused):
    message = _("Choose the contracts of the list.")
    field = "contracts"


class TooMany(Refused):
    message = _("A list holds at most %(most)s contracts.")
    field = "contracts"


class SizesMixed(Refused):
    message = _("A list holds either large contracts or others: “%(large)s” is large, “%(other)s” is not.")
    field = "contracts"


class NotInRegister(Refused):
    message = _("“%(name)s” does not stand in the register.")
    field = "contracts"
