"""What the pages of a lot and its session say after the result: buyer, confirmation, deal, and the ways to go on."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules
from marketplace.auctions.after_sale import NEXT_STEPS, PATHS, awaits_judgement
from marketplace.auctions.aftermath import aftermath_of
from marketplace.auctions.days_of_sale import last_day
from marketplace.auctions.forms import MilestoneForm
from marketplace.auctions.models import BidderRegistration, Lot, LotEvent, Negotiation, SaleConfirmation, SaleMilestone
from marketplace.auctions.paying_page import payment_context
from marketplace.auctions.words import UNSOLD_WORDS
from marketplace.core import clock
from marketplace.core.rules import why_not
from marketplace.deals.models import Deal
from marketplace.publicity import rules as publicity_rules
from marketplace.publicity.models import Publicity

STANDS = (Lot.State.CONFIRMED, Lot.State.PUBLICITY, Lot.State.CONTRACTED, Lot.State.SETTLED)
WHO_ACTS = {
    Lot.State.SOLD: _("The organiser confirms the sale next."),
    Lot.State.CONFIRMED: _("Seller and buyer sign the contract next."),
    Lot.State.PUBLICITY: _("The result is in publicity. Seller and buyer sign the contract after its end."),
    Lot.State.CONTRACTED: _("The contract is signed."),
    Lot.State.SETTLED: _("The sale is settled."),
    Lot.State.DEFAULTED: _(
        "The buyer defaulted. It does not get its deposit back and cannot bid on this outcome again."
    ),
    Lot.State.RESCINDED: _("The deal ended without a contract. The seller chooses how it goes on."),
}
PRACTICE_ENDS = _("This was practice: the lot ends here, and nothing is confirmed or signed.")
DEPOSITS = {
    BidderRegistration.State.KEPT: _("Your deposit stands for other lots of the session."),
    BidderRegistration.State.REFUND_DUE: _("Your deposit is being paid back."),
    BidderRegistration.State.REFUNDED: _("Your deposit was paid back."),
    BidderRegistration.State.FORFEITED: _("Your deposit is forfeited."),
}


def loser_context(lot: Lot, own: BidderRegistration | None) -> dict[str, Any]:
    """Return whether the reader's number did not win a lot that went to another, and what becomes of its deposit.

    `is_judged_next`: the sale to the reader failed, and the organiser still decides on that deposit.
    """
    if own is None or not own.alias or lot.state in lot.SECRET:
        return {"did_not_win": False, "own_deposit": "", "is_judged_next": False}
    did_not_win = lot.leader_id != own.pk and lot.state in (*lot.SUCCEEDED, lot.State.DEFAULTED, lot.State.RESCINDED)
    words = "" if lot.is_practice else DEPOSITS.get(BidderRegistration.State(own.state), "")
    is_judged_next = lot.leader_id == own.pk and awaits_judgement(lot)
    return {"did_not_win": did_not_win, "own_deposit": words, "is_judged_next": is_judged_next}


def who_acts_on(lot: Lot) -> Any:
    """Return who does what next once the lot is over; after practice nobody does anything."""
    words = WHO_ACTS.get(Lot.State(lot.state), "")
    return PRACTICE_ENDS if words and lot.is_practice else words


def result_context(request: Any, lot: Lot, events: list[LotEvent]) -> dict[str, Any]:
    """Return what the page of one lot needs once bidding is over."""
    deal = deals_of(request, [lot]).get(lot.number)
    manages = why_not(rules.confirm_sale, request.user, lot) is None
    return {
        "result": result_of(lot, events),
        "is_sold": lot.state in Lot.SUCCEEDED,
        "buyer": buyer_of(lot),
        "who_acts": who_acts_on(lot),
        "aftermath": aftermath_of(lot),
        "publicity": Publicity.objects.of(lot).first() if lot.state not in lot.SECRET else None,
        "deal": deal,
        **objection_of(request.user, lot),
        "manages": manages,
        **last_day_context(lot, told_late=deal is not None or manages),
        **payment_context(request, lot),
        "milestone_form": milestone_form(request, lot),
        **sales_around(lot),
        **path_context(request, lot),
    }


def last_day_context(lot: Lot, *, told_late: bool) -> dict[str, Any]:
    """Return by when the sale is signed or paid, as announced; that the day is over, only to whom it concerns."""
    last = last_day(lot)
    is_late = last is not None and last.is_over(clock.today())
    return {"last_day": last if told_late or not is_late else None, "is_late": is_late}


def result_of(lot: Lot, events: list[LotEvent]) -> dict[str, Any]:
    """Return what the result says: why unsold, the premium over the start price in per cent."""
    payload: dict[str, Any] = next((event.payload for event in events if event.kind == LotEvent.Kind.RESULT), {})
    premium = (
        (lot.price - lot.start_price) / lot.start_price if payload.get("outcome") == "sold" and lot.price else None
    )
    return {"why": UNSOLD_WORDS.get(payload.get("why", "")), "premium": premium}


def buyers_of(lots: Iterable[Lot]) -> dict[int, str]:
    """Return {lot: the buyer's name} of the lots whose publicity names it and has begun; all others go by number."""
    named = {lot.pk: lot.public_buyer for lot in lots if lot.public_buyer}
    if not named:
        return {}
    kind = ContentType.objects.get_for_model(Lot)
    begun = Publicity.objects.filter(subject_type=kind, subject_id__in=named, begins_on__lte=clock.today())
    return {pk: named[pk] for pk in begun.values_list("subject_id", flat=True)}


def buyer_of(lot: Lot) -> str:
    """Return the buyer's name where everybody may read it, else ""."""
    return buyers_of([lot]).get(lot.pk, "")


def confirmed_buyer_of(lot: Lot) -> str:
    """Return the buyer's name for the papers of a sale, which only its parties and their overseers read, else ""."""
    return lot.leader.organisation.name if lot.leader is not None and lot.state in STANDS else ""


def papers_of(user: Any, lot: Lot) -> dict[str, Any]:
    """Return the papers of a lot that this reader may open: its confirmation, and whether there are minutes."""
    if lot.state in lot.SECRET or not user.is_authenticated:
        return {"confirmation": None, "minutes": False}
    confirmation = SaleConfirmation.objects.visible_to(user).filter(lot=lot).select_related("lot").first()
    return {
        "confirmation": confirmation,
        "minutes": has_minutes(lot) and why_not(rules.read_minutes, user, lot) is None,
    }


def has_minutes(lot: Lot) -> bool:
    """Tell whether there is something to write down and it is over."""
    return bool(lot.seq) and lot.state not in lot.SECRET


def deals_of(request: Any, lots: Iterable[Lot]) -> dict[str, Deal]:
    """Return the deals of sold lots that this reader may open, by the number of the lot."""
    numbers = [lot.number for lot in lots if lot.state in STANDS]
    if not numbers:
        return {}
    return {deal.lot_number: deal for deal in Deal.objects.visible_to(request.user).filter(lot_number__in=numbers)}


def objection_of(user: Any, lot: Lot) -> dict[str, Any]:
    """Return the term in which a party of the sale that does not agree with its result objects, if it runs.

    Everybody may object there; seller and buyer look for a way to say no beside what was confirmed.
    """
    parties = [lot.outcome.owner_id, *([lot.leader.organisation_id] if lot.leader is not None else [])]
    term = Publicity.objects.of(lot).running().first() if lot.state == lot.State.PUBLICITY else None
    if term is None or not user.is_authenticated or not any(user.acts_for(party) for party in parties):
        return {"objects_in": None}
    takes = term.takes_objections(clock.today()) and why_not(publicity_rules.make_objection, user, term) is None
    return {"objects_in": term if takes else None}


def milestone_form(request: Any, lot: Lot) -> MilestoneForm | None:
    """Return the form for whoever may say what became of a sale."""
    if lot.state not in SaleMilestone.AFTER:
        return None
    may = why_not(rules.note_milestone, request.user, lot, request.organisation) is None
    return MilestoneForm(auto_id="id_milestone_%s") if may else None


def sales_around(lot: Lot) -> dict[str, Lot | None]:
    """Return the sale of the same outcome before this one, if that found no buyer, and the one after it."""
    if lot.is_practice:
        return {"sold_before": None, "sold_again": None}
    others = lot.outcome.lots.listed().in_earnest().exclude(pk=lot.pk).select_related("session")
    missed = others.filter(state__in=Lot.NO_BUYER, ends_at__lt=lot.starts_at).order_by("ends_at")
    after = others.filter(starts_at__gt=lot.ends_at).order_by("starts_at")
    return {"sold_before": missed.last(), "sold_again": after.first() if lot.state in Lot.NO_BUYER else None}


def path_context(request: Any, lot: Lot) -> dict[str, Any]:
    """Return the ways an unsold lot may go on, who acts on the chosen one, and whether this reader chooses.

    None once the outcome is offered again.
    """
    if lot.state not in lot.NO_BUYER or lot.session.is_practice or sales_around(lot)["sold_again"] is not None:
        return {"paths": [], "chosen_path": "", "path_step": "", "may_choose": False, "asked": None}
    return {
        "paths": list(PATHS.items()),
        "chosen_path": PATHS.get(lot.next_path, ""),
        "path_step": NEXT_STEPS.get(lot.next_path, ""),
        "asked": Negotiation.objects.waiting().for_bidder(request.user).filter(lot=lot).first(),
        "may_choose": why_not(rules.choose_next_path, request.user, lot) is None,
    }
