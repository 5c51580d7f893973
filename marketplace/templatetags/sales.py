"""The tag that shows how far the price of a sale at auction is paid where nouns below auctions have their pages."""

from django import template

from marketplace.auctions import rules_of_payment
from marketplace.auctions.books import Books, sums_of_sale
from marketplace.auctions.models import Lot
from marketplace.core.rules import why_not

register = template.Library()


@register.simple_tag(takes_context=True)
def sums_of(context: template.Context, number: str) -> Books | None:
    """Return how far the sale of the lot of that number is paid, if the reader may see it."""
    lot = Lot.objects.select_related("outcome", "leader").filter(number=number).first()
    if lot is None or why_not(rules_of_payment.see_sums_of_sale, context["request"].user, lot) is not None:
        return None
    return sums_of_sale(lot)
