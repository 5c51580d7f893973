"""What binds a contract that comes from a deal: the agreed price, or all that a trial laid down; where it departs.

Sources: the parties fix the conditions, the way and the price before the trial (domain.md §4.5); an agreed price of a
public institute is published before the contract (促进科技成果转化法 Art. 18), so a contract below it is not what the
public read. Both sides may agree anew; then the seller says why, and the buyer and the registrars read it.
"""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.contracts.choices import ContractType, SubType
from marketplace.contracts.models import TechnologyContract
from marketplace.core.choices import TransferMode
from marketplace.core.code_lists import ROYALTY
from marketplace.core.money import format_unrounded
from marketplace.deals.models import Deal
from marketplace.deals.publishing import price_publicity
from marketplace.publicity.models import Publicity

OF_TYPES = {
    TransferMode.ASSIGNMENT: (ContractType.ASSIGNMENT,),
    TransferMode.EQUITY: (ContractType.ASSIGNMENT,),
    TransferMode.DEVELOPMENT: (ContractType.DEVELOPMENT,),
    TransferMode.SERVICE: (ContractType.SERVICE, ContractType.CONSULTING),
}
OF_KINDS = {
    TransferMode.EXCLUSIVE: (SubType.EXCLUSIVE, SubType.SECRET_LICENCE),
    TransferMode.SOLE: (SubType.SOLE, SubType.SECRET_LICENCE),
    TransferMode.ORDINARY: (SubType.ORDINARY, SubType.SECRET_LICENCE),
}


def terms_of_trial(contract: TechnologyContract) -> Any:
    """Return the terms of the trial whose conversion the contract is, or None."""
    trial: Any = getattr(bound_by(contract), "trial", None)
    return trial.terms if trial is not None else None


def bound_by(contract: TechnologyContract) -> Deal | None:
    """Return the deal whose price binds a contract, or None; a price found at an auction cannot be left at all."""
    deal = contract.deal if contract.deal is not None else _waiting_beside(contract)
    return deal if deal is not None and deal.price is not None and not deal.lot_number else None


def _waiting_beside(contract: TechnologyContract) -> Deal | None:
    """Return the priced deal between the same two over the same outcome that waits for its contract, or None.

    A contract entered by hand beside it does not leave its price in silence.
    """
    if contract.outcome_id is None or contract.buyer_id is None:
        return None
    waiting = Deal.objects.filter(state__in=(Deal.State.PUBLICITY, Deal.State.CONTRACT), lot_number="")
    parties = {"seller": contract.seller_id, "buyer": contract.buyer_id}
    return waiting.filter(outcome=contract.outcome_id, **parties).first()


def published_price(deal: Deal) -> Publicity | None:
    """Return the publicity that the price of a deal went through, or None."""
    trial: Any = getattr(deal, "trial", None)
    return Publicity.objects.of(trial).first() if trial is not None else price_publicity(deal)


def departures(contract: TechnologyContract, *, total: int | None = None) -> list[str]:
    """Return in sentences where a contract departs from its agreed price, or its trial; empty where it keeps them.

    `total` (fen) is what a change asks for. How the same total is paid is no departure from a price.
    """
    deal = bound_by(contract)
    if deal is None:
        return []
    total, terms = contract.total_amount if total is None else total, terms_of_trial(contract)
    if terms is None:
        return _amount(deal, total, _("The total is %(total)s; the price agreed in the deal is %(price)s."))
    words = _("The total is %(total)s; the price of the trial is %(price)s.")
    above = _above_cap(total, terms) if total != deal.price else []
    return [*_kind(contract, terms), *_amount(deal, total, words), *above, *_payment(contract, terms)]


def is_below_published(contract: TechnologyContract, *, total: int | None = None) -> bool:
    """Tell whether a contract costs less than the price that the public read before it."""
    deal, total = bound_by(contract), contract.total_amount if total is None else total
    return deal is not None and _is_less_than_published(deal, total)


def _is_less_than_published(deal: Deal, total: int) -> bool:
    return 0 < total < (deal.price or 0) and published_price(deal) is not None


def what_was_agreed(contract: TechnologyContract, user: Any, *, change: Any = None) -> dict[str, Any]:
    """Return to who may read it what binds a contract, where it (or a `change` asked for) departs, and why."""
    deal = bound_by(contract) if contract.confidential_to(user) else None
    if deal is None:
        return {"agreed": None}
    total = change.total_after if change is not None else None
    trial: Any = getattr(deal, "trial", None)
    opens = trial is not None and type(trial).objects.visible_to(user).filter(pk=trial.pk).exists()
    last = change or contract.changes.filter(state="granted").first()
    found = {
        "deal": deal,
        "terms": trial.terms if trial is not None else None,
        "trial_url": trial.get_absolute_url() if opens else "",
        "publicity": published_price(deal),
        "departs": departures(contract, total=total),
        "is_grave": is_below_published(contract, total=total),
        "reason": last.reasons if last is not None else contract.departure_reason,
        "change": change,
    }
    return {"agreed": found}


def _kind(contract: TechnologyContract, terms: Any) -> list[str]:
    mode = TransferMode(terms.mode)
    fits = contract.contract_type in OF_TYPES.get(mode, ()) or contract.sub_type in OF_KINDS.get(mode, ())
    if fits:
        return []
    said = {"agreed": mode.label, "kind": contract.get_sub_type_display()}
    return [_("The trial laid down: %(agreed)s. The contract is: %(kind)s.") % said]


def _amount(deal: Deal, total: int, words: str) -> list[str]:
    price = deal.price or 0
    if not total or total == price:
        return []
    found = [words % {"total": _words(total), "price": _words(price)}]
    if _is_less_than_published(deal, total):
        below = {"less": _words(price - total)}
        found.append(
            _(
                "That is %(less)s below the price that was published for everybody to read and object to "
                "(Law on Promoting the Transformation of Scientific and Technological Achievements, Art. 18)."
            )
            % below
        )
    return found


def _above_cap(total: int, terms: Any) -> list[str]:
    if not terms.price_cap or total <= terms.price_cap:
        return []
    cap = {"cap": _words(terms.price_cap)}
    return [_("It lies above the cap of the whole price, %(cap)s, which holds the share of output too.") % cap]


def _payment(contract: TechnologyContract, terms: Any) -> list[str]:
    if terms.output_rate is None or contract.payment in ("", ROYALTY):
        return []
    said = {"price": terms.price_words, "payment": contract.get_payment_display()}
    return [_("The trial laid down %(price)s. The contract is paid otherwise: %(payment)s.") % said]


def _words(fen: int) -> str:
    return format_unrounded(fen, get_language() or "zh-hans")
