"""Words of the notices about a contract being carried out, and about its end."""

from django.utils.translation import gettext_lazy as _

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

FLAG, WARNING, DONE = "flag", "exclamation-triangle", "check-badge"

TEXTS = {
    "milestone.to_accept": Text(_("Accept or refuse what was done: %(subject)s"), Group.TASKS, _("Look"), FLAG),
    "milestone.accepted": Text(_("Accepted by the buyer: %(subject)s"), Group.TASKS, icon=DONE),
    "milestone.refused": Text(_("Not accepted by the buyer: %(subject)s"), Group.TASKS, _("See why"), WARNING),
    "contract_end.proposed": Text(
        _("The other side proposes to end the contract %(subject)s"), Group.LEGAL, _("Answer"), WARNING
    ),
    "contract_end.withdrawn": Text(_("The proposal to end the contract %(subject)s is withdrawn"), Group.LEGAL),
    "contract_end.declined": Text(
        _("The other side does not agree to end the contract %(subject)s"), Group.LEGAL, _("See why"), WARNING
    ),
    "contract_end.agreed": Text(_("Agreed: the contract %(subject)s ends on %(day)s"), Group.LEGAL, _("Look")),
    "contract_end.to_answer": Text(
        _("Accept or dispute by %(day)s: the other side ended the contract %(subject)s for a breach"),
        Group.LEGAL,
        _("Answer"),
        WARNING,
    ),
    "contract_end.accepted": Text(
        _("The other side accepts that the contract %(subject)s ended for a breach"), Group.LEGAL, icon=DONE
    ),
    "contract_end.disputed": Text(
        _("The end of the contract %(subject)s for a breach is disputed"), Group.LEGAL, _("See why"), WARNING
    ),
    "contract_end.retracted": Text(
        _("The contract %(subject)s goes on: the end declared for a breach is taken back"), Group.LEGAL
    ),
    "contract_end.confirmed": Text(
        _("Court or arbitration confirmed the end of the contract %(subject)s"), Group.LEGAL, _("Look"), WARNING
    ),
    "contract_end.overturned": Text(
        _("The contract %(subject)s goes on: court or arbitration held its end void"), Group.LEGAL, _("Look"), WARNING
    ),
    "contract_end.to_note": Text(
        _("The registered contract %(subject)s has ended before its time"), Group.TASKS, _("Look"), WARNING
    ),
    "contract_end.terminated": Text(_("The contract %(subject)s is ended"), Group.LEGAL, _("See why"), WARNING),
}
