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
    "deal.done_for_broker": Text(_("A deal you accompany is completed: %(subject)s"), Group.LEGAL, _("Look"), DONE),
    "deal.broker_marked": Text(_("A side gave its mark of your work: %(subject)s"), Group.LEGAL, _("Look"), "star"),
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
    "lead.filed.rival": Text(
        _("Another broker filed a lead on what you filed one on: %(subject)s"), Group.LEGAL, _("Look")
    ),
    "lead.confirmed.rival": Text(
        _("Another broker's lead was confirmed: object until %(until)s if you brought it first"),
        Group.LEGAL,
        _("To the publicity"),
        WARNING,
    ),
    "lead.settled.rival": Text(
        _("The other broker's lead stands: its objection window ended"), Group.LEGAL, _("Look"), WARNING
    ),
    "lead.taken_back.rival": Text(
        _("The confirmation of the other broker's lead was taken back"), Group.LEGAL, _("Look")
    ),
    "lead.overturned.rival": Text(_("The other broker's lead fell by an objection"), Group.LEGAL, _("Look")),
    "lead.taken_back": Text(_("The party took its confirmation of your lead back"), Group.LEGAL, _("See why"), WARNING),
    "lead.fell_for_party": Text(
        _("A lead you confirmed fell by an objection: %(subject)s"), Group.LEGAL, _("See why"), WARNING
    ),
    "lead.objected": Text(
        _("Somebody objects to the lead %(subject)s: your side may reply once"), Group.TASKS, _("Read and reply")
    ),
    "lead.objection_answered": Text(
        _("The objection to the lead %(subject)s was answered"), Group.LEGAL, _("Read the answer")
    ),
    "objection.replied": Text(_("A side replied to an objection: read it before you answer"), Group.TASKS, _("Open")),
    "reward.to_review": Text(_("Review a reward claim"), Group.TASKS, _("Review"), MONEY),
    "reward.to_approve": Text(_("Approve a reward whose publicity ended"), Group.TASKS, _("Open"), MONEY),
    "reward.to_pay": Text(_("Pay an approved reward"), Group.TASKS, _("Open"), MONEY),
    "reward.reviewed": Text(_("Your reward claim is reviewed and in publicity"), Group.LEGAL, icon=DONE),
    "reward.refused": Text(_("Your reward claim is refused"), Group.LEGAL, _("See why"), WARNING),
    "reward.paid": Text(_("Your reward is paid"), Group.LEGAL, icon=DONE),
}
