"""Who is told what about lots, applications and deposits."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from marketplace.auctions.ladder import instant
from marketplace.auctions.models import AuctionSession, BidderRegistration, Deposit, Lot
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole, Role
from tasks.notices import Tell


def lot_of(entry: Entry) -> Lot:
    return Lot.objects.select_related("outcome__owner", "session", "leader__agent").get(pk=entry.subject_id)


def registration_of(entry: Entry) -> BidderRegistration:
    return BidderRegistration.objects.select_related("lot", "agent").get(pk=entry.subject_id)


def agents_of(registration: BidderRegistration) -> list[User]:
    """Return who bids for the organisation now: the agent, or once the agent has left, all who may take over."""
    may_bid = User.objects.filter(memberships__organisation=registration.organisation_id)
    agents = [user for user in may_bid if user.acts_for(registration.organisation_id, MemberRole.BIDDER)]
    return [user for user in agents if user.pk == registration.agent_id] or agents


def publishers_of(lot: Lot) -> list[User]:
    """Return who publishes for the seller of a lot."""
    owner = lot.outcome.owner
    return [user for user in User.objects.filter(memberships__organisation=owner) if _publishes(user, lot)]


def _publishes(user: User, lot: Lot) -> bool:
    return user.acts_for(lot.outcome.owner_id, MemberRole.PUBLISHER)


def sellers_to_agree(entry: Entry) -> list[Tell]:
    """A lot is drafted: the seller's publishers agree to its terms."""
    lot = lot_of(entry)
    return [
        Tell(publishers_of(lot), "lot.to_agree", reverse("lot-manage", args=[lot.number]), data={"lot": lot.number})
    ]


def sellers_to_agree_anew(entry: Entry) -> list[Tell]:
    """The terms of a lot changed before its announcement: the seller's publishers read them and agree anew."""
    lot = lot_of(entry)
    path = reverse("lot-manage", args=[lot.number])
    return [Tell(publishers_of(lot), "lot.rewritten", path, data={"lot": lot.number})]


def organisers_to_review(entry: Entry) -> list[Tell]:
    """The seller agreed: the organisers review."""
    lot = lot_of(entry)
    path = reverse("lot-manage", args=[lot.number])
    return [Tell(User.objects.holding(Role.ORGANISER), "lot.to_review", path, data={"lot": lot.number})]


def organisers_about_a_no(entry: Entry) -> list[Tell]:
    """The seller does not agree to the terms: the organisers read why."""
    lot = lot_of(entry)
    path = reverse("lot-manage", args=[lot.number])
    return [Tell(User.objects.holding(Role.ORGANISER), "lot.declined", path, data={"lot": lot.number})]


def everybody_about_a_sale(entry: Entry) -> list[Tell]:
    """A lot is sold: seller, buyer, and the organisers who confirm it."""
    lot = lot_of(entry)
    data = {"lot": lot.number, "price_fen": lot.price}
    tells = [
        Tell(publishers_of(lot), "lot.sold", lot.get_absolute_url(), data=data),
        Tell(
            User.objects.holding(Role.ORGANISER), "lot.to_confirm", reverse("lot-manage", args=[lot.number]), data=data
        ),
    ]
    if lot.leader is not None:
        tells.append(Tell(agents_of(lot.leader), "registration.won", lot.get_absolute_url(), data=data))
    return tells


def sellers_about_no_sale(entry: Entry) -> list[Tell]:
    """A lot was not sold: the seller chooses how it goes on."""
    lot = lot_of(entry)
    return [Tell(publishers_of(lot), "lot.unsold", lot.get_absolute_url(), data={"lot": lot.number})]


def both_about_a_default(entry: Entry) -> list[Tell]:
    """The buyer defaulted: the seller chooses how it goes on, the buyer's agent reads what that means."""
    lot = lot_of(entry)
    data = {"lot": lot.number}
    tells = [Tell(publishers_of(lot), "lot.defaulted", lot.get_absolute_url(), data=data)]
    if lot.leader is not None:
        tells.append(Tell(agents_of(lot.leader), "registration.defaulted", lot.get_absolute_url(), data=data))
    return tells


