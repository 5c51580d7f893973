"""Words of the notices about organisations and their members."""

from django.utils.translation import gettext_lazy as _

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

TEXTS = {
    "organisation.to_verify": Text(_("Verify the organisation %(subject)s"), Group.TASKS, _("Verify"), "shield-check"),
    "organisation.verified": Text(
        _("Your organisation %(subject)s is verified; it may now publish, bid and sign"),
        Group.LEGAL,
        icon="check-badge",
    ),
    "organisation.refused": Text(
        _("Complete the particulars: %(subject)s was not verified"), Group.LEGAL, _("See why"), "exclamation-triangle"
    ),
    "organisation.corrected": Text(
        _("An officer corrected the name, kind, code or region of %(subject)s"), Group.LEGAL, icon="pencil-square"
    ),
    "organisation.suspended": Text(
        _("Your organisation %(subject)s is suspended"), Group.LEGAL, _("See why"), "exclamation-triangle"
    ),
    "organisation.reinstated": Text(_("Your organisation %(subject)s may act again"), Group.LEGAL, icon="check-badge"),
    "membership.to_answer": Text(_("Answer a request to join: %(subject)s"), Group.TASKS, _("Answer"), "user-plus"),
    "membership.accepted": Text(_("You may now act: %(subject)s"), Group.TASKS, icon="check-badge"),
    "membership.refused": Text(_("Your request to join was declined: %(subject)s"), Group.TASKS, _("See why")),
    "membership.ended": Text(
        _("%(actor)s has ended your membership: %(subject)s"), Group.LEGAL, _("My organisations"), "user-minus"
    ),
    "member_invitation.sent": Text(
        _("Answer the invitation to join: %(subject)s"), Group.TASKS, _("See and answer"), "envelope"
    ),
    "member_invitation.accepted": Text(
        _("%(actor)s has joined by invitation: %(subject)s"), Group.NEWS, _("See the members"), "user-plus"
    ),
    "member_invitation.declined": Text(
        _("The invitation was declined: %(subject)s"), Group.NEWS, _("See the members"), "user-minus"
    ),
    "staff.factor_removed": Text(
        _("%(actor)s has removed your second factor; set up a new one when you next sign in"),
        Group.LEGAL,
        icon="exclamation-triangle",
    ),
    "staff.unlocked": Text(_("%(actor)s has unlocked your account"), Group.LEGAL, icon="check-badge"),
    "membership.changed": Text(_("Your roles were changed: %(subject)s"), Group.TASKS),
}
