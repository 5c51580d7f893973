"""Writing what the national form asks about the parties: the seller does, while the contract is unsent."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from marketplace.contracts import rules
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.party import PartyData, Side
from marketplace.contracts.refusals import EnterprisesOnly, ScaleMissing
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import User


@transaction.atomic
def keep_party_data(contract: TechnologyContract, *, by: User, parties: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep the data of both sides, {side: fields of PartyData}. Raises EnterprisesOnly, ScaleMissing, WrongState."""
    contract.lock()
    require(rules.keep_party_data, by, contract)
    if not contract.is_unsent:
        raise WrongState(state=contract.get_state_display())
    for side in Side:
        data = PartyData.objects.filter(contract=contract, side=side).first() or PartyData(contract=contract, side=side)
        for name, value in parties[side].items():
            setattr(data, name, value)
        _require_fit(data)
        data.save()
    journal.record(Kind.CONTRACT_PARTIES_KEPT, contract, by=by, on_behalf_of=contract.seller)


def _require_fit(data: PartyData) -> None:
    """Refuse what the national form asks of enterprises only, and an enterprise without its scale."""
    if data.is_enterprise and not data.scale:
        raise ScaleMissing(side=data.get_side_display())
    if not data.is_enterprise and (data.scale or data.in_hitech_zone or data.is_listed):
        raise EnterprisesOnly(side=data.get_side_display())
