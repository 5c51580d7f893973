"""Words of the notices about publicity and objections."""

from django.utils.translation import gettext_lazy as _

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

TEXTS = {
    "publicity.sale_begun": Text(
        _("The result of lot %(lot)s is in publicity until %(ends)s"), Group.LEGAL, _("Look"), "clock"
    ),
    "publicity.plan_begun": Text(
        _("A plan that pays you is in publicity until %(ends)s: %(subject)s"), Group.LEGAL, _("Look"), "clock"
    ),
    "publicity.sale_ended": Text(
        _("The publicity of lot %(lot)s ended: seller and buyer sign the contract next"),
        Group.LEGAL,
        icon="check-badge",
    ),
    "publicity.price_begun": Text(
        _("The price agreed for %(subject)s is in publicity until %(ends)s"), Group.LEGAL, _("Look"), "clock"
    ),
    "publicity.price_ended": Text(
        _("The price of %(subject)s stood its publicity: the contract is next"), Group.LEGAL, icon="check-badge"
    ),
    "publicity.extended": Text(
        _("The publicity “%(subject)s” was extended until %(ends)s"), Group.LEGAL, _("Look"), "clock"
    ),
    "objection.to_answer": Text(_("Answer an objection to “%(subject)s”"), Group.TASKS, _("Answer")),
    "objection.answered": Text(_("Your objection to “%(subject)s” was answered"), Group.LEGAL, _("Read the answer")),
    "objection.answered_on_paper": Text(
        _("The objection on paper to “%(subject)s” was answered: tell the objector"), Group.TASKS, _("Read the answer")
    ),
    "objection.withdrawn": Text(
        _("An objection to “%(subject)s” was withdrawn and needs no answer"), Group.TASKS, _("See why")
    ),
    "objection.taken_back": Text(
        _("An objection on paper to “%(subject)s” was entered by mistake and needs no answer"),
        Group.LEGAL,
        _("See why"),
    ),
    "objection.lapsed_on_paper": Text(
        _("“%(subject)s” was stopped, and an objection on paper fell with it: tell the objector"),
        Group.TASKS,
        _("See why"),
    ),
    "objection.lapsed": Text(
        _("“%(subject)s” was stopped: your objection fell with it and needs no answer"), Group.LEGAL, _("See why")
    ),
}
