"""瓯来拍 for organisers and auctioneers: lots to conduct, applications, lots, sessions."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.auctions.days_of_sale import LastDay, last_days
from marketplace.auctions.finding import LotQuerySet
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot, SaleMilestone
from marketplace.auctions.relisting import SOON
from marketplace.desk.piles import Pile
from marketplace.desk.rows import Reader, Row, first_of, money, shortened
from marketplace.desk.waiting.auctions import yet_to_come
from marketplace.organisations.roles import Role

GAVEL = "megaphone"
PAPERS = BidderRegistration.State


def waiting(reader: Reader) -> list[Pile]:
    if not reader.user.has_role(Role.ORGANISER, Role.AUCTIONEER):
        return []
    piles = [_to_conduct(reader)]
    if reader.user.has_role(Role.ORGANISER):
        own = list(reader.user.member_roles)
        piles += [_applications(own), _lots(own), _late(reader, own), _to_relist(own), _sessions(), _postponed()]
    return piles


def _to_conduct(reader: Reader) -> Pile:
    running = Lot.objects.in_bidding(reader.at) | Lot.objects.filter(state=Lot.State.SUSPENDED)
    found = running.select_related("outcome", "session").order_by("ends_at")
    return Pile(running, lambda: [_conduct(lot, reader) for lot in found[:20]])


def _conduct(lot: Lot, reader: Reader) -> Row:
    """A suspended lot cannot wait: bidders look at a clock that stands still."""
    suspended = lot.state == Lot.State.SUSPENDED
    price = _("no bid yet") if lot.price is None else money(lot.price)
    title = _("Resume or withdraw: %(lot)s") if suspended else _("Conduct the bidding: %(lot)s")
    return Row(
        title=title % {"lot": lot.heading},
        about=(lot.get_format_display() if lot.is_sealed else price, lot.session.heading),
        url=reverse("lot-manage", args=[lot.number]),
        act=_("Decide") if suspended else _("Conduct"),
        icon=GAVEL,
        due=reader.at if suspended else lot.ends_at,
        is_live=not suspended,
    )


def _applications(own: list[int]) -> Pile:
    """Nobody decides on applications of, or for lots of, the own organisation."""
    handed_in = BidderRegistration.objects.filter(state__in=[PAPERS.APPLIED, PAPERS.DEPOSIT_HELD])
    handed_in = handed_in.exclude(Q(organisation__in=own) | Q(lot__outcome__owner__in=own))
    found = handed_in.select_related("organisation", "lot__outcome", "lot__session").order_by("lot__starts_at", "pk")
    return Pile(handed_in, lambda: first_of(found, _check, url=reverse("session-manage-list"), icon="ticket"))


def _check(registration: BidderRegistration) -> Row:
    held = registration.state == PAPERS.DEPOSIT_HELD
    title = _("Qualify the bidder %(name)s") if held else _("Check the application of %(name)s")
    return Row(
        title=title % {"name": registration.organisation},
        about=(registration.lot.heading, registration.get_state_display(), *yet_to_come(registration.lot.session)),
        url=reverse("registration-review", args=[registration.code]),
        act=_("Qualify") if held else _("Check"),
        icon="ticket",
        due=None if registration.lot.session.is_postponed else registration.lot.starts_at,
        since=registration.applied_at,
    )


def _lots(own: list[int]) -> Pile:
    states = Q(state=Lot.State.REVIEW) | Q(state=Lot.State.SOLD, session__is_practice=False)
    rescinded = Q(state=Lot.State.RESCINDED, leader__state=PAPERS.SETTLED) & ~Q(leader__organisation__in=own)
    asked = Lot.objects.filter(states | rescinded).exclude(outcome__owner__in=own)
    found = asked.select_related("outcome", "session").order_by("starts_at", "pk")
    return Pile(asked, lambda: [_decide(lot) for lot in found[:20]])


def _decide(lot: Lot) -> Row:
    if lot.state == Lot.State.RESCINDED:
        return _judge(lot)
    sold = lot.state == Lot.State.SOLD
    title = _("Confirm the sale: %(lot)s") if sold else _("Review the lot: %(lot)s")
    return Row(
        title=title % {"lot": lot.heading},
        about=(money(lot.price or lot.start_price), lot.session.heading),
        url=reverse("lot-manage", args=[lot.number]),
        act=pgettext("desk", "Confirm") if sold else _("Review"),
        icon=GAVEL,
        due=None if sold else lot.starts_at,
        since=lot.ends_at,
    )


def _late(reader: Reader, own: list[int]) -> Pile:
    """Sales that were not signed, or not paid by the seller's books or its word, by the day that was announced."""
    sold = Lot.objects.awaiting_a_day().exclude(Q(outcome__owner__in=own) | Q(leader__organisation__in=own))
    return Pile(sold, lambda: _over(reader, sold))


