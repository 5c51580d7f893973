"""瓯来拍 for bidders and sellers; its staff: auction_staff.py, deposits: deposits.py, prices to pay: prices.py."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.auctions.authorising import short_of_powers
from marketplace.auctions.bidders import RegistrationQuerySet
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot, Negotiation
from marketplace.desk.piles import Pile
from marketplace.desk.rows import Reader, Row, money
from marketplace.organisations.roles import MemberRole

GAVEL = "megaphone"
PAPERS = BidderRegistration.State


def waiting(reader: Reader) -> list[Pile]:
    bids, sells = reader.holds(MemberRole.BIDDER), reader.holds(MemberRole.PUBLISHER)
    of_bidders = [_to_bid(reader, bids), _to_authorise(bids), _questions(bids)] if bids else []
    return [*of_bidders, _to_sell(sells)] if sells else of_bidders


def yet_to_come(session: AuctionSession) -> tuple[str, ...]:
    """Return what a row says of a postponed session, whose old times hold no more; nothing of another."""
    return (_("new times will be announced"),) if session.is_postponed else ()


# bidders


def _to_bid(reader: Reader, mine: list[int]) -> Pile:
    wanted = Q(state__in=[PAPERS.DOCUMENTS, PAPERS.DEPOSIT_DUE])
    wanted |= Q(state=PAPERS.QUALIFIED, lot__in=Lot.objects.in_bidding(reader.at))
    own = BidderRegistration.objects.filter(wanted, organisation__in=mine)
    found = own.select_related("lot__outcome", "lot__session", "deposit").order_by("lot__ends_at", "pk")
    return Pile(own, lambda: [_bidder(each) for each in found[:20]])


def _to_authorise(mine: list[int]) -> Pile:
    """Applications whose agents cannot bid, because their powers of attorney end before bidding begins."""
    own = BidderRegistration.objects.standing().filter(organisation__in=mine)
    return Pile(own.filter(lot__state=Lot.State.ANNOUNCED), lambda: _short_of_powers(own))


def _short_of_powers(own: RegistrationQuerySet) -> list[Row]:
    found = short_of_powers(own).select_related("lot__outcome", "lot__session").order_by("lot__starts_at", "pk")
    return [
        Row(
            title=_("Hand in a new power of attorney: %(lot)s") % {"lot": one.lot.heading},
            about=(_("the present one ends before bidding begins"), one.lot.session.heading),
            url=f"{one.get_absolute_url()}#powers",
            act=_("Hand in"),
            icon="ticket",
            due=one.lot.starts_at,
            of=one.organisation_id,
        )
        for one in found[:20]
    ]


def _questions(mine: list[int]) -> Pile:
    """Sellers of unsold lots who would like to negotiate with the highest bidder."""
    asked = Negotiation.objects.waiting().filter(registration__organisation__in=mine)
    found = asked.select_related("lot__outcome__owner", "registration").order_by("asked_at")
    return Pile(asked, lambda: [_question(one) for one in found[:20]])


def _question(asked: Negotiation) -> Row:
    return Row(
        title=_("Say whether you negotiate: %(lot)s") % {"lot": asked.lot.heading},
        about=(asked.lot.outcome.owner.called, money(asked.lot.price or 0)),
        url=asked.lot.get_absolute_url(),
        act=_("Answer"),
        icon=GAVEL,
        since=asked.asked_at,
        of=asked.registration.organisation_id,
    )


def _bidder(registration: BidderRegistration) -> Row:
    lot, deposit = registration.lot, registration.deposit
    if registration.state == PAPERS.QUALIFIED:
        return _bid(registration)
    if registration.state == PAPERS.DEPOSIT_DUE and deposit is not None:
        title, act, due = _("Pay the deposit for %(lot)s"), _("Pay"), deposit.due_at
        about = (money(deposit.amount), deposit.reference)
    else:
        title, act = _("Add the documents asked for: %(lot)s"), pgettext("desk", "Add")
        due = lot.session.registration_closes_at
        about = (registration.decision_reason, lot.session.heading)
    url, later = registration.get_absolute_url(), yet_to_come(lot.session)
    return Row(
        title=title % {"lot": lot.heading},
        about=(*about, *later),
        url=url,
        act=act,
        icon="ticket",
        due=None if later else due,
        of=registration.organisation_id,
    )


def _bid(registration: BidderRegistration) -> Row:
    lot = registration.lot
    if lot.is_sealed:
        standing = _("sealed bids, start price %(price)s") % {"price": money(lot.start_price)}
    elif lot.price is None:
        standing = _("no bid yet, start price %(price)s") % {"price": money(lot.start_price)}
    elif lot.leader_id == registration.pk:
        standing = _("you lead at %(price)s") % {"price": money(lot.price)}
    else:
        standing = _("%(alias)s leads at %(price)s") % {"alias": lot.leader_alias, "price": money(lot.price)}
    return Row(
        title=_("Bid: %(lot)s") % {"lot": lot.heading},
        about=(_("your number %(alias)s") % {"alias": registration.alias}, standing),
        url=lot.get_absolute_url(),
        act=_("Enter the bidding"),
        icon=GAVEL,
        due=lot.ends_at,
        is_live=True,
        of=registration.organisation_id,
    )


# sellers


def _to_sell(mine: list[int]) -> Pile:
    open_ends = Q(state__in=Lot.NO_BUYER, next_path="", session__is_practice=False)
    own = Lot.objects.filter(Q(state=Lot.State.DRAFT) | open_ends, outcome__owner__in=mine)
    found = own.select_related("outcome", "session").order_by("starts_at")
    return Pile(own, lambda: [_sell(lot) for lot in found[:20]])


def _sell(lot: Lot) -> Row:
    if lot.state == Lot.State.DRAFT:
        title, act, url = _("Agree to the terms of %(lot)s"), _("Look"), reverse("lot-manage", args=[lot.number])
    else:
        title, act, url = _("Choose how it goes on: %(lot)s"), pgettext("desk", "Choose"), lot.get_absolute_url()
    return Row(
        title=title % {"lot": lot.heading},
        about=(lot.get_state_display(), lot.session.heading),
        url=url,
        act=act,
        icon=GAVEL,
        since=lot.starts_at,
        of=lot.outcome.owner_id,
    )
