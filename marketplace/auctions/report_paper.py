"""The report of a session in words: tiles and charts of its page, its paper, and the table for spreadsheets."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from marketplace.auctions.models import SaleMilestone
from marketplace.auctions.printed import amount, at, titled
from marketplace.auctions.session_report import FollowUp, ReportRow, SessionReport
from marketplace.core.money import FEN_PER_WAN, format_unrounded, in_unit, in_yuan
from marketplace.core.papers import Bars, Check, Facts, Paper, Table, Text


def figures_of(report: SessionReport) -> list[dict[str, Any]]:
    """Return the figures (domain.md §7.2 table 5): label, value as text, which lots stand behind it, and a remark."""
    language = get_language() or "zh-hans"

    def money(fen: int) -> str:
        return format_unrounded(fen, language)

    def number(which: str) -> str:
        return str(len(report.shown(which)))

    return [
        _figure(_("Lots"), number("all"), "all", _("announced, with those withdrawn")),
        _figure(_("Sold"), number("sold"), "sold", _("sales that stand")),
        _figure(_("Unsold"), number("unsold"), "unsold"),
        _figure(_("Failed after the close"), number("failed"), "failed", _("default of the buyer, or rescinded")),
        _figure(_("Withdrawn"), number("withdrawn"), "withdrawn"),
        _figure(_("Sell-through"), share(report.sell_through), "sold", _("of the lots announced")),
        _figure(_("Sum of start prices"), money(report.start_total), "all", _("announced, with those withdrawn")),
        _figure(_("Sum of prices"), money(report.sold_total), "sold"),
        _figure(_("Premium"), percent(report.premium), "sold", _("over sold lots only")),
        _figure(_("Applicants"), str(report.applicants), "applied", _("organisations; only their number is published")),
        _figure(_("Bidders who bid"), str(report.bidders), "bid", _("organisations; only their number is published")),
        _figure(_("Bids"), str(sum(row.bids for row in report.rows)), "bid"),
        _figure(_("Extensions"), str(sum(row.lot.extensions for row in report.rows)), "extended"),
    ]


def _figure(label: str, value: str, shows: str, remark: str = "") -> dict[str, Any]:
    return {"label": label, "value": value, "shows": shows, "remark": remark}


def share(part: Any) -> str:
    """Return a share in per cent."""
    return "—" if part is None else f"{in_per_cent(part)}%"


def percent(share: Any) -> str:
    """Return a premium in per cent, with its sign."""
    return "—" if share is None else f"{in_per_cent(share):+}%".replace("-", "−")


def in_per_cent(share: Decimal) -> Decimal:
    """Return a share of one in per cent with one decimal, half up: as the pages of lots say it."""
    return (share * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def price_bars(report: SessionReport) -> list[dict[str, Any]]:
    """Return the rows of the chart of start prices and prices, in 万元; a lot without a price has one bar."""
    return [
        {
            "label": str(row.lot.position),
            "value": in_unit(row.lot.start_price, FEN_PER_WAN),
            "second": in_unit(row.price, FEN_PER_WAN) if row.price is not None else 0,
            "href": row.lot.get_absolute_url(),
            "spoken": f"{row.lot.number} {row.lot.outcome.heading}",
        }
        for row in report.rows
    ]


def bidder_bars(report: SessionReport) -> list[dict[str, Any]]:
    """Return the rows of the chart of who applied and who bid, lot by lot."""
    return [
        {
            "label": str(row.lot.position),
            "value": row.applicants,
            "second": row.bidders,
            "href": row.lot.get_absolute_url(),
            "spoken": f"{row.lot.number} {row.lot.outcome.heading}",
        }
        for row in report.rows
    ]


def report_paper(report: SessionReport, *, address: str) -> Paper:
    """Return the report as a paper; `address` is where its page stands."""
    session = report.session
    ends = [row.lot.ends_at for row in report.rows if row.lot.state != row.lot.State.WITHDRAWN]
    closed_at = max(ends, default=session.starts_at)
    figures = [
        (figure["label"], figure["value"] + (f" ({figure['remark']})" if figure["remark"] else ""))
        for figure in figures_of(report)
    ]
    held = [
        (_("Legal form"), session.get_legal_form_display()),
        (_("Organiser"), session.organiser.name),
        (_("Venue"), session.venue or _("online")),
        (_("Bidding"), f"{at(session.starts_at)} – {at(closed_at)}"),
    ]
    bars = [(_place(row), row.lot.start_price, row.price, _prices(row)) for row in report.rows]
    return Paper(
        _("Report of the session"),
        titled(session.announcement or {}, session.heading),
        session.number,
        closed_at,
        [
            Facts(held),
            Facts(figures, heading=_("Figures")),
            Bars(bars, heading=_("Start price (dark) and price (light)")),
            _lots(report),
            _follow_ups(report),
            Text([_("Counted from the records when this paper was made. Bidders are counted, not named.")]),
            Check(address, [_("Scanning opens the report with what became of each sale since.")]),
        ],
    )


def _place(row: ReportRow) -> str:
    return f"{row.lot.position}. {row.lot.number}"


def _prices(row: ReportRow) -> str:
    if row.price is None:
        return f"{amount(row.lot.start_price)}\n{row.lot.get_state_display()}"
    return f"{amount(row.lot.start_price)}\n{amount(row.price)}"


def _lots(report: SessionReport) -> Table:
    headings = [
        pgettext("table", "No."),
        _("Lot"),
        _("State"),
        _("Start price"),
        _("Price"),
        _("Premium"),
        _("Bids"),
        _("Bidder"),
    ]
    rows = [
        [
            str(row.lot.position),
            f"{row.lot.outcome.heading}\n{row.lot.number}",
            row.lot.get_state_display(),
            amount(row.lot.start_price),
            amount(row.price),
            percent(row.premium),
            str(row.bids),
            row.lot.leader_alias if row.is_sold else "",
        ]
        for row in report.rows
    ]
    return Table(headings, rows, heading=_("Lots"), numbers=(3, 4, 5, 6), widths=(3, 12, 6, 9, 9, 5, 5, 4))


def _follow_ups(report: SessionReport) -> Table:
    headings = [_("Lot"), _("Confirmed"), _("Contract signed"), _("Contract registered"), _("Paid")]
    headings += [_("Put into production"), _("Performed")]
    rows = [
        [
            _place(row),
            at(row.follow_up.confirmed_at)[:10],
            str(row.follow_up.signed_on or "—"),
            str(row.follow_up.registered_on or "—"),
            _paid(row.follow_up),
            _said(row.follow_up.in_production),
            _("yes") if row.follow_up.is_performed else "—",
        ]
        for row in report.sold
        if row.follow_up is not None
    ]
    return Table(headings, rows, heading=_("What became of each sale"), widths=(3, 2, 2, 2, 2, 2, 2))


def _said(milestone: SaleMilestone | None) -> str:
    """Return the day of a step, and by whose word."""
    return f"{milestone.happened_on}\n{milestone.word_of}" if milestone is not None else "—"


def _paid(follow: FollowUp) -> str:
    """Return the day of the payment and by whose word, with what the seller's side says to it."""
    return "\n".join(filter(None, [_said(follow.paid), follow.payment_words]))


