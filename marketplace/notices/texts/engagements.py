"""Words of the notices about a broker's part in a deal."""

from django.utils.translation import gettext_lazy as _

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

WARNING, USERS = "exclamation-triangle", "users"
TEXTS = {
    "deal.consent_asked": Text(
        _("Decide whether the broker acts for both sides: %(subject)s"), Group.TASKS, _("Decide"), USERS
    ),
    "deal.named_broker": Text(
        _("You are named as the broker of the deal about %(subject)s: accept or decline"),
        Group.TASKS,
        _("Answer"),
        USERS,
    ),
    "deal.broker_both_asked": Text(
        _("You are asked to act for both sides of the deal about %(subject)s"), Group.TASKS, _("Answer"), USERS
    ),
    "deal.broker_accepted": Text(
        _("%(actor)s accepted to be your broker in the deal about %(subject)s"), Group.MATCHING, icon=USERS
    ),
    "deal.broker_of_seller": Text(
        _("The broker %(actor)s takes part for the seller now: the deal about %(subject)s"),
        Group.MATCHING,
        icon=USERS,
    ),
    "deal.broker_of_buyer": Text(
        _("The broker %(actor)s takes part for the buyer now: the deal about %(subject)s"),
        Group.MATCHING,
        icon=USERS,
    ),
    "deal.broker_for_both": Text(
        _("The broker acts for both sides now: the deal about %(subject)s"),
        Group.MATCHING,
        icon=USERS,
    ),
    "deal.broker_declined": Text(
        _("%(actor)s declined to be your broker in the deal about %(subject)s"), Group.MATCHING, icon=USERS
    ),
    "deal.broker_left": Text(_("The broker %(actor)s left the deal about %(subject)s"), Group.MATCHING, icon=USERS),
    "deal.broker_released_by_seller": Text(
        _("The seller released its broker: the deal about %(subject)s"), Group.MATCHING, icon=USERS
    ),
    "deal.broker_released_by_buyer": Text(
        _("The buyer released its broker: the deal about %(subject)s"), Group.MATCHING, icon=USERS
    ),
    "deal.you_are_released": Text(
        _("Your engagement as broker was ended by your client: the deal about %(subject)s"),
        Group.MATCHING,
        icon=USERS,
    ),
    "deal.broker_suspended": Text(
        _("The filing of your broker is suspended: no acting for you in the deal about %(subject)s"),
        Group.LEGAL,
        icon=WARNING,
    ),
    "deal.broker_revoked": Text(
        _("The filing of your broker is revoked: no acting for you in the deal about %(subject)s"),
        Group.LEGAL,
        icon=WARNING,
    ),
    "deal.broker_reinstated": Text(
        _("The filing of your broker is reinstated: the broker goes on in the deal about %(subject)s"),
        Group.LEGAL,
        icon=USERS,
    ),
}
