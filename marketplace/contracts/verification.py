"""What a stranger is told about a registered contract: parties and type, never amounts, contacts or text."""

from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.core.verification import Verdict, plain_code


def verify(code: str, *, at: datetime) -> Verdict | None:
    """Return the registration under this code, one that ended too; contracts never registered are as good as absent."""
    numbered = TechnologyContract.objects.filter(number__isnull=False).select_related("seller")
    contract = numbered.filter(code=plain_code(code)).first()
    if contract is None:
        return None
    return Verdict(
        code=contract.code,
        word=_("Contract registered") if contract.stands else _("No longer registered"),
        tone="go" if contract.stands else "stop",
        explanation=_("Amounts, contacts and the text of the contract are not part of this check."),
        facts=[
            (_("State"), contract.get_state_display()),
            (_("Registration number"), contract.number),
            (_("Registration date"), contract.registered_on),
            (_("Contract type"), contract.get_contract_type_display()),
            (_("Seller of the technology"), contract.seller.name),
            (_("Buyer"), contract.buyer_name),
        ],
    )