def everybody_about_a_rescission(entry: Entry) -> list[Tell]:
    """The deal of the lot was ended: seller, buyer, and the organisers, who decide on the buyer's deposit."""
    lot = lot_of(entry)
    data = {"lot": lot.number}
    manage = reverse("lot-manage", args=[lot.number])
    tells = [
        Tell(publishers_of(lot), "lot.rescinded", lot.get_absolute_url(), data=data),
        Tell(User.objects.holding(Role.ORGANISER), "lot.to_judge", manage, data=data),
    ]
    if lot.leader is not None:
        tells.append(Tell(agents_of(lot.leader), "registration.rescinded", lot.leader.get_absolute_url(), data=data))
    return tells


def buyer_about_clearing(entry: Entry) -> list[Tell]:
    """The buyer of a rescinded sale is not at fault: its agent hears that the deposit comes back."""
    lot = lot_of(entry)
    if lot.leader is None:
        return []
    data = {"lot": lot.number}
    return [Tell(agents_of(lot.leader), "registration.cleared", lot.leader.get_absolute_url(), data=data)]


def organisers_to_check(entry: Entry) -> list[Tell]:
    """Somebody applied: the organisers check it."""
    registration = registration_of(entry)
    path = reverse("registration-review", args=[registration.code])
    data = {"lot": registration.lot.number}
    return [Tell(User.objects.holding(Role.ORGANISER), "registration.to_check", path, registration.lot, data)]


def agent(kind: str) -> Callable[[Entry], list[Tell]]:
    """The bidder's agent hears what was decided about the application."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        registration = registration_of(entry)
        due = registration.deposit.amount if registration.deposit is not None else 0
        data = {"lot": registration.lot.number, "deposit_fen": due}
        return [Tell(agents_of(registration), kind, registration.get_absolute_url(), registration.lot, data)]

    return whom_to_tell


def agent_with_a_number(entry: Entry) -> list[Tell]:
    """The bidder has its number: its agent hears from when on it may bid, unless that is still to be announced."""
    registration = registration_of(entry)
    lot = registration.lot
    if lot.state == lot.State.POSTPONED:
        return agent("registration.qualified")(entry)
    data = {"lot": lot.number, "starts_at": instant(lot.starts_at)}
    path = registration.get_absolute_url()
    return [Tell(agents_of(registration), "registration.qualified_from", path, lot, data)]


def finance_to_record(entry: Entry) -> list[Tell]:
    """A deposit is asked for: finance staff wait for it."""
    registration = registration_of(entry)
    if registration.deposit_id is None:
        return []
    path = reverse("deposit-list")
    data = {"lot": registration.lot.number}
    return [Tell(User.objects.holding(Role.FINANCE), "deposit.to_record", path, registration.lot, data)]


def finance_to_release(entry: Entry) -> list[Tell]:
    """A deposit is to be paid back at once."""
    return [Tell(User.objects.holding(Role.FINANCE), "deposit.to_release", reverse("deposit-list"))]


def agents_about_payment(entry: Entry) -> list[Tell]:
    """The deposit arrived: its bidder waits for the number, or for the refund where nobody asks for it any more."""
    deposit = Deposit.objects.get(pk=entry.subject_id)
    kind = "registration.deposit_unasked" if deposit.came_unasked else "registration.deposit_received"
    held, back = BidderRegistration.State.DEPOSIT_HELD, BidderRegistration.State.REFUND_DUE
    tells = []
    for one in deposit.registrations.filter(state__in=[held, back]).select_related("lot"):
        data = {"lot": one.lot.number, "deposit_fen": entry.data["amount"]}
        tells.append(Tell(agents_of(one), kind, one.get_absolute_url(), one.lot, data))
    return tells


def agents_about_refund(kind: str) -> Callable[[Entry], list[Tell]]:
    """The deposit was paid back, or that was entered though the bank had not paid: the agents of all it stood for."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        deposit = Deposit.objects.get(pk=entry.subject_id)
        agents = [user for registration in deposit.registrations.all() for user in agents_of(registration)]
        return [Tell(agents, kind, reverse("registration-list"))]

    return whom_to_tell