def _over(reader: Reader, sold: LotQuerySet) -> list[Row]:
    sales = {lot.pk: lot for lot in sold.select_related("outcome", "session")}
    late = [(sales[pk], last) for pk, last in last_days(sales.values()).items() if last.is_over(reader.today)]
    said = {one.lot_id: one for one in _said_paid([lot for lot, last in late if last.of_payment])}
    rows = [_overdue(lot, last, said.get(lot.pk)) for lot, last in sorted(late, key=lambda each: each[1].day)]
    return shortened(rows, url=reverse("session-manage-list"), icon=GAVEL)


def _said_paid(lots: list[Lot]) -> list[SaleMilestone]:
    """Return what was said of the payment of these sales, which the seller's finance did not confirm."""
    if not lots:
        return []
    found = SaleMilestone.objects.filter(lot__in=lots, kind=SaleMilestone.Kind.PAID)
    return list(found.select_related("lot__outcome"))


def _overdue(lot: Lot, last: LastDay, said: SaleMilestone | None) -> Row:
    title = _("Not paid in time: %(lot)s") if last.of_payment else _("Not signed in time: %(lot)s")
    return Row(
        title=title % {"lot": lot.heading},
        about=(lot.get_state_display(), money(lot.price or 0), *_word(said)),
        url=lot.get_absolute_url() if last.of_payment else reverse("lot-manage", args=[lot.number]),
        act=_("Look"),
        icon=GAVEL,
        due=last.day,
        since=lot.ends_at,
    )


def _word(said: SaleMilestone | None) -> tuple[str, ...]:
    if said is None:
        return ()
    if said.is_open:
        return (_("%(who)s says that it was paid, not confirmed by the seller") % {"who": said.word_of},)
    return (_("not received, says the seller’s finance"),)


def _to_relist(own: list[int]) -> Pile:
    """Lots whose sellers want them offered again, until their outcome is in a sale or a deal again."""
    wanted = Lot.objects.filter(state__in=Lot.NO_BUYER, next_path="relist", outcome__state="available")
    wanted = wanted.exclude(outcome__owner__in=own)
    found = wanted.select_related("outcome", "session").order_by("ends_at")
    return Pile(wanted, lambda: [_relist(lot) for lot in found[:20]])


def _relist(lot: Lot) -> Row:
    return Row(
        title=_("Add it to a session again: %(lot)s") % {"lot": lot.heading},
        about=(money(lot.start_price), lot.session.heading),
        url=reverse("lot-manage", args=[lot.number]),
        act=_("Add again"),
        icon=GAVEL,
        due=lot.ends_at + SOON,
        since=lot.ends_at,
    )


def _judge(lot: Lot) -> Row:
    """A rescinded sale, whose buyer's deposit waits for the organiser's word."""
    return Row(
        title=_("Decide on the buyer’s deposit: %(lot)s") % {"lot": lot.heading},
        about=(lot.get_state_display(), money(lot.deposit)),
        url=reverse("lot-manage", args=[lot.number]),
        act=_("Decide"),
        icon=GAVEL,
        since=lot.ends_at,
    )


def _sessions() -> Pile:
    reviewed = AuctionSession.objects.filter(state=AuctionSession.State.REVIEWED).order_by("starts_at")
    return Pile(reviewed, lambda: [_announce(session) for session in reviewed[:5]])


def _announce(session: AuctionSession) -> Row:
    return Row(
        title=_("Announce the session %(title)s") % {"title": session.heading},
        about=(session.number, session.get_legal_form_display()),
        url=reverse("session-manage", args=[session.number]),
        act=_("Announce"),
        icon=GAVEL,
        due=session.starts_at,
    )


def _postponed() -> Pile:
    """Sessions that wait for their new times."""
    waiting = AuctionSession.objects.filter(state=AuctionSession.State.POSTPONED).order_by("starts_at")
    return Pile(waiting, lambda: [_reannounce(session) for session in waiting[:5]])


def _reannounce(session: AuctionSession) -> Row:
    return Row(
        title=_("Announce new times, or cancel: %(title)s") % {"title": session.heading},
        about=(session.number, session.get_state_display()),
        url=reverse("session-manage", args=[session.number]),
        act=_("Decide"),
        icon=GAVEL,
        since=session.starts_at,
    )
