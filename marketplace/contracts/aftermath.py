"""What follows when the seller takes a contract off the register, said before it is done."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.models import received_of
from marketplace.core.money import format_money


def after_cancelling(contract: TechnologyContract) -> list[str]:
    """Return in sentences what cancelling a registration leads to, and what it leaves as it is."""
    said = [
        _("The contract is no longer in the register, and its amounts are taken off the figures of today."),
        _("Whoever checks its code reads that it is no longer registered; its notice is no longer given out."),
    ]
    listed = contract.listings.filter(list__state__in=["awaiting", "issued"]).count()
    if listed:
        said.append(
            _("It stands on %(count)s registration list(s): they stay, and show it as cancelled.") % {"count": listed}
        )
    said.append(_("It is put on no new registration list."))
    if came_in := received_of(contract):
        said.append(
            _("%(amount)s were received under this contract: what was received stays on record.")
            % {"amount": format_money(came_in, get_language() or "zh-hans")}
        )
    said.append(_("This cannot be undone."))
    return said
