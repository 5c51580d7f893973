"""What was changed in a contract since it was returned for supplement: by a fingerprint of what the seller writes."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import ReviewDecision
from marketplace.core.journal import Entry, Kind

WRITTEN = (
    "deal", "outcome", "broker", "buyer_name", "buyer_uscc", "buyer_region", "seller_region", "project_name",
    "contract_type", "sub_type", "signed_on", "begins_on", "ends_on", "payment", "field", "ip_kind", "objective",
    "plan_source", "is_related_party", "expected_investment", "expected_output",
    "signed_file__sha256",
)  # fmt: skip


def content_of(contract: TechnologyContract) -> str:
    """Return the fingerprint of everything the seller writes: facts, items, joint sellers, parties, the signed file."""
    written: dict[str, Any] = {
        "facts": list(TechnologyContract._base_manager.filter(pk=contract.pk).values_list(*WRITTEN)),
        "items": list(contract.items.order_by("position").values_list("label", "amount", "is_technical")),
        "joint": list(contract.joint_sellers.order_by("position").values_list("name", "uscc", "region", "percent")),
        "parties": [
            {name: value for name, value in side.items() if name != "id"}
            for side in contract.party_data.order_by("side").values()
        ],
    }
    if contract.departure_reason:  # what was kept before there was one still compares
        written["departure"] = contract.departure_reason
    return hashlib.sha256(json.dumps(written, cls=DjangoJSONEncoder, sort_keys=True).encode()).hexdigest()


def last_return(contract: TechnologyContract) -> ReviewDecision | None:
    """Return the decision by which a contract was returned last."""
    return contract.decisions.filter(kind=ReviewDecision.Kind.RETURNED).first()


def is_as_returned(contract: TechnologyContract) -> bool:
    """Tell whether nothing was changed since the last return; of earlier returns, without a fingerprint, False."""
    entry = Entry.objects.about(contract).filter(kind=Kind.CONTRACT_RETURNED).first()
    kept = entry.data.get("content") if entry is not None else None
    return kept is not None and kept == content_of(contract)
