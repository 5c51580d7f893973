"""What a stranger is told about a registered contract: parties and type, never amounts, contacts or text."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.contracts.counting import struck_row
from marketplace.contracts.lists.models import RegistrationList
from marketplace.contracts.models import TechnologyContract
from marketplace.core.journal import Entry, Kind
from marketplace.core.verification import Verdict, plain_code

Fact = tuple[Any, Any]  # what is told, and its value


def verify(code: str, *, at: datetime) -> Verdict | None:
    """Return the registration or the registration list under this code, or what a registration number alone tells.

    What was never issued is as good as absent.
    """
    return _registration(code) or _list(code) or _number(code)


def _number(number: str) -> Verdict | None:
    """Tell of a registration number whether it is in the register, and no more: numbers can be counted through."""
    contract = TechnologyContract.objects.filter(number=plain_code(number)).first()
    if contract is None:
        return None
    return Verdict(
        code=contract.number or "",
        word=_("Contract registered") if contract.stands else _("No longer registered"),
        tone="go" if contract.stands else "stop",
        explanation=_(
            "Parties, type and day are told to whoever types the code printed under the QR code of the notice."
        ),
        facts=[(_("State"), contract.get_state_display()), (_("Registration number"), contract.number)],
    )


def _list(code: str) -> Verdict | None:
    """Tell of a list whether it is valid and which numbers stand on it, never the amounts."""
    issued = RegistrationList.objects.filter(number__isnull=False)
    made = issued.filter(code=plain_code(code)).first()
    if made is None:
        return None
    is_valid = made.state == made.State.ISSUED
    numbers = list(made.lines.values_list("number", flat=True))
    return Verdict(
        code=made.code,
        word=_("Registration list valid") if is_valid else _("Registration list no longer valid"),
        tone="go" if is_valid else "stop",
        explanation=_("Amounts are not part of this check; compare the numbers with the paper."),
        facts=[
            (_("Number of the list"), made.number),
            (_("State"), made.get_state_display()),
            (_("Number of contracts"), len(numbers)),
            (_("Registration numbers"), ", ".join(numbers)),
        ],
    )


def _sellers(contract: TechnologyContract) -> list[str]:
    """Return the names of all sellers, as the notice has them."""
    return [contract.seller.name, *contract.joint_sellers.values_list("name", flat=True)]


def _struck(contract: TechnologyContract) -> list[Fact]:
    """Tell on which day a contract was taken off the register."""
    row = struck_row(contract)
    return [(_("No longer registered since"), row.counted_on)] if row else []


def _corrections(contract: TechnologyContract) -> list[Fact]:
    """Tell of each correction of the number its day and the number before: a paper may still bear that."""
    entries = Entry.objects.about(contract).filter(kind=Kind.CONTRACT_RENUMBERED)
    said = _("on %(day)s, earlier %(number)s")
    return [
        (
            _("Number corrected"),
            said % {"day": timezone.localdate(entry.recorded_at).isoformat(), "number": entry.data["before"]},
        )
        for entry in entries
    ]


def _registration(code: str) -> Verdict | None:
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
            (_("State"), _("; ").join(filter(None, (contract.get_state_display(), contract.end_for_all)))),
            *_struck(contract),
            (_("Registration number"), contract.number),
            *_corrections(contract),
            (_("Registration date"), contract.registered_on),
            (_("Contract type"), contract.get_contract_type_display()),
            (_("Seller of the technology"), _("; ").join(_sellers(contract))),
            (pgettext("contract", "Buyer"), contract.buyer_name),
        ],
    )
