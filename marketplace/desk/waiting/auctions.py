"""瓯来拍: for bidders, sellers, organisers, auctioneers; and deposits for finance staff, who see no bids."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from marketplace.auctions.models import AuctionSession, BidderRegistration, Deposit, Lot, Negotiation
from marketplace.auctions.relisting import SOON
from marketplace.core.money import format_money
from marketplace.desk.rows import Reader, Row, first_of
from marketplace.organisations.roles import MemberRole, Role

GAVEL = "megaphone"
PAPERS = BidderRegistration.State


def waiting(reader: Reader) -> list[Row]:
    return [*_of_bidders(reader), *_of_sellers(reader), *_of_staff(reader), *_of_finance(reader)]


def _money(fen: int) -> str:
    return format_money(fen, get_language() or "zh-hans")


# bidders


def _of_bidders(reader: Reader) -> list[Row]:
    mine = reader.holds(MemberRole.BIDDER)
    if not mine:
        return []
    wanted = Q(state__in=[PAPERS.DOCUMENTS, PAPERS.DEPOSIT_DUE])
    wanted |= Q(state=PAPERS.QUALIFIED, lot__in=Lot.objects.in_bidding(reader.at))
    found = BidderRegistration.objects.filter(wanted, organisation__in=mine).order_by("lot__ends_at", "pk")
    rows = [_bidder(each) for each in found.select_related("lot__outcome", "lot__session", "deposit")[:20]]
    return [*rows, *_questions(mine)]


def _questions(mine: list[int]) -> list[Row]:
    """Sellers of unsold lots who would like to negotiate with the highest bidder."""
    asked = Negotiation.objects.waiting().filter(registration__organisation__in=mine)
    return [
        Row(
            title=_("Say whether you negotiate: %(lot)s") % {"lot": one.lot.heading},
            about=(one.lot.outcome.owner.called, _money(one.lot.price or 0)),
            url=one.lot.get_absolute_url(),
            act=_("Answer"),
            icon=GAVEL,
            since=one.asked_at,
        )
        for one in asked.select_related("lot__outcome__owner").order_by("asked_at")[:20]
    ]


def _bidder(registration: BidderRegistration) -> Row:
    lot, deposit = registration.lot, registration.deposit
    if registration.state == PAPERS.QUALIFIED:
        return _bid(registration)
    if registration.state == PAPERS.DEPOSIT_DUE and deposit is not None:
        title, act, due = _("Pay the deposit for %(lot)s"), _("Pay"), deposit.due_at
        about = (_money(deposit.amount), deposit.reference)
    else:
        title, act = _("Add the documents asked for: %(lot)s"), pgettext("desk", "Add")
        due = lot.session.registration_closes_at
        about = (registration.decision_reason, lot.session.heading)
    url = registration.get_absolute_url()
    return Row(title=title % {"lot": lot.heading}, about=about, url=url, act=act, icon="ticket", due=due)


def _bid(registration: BidderRegistration) -> Row:
    lot = registration.lot
    if lot.is_sealed:
        standing = _("sealed bids, start price %(price)s") % {"price": _money(lot.start_price)}
    elif lot.price is None:
        standing = _("no bid yet, start price %(price)s") % {"price": _money(lot.start_price)}
    elif lot.leader_id == registration.pk:
        standing = _("you lead at %(price)s") % {"price": _money(lot.price)}
    else:
        standing = _("%(alias)s leads at %(price)s") % {"alias": lot.leader_alias, "price": _money(lot.price)}
    return Row(
        title=_("Bid: %(lot)s") % {"lot": lot.heading},
        about=(_("your number %(alias)s") % {"alias": registration.alias}, standing),
        url=lot.get_absolute_url(),
        act=_("Enter the bidding"),
        icon=GAVEL,
        due=lot.ends_at,
        is_live=True,
    )


# sellers


def _of_sellers(reader: Reader) -> list[Row]:
    mine = reader.holds(MemberRole.PUBLISHER)
    if not mine:
        return []
    open_ends = Q(state__in=Lot.NO_BUYER, next_path="", session__is_practice=False)
    found = Lot.objects.filter(Q(state=Lot.State.DRAFT) | open_ends, outcome__owner__in=mine)
    return [_sell(lot) for lot in found.select_related("outcome", "session").order_by("starts_at")[:20]]


def _sell(lot: Lot) -> Row:
    if lot.state == Lot.State.DRAFT:
        title, act, url = _("Agree to the terms of %(lot)s"), _("Look"), reverse("lot-manage", args=[lot.number])
    else:
        title, act, url = _("Choose how it goes on: %(lot)s"), pgettext("desk", "Choose"), lot.get_absolute_url()
    about = (lot.get_state_display(), lot.session.heading)
    return Row(title=title % {"lot": lot.heading}, about=about, url=url, act=act, icon=GAVEL, since=lot.starts_at)


# staff


def _of_staff(reader: Reader) -> list[Row]:
    if not reader.user.has_role(Role.ORGANISER, Role.AUCTIONEER):
        return []
    rows = _to_conduct(reader)
    if reader.user.has_role(Role.ORGANISER):
        rows += [*_applications(reader), *_lots(reader), *_to_relist(reader), *_sessions(), *_postponed()]
    return rows


def _to_conduct(reader: Reader) -> list[Row]:
    running = Q(pk__in=Lot.objects.in_bidding(reader.at)) | Q(state=Lot.State.SUSPENDED)
    found = Lot.objects.filter(running).select_related("outcome", "session").order_by("ends_at")
    return [_conduct(lot) for lot in found[:20]]


def _conduct(lot: Lot) -> Row:
    suspended = lot.state == Lot.State.SUSPENDED
    price = _("no bid yet") if lot.price is None else _money(lot.price)
    title = _("Resume or withdraw: %(lot)s") if suspended else _("Conduct the bidding: %(lot)s")
    return Row(
        title=title % {"lot": lot.heading},
        about=(lot.get_format_display() if lot.is_sealed else price, lot.session.heading),
        url=reverse("lot-manage", args=[lot.number]),
        act=_("Decide") if suspended else _("Conduct"),
        icon=GAVEL,
        due=None if suspended else lot.ends_at,
        is_live=not suspended,
    )


def _applications(reader: Reader) -> list[Row]:
    """Nobody decides on applications of, or for lots of, the own organisation."""
    own = list(reader.user.member_roles)
    found = BidderRegistration.objects.filter(state__in=[PAPERS.APPLIED, PAPERS.DEPOSIT_HELD])
    found = found.exclude(Q(organisation__in=own) | Q(lot__outcome__owner__in=own))
    found = found.select_related("organisation", "lot__outcome", "lot__session").order_by("lot__starts_at", "pk")
    return first_of(found, _check, url=reverse("session-manage-list"), icon="ticket")


def _check(registration: BidderRegistration) -> Row:
    held = registration.state == PAPERS.DEPOSIT_HELD
    title = _("Qualify the bidder %(name)s") if held else _("Check the application of %(name)s")
    return Row(
        title=title % {"name": registration.organisation},
        about=(registration.lot.heading, registration.get_state_display()),
        url=reverse("registration-review", args=[registration.code]),
        act=_("Qualify") if held else _("Check"),
        icon="ticket",
        due=registration.lot.starts_at,
        since=registration.applied_at,
    )


def _lots(reader: Reader) -> list[Row]:
    own = list(reader.user.member_roles)
    states = Q(state=Lot.State.REVIEW) | Q(state=Lot.State.SOLD, session__is_practice=False)
    rescinded = Q(state=Lot.State.RESCINDED, leader__state=PAPERS.SETTLED) & ~Q(leader__organisation__in=own)
    found = Lot.objects.filter(states | rescinded).exclude(outcome__owner__in=own)
    return [_decide(lot) for lot in found.select_related("outcome", "session").order_by("starts_at", "pk")[:20]]


def _decide(lot: Lot) -> Row:
    if lot.state == Lot.State.RESCINDED:
        return _judge(lot)
    sold = lot.state == Lot.State.SOLD
    title = _("Confirm the sale: %(lot)s") if sold else _("Review the lot: %(lot)s")
    return Row(
        title=title % {"lot": lot.heading},
        about=(_money(lot.price or lot.start_price), lot.session.heading),
        url=reverse("lot-manage", args=[lot.number]),
        act=pgettext("desk", "Confirm") if sold else _("Review"),
        icon=GAVEL,
        due=None if sold else lot.starts_at,
        since=lot.ends_at,
    )


def _to_relist(reader: Reader) -> list[Row]:
    """Lots whose sellers want them offered again, until their outcome is in a sale or a deal again."""
    wanted = Lot.objects.filter(state__in=Lot.NO_BUYER, next_path="relist", outcome__state="available")
    wanted = wanted.exclude(outcome__owner__in=list(reader.user.member_roles))
    return [
        Row(
            title=_("Add it to a session again: %(lot)s") % {"lot": lot.heading},
            about=(_money(lot.start_price), lot.session.heading),
            url=reverse("session-manage-list"),
            act=pgettext("desk", "Add"),
            icon=GAVEL,
            due=lot.ends_at + SOON,
            since=lot.ends_at,
        )
        for lot in wanted.select_related("outcome", "session").order_by("ends_at")[:20]
    ]


def _judge(lot: Lot) -> Row:
    """A rescinded sale, whose buyer's deposit waits for the organiser's word."""
    return Row(
        title=_("Decide on the buyer’s deposit: %(lot)s") % {"lot": lot.heading},
        about=(lot.get_state_display(), _money(lot.deposit)),
        url=reverse("lot-manage", args=[lot.number]),
        act=_("Decide"),
        icon=GAVEL,
        since=lot.ends_at,
    )


def _sessions() -> list[Row]:
    reviewed = AuctionSession.objects.filter(state=AuctionSession.State.REVIEWED).order_by("starts_at")
    return [
        Row(
            title=_("Announce the session %(title)s") % {"title": session.heading},
            about=(session.number, session.get_legal_form_display()),
            url=reverse("session-manage", args=[session.number]),
            act=_("Announce"),
            icon=GAVEL,
            due=session.starts_at,
        )
        for session in reviewed[:5]
    ]


def _postponed() -> list[Row]:
    """Sessions that wait for their new times."""
    waiting = AuctionSession.objects.filter(state=AuctionSession.State.POSTPONED).order_by("starts_at")
    return [
        Row(
            title=_("Announce new times, or cancel: %(title)s") % {"title": session.heading},
            about=(session.number, session.get_state_display()),
            url=reverse("session-manage", args=[session.number]),
            act=_("Decide"),
            icon=GAVEL,
            since=session.starts_at,
        )
        for session in waiting[:5]
    ]


# finance


def _of_finance(reader: Reader) -> list[Row]:
    if not reader.user.has_role(Role.FINANCE):
        return []
    others = Deposit.objects.exclude(organisation__in=list(reader.user.member_roles))
    others = others.select_related("organisation", "session")
    address = reverse("deposit-list")
    return [
        *first_of(others.to_receive().order_by("due_at", "pk"), _receive, url=address, icon="banknotes"),
        *first_of(others.to_release(), _release, url=address, icon="banknotes"),
    ]


def _receive(deposit: Deposit) -> Row:
    return _deposit(deposit, _("Record the deposit of %(name)s"), _("Record"))


def _release(deposit: Deposit) -> Row:
    return _deposit(deposit, _("Release the deposit of %(name)s"), _("Release"))


def _deposit(deposit: Deposit, title: str, act: str) -> Row:
    to_receive = deposit.state == Deposit.State.DUE
    return Row(
        title=title % {"name": deposit.organisation},
        about=(_money(deposit.amount), deposit.reference, deposit.session.heading),
        url=reverse("deposit-detail", args=[deposit.code]),
        act=act,
        icon="banknotes",
        due=deposit.due_at if to_receive else None,
        since=deposit.release_due_at,
    )
