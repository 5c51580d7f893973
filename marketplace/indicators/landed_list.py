"""The list of landed outcomes (成果转化清单, domain.md §7.2 table 4): what stands behind K07 and K08, by contract."""

from collections import Counter, defaultdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.contracts.models import TechnologyContract
from marketplace.core.money import in_yuan
from marketplace.core.tables import table_response
from marketplace.indicators.figures import BY_SLUG
from marketplace.indicators.period_choice import period_of_a_file
from marketplace.indicators.periods import Period
from marketplace.indicators.queries import is_brokered, landed

NAMED = ("outcome", "seller", "broker", "deal")


def why_closed(user: Any) -> str | None:
    """Return why `user` may not take the list: it names contracts, as the records of its figures do."""
    return BY_SLUG["landed-count"].why_closed(user)


def landed_list(request: Any) -> HttpResponse:
    """The list of a period as XLSX, or CSV with `?format=csv`."""
    if closed := why_closed(request.user):
        raise PermissionDenied(closed)
    period = period_of_a_file(request)
    return table_response(f"landed-{period.code}", *landed_table(period), form=request.GET.get("format", "xlsx"))


def landed_table(period: Period) -> tuple[list[str], list[list[Any]]]:
    """Return heads and rows, a row for each contract of which something counted in the period.

    The amounts are what counted then, so that they come to K08: of one changed later its difference, of one taken off
    what was taken off. A contract may name a broker whose lead K11 does not count: what it counts has its own column.
    """
    counted: dict[TechnologyContract, Counter[str]] = defaultdict(Counter)
    rows = landed(period).select_related(*(f"contract__{name}" for name in NAMED)).annotate(is_brokered=is_brokered())
    for row in rows.order_by("counted_on", "id"):
        counted[row.contract].update(_amounts(row))
    heads = [
        _("Row"),
        _("Outcome number"),
        _("Outcome"),
        pgettext("of an outcome", "Supplier"),
        pgettext("of an outcome", "Receiving enterprise"),
        pgettext("of an outcome", "Way"),
        _("Total amount (yuan)"),
        _("Technical amount (yuan)"),
        _("Registration number"),
        _("Registration date"),
        _("Technology broker"),
        _("Of it counted as brought about by brokers, K11 (yuan)"),
        pgettext("of an outcome", "Progress"),
    ]
    standing = [(contract, sums) for contract, sums in counted.items() if any(sums.values())]
    return heads, [[place, *_row(contract, sums)] for place, (contract, sums) in enumerate(standing, start=1)]


def _amounts(row: Any) -> dict[str, int]:
    brokered = row.technical if row.is_brokered else 0
    return {"count": row.count, "total": row.total, "technical": row.technical, "brokered": brokered}


def _row(contract: TechnologyContract, sums: Counter[str]) -> list[Any]:
    outcome, deal = contract.outcome, contract.deal
    assert outcome is not None  # noqa: S101  # landed contracts are over an outcome
    progress = deal.get_state_display() if deal and contract.stands else contract.get_state_display()
    return [
        outcome.number,
        outcome.title,
        contract.seller.name,
        contract.buyer_name,
        contract.get_contract_type_display(),
        in_yuan(sums["total"]),
        in_yuan(sums["technical"]),
        contract.number,
        contract.registered_on,
        contract.broker.name if contract.broker else "",
        in_yuan(sums["brokered"]),
        _("; ").join(filter(None, (progress, contract.end_for_all))),
    ]
