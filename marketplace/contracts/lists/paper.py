"""The registration list as a paper: the contracts with both amounts, the sums, and a code that verifies it."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.contracts.lists.models import RegistrationList
from marketplace.core.issuing import issued_by_register
from marketplace.core.money import format_exact, format_yuan
from marketplace.core.papers import Block, Check, Facts, Paper, Table


def list_paper(made: RegistrationList, *, address: str) -> Paper:
    """Return the paper of an issued list, with what stood in the register when it was made."""
    language = get_language() or "zh-hans"
    assert made.issued_at is not None and made.issued_by is not None  # noqa: S101, PT018  # only issued lists have a paper
    lines = list(made.lines.select_related("contract__seller"))
    facts = [
        (_("Number of the list"), made.number),
        (_("Made for"), made.purpose),
        (_("Number of contracts"), str(len(lines))),
        (_("Total amount"), format_exact(sum(line.total for line in lines), language)),
        (_("Technical amount"), format_exact(sum(line.technical for line in lines), language)),
        (_("Size"), _("large contracts, reviewed twice") if made.is_large else _("below the threshold")),
        *issued_by_register(made.issued_at),
        (_("Issued by"), made.issued_by.get_short_name()),
    ]
    heads = [_("Row"), _("Registration number"), _("Contract"), _("Seller → buyer"), _("Total (yuan)")]
    rows = [
        (
            str(line.position),
            line.number,
            line.contract.project_name,
            f"{line.contract.seller.name} → {line.contract.buyer_name}",
            format_yuan(line.total),
            format_yuan(line.technical),
        )
        for line in lines
    ]
    table = Table([*heads, _("Technical (yuan)")], rows, numbers=(4, 5), widths=(1, 4, 5, 6, 3, 3))
    words = [_("The list is void as soon as one registration on it is revoked; scanning shows whether it is valid.")]
    blocks: list[Block] = [Facts(facts), table, Check(address, words)]
    return Paper(_("Registration list"), _("Technology contracts"), made.number or "", made.issued_at, blocks)
