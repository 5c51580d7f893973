"""Words of the notices about certificates that run out, applications and hours; about decisions: contracts.py."""

from django.utils.translation import gettext_lazy as _

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

CARD = "identification"
WARNING = "exclamation-triangle"

TEXTS = {
    "broker.runs_out": Text(
        _("Renew the certificate of %(subject)s: it ends on %(until_on)s"), Group.TASKS, _("See"), CARD
    ),
    "application.to_check": Text(_("Check the application of a broker: %(subject)s"), Group.TASKS, _("Check"), CARD),
    "application.returned": Text(
        _("Complete your application as a broker: something is missing"), Group.LEGAL, _("Complete"), WARNING
    ),
    "application.refused": Text(_("Your application as a broker is refused"), Group.LEGAL, _("See why"), WARNING),
    "training.to_confirm": Text(_("Confirm continuing hours: %(subject)s"), Group.TASKS, _("Open"), "academic-cap"),
    "training.confirmed": Text(_("Your continuing hours count: %(subject)s"), Group.LEGAL, icon="check-badge"),
    "training.declined": Text(
        _("Your continuing hours are not counted: %(subject)s"), Group.LEGAL, _("See why"), WARNING
    ),
}
