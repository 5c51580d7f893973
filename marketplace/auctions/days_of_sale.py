"""By when a sale is signed and paid: the days that were announced, counted from what has happened since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.db.models.functions import Greatest
from django.utils import timezone

from marketplace.auctions.books import books_of
from marketplace.auctions.confirmations import SaleConfirmation
from marketplace.auctions.lots import Lot
from marketplace.core.working_days import add_working_days, declared_days
from marketplace.publicity.closing import closing_day
from marketplace.publicity.models import Objection, Publicity


@dataclass(frozen=True, kw_only=True)
class LastDay:
    """The last day of what comes next in a sale: the signature, or the payment."""

    of_payment: bool
    day: date
    entered_after: int = 0  # working days between a publicity and the first of the days to sign

    def is_over(self, today: date) -> bool:
        return self.day < today


def last_days(lots: Iterable[Lot]) -> dict[int, LastDay]:
    """Return {lot: the last day of what comes next} of lots `awaiting_a_day`, loaded with their sessions.

    Signing: working days after the end of the publicity, as extended, or the day of the last answer, if that is later
    (none while an answer is awaited); where a sale has no publicity, after its confirmation.
    Paying: days after the day of signing that the contract names; one struck from the register names none. None once
    the price is in the seller's books.
    """
    found = list(lots)
    unsigned = [lot for lot in found if lot.state in lot.UNSIGNED]
    return _of_signing(unsigned) | _of_payment([lot for lot in found if lot not in unsigned])


def last_day(lot: Lot) -> LastDay | None:
    """Return the last day of what comes next in the sale of one lot, where one was announced."""
    return last_days(Lot.objects.awaiting_a_day().filter(pk=lot.pk).select_related("session")).get(lot.pk)


def day_of_signing(lot: Lot) -> date | None:
    """Return the announced last day for the contract of one sale, whatever became of the sale since.

    Of a sale that failed in its publicity it is counted as if that had run to its end.
    """
    last = _of_signing([lot], with_stopped=lot.state in lot.NO_BUYER).get(lot.pk)
    return last.day if last is not None else None


def _of_signing(lots: list[Lot], *, with_stopped: bool = False) -> dict[int, LastDay]:
    publicised = _publicised(lots, with_stopped=with_stopped)
    begins = _confirmed(lots) | {lot: max(closes, free or closes) for lot, (closes, free) in publicised.items()}
    for lot in _awaits_an_answer(lots) if begins else ():
        begins.pop(lot, None)
    if not begins:
        return {}
    declared = declared_days(day__gt=min(begins.values()))
    return {
        lot.pk: LastDay(
            of_payment=False,
            day=add_working_days(begins[lot.pk], days, declared=declared),
            entered_after=_entry_days(begins[lot.pk], publicised.get(lot.pk)),
        )
        for lot in lots
        if lot.pk in begins and (days := lot.session.signing_days) is not None
    }


def _entry_days(begins: date, publicised: tuple[date, date | None] | None) -> int:
    """Return the working days kept for letters before the days to sign; 0 where an answer came later than these."""
    return settings.PUBLICITY_ENTRY_DAYS if publicised is not None and begins == publicised[0] else 0


def _confirmed(lots: list[Lot]) -> dict[int, date]:
    """Return the day each of these sales was confirmed."""
    moments = SaleConfirmation.objects.filter(lot__in=lots).values_list("lot", "confirmed_at")
    return {lot: timezone.localdate(moment) for lot, moment in moments}


def _publicised(lots: list[Lot], *, with_stopped: bool) -> dict[int, tuple[date, date | None]]:
    """Return the day on which the publicity of each of these sales closed, and from which nothing held it any more.

    Nobody may sign until it closed, so these days are not taken from the parties. Nothing holds it when the last
    objection was answered, or the last one entered by mistake was taken back.
    """
    if not lots:
        return {}
    kind = ContentType.objects.get_for_model(Lot)
    free = Greatest(Max("objections__answered_at"), Max("objections__taken_back_at"))
    terms = Publicity.objects.filter(subject_type=kind, subject_id__in=[lot.pk for lot in lots]).order_by("pk")
    if not with_stopped:
        terms = terms.exclude(state=Publicity.State.STOPPED)
    return {
        term.subject_id: (closing_day(term.ends_on), timezone.localdate(term.free_at) if term.free_at else None)
        for term in terms.annotate(free_at=free)
    }


def _awaits_an_answer(lots: list[Lot]) -> set[int]:
    """Return those of these sales whose publicity is held open by an objection: nobody may sign yet."""
    unanswered = Objection.objects.unanswered().filter(publicity__state=Publicity.State.RUNNING)
    kind = ContentType.objects.get_for_model(Lot)
    found = unanswered.filter(publicity__subject_type=kind, publicity__subject_id__in=[lot.pk for lot in lots])
    return set(found.values_list("publicity__subject_id", flat=True))


def _of_payment(lots: list[Lot]) -> dict[int, LastDay]:
    if not lots:
        return {}
    books = books_of(lots)
    return {
        lot.pk: LastDay(of_payment=True, day=kept.signed_on + timedelta(days=days))
        for lot in lots
        if (kept := books.get(lot.number)) is not None
        and kept.signed_on is not None
        and kept.left
        and (days := lot.session.payment_days) is not None
    }
