"""Words of the notices about matches."""

from django.utils.translation import gettext_lazy as _

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

TEXTS = {
    "match.proposed": Text(_("Look at a proposed match: %(subject)s"), Group.MATCHING, _("Answer"), "sparkles"),
    "match.accepted": Text(
        _("Answer a match the other side has accepted: %(subject)s"), Group.TASKS, _("Answer"), "hand-thumb-up"
    ),
    "match.agreed": Text(
        _("Open the deal: both sides accepted the match %(subject)s"), Group.TASKS, _("Open"), "check-circle"
    ),
    "match.declined": Text(_("Declined by the other side: the match %(subject)s"), Group.MATCHING, icon="x-circle"),
}
