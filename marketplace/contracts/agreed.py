"""What the trial laid down that a contract comes from, and where the contract departs from it.

Source: the parties fix the conditions, the way and the price before the trial (domain.md §4.5). Both may agree anew;
then the seller says why, and the buyer and the registrars read it.
"""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.contracts.choices import ContractType, SubType
from marketplace.contracts.models import TechnologyContract
from marketplace.core.choices import TransferMode
from marketplace.core.code_lists import ROYALTY
from marketplace.core.money import format_unrounded

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
    trial: Any = getattr(contract.deal, "trial", None)
    return trial.terms if trial is not None else None


def departures(contract: TechnologyContract) -> list[str]:
    """Return in sentences where a contract departs from terms and price of its trial; empty where it keeps them."""
    terms = terms_of_trial(contract)
    if terms is None or contract.deal is None:
        return []
    return [*_kind(contract, terms), *_amount(contract, terms), *_payment(contract, terms)]


def of_trial(contract: TechnologyContract, user: Any) -> dict[str, Any]:
    """Return the terms of the trial a contract comes from, where it departs from them, and where they are read."""
    terms = terms_of_trial(contract) if contract.confidential_to(user) else None
    if terms is None or contract.deal is None:
        return {"trial_terms": None}
    trial = contract.deal.trial
    opens = type(trial).objects.visible_to(user).filter(pk=trial.pk).exists()
    return {
        "trial_terms": terms,
        "departs": departures(contract),
        "trial_url": trial.get_absolute_url() if opens else "",
    }


def _kind(contract: TechnologyContract, terms: Any) -> list[str]:
    mode = TransferMode(terms.mode)
    fits = contract.contract_type in OF_TYPES.get(mode, ()) or contract.sub_type in OF_KINDS.get(mode, ())
    if fits:
        return []
    said = {"agreed": mode.label, "kind": contract.get_sub_type_display()}
    return [_("The trial laid down: %(agreed)s. The contract is: %(kind)s.") % said]


def _amount(contract: TechnologyContract, terms: Any) -> list[str]:
    price, total = contract.deal.price if contract.deal else None, contract.total_amount
    if not price or not total or total == price:
        return []
    said = {"total": _words(total), "price": _words(price)}
    found = [_("The total is %(total)s; the price of the trial is %(price)s.") % said]
    if terms.price_cap and total > terms.price_cap:
        cap = {"cap": _words(terms.price_cap)}
        found.append(_("It lies above the cap of the whole price, %(cap)s, which holds the share of output too.") % cap)
    return found


def _payment(contract: TechnologyContract, terms: Any) -> list[str]:
    if terms.output_rate is None or contract.payment in ("", ROYALTY):
        return []
    said = {"price": terms.price_words, "payment": contract.get_payment_display()}
    return [_("The trial laid down %(price)s. The contract is paid otherwise: %(payment)s.") % said]


def _words(fen: int) -> str:
    return format_unrounded(fen, get_language() or "zh-hans")
