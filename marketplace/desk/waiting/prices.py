"""Prices of sales at auction: to be paid by the buyer, to be entered or answered by the seller's finance."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.auctions.books import Books, books_of
from marketplace.auctions.days_of_sale import LastDay, last_days
from marketplace.auctions.finding import LotQuerySet
from marketplace.auctions.models import Lot, SaleMilestone
from marketplace.desk.piles import Pile
from marketplace.desk.rows import Reader, Row, money, shortened
from marketplace.organisations.roles import MemberRole

ICON = "banknotes"


@dataclass(frozen=True)
class _Sale:
    lot: Lot
    books: Books
    last: LastDay | None
    said: SaleMilestone | None

    @property
    def place(self) -> tuple[bool, object]:
        return (self.last is None, self.last.day if self.last is not None else self.lot.ends_at.date())


def waiting(reader: Reader) -> list[Pile]:
    """Sales whose price is not in the seller's books: with a last day, or with a word that waits for its answer."""
    buying, selling = reader.holds(MemberRole.BIDDER), reader.holds(MemberRole.FINANCE)
    if not buying and not selling:
        return []
    mine = Q(leader__organisation__in=buying) | Q(outcome__owner__in=selling)
    signed = Lot.objects.filter(mine, state=Lot.State.CONTRACTED)
    return [Pile(signed, lambda: _of_sales(signed, buying, selling))]


def _of_sales(signed: LotQuerySet, buying: list[int], selling: list[int]) -> list[Row]:
    sales = _open_sales(signed)
    bought = [sale for sale in sales if sale.lot.leader and sale.lot.leader.organisation_id in buying]
    sold = [sale for sale in sales if sale.lot.outcome.owner_id in selling]
    return [
        *shortened([_pay(one) for one in bought], url=reverse("registration-list"), icon=ICON),
        *shortened([_receive(one) for one in sold], url=reverse("contract-list"), icon=ICON),
    ]


def _open_sales(signed: LotQuerySet) -> list[_Sale]:
    said = SaleMilestone.objects.filter(kind=SaleMilestone.Kind.PAID)
    dated = Q(pk__in=Lot.objects.awaiting_a_day()) | Q(pk__in=said.filter(answer="").values("lot"))
    found = signed.in_earnest().filter(dated)
    lots = {lot.pk: lot for lot in found.select_related("outcome", "session", "leader")}
    if not lots:
        return []
    days, books = last_days(lots.values()), books_of(lots.values())
    words = {one.lot_id: one for one in said.filter(lot__in=lots).select_related("lot__outcome")}
    sales = [
        _Sale(lot, books[lot.number], days.get(pk), words.get(pk))
        for pk, lot in lots.items()
        if lot.number in books and books[lot.number].left
    ]
    return sorted((sale for sale in sales if sale.last or _is_open(sale.said)), key=lambda sale: sale.place)


def _is_open(said: SaleMilestone | None) -> bool:
    return said is not None and said.is_open


def _pay(sale: _Sale) -> Row:
    if _is_open(sale.said):
        title = _("Said to be paid, the seller’s finance has yet to confirm it: %(lot)s")
    elif sale.said is not None:
        title = _("The seller’s finance has not received the price: %(lot)s")
    else:
        title = _("Pay the price, and say so: %(lot)s")
    buyer = sale.lot.leader.organisation_id if sale.lot.leader is not None else None
    return _row(sale, title, _("Open"), url=sale.lot.get_absolute_url(), of=buyer)


def _receive(sale: _Sale) -> Row:
    owner = sale.lot.outcome.owner_id
    if _is_open(sale.said):
        title, act = _("Check that the price came in, or say that it did not: %(lot)s"), _("Answer")
        return _row(sale, title, act, url=sale.lot.get_absolute_url(), of=owner, word=_of(sale.said))
    title = _("Enter the price when it comes in: %(lot)s")
    return _row(sale, title, _("See the payments"), url=reverse("payment-list", args=[sale.books.code]), of=owner)


def _of(said: SaleMilestone | None) -> str:
    if said is None:
        return ""
    return _("paid on %(day)s, says %(who)s") % {"day": said.happened_on.isoformat(), "who": said.word_of}


def _row(sale: _Sale, title: str, act: str, *, url: str, of: int | None, word: str = "") -> Row:
    left = _("%(amount)s left to be paid") % {"amount": money(sale.books.left)}
    return Row(
        title=title % {"lot": sale.lot.heading},
        about=tuple(filter(None, (left, word, sale.lot.session.heading))),
        url=url,
        act=act,
        icon=ICON,
        due=sale.last.day if sale.last is not None else None,
        since=sale.lot.ends_at,
        of=of,
    )
