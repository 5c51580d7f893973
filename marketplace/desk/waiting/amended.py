"""Changes of registered contracts that wait for the consent of the buyer."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.contracts import rules
from marketplace.contracts.changes import ContractChange
from marketplace.contracts.offering import IN_REGISTER
from marketplace.contracts.rules import SUBMITTERS
from marketplace.core.rules import why_not
from marketplace.desk.piles import Pile
from marketplace.desk.rows import SHOWN, Reader, Row


def waiting(reader: Reader) -> list[Pile]:
    mine = reader.holds(*SUBMITTERS)
    if not mine:
        return []
    asked = ContractChange.objects.filter(
        state=ContractChange.State.AWAITING, contract__buyer__in=mine, contract__state__in=IN_REGISTER
    )
    return [Pile(asked, lambda: _asked(reader, asked))]


def _asked(reader: Reader, asked: QuerySet[ContractChange]) -> list[Row]:
    parts = ("contract__seller", "contract__buyer", "contract__deal__trial")
    found = asked.select_related(*parts).order_by("requested_at")[:SHOWN]
    return [
        Row(
            title=_("Agree to the change of the contract, or decline it: %(name)s") % {"name": change.contract},
            about=(str(change.contract.seller),),
            url=reverse("contract-answer-change", args=[change.contract.code]),
            act=_("Answer"),
            icon="document-text",
            since=change.requested_at,
            is_main=True,
            of=change.contract.buyer_id,
        )
        for change in found
        if not reader.bound or why_not(rules.answer_contract_change, reader.user, change.contract) is None
    ]
