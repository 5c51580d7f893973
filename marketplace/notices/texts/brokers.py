"""Words of the notices about certificates that run out; those about decisions stand in contracts.py."""

from django.utils.translation import gettext_lazy as _

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

TEXTS = {
    "broker.runs_out": Text(
        _("Renew the certificate of %(subject)s: it ends on %(until_on)s"), Group.TASKS, _("See"), "identification"
    ),
}