def agents_about_a_payment_taken_back(entry: Entry) -> list[Tell]:
    """What was recorded was not this bidder's payment: its agents hear that the deposit is still to be paid."""
    deposit = Deposit.objects.get(pk=entry.subject_id)
    waiting = deposit.registrations.filter(state=BidderRegistration.State.DEPOSIT_DUE).select_related("lot")
    return [
        Tell(
            agents_of(one), "registration.payment_taken_back", one.get_absolute_url(), one.lot, {"lot": one.lot.number}
        )
        for one in waiting
    ]


def admitted(entry: Entry) -> list[Tell]:
    """The application is accepted: the agent pays, finance staff wait for the payment."""
    deposit = registration_of(entry).deposit
    if deposit is not None and deposit.received:  # one for the session, which was paid for another lot
        return agent("registration.deposit_stands")(entry)
    return [*agent("registration.admitted")(entry), *finance_to_record(entry)]


def in_earnest(whom_to_tell: Callable[[Entry], list[Tell]]) -> Callable[[Entry], list[Tell]]:
    """Tell of a session, lot, application or deposit unless it is practice, where nobody has to do anything."""

    def whom(entry: Entry) -> list[Tell]:
        subject: Any = entry.subject
        if isinstance(subject, BidderRegistration):
            subject = subject.lot
        session = subject if isinstance(subject, AuctionSession) else subject.session
        return [] if session.is_practice else whom_to_tell(entry)

    return whom


TELLS = {
    Kind.LOT_DRAFTED: in_earnest(sellers_to_agree),
    Kind.LOT_REWRITTEN: in_earnest(sellers_to_agree_anew),
    Kind.LOT_SUBMITTED: in_earnest(organisers_to_review),
    Kind.LOT_DECLINED: in_earnest(organisers_about_a_no),
    Kind.LOT_SOLD: in_earnest(everybody_about_a_sale),
    Kind.LOT_UNSOLD: in_earnest(sellers_about_no_sale),
    Kind.LOT_DEFAULTED: in_earnest(both_about_a_default),
    Kind.LOT_RESCINDED: in_earnest(everybody_about_a_rescission),
    Kind.LOT_BUYER_CLEARED: in_earnest(buyer_about_clearing),
    Kind.REGISTRATION_APPLIED: in_earnest(organisers_to_check),
    Kind.REGISTRATION_SUPPLEMENTED: in_earnest(organisers_to_check),
    Kind.REGISTRATION_ADMITTED: in_earnest(admitted),
    Kind.AUTHORITY_HANDED_IN: organisers_to_check,
    Kind.AUTHORITY_ACCEPTED: agent("registration.authorised"),
    Kind.AUTHORITY_REFUSED: agent("registration.unauthorised"),
    Kind.REGISTRATION_ASKED: in_earnest(agent("registration.asked")),
    Kind.REGISTRATION_REJECTED: in_earnest(agent("registration.rejected")),
    Kind.REGISTRATION_REVOKED: in_earnest(agent("registration.revoked")),
    Kind.REGISTRATION_QUALIFIED: in_earnest(agent_with_a_number),
    Kind.DEPOSIT_RECEIVED: in_earnest(agents_about_payment),
    Kind.DEPOSIT_TAKEN_BACK: in_earnest(agents_about_a_payment_taken_back),
    Kind.DEPOSIT_RELEASE_DUE: in_earnest(finance_to_release),
    Kind.DEPOSIT_RELEASED: in_earnest(agents_about_refund("deposit.released")),
    Kind.REFUND_TAKEN_BACK: in_earnest(agents_about_refund("deposit.refund_taken_back")),
}
