"""Words of the notices about interest and deals."""

from django.utils.translation import gettext_lazy as _

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

TEXTS = {
    "interest.shown": Text(_("Answer interest shown in %(subject)s"), Group.TASKS, _("Answer"), "hand-raised"),
    "interest.lacks_colleague": Text(
        _(
            "Bring in a colleague: nobody of yours may answer the interest in %(subject)s, which waits for "
            "%(days)s days"
        ),
        Group.TASKS,
        _("See"),
        "user-plus",
    ),
    "interest.stalls": Text(
        _("Interest in %(subject)s waits for your answer for %(days)s days"),
        Group.TASKS,
        _("Answer"),
        "exclamation-triangle",
    ),
    "interest.answered": Text(_("Read the owner's answer about %(subject)s"), Group.MATCHING, icon="chat-bubble-left"),
    "deal.opened": Text(_("Accept confidentiality in the new deal about %(subject)s"), Group.TASKS, icon="briefcase"),
    "deal.opened_by_sale": Text(_("Go on with the deal of the sold lot: %(subject)s"), Group.TASKS, icon="briefcase"),
    "deal.opened_by_trial": Text(_("Go on with the deal after the trial: %(subject)s"), Group.TASKS, icon="briefcase"),
    "deal.in_both": Text(
        _("Somebody belongs to both parties of the deal about %(subject)s: agree for which of the two they act"),
        Group.LEGAL,
        icon="users",
    ),
    "deal.noted": Text(_("Read a new note in the deal about %(subject)s"), Group.MATCHING, icon="chat-bubble-left"),
    "deal.nda_accepted": Text(
        _("The other side accepted the confidentiality terms of %(subject)s: accept them too"),
        Group.TASKS,
        _("Accept"),
        "lock-closed",
    ),
    "deal.nda_in_force": Text(
        _("Both sides accepted the confidentiality terms of %(subject)s: they are in force"),
        Group.MATCHING,
        icon="lock-closed",
    ),
    "deal.file_added": Text(
        _("Read a new document in the deal about %(subject)s"), Group.MATCHING, icon="document-text"
    ),
    "deal.price_proposed": Text(
        _("Answer the price of %(amount)s proposed for %(subject)s"), Group.TASKS, _("Answer"), "banknotes"
    ),
    "deal.priced": Text(_("Price fixed at %(price)s for %(subject)s"), Group.LEGAL, icon="banknotes"),
    "deal.reopening_asked": Text(
        _("Answer whether the price of %(subject)s is reopened"), Group.TASKS, _("Answer"), "arrow-path"
    ),
    "deal.reopening_withdrawn": Text(
        _("The other side no longer asks to reopen the price of %(subject)s; it holds"), Group.LEGAL, icon="arrow-path"
    ),
    "deal.reopened": Text(_("The price of %(subject)s is open again"), Group.LEGAL, icon="arrow-path"),
    "deal.price_objected": Text(
        _("An objection to the price of %(subject)s was upheld; agree on another"), Group.LEGAL, icon="arrow-path"
    ),
    "deal.lacks_colleague": Text(
        _("Bring in a colleague: nobody of yours may act in %(subject)s, which stands still for %(days)s days"),
        Group.TASKS,
        _("See"),
        "user-plus",
    ),
    "deal.stalls": Text(
        _("It is your turn: %(subject)s stands still for %(days)s days"),
        Group.TASKS,
        _("Go on"),
        "exclamation-triangle",
    ),
    "deal.taken_up": Text(_("Taken up again: the deal about %(subject)s"), Group.TASKS, icon="arrow-path"),
    "deal.terms_written": Text(
        _("Read the new terms in the deal about %(subject)s"), Group.MATCHING, icon="document-text"
    ),
    "deal.outcome_offline": Text(
        _("The district took %(subject)s offline: read what it means for your deal"),
        Group.LEGAL,
        icon="exclamation-triangle",
    ),
    "deal.outcome_withdrawn": Text(
        _("The owner withdrew %(subject)s, about which you have a deal"), Group.MATCHING, icon="exclamation-triangle"
    ),
    "deal.outcome_expired": Text(
        _("The term of %(subject)s, about which you have a deal, has run out"),
        Group.MATCHING,
        icon="exclamation-triangle",
    ),
    "deal.outcome_back": Text(_("%(subject)s is public again: go on with your deal"), Group.LEGAL, icon="arrow-path"),
    "deal.overtaken": Text(
        _("Somebody else has taken over %(subject)s, about which you have a deal"), Group.LEGAL, icon="x-circle"
    ),
    "deal.to_end": Text(
        _("%(subject)s has found its taker: end the deal over it with another"), Group.TASKS, _("Open"), "x-circle"
    ),
    "deal.terminated": Text(_("Terminated: the deal about %(subject)s"), Group.LEGAL, icon="x-circle"),
}
