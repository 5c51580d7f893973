"""Words of the notices about leads and rewards."""

from django.utils.translation import gettext_lazy as _

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

WARNING = "exclamation-triangle"
DONE = "check-badge"
MONEY = "banknotes"

TEXTS = {
    "deal.broker_to_mark": Text(
        _("Say how satisfied you are with the broker of %(subject)s"), Group.TASKS, _("Give a mark"), "star"
    ),
    "evaluation.computed": Text(
        _("Your evaluation of %(year)s is computed: comment until %(until_on)s"), Group.LEGAL, _("Look"), "chart-bar"
    ),
    "evaluation.finished": Text(_("Your evaluation of %(year)s is final"), Group.LEGAL, _("Look"), "chart-bar"),
    "evaluation.commented": Text(
        _("Answer the comment on an evaluation: %(subject)s"), Group.TASKS, _("Answer"), "chart-bar"
    ),
    "lead.to_confirm": Text(_("A broker says they brought this to you: confirm or decline"), Group.TASKS, _("Open")),
    "lead.confirmed": Text(_("Your lead is confirmed; others may object now"), Group.LEGAL, icon=DONE),
    "lead.declined": Text(_("Your lead is declined by the party"), Group.LEGAL, _("See why"), WARNING),
    "lead.settled": Text(_("Your lead stands: link it to its deal"), Group.TASKS, _("Open"), DONE),
    "lead.overturned": Text(_("Your lead fell by an objection"), Group.LEGAL, _("See why"), WARNING),
    "reward.to_review": Text(_("Review a reward claim"), Group.TASKS, _("Review"), MONEY),
    "reward.to_approve": Text(_("Approve a reward whose publicity ended"), Group.TASKS, _("Open"), MONEY),
    "reward.to_pay": Text(_("Pay an approved reward"), Group.TASKS, _("Open"), MONEY),
    "reward.reviewed": Text(_("Your reward claim is reviewed and in publicity"), Group.LEGAL, icon=DONE),
    "reward.refused": Text(_("Your reward claim is refused"), Group.LEGAL, _("See why"), WARNING),
    "reward.paid": Text(_("Your reward is paid"), Group.LEGAL, icon=DONE),
}
