"""Who may do what with sessions, lots, registrations and deposits, and why not."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.auctions.appeals import declarer_of, parties_of
from marketplace.auctions.standing import why_not_organise, why_not_organise_for
from marketplace.core.choices import PricingMode
from marketplace.deals.models import Deal
from marketplace.organisations.models import Organisation, Role
from marketplace.organisations.roles import MemberRole
from marketplace.organisations.standing import why_not_act, why_not_verified
from marketplace.outcomes.co_owners import objection_to

if TYPE_CHECKING:
    from marketplace.auctions.models import (
        AuctionSession,
        Lot,
        PriorityHolder,
    )
    from marketplace.outcomes.models import ResearchOutcome

PRICED_OTHERWISE = [PricingMode.AGREED, PricingMode.LISTING]


def plan_session(user: Any, organiser: Organisation | None = None) -> str | None:
    if organiser is not None and not organiser.is_verified:
        return _("The organiser is not verified.")
    return why_not_organise(user)


def announce_session(user: Any, session: "AuctionSession") -> str | None:
    return why_not_organise(user)


def amend_announcement(user: Any, session: "AuctionSession") -> str | None:
    return why_not_organise(user)


def move_session(user: Any, session: "AuctionSession") -> str | None:
    return why_not_organise(user)


def rewrite_session(user: Any, session: "AuctionSession") -> str | None:
    return why_not_organise(user)


def cancel_session(user: Any, session: "AuctionSession") -> str | None:
    return why_not_organise(user)


def _not_of_practice(user: Any, session: "AuctionSession") -> str | None:
    if session.is_practice:
        return _("Practice sessions are not postponed. Plan another one instead.")
    return why_not_organise(user)


def postpone_session(user: Any, session: "AuctionSession") -> str | None:
    return _not_of_practice(user, session)


def reannounce_session(user: Any, session: "AuctionSession") -> str | None:
    return _not_of_practice(user, session)


def suspend_bidding(user: Any, session: "AuctionSession") -> str | None:
    return None if user.has_role(Role.AUCTIONEER) else why_not_organise(user)


def resume_bidding(user: Any, session: "AuctionSession") -> str | None:
    return suspend_bidding(user, session)


def add_lot(user: Any, session: "AuctionSession", outcome: "ResearchOutcome | None" = None) -> str | None:
    if not session.takes_lots and session.state != session.State.REVIEWED:
        return _("This session does not take lots any more.")
    if outcome is None:
        return why_not_organise(user)
    if not (user.has_role(Role.ORGANISER) or user.acts_for(outcome.owner_id, MemberRole.PUBLISHER)):
        return _("Only organisers and the publishers of the owner bring an outcome into a session.")
    if not outcome.owner.is_verified:
        return _("The owner of the outcome is not verified.")
    if not outcome.live or outcome.state != outcome.State.AVAILABLE:
        return _("Only a published and available outcome can be brought into a session.")
    if Deal.objects.open().filter(outcome=outcome, pricing_mode__in=PRICED_OTHERWISE).exists():
        return _("In a running deal its price is agreed or listed, so it cannot go to auction.")
    return objection_to(outcome)


def _seller(user: Any, lot: "Lot", organisation: Organisation | None) -> str | None:
    """Return why `user` does not act for the owner of the outcome, as `organisation` where one is named."""
    owner = lot.outcome.owner
    if organisation is not None and organisation.pk != owner.pk:
        return _("Only %(owner)s, who sells the lot, does this.") % {"owner": owner}
    return why_not_act(user, owner, MemberRole.PUBLISHER)


def submit_lot(user: Any, lot: "Lot", organisation: Organisation | None = None) -> str | None:
    return _seller(user, lot, organisation) or why_not_verified(lot.outcome.owner)


def decline_lot(user: Any, lot: "Lot", organisation: Organisation | None = None) -> str | None:
    return _seller(user, lot, organisation)


def rewrite_lot(user: Any, lot: "Lot") -> str | None:
    return why_not_organise_for(user, lot)


def approve_lot(user: Any, lot: "Lot") -> str | None:
    return why_not_organise_for(user, lot)


def return_lot(user: Any, lot: "Lot") -> str | None:
    return why_not_organise_for(user, lot)


def list_priority_holder(user: Any, lot: "Lot") -> str | None:
    return why_not_organise_for(user, lot)


def invite_priority_holder(user: Any, holder: "PriorityHolder") -> str | None:
    return why_not_organise_for(user, holder.lot)


def strike_priority_holder(user: Any, holder: "PriorityHolder") -> str | None:
    return why_not_organise_for(user, holder.lot)


def see_priority_holders(user: Any, lot: "Lot") -> str | None:
    """Holders may be people: besides the organisers only the seller, who knows them, and supervisors read names."""
    if user.acts_for(lot.outcome.owner_id) or user.reads_everything or user.has_role(Role.ORGANISER):
        return None
    return _("Only organisers and the seller see who holds a priority right.")


def suspend_lot(user: Any, lot: "Lot") -> str | None:
    return None if user.has_role(Role.AUCTIONEER) else why_not_organise(user)


def resume_lot(user: Any, lot: "Lot") -> str | None:
    return None if user.has_role(Role.AUCTIONEER) else why_not_organise(user)


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
    return why_not_organise(user)


def confirm_sale(user: Any, lot: "Lot") -> str | None:
    return _judges_the_sale(user, lot)


def _judges_the_sale(user: Any, lot: "Lot") -> str | None:
    if lot.session.is_practice:
        return _("Practice lots are not sold.")
    if lot.leader is not None and user.acts_for(lot.leader.organisation_id):
        return _("Organisers do not decide on a sale to their own organisation.")
    return why_not_organise_for(user, lot)


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


def decide_appeal(user: Any, lot: "Lot") -> str | None:
    if not user.has_role(Role.ORGANISER, Role.OFFICER):
        return _("Only auction organisers and officers of the platform do this.")
    if any(user.acts_for(party) for party in parties_of(lot)):
        return _("Nobody decides on an appeal of, or against a sale of, the own organisation.")
    if declarer_of(lot) == user.pk:
        return _("Whoever declared the default does not decide on the appeal.")
    return None


def rehearse_session(user: Any, session: "AuctionSession") -> str | None:
    if session.is_practice:
        return _("A rehearsal is not rehearsed.")
    return why_not_organise(user)


def wipe_rehearsal(user: Any, session: "AuctionSession") -> str | None:
    if session.rehearsal_of_id is None:
        return _("Only rehearsals are wiped. What counts is kept.")
    return why_not_organise(user)


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
