"""Why a sheet of numbers is not read or taken over."""

from django.utils.translation import gettext_lazy as _

from marketplace.core.refusals import Refused


class ColumnsMissing(Refused):
    message = _("The sheet lacks: %(columns)s. Keep the headings of the list exported here.")
    field = "file"


class TooManyRows(Refused):
    message = _("The sheet has %(rows)s rows; at most %(most)s are taken over at once. Split it in parts.")
    field = "file"


class NothingGood(Refused):
    message = _("No row can be taken over. The table says of each row why.")
