"""What a stranger is told about a registered contract: parties and type, never amounts, contacts or text."""

from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.core.verification import Verdict, plain_code


def verify(code: str, *, at: datetime) -> Verdict | None:
    """Return the registration under this code; contracts not registered are as good as absent."""
    contract = TechnologyContract.objects.registered().select_related("seller").filter(code=plain_code(code)).first()
    if contract is None:
        return None
    return Verdict(
        code=contract.code,
        word=_("Contract registered"),
        tone="go",
        explanation=_("Amounts, contacts and the text of the contract are not part of this check."),
        facts=[
            (_("Registration number"), contract.number),
            (_("Registration date"), contract.registered_on),
            (_("Contract type"), contract.get_contract_type_display()),
            (_("Seller of the technology"), contract.seller.name),
            (_("Buyer"), contract.buyer_name),
        ],
    )
