"""The list of contracts as its address asks for it: one state, and an order."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import ContractQuerySet, TechnologyContract

ORDERS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "": (_("newest first"), ("-drafted_at", "-id")),
    "total": (_("largest total first"), ("-total_amount", "-id")),
    "technical": (_("largest technical amount first"), ("-technical_amount", "-id")),
    "registered": (_("last registered first"), (F("registered_on").desc(nulls_last=True), "-id")),
    "due": (_("longest complete first"), (F("complete_on").asc(nulls_last=True), "id")),
}


def asked_for(user: Any, asked: Any) -> ContractQuerySet:
    """Return the contracts `user` sees, in the state and order the address names; anything else is left aside.

    `waiting=1` asks for all that are under review, which may get a number, whatever state is named beside it.
    """
    contracts = TechnologyContract.objects.visible_to(user)
    state = asked.get("state", "")
    if asked.get("waiting") == "1":
        contracts = contracts.filter(state__in=TechnologyContract.UNDER_REVIEW)
    elif state in TechnologyContract.State.values:
        contracts = contracts.filter(state=state)
    _label, columns = ORDERS.get(asked.get("order", ""), ORDERS[""])
    return contracts.order_by(*columns)
