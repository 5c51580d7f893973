"""For which side of a contract a person answered: in it, in what is done on it, and in the deal it comes from."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.performance.models import ContractMilestone, ContractTermination
from marketplace.deals.answered import answered_in
from marketplace.organisations.one_side import answered, merged

Record = tuple[type[models.Model], int]


def answered_under(user: Any, contracts: Iterable[TechnologyContract]) -> dict[int, dict[int, str]]:
    """Return {key of a contract: for whom a person answered there}, with names: a few queries, however many they are.

    Asked of the journal each time, so that an action may read it.
    """
    contracts = list(contracts)
    records = _records_of(contracts)
    keys: dict[type[models.Model], list[int]] = {}
    for model, key in (record for each in records.values() for record in each):
        keys.setdefault(model, []).append(key)
    told = answered(user, keys)
    of_deals = answered_in(user, [contract.deal for contract in contracts if contract.deal is not None])
    return {
        contract.pk: merged({record: told[record] for record in records[contract.pk] if record in told})
        | of_deals.get(contract.deal_id or 0, {})
        for contract in contracts
    }


def _records_of(contracts: list[TechnologyContract]) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {contract.pk: [(TechnologyContract, contract.pk)] for contract in contracts}
    done: tuple[type[models.Model], ...] = (ContractMilestone, ContractTermination)
    for model in done:
        rows = model._base_manager.filter(contract__in=list(found)).values_list("contract", "pk")
        for contract, key in rows:
            found[contract].append((model, key))
    return found
