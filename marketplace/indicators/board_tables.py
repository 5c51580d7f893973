"""The records behind a figure as tables to take away: heads and rows, and their sums where the page has them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.core import clock
from marketplace.core.money import in_yuan
from marketplace.indicators.lot_queries import SOLD


def register_table(rows: QuerySet[Any], *, is_amount: bool) -> tuple[list[str], list[list[Any]]]:
    """Rows of the register, each with every figure it changed, and at last with its part in the one that was opened."""
    heads = [_("Counted on"), _("Event"), _("Registration number"), _("Contract")]
    heads += [_("Seller of the technology"), pgettext("contract", "Buyer")]
    heads += [_("Number of contracts"), _("Total amount (yuan)"), _("Technical amount (yuan)")]
    heads += [_("Sold from the district (yuan)"), _("Bought into the district (yuan)")]
    heads += [_("Large contracts"), _("Technical amount of large contracts (yuan)")]
    heads.append(_("In this figure (yuan)") if is_amount else _("In this figure"))
    lines = [
        [
            row.counted_on,
            row.get_kind_display(),
            row.contract.number,
            row.contract.project_name,
            row.contract.seller.name,
            row.contract.buyer_name,
            row.count,
            *(in_yuan(amount) for amount in (row.total, row.technical, row.sold_here, row.bought_here)),
            row.large_count,
            in_yuan(row.large_technical),
            in_yuan(row.part) if is_amount else row.part,
        ]
        for row in rows
    ]
    return heads, with_sums(lines, first=6)


def with_sums(lines: list[list[Any]], *, first: int, last: int | None = None) -> list[list[Any]]:
    """Return lines and, below them, the sums of their columns from `first` to before `last`; of no line, no sum."""
    if not lines:
        return lines
    summed = range(len(lines[0]))[first:last]
    below = [sum(line[column] for line in lines) if column in summed else "" for column in range(len(lines[0]))]
    return [*lines, [_("Sum"), *below[1:]]]


def lot_table(lots: QuerySet[Any]) -> tuple[list[str], list[list[Any]]]:
    heads = [_("Lot"), _("Outcome"), _("Session"), _("State"), _("Start price (yuan)"), _("Price (yuan)"), _("End")]
    rows = [
        [
            lot.number,
            lot.outcome.title,
            lot.session.title,
            lot.get_state_display(),
            in_yuan(lot.start_price),
            in_yuan(lot.price) if lot.state in SOLD else None,  # a bid below the reserve is no price
            lot.ends_at,
        ]
        for lot in lots
    ]
    return heads, rows


def session_table(sessions: QuerySet[Any]) -> tuple[list[str], list[list[Any]]]:
    """Sessions with the end of their last bidding."""
    heads = [pgettext("session", "Number"), _("Session"), _("Legal form"), _("Organiser"), _("Bidding from"), _("End")]
    rows = [
        [
            session.number,
            session.title,
            session.get_legal_form_display(),
            session.organiser.name,
            session.starts_at,
            session.ended_at,
        ]
        for session in sessions.select_related("organiser")
    ]
    return heads, rows


def need_table(needs: QuerySet[Any], *, with_moments: bool = False) -> tuple[list[str], list[list[Any]]]:
    """Needs with their enterprises, for officers and auditors; of those that count when solved, that moment too."""
    heads = [pgettext("need", "Number"), _("Need"), _("Enterprise"), _("State"), _("published at")]
    rows = [
        [need.code, need.title, need.organisation.name, need.get_state_display(), need.published_at] for need in needs
    ]
    if not with_moments:
        return heads, rows
    return [*heads, _("Solved at")], [[*row, need.solved_at] for row, need in zip(rows, needs, strict=True)]


def distribution_table(distributions: QuerySet[Any]) -> tuple[list[str], list[list[Any]]]:
    """Payments shared out, each with its sums; what a payee gets stands in the statements only."""
    heads = [_("Contract"), _("Seller of the technology"), _("Received on"), _("Payment (yuan)")]
    heads += [_("Net income (yuan)"), _("To the inventors (yuan)"), _("Shared out at")]
    rows = [
        [
            one.receipt.contract.project_name,
            one.receipt.contract.seller.name,
            one.receipt.received_on,
            in_yuan(one.receipt.amount),
            in_yuan(one.net),
            in_yuan(one.to_inventors),
            one.made_at,
        ]
        for one in distributions
    ]
    return heads, with_sums(rows, first=3, last=6)


def broker_table(brokers: QuerySet[Any]) -> tuple[list[str], list[list[Any]]]:
    today, certificate = clock.today(), [_("Certificate number"), _("Firm"), _("valid from"), _("valid until")]
    heads = [pgettext("person", "Name"), _("Level"), *certificate, _("State"), _("Filed with the district at")]
    rows = [
        [
            broker.name,
            broker.get_level_display(),
            broker.certificate_no,
            broker.firm.name if broker.firm else _("independent"),
            broker.valid_from,
            broker.valid_until,
            broker.standing(today).label,
            broker.filed_at,
        ]
        for broker in brokers
    ]
    return heads, rows