def report_headings() -> list[Any]:
    """Return the headings of the table for spreadsheets."""
    return [
        pgettext("table", "No."),
        _("Lot"),
        _("Outcome"),
        _("State"),
        _("Start price, yuan"),
        _("Price, yuan"),
        _("Premium, %"),
        _("Applicants"),
        _("Bidders who bid"),
        _("Bids"),
        _("Extensions"),
        _("Bidder number of the buyer"),
        _("Confirmed"),
        _("Contract signed"),
        _("Contract registered"),
        _("Paid"),
        _("Paid, as the seller’s side says"),
        _("Put into production"),
        _("Performed"),
    ]


def report_rows(report: SessionReport) -> list[list[Any]]:
    """Return the lots as rows of a table that is reckoned with."""
    return [_sheet_row(row) for row in report.rows]


def _sheet_row(row: ReportRow) -> list[Any]:
    follow = row.follow_up
    return [
        row.lot.position,
        row.lot.number,
        row.lot.outcome.heading,
        row.lot.get_state_display(),
        in_yuan(row.lot.start_price),
        in_yuan(row.price) if row.price is not None else None,
        in_per_cent(row.premium) if row.premium is not None else None,
        row.applicants,
        row.bidders,
        row.bids,
        row.lot.extensions,
        row.lot.leader_alias if row.is_sold else "",
        follow.confirmed_at if follow else None,
        follow.signed_on if follow else None,
        follow.registered_on if follow else None,
        follow.paid.happened_on if follow and follow.paid else None,
        follow.payment_words if follow else "",
        follow.in_production.happened_on if follow and follow.in_production else None,
        (_("yes") if follow.is_performed else _("no")) if follow else "",
    ]
