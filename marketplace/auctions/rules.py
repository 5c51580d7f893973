"""Who may do what with sessions, lots, registrations and deposits, and why not."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.auctions.appeals import declarer_of, parties_of
from marketplace.auctions.conflicts import conflict_of
from marketplace.auctions.data_room import reads_room_anyway
from marketplace.core.choices import PricingMode
from marketplace.deals.models import Deal
from marketplace.organisations.models import Organisation, Role
from marketplace.organisations.roles import MemberRole
from marketplace.organisations.standing import why_not_act, why_not_verified

if TYPE_CHECKING:
    from marketplace.auctions.models import (
        AgentAuthority,
        AuctionSession,
        BidderRegistration,
        Deposit,
        Lot,
        Negotiation,
        PriorityHolder,
        RoomDocument,
    )
    from marketplace.outcomes.models import ResearchOutcome

PRICED_OTHERWISE = [PricingMode.AGREED, PricingMode.LISTING]


def _organiser(user: Any) -> str | None:
    if not user.has_role(Role.ORGANISER):
        return _("Only auction organisers of the platform do this.")
    return None


def _organiser_of(user: Any, lot: "Lot") -> str | None:
    if user.acts_for(lot.outcome.owner_id):
        return _("Organisers do not decide on lots of their own organisation.")
    return _organiser(user)


def plan_session(user: Any, organiser: Organisation | None = None) -> str | None:
    if organiser is not None and not organiser.is_verified:
        return _("The organiser is not verified.")
    return _organiser(user)


def announce_session(user: Any, session: "AuctionSession") -> str | None:
    return _organiser(user)


def amend_announcement(user: Any, session: "AuctionSession") -> str | None:
    return _organiser(user)


def move_session(user: Any, session: "AuctionSession") -> str | None:
    return _organiser(user)


def cancel_session(user: Any, session: "AuctionSession") -> str | None:
    return _organiser(user)


def _not_of_practice(user: Any, session: "AuctionSession") -> str | None:
    if session.is_practice:
        return _("Practice sessions are not postponed. Plan another one instead.")
    return _organiser(user)


def postpone_session(user: Any, session: "AuctionSession") -> str | None:
    return _not_of_practice(user, session)


def reannounce_session(user: Any, session: "AuctionSession") -> str | None:
    return _not_of_practice(user, session)


def suspend_bidding(user: Any, session: "AuctionSession") -> str | None:
    return None if user.has_role(Role.AUCTIONEER) else _organiser(user)


def resume_bidding(user: Any, session: "AuctionSession") -> str | None:
    return suspend_bidding(user, session)


def add_lot(user: Any, session: "AuctionSession", outcome: "ResearchOutcome | None" = None) -> str | None:
    if not session.takes_lots and session.state != session.State.REVIEWED:
        return _("This session does not take lots any more.")
    if outcome is None:
        return _organiser(user)
    if not (user.has_role(Role.ORGANISER) or user.acts_for(outcome.owner_id, MemberRole.PUBLISHER)):
        return _("Only organisers and the publishers of the owner bring an outcome into a session.")
    if not outcome.owner.is_verified:
        return _("The owner of the outcome is not verified.")
    if not outcome.live or outcome.state != outcome.State.AVAILABLE:
        return _("Only a published and available outcome can be brought into a session.")
    if Deal.objects.filter(outcome=outcome, pricing_mode__in=PRICED_OTHERWISE).exclude(state__in=Deal.ENDED).exists():
        return _("In a running deal its price is agreed or listed, so it cannot go to auction.")
    return None


def _seller(user: Any, lot: "Lot", organisation: Organisation | None) -> str | None:
    """Return why `user` does not act for the owner of the outcome, as `organisation` where one is named."""
    owner = lot.outcome.owner
    if organisation is not None and organisation.pk != owner.pk:
        return _("Only %(owner)s, who sells the lot, does this.") % {"owner": owner}
    return why_not_act(user, owner, MemberRole.PUBLISHER)


def submit_lot(user: Any, lot: "Lot", organisation: Organisation | None = None) -> str | None:
    return _seller(user, lot, organisation) or why_not_verified(lot.outcome.owner)


def approve_lot(user: Any, lot: "Lot") -> str | None:
    return _organiser_of(user, lot)


def return_lot(user: Any, lot: "Lot") -> str | None:
    return _organiser_of(user, lot)


def list_priority_holder(user: Any, lot: "Lot") -> str | None:
    return _organiser_of(user, lot)


def invite_priority_holder(user: Any, holder: "PriorityHolder") -> str | None:
    return _organiser_of(user, holder.lot)


def strike_priority_holder(user: Any, holder: "PriorityHolder") -> str | None:
    return _organiser_of(user, holder.lot)


def see_priority_holders(user: Any, lot: "Lot") -> str | None:
    """Holders may be people: besides the organisers only the seller, who knows them, and supervisors read names."""
    if user.acts_for(lot.outcome.owner_id) or user.reads_everything or user.has_role(Role.ORGANISER):
        return None
    return _("Only organisers and the seller see who holds a priority right.")


def suspend_lot(user: Any, lot: "Lot") -> str | None:
    return None if user.has_role(Role.AUCTIONEER) else _organiser(user)


def resume_lot(user: Any, lot: "Lot") -> str | None:
    return None if user.has_role(Role.AUCTIONEER) else _organiser(user)


def _conducts(user: Any, lot: "Lot") -> str | None:
    """Return why `user` does not lead the bidding in the hall."""
    if not user.has_role(Role.AUCTIONEER):
        return _("Only auctioneers of the platform do this.")
    if user.acts_for(lot.outcome.owner_id):
        return _("Auctioneers do not conduct lots of their own organisation.")
    if lot.registrations.standing().filter(organisation__in=list(user.member_roles)).exists():
        return _("Auctioneers do not conduct lots their own organisation may bid on.")
    return None


def see_console(user: Any, lot: "Lot") -> str | None:
    if user.reads_everything or user.has_role(Role.ORGANISER, Role.AUCTIONEER):
        return None
    return _("Only auctioneers of the platform do this.")


def place_floor_bid(user: Any, lot: "Lot") -> str | None:
    return _conducts(user, lot)


def call_lot(user: Any, lot: "Lot") -> str | None:
    return _conducts(user, lot)


def hammer_lot(user: Any, lot: "Lot") -> str | None:
    return _conducts(user, lot)


def extend_lot(user: Any, lot: "Lot") -> str | None:
    return _conducts(user, lot)


def void_bid(user: Any, lot: "Lot") -> str | None:
    return _conducts(user, lot)


def withdraw_lot(user: Any, lot: "Lot") -> str | None:
    return _organiser(user)


def confirm_sale(user: Any, lot: "Lot") -> str | None:
    return _judges_the_sale(user, lot)


def _judges_the_sale(user: Any, lot: "Lot") -> str | None:
    if lot.session.is_practice:
        return _("Practice lots are not sold.")
    if lot.leader is not None and user.acts_for(lot.leader.organisation_id):
        return _("Organisers do not decide on a sale to their own organisation.")
    return _organiser_of(user, lot)


def declare_default(user: Any, lot: "Lot") -> str | None:
    return _judges_the_sale(user, lot)


def clear_buyer(user: Any, lot: "Lot") -> str | None:
    return _judges_the_sale(user, lot)


def read_minutes(user: Any, lot: "Lot") -> str | None:
    """The minutes are read by the parties of the sale, by those who held it, and by those who supervise it."""
    if user.reads_everything or user.has_role(Role.ORGANISER, Role.AUCTIONEER) or user.acts_for(lot.outcome.owner_id):
        return None
    was_sold = lot.state in (*lot.SUCCEEDED, lot.State.DEFAULTED, lot.State.RESCINDED)
    if was_sold and lot.leader is not None and user.acts_for(lot.leader.organisation_id):
        return None
    return _("The minutes are read by seller, buyer, organisers and supervisors.")


def read_report_papers(user: Any, session: "AuctionSession") -> str | None:
    if user.reads_everything or user.has_role(Role.ORGANISER):
        return None
    return _("The tables of a report are for officers and organisers.")


def choose_next_path(user: Any, lot: "Lot", organisation: Organisation | None = None) -> str | None:
    return _seller(user, lot, organisation)


def appeal_default(
    user: Any, registration: "BidderRegistration", organisation: Organisation | None = None
) -> str | None:
    return add_documents(user, registration, organisation)


def decide_appeal(user: Any, lot: "Lot") -> str | None:
    if not user.has_role(Role.ORGANISER, Role.OFFICER):
        return _("Only auction organisers and officers of the platform do this.")
    if any(user.acts_for(party) for party in parties_of(lot)):
        return _("Nobody decides on an appeal of, or against a sale of, the own organisation.")
    if declarer_of(lot) == user.pk:
        return _("Whoever declared the default does not decide on the appeal.")
    return None


def agree_to_negotiate(user: Any, negotiation: "Negotiation", organisation: Organisation | None = None) -> str | None:
    asked = negotiation.registration.organisation
    if organisation is not None and organisation.pk != asked.pk:
        return _("Only %(owner)s, who bid the highest, does this.") % {"owner": asked}
    return why_not_act(user, asked, MemberRole.BIDDER) or why_not_verified(asked)


def decline_to_negotiate(user: Any, negotiation: "Negotiation", organisation: Organisation | None = None) -> str | None:
    return agree_to_negotiate(user, negotiation, organisation)


def apply_for_lot(user: Any, lot: "Lot", organisation: Organisation | None = None) -> str | None:
    if user.has_role(Role.ORGANISER, Role.AUCTIONEER, Role.FINANCE):
        return _("Staff of the session do not bid in it.")
    if organisation is None:
        return None if user.member_roles else _("Bidding is done for an organisation. Join or register yours first.")
    if not user.acts_for(organisation, MemberRole.BIDDER):
        return _("Only a bidder's agent of the organisation applies for it. Its manager gives this role.")
    if not organisation.is_verified:
        return _("Your organisation is not verified yet. Only verified organisations bid.")
    return conflict_of(organisation, lot, user)


def place_bid(user: Any, lot: "Lot", organisation: Organisation | None = None) -> str | None:
    if lot.session.wiped_at is not None:
        return _("This rehearsal is over.")
    return apply_for_lot(user, lot, organisation)


def rehearse_session(user: Any, session: "AuctionSession") -> str | None:
    if session.is_practice:
        return _("A rehearsal is not rehearsed.")
    return _organiser(user)


def wipe_rehearsal(user: Any, session: "AuctionSession") -> str | None:
    if session.rehearsal_of_id is None:
        return _("Only rehearsals are wiped. What counts is kept.")
    return _organiser(user)


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


def note_milestone(user: Any, lot: "Lot", organisation: Organisation | None = None) -> str | None:
    """Whoever can know it says what became of a sale: seller, buyer, and the organisers who follow it up."""
    parties = {lot.outcome.owner_id: MemberRole.PUBLISHER}
    if lot.leader is not None:
        parties[lot.leader.organisation_id] = MemberRole.BIDDER
    role = parties.get(organisation.pk) if organisation is not None else None
    if role is not None:
        return why_not_act(user, organisation, role)
    if user.has_role(Role.ORGANISER):
        return None
    return _("Seller, buyer and organisers say what became of a sale.")


def _checks(user: Any, registration: "BidderRegistration") -> str | None:
    if user.acts_for(registration.organisation_id) or user.acts_for(registration.lot.outcome.owner_id):
        return _("Organisers do not decide on applications of, or for lots of, their own organisation.")
    return _organiser(user)


def admit_bidder(user: Any, registration: "BidderRegistration") -> str | None:
    return _checks(user, registration)


def ask_for_documents(user: Any, registration: "BidderRegistration") -> str | None:
    return _checks(user, registration)


def reject_bidder(user: Any, registration: "BidderRegistration") -> str | None:
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


def see_room(user: Any, lot: "Lot", organisation: Organisation | None = None) -> str | None:
    """Who may read in a data room; the days and the words of confidentiality are asked besides."""
    if reads_room_anyway(user, lot):
        return None
    if user.has_role(Role.AUCTIONEER, Role.FINANCE):
        return _("Staff of the session do not read its data rooms.")
    return why_not_act(user, organisation) or (why_not_verified(organisation) if organisation is not None else None)


def accept_room_terms(user: Any, lot: "Lot", organisation: Organisation | None = None) -> str | None:
    """The words bind the organisation, so whoever may bid for it accepts them."""
    if reads_room_anyway(user, lot):
        return _("You read this data room without accepting its words.")
    return see_room(user, lot, organisation) or why_not_act(user, organisation, MemberRole.BIDDER)


def add_room_document(user: Any, lot: "Lot") -> str | None:
    owner = lot.outcome.owner
    if user.has_role(Role.ORGANISER) or why_not_act(user, owner, MemberRole.PUBLISHER) is None:
        return None
    return _("Only organisers and the publishers of the seller put documents into the data room.")


def withdraw_room_document(user: Any, document: "RoomDocument") -> str | None:
    return add_room_document(user, document.lot)


def see_room_log(user: Any, lot: "Lot") -> str | None:
    if reads_room_anyway(user, lot):
        return None
    return _("Only organisers and the seller see who read the data room.")
