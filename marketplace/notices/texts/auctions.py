"""Words of the notices about lots, applications and deposits."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

TEXTS = {
    "lot.to_agree": Text(_("Agree to the terms of lot %(lot)s"), Group.TASKS, _("Look at the terms"), "document-text"),
    "lot.to_review": Text(_("Review lot %(lot)s"), Group.TASKS, _("Review"), "document-text"),
    "lot.declined": Text(
        _("The seller does not agree to the terms of lot %(lot)s: change them or take it out"),
        Group.TASKS,
        _("See why"),
        "document-text",
    ),
    "lot.sold": Text(_("Lot %(lot)s is sold for %(price)s"), Group.LEGAL, icon="check-badge"),
    "sale.paid_said": Text(
        _("Check that the price of lot %(lot)s came in, or say that it did not: it is said to be paid"),
        Group.TASKS,
        _("Answer"),
        "banknotes",
    ),
    "sale.payment_confirmed": Text(
        _("The seller’s finance confirms the payment of lot %(lot)s"), Group.LEGAL, icon="check-badge"
    ),
    "sale.payment_denied": Text(
        _("The seller’s finance has not received the price of lot %(lot)s; read why on the page of the lot"),
        Group.LEGAL,
        icon="exclamation-triangle",
    ),
    "lot.unsold": Text(
        _("Choose how it goes on: lot %(lot)s was not sold"), Group.LEGAL, pgettext_lazy("desk", "Choose")
    ),
    "lot.defaulted": Text(
        _("Choose how it goes on: the buyer of lot %(lot)s defaulted"), Group.LEGAL, pgettext_lazy("desk", "Choose")
    ),
    "lot.rescinded": Text(
        _("Choose how it goes on: the sale of lot %(lot)s was rescinded"), Group.LEGAL, pgettext_lazy("desk", "Choose")
    ),
    "lot.to_relist": Text(_("Add lot %(lot)s to a session again"), Group.TASKS, _("To the sessions")),
    "negotiation.asked": Text(
        _("The seller of lot %(lot)s would like to negotiate with you: answer"), Group.AUCTION, _("Answer")
    ),
    "negotiation.declined": Text(
        _("Choose how it goes on: the highest bidder of lot %(lot)s will not negotiate"),
        Group.LEGAL,
        pgettext_lazy("desk", "Choose"),
    ),
    "appeal.to_decide": Text(_("Decide on an appeal against a default: lot %(lot)s"), Group.TASKS, _("Decide")),
    "appeal.decided": Text(_("Your appeal on lot %(lot)s was decided"), Group.LEGAL, _("Read the decision")),
    "lot.returned": Text(
        _("The organiser returned lot %(lot)s: read why. What is to be changed in its terms the organiser changes"),
        Group.LEGAL,
        _("See why"),
        "document-text",
    ),
    "lot.rewritten": Text(
        _("Agree anew to the terms of lot %(lot)s: the organiser changed them"), Group.TASKS, _("Read the terms")
    ),
    "lot.withdrawn": Text(_("Your lot %(lot)s was withdrawn from the sale"), Group.LEGAL, _("See why")),
    "lot.to_judge": Text(
        _("Decide on the buyer’s deposit: the sale of lot %(lot)s was rescinded"),
        Group.TASKS,
        _("Decide"),
        "banknotes",
    ),
    "lot.to_confirm": Text(_("Confirm the sale of lot %(lot)s"), Group.TASKS, pgettext_lazy("desk", "Confirm")),
    "priority.announced": Text(
        _("You hold a priority right to lot %(lot)s: apply in time, or it is lost"), Group.LEGAL, _("To the lot")
    ),
    "registration.to_check": Text(_("Check an application for lot %(lot)s"), Group.TASKS, _("Check")),
    "registration.asked": Text(_("Hand in documents for lot %(lot)s"), Group.TASKS, _("See which")),
    "registration.authorised": Text(_("The power of attorney for lot %(lot)s is in order"), Group.LEGAL),
    "registration.unauthorised": Text(
        _("A power of attorney for lot %(lot)s is not in order: its agent cannot bid"), Group.LEGAL, _("See why")
    ),
    "registration.admitted": Text(
        _("Pay the deposit for lot %(lot)s: %(deposit)s"), Group.TASKS, _("How to pay"), "banknotes"
    ),
    "registration.deposit_stands": Text(
        _("Your application for lot %(lot)s is accepted; the session’s deposit stands for it"), Group.LEGAL
    ),
    "registration.rejected": Text(_("Your application for lot %(lot)s was rejected"), Group.LEGAL, _("See why")),
    "registration.revoked": Text(
        _("Your admission to lot %(lot)s was revoked: you cannot bid"), Group.LEGAL, _("See why")
    ),
    "registration.qualified": Text(  # also of those from before the next one, which do not know when it begins
        _("Your number for lot %(lot)s is there: you may bid once bidding begins"), Group.LEGAL
    ),
    "registration.qualified_from": Text(
        _("Your number for lot %(lot)s is there: you may bid from %(starts_at)s on"), Group.LEGAL
    ),
    "registration.outbid": Text(
        _("You have been outbid on lot %(lot)s: now %(price)s"), Group.AUCTION, _("To the lot")
    ),
    "registration.voided": Text(
        _("Your bid of %(price)s on lot %(lot)s was voided and does not count"), Group.LEGAL, _("To the lot")
    ),
    "registration.won": Text(_("You won lot %(lot)s at %(price)s"), Group.LEGAL, icon="check-badge"),
    "registration.defaulted": Text(
        _("The organiser declared your default on lot %(lot)s; your deposit is forfeited"), Group.LEGAL, _("See why")
    ),
    "registration.rescinded": Text(
        _("The sale of lot %(lot)s was rescinded; the organiser decides whether your deposit is paid back"),
        Group.LEGAL,
        icon="banknotes",
    ),
    "registration.cleared": Text(
        _("Your deposit for lot %(lot)s is being paid back: the sale failed without your fault"),
        Group.LEGAL,
        icon="banknotes",
    ),
    "registration.deposit_received": Text(
        _("Your deposit for lot %(lot)s arrived: %(deposit)s. The organiser now confirms that you may bid"),
        Group.LEGAL,
        icon="banknotes",
    ),
    "registration.deposit_unasked": Text(
        _("%(deposit)s arrived for lot %(lot)s, where no deposit is asked of you any more; it is being paid back"),
        Group.LEGAL,
        icon="banknotes",
    ),
    "registration.payment_taken_back": Text(
        _("The payment entered for your deposit on lot %(lot)s was not yours; the deposit is still to be paid"),
        Group.LEGAL,
        icon="banknotes",
    ),
    "registration.withdrawn_refund": Text(
        _("Lot %(lot)s was withdrawn; your deposit is being paid back"), Group.LEGAL, _("See why"), "banknotes"
    ),
    "registration.withdrawn_unpaid": Text(
        _("Lot %(lot)s was withdrawn; no deposit is to be paid any more"), Group.LEGAL, _("See why")
    ),
    "registration.withdrawn_kept": Text(
        _("Lot %(lot)s was withdrawn; your deposit stands for the other lots of the session"), Group.LEGAL, _("See why")
    ),
    "session.cancelled": Text(_("The session “%(subject)s” with your lots was cancelled"), Group.LEGAL, _("See why")),
    "session.cancelled_refund": Text(
        _("The session “%(subject)s” was cancelled; your deposit is being paid back"),
        Group.LEGAL,
        _("See why"),
        "banknotes",
    ),
    "session.cancelled_unpaid": Text(
        _("The session “%(subject)s” was cancelled; no deposit is to be paid any more"), Group.LEGAL, _("See why")
    ),
    "session.rehearsed": Text(
        _("Try the bidding in a rehearsal: “%(subject)s”, from %(starts_at)s"), Group.TASKS, _("Look"), "clock"
    ),
    "session.amended": Text(
        _("The announcement of “%(subject)s” was amended: amendment %(number)s"),
        Group.LEGAL,
        pgettext_lazy("notice", "Read it"),
        "document-text",
    ),
    "room.document_added": Text(
        _("A document was put into the data room of lot %(lot)s"), Group.AUCTION, _("To the data room"), "document-text"
    ),
    "room.document_withdrawn": Text(
        _("A document of the data room of lot %(lot)s was withdrawn"), Group.LEGAL, _("See why"), "document-text"
    ),
    "lot.suspended": Text(
        _("Bidding on lot %(lot)s is suspended; what is left of its time is kept"), Group.AUCTION, _("See why"), "clock"
    ),
    "lot.resumed": Text(
        _("Bidding on lot %(lot)s goes on; it ends at %(ends_at)s unless it is extended"),
        Group.AUCTION,
        _("To the lot"),
        "clock",
    ),
    "session.suspended": Text(
        _("Bidding in the session “%(subject)s” is suspended; what is left of each time is kept"),
        Group.AUCTION,
        _("See why"),
        "clock",
    ),
    "session.resumed": Text(
        _("Bidding in the session “%(subject)s” goes on; look at the new ends"),
        Group.AUCTION,
        _("To the session"),
        "clock",
    ),
    "session.postponed": Text(
        _("The session “%(subject)s” is postponed; new times will be announced"), Group.LEGAL, _("See why"), "clock"
    ),
    "session.postponed_bidder": Text(
        _("The session “%(subject)s” is postponed; deposits stay held, and you may withdraw your application"),
        Group.LEGAL,
        _("See why"),
        "clock",
    ),
    "session.reannounced": Text(
        _(
            "The session “%(subject)s” has new times: bidding from %(starts_at)s, "
            "registration until %(registration_closes_at)s"
        ),
        Group.LEGAL,
        pgettext_lazy("notice", "Read it"),
        "clock",
    ),
    "session.reannounced_bidder": Text(
        _(
            "The session “%(subject)s” has new times: bidding from %(starts_at)s. "
            "You take part, unless you withdraw your application"
        ),
        Group.LEGAL,
        pgettext_lazy("notice", "Read it"),
        "clock",
    ),
    "session.reannounced_powerless": Text(
        _(
            "Hand in a new power of attorney for lot %(lot)s: “%(subject)s” has new times, bidding from %(starts_at)s, "
            "and the present one ends before"
        ),
        Group.LEGAL,
        _("Hand in"),
        "clock",
    ),
    "session.rescheduled": Text(
        _(
            "The session “%(subject)s” with your lots moved: bidding from %(starts_at)s, "
            "registration until %(registration_closes_at)s"
        ),
        Group.LEGAL,
        icon="clock",
    ),
    "deposit.to_record": Text(_("Record a deposit for lot %(lot)s when it arrives"), Group.TASKS, icon="banknotes"),
    "deposit.to_release": Text(_("Release the deposit %(subject)s"), Group.TASKS, _("Release"), "banknotes"),
    "deposit.released": Text(_("Your deposit %(subject)s was paid back"), Group.LEGAL, icon="banknotes"),
    "deposit.refund_taken_back": Text(
        _("The refund of your deposit %(subject)s was entered by mistake; it is still to be paid back"),
        Group.LEGAL,
        icon="banknotes",
    ),
}
