"""The notice of registration (登记通知书): both amounts, the tax notes of its day, and a code that verifies it.

Whether a note was compared with its text is the register's affair: its people read that here as on the page.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.contracts.dated import RegistrationRule, tax_notes
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.readers import reads_unchecked
from marketplace.contracts.views import find_contract
from marketplace.core.issuing import issued_by_register
from marketplace.core.money import format_exact
from marketplace.core.papers import Block, Check, Facts, Paper, Table, Text, paper_response


def notice_paper(contract: TechnologyContract, *, address: str, marks_unchecked: bool = False) -> Paper:
    """Return the notice of a contract that stands in the register, as of the last thing that was counted of it.

    `marks_unchecked` adds to a tax note that nobody has compared with its text yet that this is so.
    """
    language = get_language() or "zh-hans"
    last = contract.register_rows.last()
    assert contract.registered_at is not None and contract.registered_on is not None  # noqa: S101, PT018  # numbered
    dated = last.recorded_at if last else contract.registered_at
    facts = [
        (_("Registration number"), contract.number),
        (_("Registration date"), contract.registered_on.isoformat()),
        (_("Contract type"), f"{contract.get_contract_type_display()} / {contract.get_sub_type_display()}"),
        (_("Seller of the technology"), f"{contract.seller.name} ({contract.seller.uscc})"),
        (pgettext("contract", "Buyer"), f"{contract.buyer_name} ({contract.buyer_uscc})"),
        (_("Validity"), f"{contract.begins_on} – {contract.ends_on}"),
        (_("Total amount"), format_exact(contract.total_amount, language)),
        (_("Technical amount"), format_exact(contract.technical_amount, language)),
        (_("State"), _("; ").join(filter(None, (contract.get_state_display(), contract.end_for_all)))),
        *issued_by_register(dated),
    ]
    blocks: list[Block] = [Facts(facts)]
    if joint := list(contract.joint_sellers.all()):
        rows = [
            (contract.seller.name, f"{contract.own_percent}%"),
            *((each.name, f"{each.percent}%") for each in joint),
        ]
        blocks.append(
            Table([_("Seller of the technology"), _("Share")], rows, heading=_("Joint sellers"), numbers=(1,))
        )
    if notes := tax_notes(contract.sub_type, on=contract.registered_on):
        words = [_noted(rule, marks_unchecked=marks_unchecked) for rule in notes]
        blocks.append(Text([*words, _("The texts in force and the tax office decide.")], heading=_("Tax notes")))
    blocks.append(Check(address, [_("Scanning shows the registration, without amounts and contacts.")]))
    return Paper(_("Notice of registration"), contract.project_name, contract.number or "", dated, blocks)


def _noted(rule: RegistrationRule, *, marks_unchecked: bool) -> str:
    unchecked = _("not yet checked against the text") if marks_unchecked and not rule.is_checked else ""
    return f"{rule.says} ({' · '.join(filter(None, [rule.called, unchecked]))})"


@login_required
@never_cache
@require_safe
def contract_notice(request: Any, code: str) -> HttpResponse:
    """The notice as PDF, for the parties and the register."""
    contract = find_contract(request, code)
    if not contract.stands or not contract.confidential_to(request.user):
        raise Http404
    address = request.build_absolute_uri(reverse("verify-code", args=[contract.code]))
    return paper_response(
        notice_paper(contract, address=address, marks_unchecked=reads_unchecked(request.user)),
        f"{contract.number}-notice",
    )
