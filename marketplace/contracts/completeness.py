"""What a contract still lacks before it can be sent to the registrars."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from marketplace.contracts.agreed import departures, terms_of_trial
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.naming import is_for_one
from marketplace.core import code_lists
from marketplace.core.languages import paragraph
from marketplace.outcomes.co_owners import objection_to


def missing(contract: TechnologyContract, *, today: date) -> list[str]:
    """Return one sentence per thing that is missing or does not fit; empty when the contract may be sent."""
    return [
        *_blanks(contract),
        *_off_the_lists(contract, today=today),
        *_misfits(contract, today=today),
        *_unexplained(contract),
        *_objected(contract),
    ]


def _blanks(contract: TechnologyContract) -> list[str]:
    asked = [
        (contract.signed_file_id, _("Upload the signed contract (PDF or scan).")),
        (contract.total_amount, _("List the items of the amount.")),
        (contract.signed_on, _("Enter the day of signing.")),
        (contract.begins_on and contract.ends_on, _("Enter from when until when the contract is valid.")),
        (contract.buyer_uscc, _("Enter the credit code of the buyer.")),
        (contract.payment, _("Choose how it is paid.")),
        (contract.field_id, _("Choose the technical field.")),
        (contract.ip_kind, _("Choose the intellectual property, or “no intellectual property involved”.")),
        (contract.objective, _("Choose the socio-economic objective.")),
        (len(contract.seller_region) == 6, _("Enter the region code of the seller.")),
        (len(contract.buyer_region) == 6, _("Enter the region code of the buyer.")),
    ]
    return [sentence for given, sentence in asked if not given]


def _off_the_lists(contract: TechnologyContract, *, today: date) -> list[str]:
    """Return what was chosen while it stood on a list of the national form and ended since."""
    found = []
    for name in contract.LISTED:
        field: Any = contract._meta.get_field(name)
        code = getattr(contract, name)
        if code and not code_lists.holds(field.code_list, code, today):
            said = {"label": field.verbose_name, "name": code_lists.name_of(field.code_list, code)}
            found.append(_("%(label)s: “%(name)s” is no longer on the list of the national form.") % said)
    return found


def _misfits(contract: TechnologyContract, *, today: date) -> list[str]:
    found = []
    if contract.is_terminated:
        found.append(_("The contract was terminated."))
    if contract.total_amount and not contract.technical_amount:
        found.append(_("No item is technical: a contract without a technical part is not registered."))
    if contract.signed_on and contract.signed_on > today:
        found.append(_("The day of signing lies in the future."))
    if contract.ends_on and contract.ends_on < today:
        found.append(_("The contract has run out; it is registered within its validity only."))
    if contract.buyer and contract.seller.is_related_to(contract.buyer) and not contract.is_related_party:
        found.append(_("Seller and buyer are related parties; say so in the form."))
    return found


def _unexplained(contract: TechnologyContract) -> list[str]:
    """Return that the agreed price, or the terms of the trial, are left without a reason, and how."""
    found = departures(contract)
    if not found or contract.departure_reason.strip():
        return []
    of_trial = _("The terms of the trial bind. Keep to them, or say in the form why both sides agreed otherwise:")
    of_price = _(
        "The agreed price binds. Keep to it, or reopen it with the buyer in the deal; else say in the form why both "
        "sides agreed otherwise:"
    )
    return [paragraph([of_price if terms_of_trial(contract) is None else of_trial, *found])]


def _objected(contract: TechnologyContract) -> list[str]:
    """Return that a co-owner objects to what goes to one taker (专利法 Art. 14); others may be licensed without it."""
    objection = objection_to(contract.outcome) if contract.outcome is not None and is_for_one(contract) else None
    return [objection] if objection else []


def what_is_next(contract: TechnologyContract, *, today: date) -> str:
    """Return in words what a saved draft waits for."""
    if not contract.signed_file_id:
        return _("Saved. Upload the signed contract, then submit.")
    if missing(contract, today=today):
        return _("Saved. What is missing stands on this page.")
    return _("Saved. The contract can be submitted.")
