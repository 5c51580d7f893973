"""What bidders may do, and what staff may do with their applications and deposits; and why not."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.auctions.conflicts import SENTENCES, conflict_of
from marketplace.auctions.corrections import recorder_of
from marketplace.auctions.standing import why_not_bid, why_not_organise
from marketplace.core.kinds import Kind
from marketplace.organisations.models import Organisation, Role
from marketplace.organisations.roles import MemberRole
from marketplace.organisations.standing import why_not_act, why_not_verified

if TYPE_CHECKING:
    from marketplace.auctions.models import AgentAuthority, BidderRegistration, Deposit, Lot, Negotiation, StrayPayment


def appeal_default(
    user: Any, registration: "BidderRegistration", organisation: Organisation | None = None
) -> str | None:
    return add_documents(user, registration, organisation)


def agree_to_negotiate(user: Any, negotiation: "Negotiation", organisation: Organisation | None = None) -> str | None:
    asked = negotiation.registration.organisation
    if organisation is not None and organisation.pk != asked.pk:
        return _("Only %(owner)s, who bid the highest, does this.") % {"owner": asked}
    return why_not_act(user, asked, MemberRole.BIDDER) or why_not_verified(asked)


def decline_to_negotiate(user: Any, negotiation: "Negotiation", organisation: Organisation | None = None) -> str | None:
    return agree_to_negotiate(user, negotiation, organisation)


def apply_for_lot(user: Any, lot: "Lot", organisation: Organisation | None = None) -> str | None:
    reason = why_not_bid(user, organisation)
    if reason is not None or organisation is None:
        return reason
    return conflict_of(organisation, lot, user)


def place_bid(
    user: Any, lot: "Lot", organisation: Organisation | None = None, *, conflict: str | None = None
) -> str | None:
    """Refuse whoever may never bid on the lot for the organisation, and everybody once a rehearsal is over.

    `conflict`: what stands between them, where the caller asked before ("": nothing, or left to the decision); else
    it is asked here.
    """
    if lot.session.wiped_at is not None:
        return _("This rehearsal is over.")
    if conflict is None:
        return apply_for_lot(user, lot, organisation)
    return why_not_bid(user, organisation) or (str(SENTENCES[conflict]) if conflict else None)


def join_rehearsal(user: Any, lot: "Lot", organisation: Organisation | None = None) -> str | None:
    """Who has registered for the lot that is rehearsed may join, with practice money, whatever is still missing."""
    if lot.session.rehearsal_of is None:
        return _("Only rehearsals are joined so.")
    rehearsed = lot.session.rehearsal_of.lots.get(position=lot.position)
    if organisation is None or not rehearsed.registrations.standing().filter(organisation=organisation).exists():
        return _("Who has registered for the lot itself takes part in its rehearsal.")
    return place_bid(user, lot, organisation)


def withdraw_sealed_bid(user: Any, lot: "Lot", organisation: Organisation | None = None) -> str | None:
    return place_bid(user, lot, organisation)


def add_documents(
    user: Any, registration: "BidderRegistration", organisation: Organisation | None = None
) -> str | None:
    if organisation is not None and organisation.pk != registration.organisation_id:
        return _("Only %(owner)s, who applied, does this.") % {"owner": registration.organisation}
    if not user.acts_for(registration.organisation_id, MemberRole.BIDDER):
        return _("Only a bidder's agent of the organisation does this.")
    return None


def withdraw_application(
    user: Any, registration: "BidderRegistration", organisation: Organisation | None = None
) -> str | None:
    return add_documents(user, registration, organisation)


def hand_in_authority(
    user: Any, registration: "BidderRegistration", organisation: Organisation | None = None
) -> str | None:
    return add_documents(user, registration, organisation)


def accept_authority(user: Any, authority: "AgentAuthority") -> str | None:
    return _checks(user, authority.registration)


def refuse_authority(user: Any, authority: "AgentAuthority") -> str | None:
    return _checks(user, authority.registration)


def _checks(user: Any, registration: "BidderRegistration") -> str | None:
    if user.acts_for(registration.organisation_id) or user.acts_for(registration.lot.outcome.owner_id):
        return _("Organisers do not decide on applications of, or for lots of, their own organisation.")
    return why_not_organise(user)


def admit_bidder(user: Any, registration: "BidderRegistration") -> str | None:
    return _checks(user, registration)


def ask_for_documents(user: Any, registration: "BidderRegistration") -> str | None:
    return _checks(user, registration)


def reject_bidder(user: Any, registration: "BidderRegistration") -> str | None:
    return _checks(user, registration)


def revoke_admission(user: Any, registration: "BidderRegistration") -> str | None:
    return _checks(user, registration)


def qualify_bidder(user: Any, registration: "BidderRegistration") -> str | None:
    return _checks(user, registration)


def _keeps_the_money(user: Any, deposit: "Deposit") -> str | None:
    if not user.has_role(Role.FINANCE):
        return _("Only finance staff of the platform record deposits.")
    if user.acts_for(deposit.organisation_id):
        return _("Finance staff do not record deposits of their own organisation.")
    return None


def record_deposit(user: Any, deposit: "Deposit") -> str | None:
    return _keeps_the_money(user, deposit)


def release_deposit(user: Any, deposit: "Deposit") -> str | None:
    return _keeps_the_money(user, deposit)


def record_stray_payment(user: Any) -> str | None:
    if not user.has_role(Role.FINANCE):
        return _("Only finance staff of the platform record deposits.")
    return None


def settle_stray_payment(user: Any, stray: "StrayPayment") -> str | None:
    """Whose own organisation the money would be assigned to, `record_deposit` refuses besides."""
    return record_stray_payment(user)


def correct_deposit(user: Any, deposit: "Deposit") -> str | None:
    """Whoever recorded a payment corrects it; anybody of finance where that person does not keep the money any more."""
    return _recorded_it(user, deposit, Kind.DEPOSIT_RECEIVED)


def _recorded_it(user: Any, deposit: "Deposit", kind: Kind) -> str | None:
    reason = _keeps_the_money(user, deposit)
    if reason is not None:
        return reason
    recorder = recorder_of(deposit, kind)
    if recorder is None or recorder.pk == user.pk or not (recorder.is_active and recorder.has_role(Role.FINANCE)):
        return None
    return _("Whoever recorded it corrects it: %(name)s.") % {"name": recorder}


def take_back_deposit(user: Any, deposit: "Deposit") -> str | None:
    return correct_deposit(user, deposit)


def correct_refund(user: Any, deposit: "Deposit") -> str | None:
    """As with a payment: whoever recorded the refund, or anybody of finance once that person has left it."""
    return _recorded_it(user, deposit, Kind.DEPOSIT_RELEASED)


def take_back_refund(user: Any, deposit: "Deposit") -> str | None:
    return correct_refund(user, deposit)
