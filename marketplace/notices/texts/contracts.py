"""Words of the notices about contracts and brokers."""

from django.utils.translation import gettext_lazy as _

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

WARNING = "exclamation-triangle"
DONE = "check-badge"
SEE_WHY = _("See why")

TEXTS = {
    "contract.to_review": Text(_("Decide on the contract %(subject)s"), Group.TASKS, _("Review"), "document-text"),
    "contract.to_review_above": Text(
        _("Decide on the contract %(subject)s: more stands there as technical than was assessed"),
        Group.TASKS,
        _("Review"),
        WARNING,
    ),
    "contract.submitted": Text(_("The seller submitted the contract %(subject)s for registration"), Group.LEGAL),
    "contract.assessed": Text(
        _("A registrar assessed the technical amount of the contract %(subject)s"), Group.LEGAL, SEE_WHY
    ),
    "contract.returned_to_seller": Text(
        _("The contract %(subject)s was returned to the seller for supplement"), Group.LEGAL, SEE_WHY
    ),
    "contract.change_agreed": Text(_("The buyer agreed to the change of the contract %(subject)s"), Group.LEGAL),
    "contract.change_declined": Text(
        _("The buyer declined the change of the contract %(subject)s"), Group.LEGAL, SEE_WHY, WARNING
    ),
    "contract.change_lapsed": Text(
        _("The contract %(subject)s has ended, and with it the change that was asked for"), Group.LEGAL, SEE_WHY
    ),
    "contract.end_noted": Text(_("The register noted the end of the contract %(subject)s"), Group.LEGAL, SEE_WHY),
    "contract.change_requested": Text(
        _("The seller asks to change the registered contract %(subject)s"), Group.LEGAL, _("Answer"), WARNING
    ),
    "contract.change_taken_back": Text(
        _("The seller took back the change asked for of the contract %(subject)s"), Group.LEGAL
    ),
    "contract.cancelled_by_seller": Text(
        _("The seller cancelled the registration of the contract %(subject)s"), Group.TASKS, SEE_WHY, WARNING
    ),
    "contract.departs": Text(
        _("Read how the contract %(subject)s departs from the terms of your trial"),
        Group.LEGAL,
        _("Read"),
        "document-text",
    ),
    "contract.departs_from_price": Text(
        _("Read how the contract %(subject)s departs from the price you agreed"),
        Group.LEGAL,
        _("Read"),
        WARNING,
    ),
    "contract.draft_to_read": Text(
        _("Read version %(version)s of the draft of the contract %(subject)s"), Group.MATCHING, icon="document-text"
    ),
    "contract.accepted": Text(_("The contract %(subject)s is accepted for review"), Group.LEGAL),
    "contract.returned": Text(
        _("Complete the contract %(subject)s: it was returned for supplement"), Group.LEGAL, _("Complete"), WARNING
    ),
    "contract.to_supplement": Text(
        _("Supplement the contract %(subject)s: its day is near"), Group.TASKS, _("Supplement"), WARNING
    ),
    "contract.refused": Text(_("The contract %(subject)s is not registered"), Group.LEGAL, SEE_WHY, WARNING),
    "contract.registered": Text(_("The contract %(subject)s is registered under %(number)s"), Group.LEGAL, icon=DONE),
    "contract.renumbered": Text(
        _("The registration number of the contract %(subject)s is corrected from %(before)s to %(number)s"), Group.LEGAL
    ),
    "contract.to_review_again": Text(
        _("Review the contract %(subject)s a second time"), Group.TASKS, _("Review"), "document-text"
    ),
    "contract.change_to_decide": Text(
        _("Decide on a change of the contract %(subject)s"), Group.TASKS, _("Review"), "document-text"
    ),
    "contract.change_withdrawn": Text(
        _("Nothing to decide any more: the seller took back the change of the contract %(subject)s"), Group.TASKS
    ),
    "contract.objection_to_decide": Text(
        _("Decide on an objection about the contract %(subject)s"), Group.TASKS, _("Review"), "document-text"
    ),
    "contract.change_granted": Text(
        _("The change of the contract %(subject)s stands in the register"), Group.LEGAL, icon=DONE
    ),
    "contract.change_refused": Text(
        _("The change of the contract %(subject)s is refused"), Group.LEGAL, SEE_WHY, WARNING
    ),
    "contract.cancelled": Text(
        _("The registration of the contract %(subject)s is cancelled by the seller"), Group.LEGAL, SEE_WHY, WARNING
    ),
    "contract.revoked": Text(
        _("The registration of the contract %(subject)s is revoked"), Group.LEGAL, SEE_WHY, WARNING
    ),
    "contract.re_examined": Text(_("The objection about the contract %(subject)s is decided"), Group.LEGAL, SEE_WHY),
    "list.to_review": Text(_("Review the registration list: %(subject)s"), Group.TASKS, _("Review"), "document-text"),
    "list.refused": Text(_("The registration list is not issued: %(subject)s"), Group.LEGAL, SEE_WHY, WARNING),
    "list.void": Text(_("The registration list %(subject)s is no longer valid"), Group.LEGAL, SEE_WHY, WARNING),
    "broker.filed": Text(_("Your broker's certificate is in the register"), Group.LEGAL, icon=DONE),
    "broker.renewed": Text(_("Your broker's certificate is renewed"), Group.LEGAL, icon=DONE),
    "broker.suspended": Text(_("Your broker's certificate is suspended"), Group.LEGAL, SEE_WHY, WARNING),
    "broker.reinstated": Text(_("The suspension of your certificate is ended"), Group.LEGAL, icon=DONE),
    "broker.revoked": Text(_("Your broker's certificate is revoked"), Group.LEGAL, SEE_WHY, WARNING),
}
