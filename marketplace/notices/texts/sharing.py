"""Words of the notices about payments and benefit sharing."""

from django.utils.translation import gettext_lazy as _

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

MONEY, WARNING, DONE = "banknotes", "exclamation-triangle", "check-badge"

TEXTS = {
    "instalment.late": Text(
        _("%(amount)s of the contract %(subject)s was due on %(due)s and has not come in whole"),
        Group.TASKS,
        _("See the payments"),
        WARNING,
    ),
    "payments.planned": Text(
        _("The payment schedule of the contract %(subject)s has changed"), Group.NEWS, _("See the payments"), MONEY
    ),
    "receipt.entered": Text(
        _("%(amount)s is entered as received for the contract %(subject)s"), Group.NEWS, _("See the payments"), DONE
    ),
    "receipt.reversed": Text(
        _("A payment of %(amount)s for the contract %(subject)s was reversed"),
        Group.LEGAL,
        _("See why"),
        WARNING,
    ),
    "receipt.remarked": Text(
        _("Answer the buyer, who says that a payment is not what it paid: %(subject)s"),
        Group.TASKS,
        _("Answer"),
        WARNING,
    ),
    "receipt.remark_answered": Text(
        _("The seller answered what you said of a payment: %(subject)s"), Group.NEWS, _("See the payments"), MONEY
    ),
    "receipt.to_share": Text(
        _("Share out %(amount)s that came in for the contract %(subject)s"), Group.TASKS, _("See the payments"), MONEY
    ),
    "plan.for_department": Text(_("Approve for the department: %(subject)s"), Group.TASKS, _("Look"), "scale"),
    "plan.for_institute": Text(_("Approve and publish: %(subject)s"), Group.TASKS, _("Look"), "scale"),
    "plan.returned": Text(_("Returned with reasons: %(subject)s"), Group.TASKS, _("See why"), WARNING),
    "plan.enacted": Text(_("In effect: %(subject)s"), Group.LEGAL, icon=DONE),
    "plan.objected": Text(_("An objection was upheld; write a new version: %(subject)s"), Group.LEGAL, icon=WARNING),
    "plan.withdrawn": Text(
        _("Withdrawn, nothing is to be approved any more: %(subject)s"), Group.LEGAL, _("See why"), WARNING
    ),
    "distribution.made": Text(
        _("A payment of the contract %(subject)s was shared out; see what you get"),
        Group.LEGAL,
        _("Open the statement"),
        MONEY,
    ),
    "distribution.reversed": Text(
        _("A payment of the contract %(subject)s was reversed; what was shared out of it falls"),
        Group.LEGAL,
        _("Open the statement"),
        WARNING,
    ),
    "profit.to_share": Text(
        _("Share out the profit of %(year)s of the contract %(subject)s"), Group.TASKS, _("Look"), MONEY
    ),
    "profit.shared": Text(
        _("The profit of a year of the contract %(subject)s was shared out; see what you get"),
        Group.LEGAL,
        _("Open the statement"),
        MONEY,
    ),
    "profit.reversed": Text(
        _("The profit of a year of the contract %(subject)s was taken back; what was shared out of it falls"),
        Group.LEGAL,
        _("Open the statement"),
        WARNING,
    ),
    "allotment.entered": Text(
        _("The shares of the contract %(subject)s are allotted; see what you hold"),
        Group.LEGAL,
        _("Open the statement"),
        DONE,
    ),
    "allotment.reversed": Text(
        _("The shares entered for the contract %(subject)s were taken back"),
        Group.LEGAL,
        _("Open the statement"),
        WARNING,
    ),
    "payout.corrected": Text(
        _("A payout of the contract %(subject)s was corrected; see why"),
        Group.LEGAL,
        _("Open the statement"),
        WARNING,
    ),
    "payout.paid": Text(
        _("Your share of the contract %(subject)s was paid out"), Group.LEGAL, _("Open the statement"), DONE
    ),
}
