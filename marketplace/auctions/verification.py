"""What a stranger is told about the confirmation of a sale: what was sold for how much, and whether it still stands."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.auctions.models import Lot, SaleConfirmation
from marketplace.auctions.printed import amount
from marketplace.core.money import in_capitals
from marketplace.core.verification import Verdict, plain_code


def verify(code: str, *, at: datetime) -> Verdict | None:
    """Return the confirmation under this code, with the state of its sale now."""
    found = SaleConfirmation.objects.select_related("lot__outcome", "lot__session").filter(code=plain_code(code))
    confirmation = found.first()
    if confirmation is None:
        return None
    lot, stands = confirmation.lot, confirmation.lot.state in Lot.SUCCEEDED
    facts = [
        (_("Confirmation"), confirmation.number),
        (_("Session"), lot.session.heading),
        (_("Lot"), f"{lot.number} {lot.outcome.heading}"),
        (_("Confirmed"), timezone.localtime(confirmation.confirmed_at).strftime("%Y-%m-%d %H:%M")),
        (_("Price"), amount(confirmation.price)),
        (_("In capitals"), in_capitals(confirmation.price)),
        (pgettext("record", "Events"), confirmation.seq),
        (_("Fingerprint of the last event"), confirmation.head_hash),
        (_("Fingerprint of the announcement"), lot.session.announcement_hash),
    ]
    if stands:  # whoever holds the code holds the paper, which names the parties
        parties = [(_("Seller"), confirmation.seller_name), (pgettext("sale", "Buyer"), confirmation.buyer_name)]
        facts[3:3] = parties
    return Verdict(
        code=confirmation.code,
        word=_("Sale confirmed") if stands else _("The sale does not stand any more"),
        tone="go" if stands else "stop",
        facts=facts,
        explanation=_("Compare price and fingerprints with the paper. The record of the bidding: %(address)s")
        % {"address": f"/lots/{lot.number}/record.jsonl"},
        not_shown=_(
            "The price of a public sale is public, so it stands here. Other amounts, identity and telephone numbers "
            "and the text of the contract do not."
        ),
        warning="" if stands else _("The buyer defaulted or the deal ended without a contract: the paper is void."),
    )
