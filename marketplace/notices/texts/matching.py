"""Words of the notices about matches."""

from django.utils.translation import gettext_lazy as _

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

TEXTS = {
    "match.proposed": Text(_("Look at a proposed match: %(subject)s"), Group.MATCHING, _("Answer"), "sparkles"),
    "match.added": Text(_("Look at a match added by hand: %(subject)s"), Group.MATCHING, _("Answer"), "sparkles"),
    "match.passed_on": Text(
        _("Your broker points a proposed match out to you: %(subject)s"), Group.MATCHING, _("Answer"), "sparkles"
    ),
    "match.withdrawn": Text(_("No longer proposed: the match %(subject)s"), Group.NEWS, icon="x-circle"),
    "match.ended": Text(
        _("No deal any more, its need has ended: the match %(subject)s, which both accepted"),
        Group.MATCHING,
        icon="x-circle",
    ),
    "invitation.sent": Text(_("Answer the invitation: %(subject)s"), Group.TASKS, _("Answer"), "envelope"),
    "invitation.answered": Text(_("Answered by the broker: the invitation for %(subject)s"), Group.MATCHING),
    "invitation.withdrawn": Text(_("Taken back: the invitation for %(subject)s"), Group.NEWS, icon="x-circle"),
    "match.accepted": Text(
        _("Answer a match the other side has accepted: %(subject)s"), Group.TASKS, _("Answer"), "hand-thumb-up"
    ),
    "match.offered": Text(
        _("Answer an offer for your need, and read why it fits: %(subject)s"),
        Group.TASKS,
        _("Answer"),
        "hand-thumb-up",
    ),
    "match.agreed": Text(
        _("Open the deal: both sides accepted the match %(subject)s"), Group.TASKS, _("Open"), "check-circle"
    ),
    "match.acceptance_withdrawn": Text(
        _("The other side has withdrawn its acceptance: the match %(subject)s. It waits for no answer of yours"),
        Group.MATCHING,
        icon="x-circle",
    ),
    "match.reconsidered": Text(
        _("The other side thinks again about what it declined: the match %(subject)s"), Group.MATCHING
    ),
    "match.asked_again": Text(
        _("You are asked again, for the other side takes its decline back: the match %(subject)s"),
        Group.TASKS,
        _("Answer"),
        "sparkles",
    ),
    "match.declined": Text(_("Declined by the other side: the match %(subject)s"), Group.MATCHING, icon="x-circle"),
}
