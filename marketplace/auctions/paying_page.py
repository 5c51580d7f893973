"""What the page of a sale says of its payment: somebody's word, the answer to it, and the seller's books."""

from typing import Any

from marketplace.auctions import rules_of_payment
from marketplace.auctions.books import Books, sums_of_sale
from marketplace.auctions.forms import MissingForm
from marketplace.auctions.models import Lot, SaleMilestone
from marketplace.core.rules import why_not


def payment_context(request: Any, lot: Lot) -> dict[str, Any]:
    """Return what was said of a sale after its contract, how far it is paid, and whether this reader answers."""
    milestones = list(lot.milestones.all()) if lot.state in SaleMilestone.AFTER else []
    books = sums_of_sale(lot)
    told = books is not None and why_not(rules_of_payment.see_sums_of_sale, request.user, lot) is None
    return {
        "milestones": milestones,
        "is_in_books": books is not None and bool(books.code) and not books.left,
        "sums": books if told else None,
        **_answering(request, milestones, books),
    }


def _answering(request: Any, milestones: list[SaleMilestone], books: Books | None) -> dict[str, Any]:
    """Return whether this reader answers a word about the payment that waits, and with what."""
    said = next((one for one in milestones if one.is_open), None)
    waits = said is not None and books is not None and bool(books.left)
    may = waits and why_not(rules_of_payment.confirm_payment, request.user, said) is None
    return {"may_answer": may, "missing_form": MissingForm(auto_id="id_missing_%s") if may else None}
