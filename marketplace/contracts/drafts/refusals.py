"""Why a draft is not put together."""

from django.utils.translation import gettext_lazy as _

from marketplace.core.refusals import Refused


class ClausesMissing(Refused):
    message = _("No text is kept for: %(clauses)s. An officer adds it under “texts of clauses”.")


class NothingNew(Refused):
    message = _("Version %(version)s says the same already.")


class NoSuchVersion(Refused):
    message = _("There is no version %(version)s of this draft.")
