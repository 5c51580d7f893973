"""What is held jointly is not sold against a co-owner: an objection keeps a lot from being prepared and announced."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from marketplace.auctions.models import Lot
from marketplace.core.refusals import Refused
from marketplace.outcomes.co_owners import objection_to


class CoOwnerObjects(Refused):
    message = _("Lot %(lot)s: %(reason)s")


def require_consent(lots: Iterable[Lot]) -> None:
    """Refuse lots whose outcome a co-owner objects to; practice sells nothing. Raises CoOwnerObjects."""
    for lot in lots:
        reason = None if lot.is_practice else objection_to(lot.outcome)
        if reason is not None:
            raise CoOwnerObjects(lot=lot.number, reason=reason)
