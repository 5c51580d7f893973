"""Papers of a sale: the confirmation (成交确认书) of what was sold, and the minutes (拍卖笔录) of how it went."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.auctions.aftermath import UNDOING, aftermath_of
from marketplace.auctions.ladder import read_instant
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot, LotEvent, SaleConfirmation
from marketplace.auctions.object_parts import in_words
from marketplace.auctions.printed import amount, at, span, titled
from marketplace.auctions.result_page import confirmed_buyer_of
from marketplace.auctions.words import EVENT_WORDS, UNSOLD_WORDS, event_words
from marketplace.core.money import in_capitals
from marketplace.core.papers import Block, Check, Facts, Paper, Signatures, Table, Text
from marketplace.core.verification import printed_code

LICENSED = AuctionSession.LegalForm.LICENSED_AUCTION
SHORT = 16  # characters of a fingerprint that tell events apart on paper


def confirmation_paper(confirmation: SaleConfirmation, *, address: str) -> Paper:
    """Return the confirmation of a sale; `address` is where its code is verified."""
    session = confirmation.lot.session
    record = [
        (pgettext("record", "Events"), str(confirmation.seq)),
        (_("Fingerprint of the last event"), confirmation.head_hash),
        (_("Fingerprint of the announcement"), session.announcement_hash),
    ]
    terms = _(
        "Seller and buyer confirm the sale of this lot by the announcement of the session and the record of its "
        "bidding. They sign the technology contract next; the object, its known defects and the terms are those of "
        "the announcement."
    )
    scanned = [
        _("Verification code %(code)s") % {"code": printed_code(confirmation.code)},
        _("Scanning shows whether the sale stands now, and leads to the record of its bidding."),
    ]
    void = _why_void(confirmation.lot)
    signed: list[Block] = [] if void else [Text([terms]), Signatures(_signers(session))]
    blocks: list[Block] = [
        *([Text([void], heading=_("Void"))] if void else []),
        Facts([*_holders(session), *_sale(confirmation)], heading=_("The sale")),
        Facts(_money(confirmation), heading=_("Price")),
        Facts(record, heading=_("Record of the bidding")),
        *signed,
        Check(address, scanned),
    ]
    title, subject = _("Confirmation of sale"), _announced_title(confirmation.lot)
    return Paper(title, subject, confirmation.number, confirmation.confirmed_at, blocks)


def _why_void(lot: Lot) -> str:
    """Return since when and why a sale does not stand any more, in the order it came; "" while it does."""
    if lot.state in lot.SUCCEEDED:
        return ""
    words = _("The sale does not stand any more: this paper is void and is kept as evidence only.")
    undone = [step for step in reversed(aftermath_of(lot)) if step.kind in UNDOING]
    return " ".join([words, *(f"{step.title} {at(step.at)}" for step in undone)])


def _sale(confirmation: SaleConfirmation) -> list[tuple[str, str]]:
    lot = confirmation.lot
    return [
        (_("Session"), f"{lot.session.heading} ({lot.session.number})"),
        (_("Lot"), f"{_announced_title(lot)} ({lot.number})"),
        (_("Object of sale"), f"{lot.get_mode_display()}{_(': ')}{lot.object_of_sale}"),
        *in_words(lot.object_parts),
        (_("Seller"), _party(confirmation.seller_name, confirmation.seller.uscc)),
        (pgettext("sale", "Buyer"), _party(confirmation.buyer_name, confirmation.buyer.uscc)),
        (_("Bidder number"), confirmation.alias),
        (_("Closed"), at(lot.ends_at, "second")),
        (_("Confirmed"), at(confirmation.confirmed_at)),
    ]


def _money(confirmation: SaleConfirmation) -> list[tuple[str, str]]:
    return [
        (_("Price"), amount(confirmation.price)),
        (_("In capitals"), in_capitals(confirmation.price)),
        (_("Deposit applied to the price"), amount(confirmation.deposit_applied)),
        (_("Left to be paid"), amount(max(confirmation.price - confirmation.deposit_applied, 0))),
    ]


def _announced_title(lot: Lot) -> str:
    """Return the title as announced: the outcome may have been described anew since."""
    announced = (lot.session.announcement or {"lots": []})["lots"]
    terms: dict[str, Any] = next((terms for terms in announced if terms["lot"] == lot.number), {})
    return titled(terms, lot.outcome.heading)


def _party(name: str, uscc: str) -> str:
    return _("%(name)s\ncredit code %(uscc)s") % {"name": name, "uscc": uscc}


def _holders(session: AuctionSession) -> list[tuple[str, str]]:
    rows = [(_("Legal form"), session.get_legal_form_display()), (_("Organiser"), session.organiser.name)]
    if session.auction_company is not None:
        rows += [
            (_("Auction company"), f"{session.auction_company.name}\n{session.company_licence}"),
            (_("Auctioneer"), f"{session.auctioneer_name}\n{session.auctioneer_licence}"),
        ]
    return rows


def _signers(session: AuctionSession) -> list[str]:
    """Return who signs: buyer and auctioneer by law (拍卖法 Art. 52), here the seller as well."""
    signers = [_("Seller (seal), date"), _("Buyer (seal), date")]
    if session.legal_form == LICENSED:
        return [*signers, _("Auction company (seal), date"), _("Auctioneer, date")]
    return [*signers, _("Organiser (seal), date")]


def minutes_paper(lot: Lot, *, address: str) -> Paper:
    """Return the minutes of a lot that is over: every event as recorded; `address` is where the record stands."""
    events = list(lot.events.order_by("seq"))
    is_auction = lot.session.legal_form == LICENSED
    blocks: list[Block] = [
        Facts([*_holders(lot.session), *_course(lot)]),
        _log(events),
        Facts(_outcome(lot, events), heading=_("Result")),
        Signatures(_minute_signers(lot.session, is_sold=lot.state in lot.SUCCEEDED)),
        Check(address, [_("Scanning downloads the whole record, which anyone can check.")]),
    ]
    title = _("Auction minutes") if is_auction else _("Minutes of the bidding")
    return Paper(title, _announced_title(lot), lot.number, events[-1].decided_at, blocks)


def _course(lot: Lot) -> list[tuple[str, str]]:
    """Return what was sold, when and where, and the numbers that were admitted."""
    session = lot.session
    admitted = BidderRegistration.objects.filter(lot=lot).exclude(alias="").values_list("alias", flat=True)
    numbers = sorted(admitted, key=lambda alias: (len(alias), alias))
    return [
        (_("Session"), f"{session.heading} ({session.number})"),
        (_("Lot"), f"{_announced_title(lot)} ({lot.number})"),
        (_("Object of sale"), f"{lot.get_mode_display()}{_(': ')}{lot.object_of_sale}"),
        *in_words(lot.object_parts),
        (_("Seller"), lot.outcome.owner.name),
        (_("Venue"), session.venue or _("online")),
        (_("Start price"), amount(lot.start_price)),
        (_("Bidding"), span(at(lot.starts_at, "second"), at(lot.ends_at, "second"))),
        (_("Extensions"), str(lot.extensions)),
        (_("Numbers of the bidders admitted"), _(", ").join(numbers) or "—"),
    ]


def _log(events: list[LotEvent]) -> Table:
    headings = [
        pgettext("table", "No."),
        _("Arrived"),
        _("What happened"),
        pgettext("bid", "From"),
        _("Bidder"),
        _("Amount"),
        _("Fingerprint begins"),
    ]
    rows = [
        [
            str(event.seq),
            at(event.arrived_at, "ms"),
            _happened(event),
            event.get_source_display() if event.is_bid else "",
            event.alias,
            amount(event.amount) if event.amount else "",
            event.hash[:SHORT],
        ]
        for event in events
    ]
    return Table(headings, rows, heading=_("Record of the bidding"), numbers=(5,), widths=(3, 10, 10, 4, 5, 9, 9))


def _happened(event: LotEvent) -> str:
    if event.is_bid or event.kind not in EVENT_WORDS:
        return capfirst(event.get_kind_display())
    ends_at = event.payload.get("ends_at")
    until = at(read_instant(ends_at), "second") if ends_at else ""
    return event_words(event.kind, event.payload, alias=event.alias, until=until)


def _outcome(lot: Lot, events: list[LotEvent]) -> list[tuple[str, str]]:
    """Return what came of it; the buyer is named from the confirmation on, because who reads minutes may know."""
    result: dict[str, Any] = next((event.payload for event in events if event.kind == LotEvent.Kind.RESULT), {})
    rows = [(_("State"), lot.get_state_display())]
    if result.get("outcome") == "sold":
        rows += [
            (_("Price"), f"{amount(result['price'])}\n{in_capitals(result['price'])}"),
            (pgettext("sale", "Buyer"), _("bidder %(alias)s") % {"alias": result["alias"]}),
        ]
        if confirmed_buyer_of(lot):
            rows.append((_("Name of the buyer"), confirmed_buyer_of(lot)))
    elif result:
        rows.append((_("Not sold"), str(UNSOLD_WORDS.get(result.get("why", ""), ""))))
    if lot.note:
        rows.append((_("Reason"), lot.note))
    if lot.reserve_opened is not None:
        rows.append((_("Reserve"), amount(lot.reserve_opened)))
    rows += [(pgettext("record", "Events"), str(lot.seq)), (_("Fingerprint of the last event"), lot.head_hash)]
    return rows


def _minute_signers(session: AuctionSession, *, is_sold: bool) -> list[str]:
    """Return who signs the minutes: auctioneer and recorder, and the buyer where there is one (拍卖法 Art. 53)."""
    first = _("Auctioneer, date") if session.legal_form == LICENSED else _("Organiser, date")
    return [first, _("Recorder, date"), *([_("Buyer, date")] if is_sold else [])]
