"""Words of the notices about the pool and about trials."""

from django.utils.translation import gettext_lazy as _

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

LAB = "beaker"
TEXTS = {
    "pool.to_check": Text(_("Check the terms of trial of %(subject)s"), Group.TASKS, _("Check"), LAB),
    "pool.opened": Text(_("In the pool of trials now: %(subject)s"), Group.NEWS, icon=LAB),
    "pool.returned": Text(_("Returned: the terms of trial of %(subject)s"), Group.TASKS, _("Change them"), LAB),
    "trial.requested": Text(_("Answer the request to try %(subject)s"), Group.TASKS, _("Answer"), LAB),
    "trial.withdrawn": Text(_("Taken back: the request to try %(subject)s"), Group.MATCHING, icon=LAB),
    "trial.approved": Text(
        _("Confirm the trial contract of %(subject)s, at the latest on %(until)s"), Group.TASKS, _("Confirm"), LAB
    ),
    "trial.refused": Text(_("Refused: your trial of %(subject)s"), Group.LEGAL, _("Read the reason"), LAB),
    "trial.signed": Text(_("Confirmed by both: the trial contract of %(subject)s"), Group.LEGAL, icon=LAB),
    "trial.started": Text(_("The trial of %(subject)s has begun; it ends on %(ends)s"), Group.LEGAL, icon=LAB),
    "trial.evaluated": Text(_("Read the evaluation of %(subject)s"), Group.MATCHING, icon=LAB),
    "trial.extension_asked": Text(
        _("Answer the question for %(days)s more days of trial: %(subject)s"), Group.TASKS, _("Answer"), LAB
    ),
    "trial.insured": Text(_("Begin the trial of %(subject)s: its insurance is entered"), Group.TASKS, _("Begin"), LAB),
    "trial.policy_replaced": Text(_("Another policy covers the trial of %(subject)s"), Group.LEGAL, icon=LAB),
    "trial.milestone_reached": Text(_("A milestone of the trial of %(subject)s was reached"), Group.MATCHING, icon=LAB),
    "trial.milestone_taken_out": Text(
        _("A milestone of the trial of %(subject)s was taken out; read why"), Group.MATCHING, icon=LAB
    ),
    "trial.supported": Text(
        _("%(hours)s hours of support were noted in the trial of %(subject)s"), Group.MATCHING, icon=LAB
    ),
    "trial.support_taken_back": Text(
        _("%(hours)s hours of support were taken back in the trial of %(subject)s; read why"), Group.MATCHING, icon=LAB
    ),
    "trial.output_reported": Text(
        _("Output %(output)s reported for %(subject)s: a share of %(due)s is due"), Group.LEGAL, _("Look"), LAB
    ),
    "trial.output_taken_back": Text(
        _("Taken back: the report of output %(output)s for %(subject)s, with its share of %(due)s; read why"),
        Group.LEGAL,
        _("Look"),
        LAB,
    ),
    "trial.extension_granted": Text(
        _("More time is granted: the trial of %(subject)s ends on %(ends)s"), Group.LEGAL, icon=LAB
    ),
    "trial.extension_refused": Text(
        _("Refused: your question for more time with %(subject)s"), Group.LEGAL, _("Read the reason"), LAB
    ),
    "trial.extension_answered": Text(
        _("Answered: your question for more time with %(subject)s"), Group.LEGAL, icon=LAB
    ),
    "trial.conversion_chosen": Text(
        _("The enterprise chose to convert %(subject)s after its trial"), Group.TASKS, icon=LAB
    ),
    "trial.price_proposed": Text(
        _("Answer the price of %(amount)s proposed after the trial of %(subject)s"), Group.TASKS, _("Answer"), LAB
    ),
    "trial.price_in_publicity": Text(
        _("The agreed price of %(subject)s is in publicity until %(ends)s"), Group.LEGAL, _("Look"), "clock"
    ),
    "trial.price_published": Text(
        _("The publicity of the price of %(subject)s ended: the paid contract is next"), Group.LEGAL, icon=LAB
    ),
    "trial.price_reopened": Text(
        _("An objection was upheld: agree on another price for %(subject)s"), Group.LEGAL, icon=LAB
    ),
    "trial.converted": Text(_("Converted: the contract over %(subject)s is registered"), Group.LEGAL, icon=LAB),
    "trial.stopped": Text(
        _("Return the materials of the trial of %(subject)s and confirm it"), Group.TASKS, _("Confirm"), LAB
    ),
    "trial.closed": Text(_("Closed: the trial of %(subject)s, materials returned"), Group.LEGAL, icon=LAB),
    "trial.disputed": Text(
        _("Answer the breach reported in the trial of %(subject)s, at the latest on %(until)s"),
        Group.TASKS,
        _("Answer"),
        LAB,
    ),
    "trial.breach_answered": Text(
        _("Read the answer to the breach reported in the trial of %(subject)s"), Group.LEGAL, icon=LAB
    ),
    "trial.called_off": Text(_("Called off before it began: the trial of %(subject)s"), Group.LEGAL, icon=LAB),
    "trial.to_resolve": Text(_("Resolve the dispute in the trial of %(subject)s"), Group.TASKS, _("Resolve"), LAB),
    "trial.resolved": Text(_("Read how the dispute about %(subject)s was resolved"), Group.LEGAL, icon=LAB),
    "trial.reminded": Text(_("The term of the trial of %(subject)s ends on %(due)s"), Group.TASKS, icon="clock"),
    "trial.expired": Text(
        _("The trial of %(subject)s has expired: return the materials"), Group.LEGAL, _("Confirm"), LAB
    ),
    "trial.overtaken": Text(
        _("Somebody else has taken over, or has an exclusive licence of, %(subject)s, which you try"),
        Group.LEGAL,
        icon=LAB,
    ),
    "trial.lapsed": Text(_("Lapsed before it began: the trial of %(subject)s"), Group.LEGAL, icon=LAB),
}
