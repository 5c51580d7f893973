"""The announcement (拍卖公告) as a paper: what was frozen when it was published, and the amendments beside it.

Nothing here is read from today's lots. Announcements before version 2 held codes and amounts only: what they left out
is left out here, but for titles. The auctioneer's name is the session's, because no person's name is frozen.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from marketplace.auctions.amending import AMENDABLE, amendment_name
from marketplace.auctions.announced_rules import conditions, how_bidding_goes
from marketplace.auctions.announced_terms import after_the_sale, how_to_view
from marketplace.auctions.ladder import read_instant
from marketplace.auctions.models import AnnouncementAmendment, AuctionSession, Lot
from marketplace.auctions.object_parts import in_words
from marketplace.auctions.printed import amount, at, raises, span, titled, word
from marketplace.auctions.words import SEALED_WORDS
from marketplace.core.choices import TransferMode
from marketplace.core.papers import Block, Check, Facts, Paper, Table, Text

CHANGEABLE = {"starts_at": gettext_lazy("bidding from")} | AMENDABLE
ACTS = {
    "postponed": gettext_lazy("The session is postponed. Its new times will be announced here. Deposits stay held."),
    "reannounced": gettext_lazy("The postponed session takes place at new times."),
}
LICENSED = AuctionSession.LegalForm.LICENSED_AUCTION


def announcement_paper(session: AuctionSession, *, address: str) -> Paper:
    """Return the announcement of an announced session; `address` is where its page stands."""
    frozen = session.announcement or {}
    amendments = list(session.amendments.order_by("position"))
    lots = [lot | {"title": titled(lot, lot["outcome"])} for lot in frozen["lots"]]
    blocks: list[Block] = [
        *(_amendment(amendment) for amendment in amendments),
        _facts(session, frozen),
        *([Text([frozen["introduction"]], heading=_("Introduction"))] if frozen.get("introduction") else []),
        _overview(lots),
        *(_lot(lot.get("position", place), lot) for place, lot in enumerate(lots, start=1)),
        conditions(frozen),
        *([Facts(terms, heading=_("After the sale"))] if (terms := after_the_sale(frozen)) else []),
        how_bidding_goes(frozen),
        _proofs(session, amendments),
        Check(address, [_("Scanning opens this announcement with its amendments as it stands then.")]),
    ]
    dated = amendments[-1].published_at if amendments else session.announced_at
    assert dated is not None  # noqa: S101  # session_announced_iff_frozen
    title = _("Auction announcement") if session.legal_form == LICENSED else _("Open bidding announcement")
    return Paper(title, titled(frozen, session.title), session.number, dated, blocks)


def _facts(session: AuctionSession, frozen: dict[str, Any]) -> Facts:
    company = frozen.get("auction_company")
    rows = [
        (_("Legal form"), word(AuctionSession.LegalForm, frozen["legal_form"])),
        (_("Organiser"), _named(frozen.get("organiser_name", ""), frozen["organiser"])),
    ]
    if company:
        rows += [
            (_("Auction company"), _named(company["name"], company["uscc"])),
            (_("licence of the auction company"), company["licence"]),
            (_("Auctioneer"), session.auctioneer_name),
            (_("licence of the auctioneer"), frozen.get("auctioneer_licence", "")),
        ]
    rows += [
        (_("Venue"), frozen.get("venue") or _("online")),
        (pgettext("announcement", "Published"), at(frozen.get("announced_at"))),
        (_("Registration until"), at(frozen["registration_closes_at"])),
        (_("Bidding from"), at(frozen["starts_at"])),
    ]
    return Facts(
        [*rows, *how_to_view(frozen)],
        heading=pgettext("announcement", "The session"),
    )


def _named(name: str, uscc: str) -> str:
    return f"{name} ({uscc})" if name else uscc


def _overview(lots: list[dict[str, Any]]) -> Table:
    headings = [pgettext("table", "No."), _("Lot"), _("What is sold"), _("Start price"), _("Deposit"), _("Bidding")]
    rows = [
        [
            str(lot.get("position", place)),
            f"{lot['title']}\n{lot['lot']}",
            word(TransferMode, lot["mode"]),
            amount(lot["start_price"]),
            amount(lot["deposit"]),
            f"{at(lot['starts_at'])}\n{at(lot['ends_at'])}",
        ]
        for place, lot in enumerate(lots, start=1)
    ]
    return Table(headings, rows, heading=_("Lots"), numbers=(3, 4), widths=(3, 14, 7, 9, 8, 9))


def _lot(place: int, lot: dict[str, Any]) -> Facts:
    seller = lot.get("seller")
    rows = [
        *([(_("Seller"), _named(seller["name"], seller["uscc"]))] if seller else []),
        (_("Object of sale"), f"{word(TransferMode, lot['mode'])}{_(': ')}{lot['object']}"),
        *in_words(lot.get("object_parts", {})),
        (_("Known defects"), lot.get("defects") or _("none named")),
        (_("Outcome"), lot["outcome"]),
        (pgettext("lot", "Format"), word(Lot.Format, lot["format"])),
        (_("Start price"), amount(lot["start_price"])),
        (_("Reserve"), _reserve(lot)),
        *_priority(lot),
        *_room(lot),
        (_("Deposit"), amount(lot["deposit"])),
        (_("Bidding"), span(at(lot["starts_at"]), at(lot["ends_at"]))),
        *_bidding(lot),
        (_("Single bidder"), _single(is_enough=lot["single_bidder"])),
    ]
    if lot["reserve_commitment"]:
        rows.append((_("Commitment to the reserve"), lot["reserve_commitment"]))
    return Facts(rows, heading=f"{place}. {lot['title']} · {lot['lot']}")


def _bidding(lot: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the terms that hang on the format: raises and extension, calls in a hall, or how sealed bids end."""
    if "tie_rule" in lot:
        return [(_("Sealed bids"), str(SEALED_WORDS))]
    rows = [
        (_("Minimum raise"), raises(lot["ladder"])),
        (_("Extension"), _extension(lot["window_seconds"], lot["most_extensions"])),
    ]
    if "call_pause_seconds" in lot:
        pause = {"seconds": lot["call_pause_seconds"]}
        rows.append((_("In the hall"), _("Three calls, %(seconds)s seconds apart at least; then the hammer.") % pause))
    return rows


def _priority(lot: dict[str, Any]) -> list[tuple[str, str]]:
    holders = lot.get("priority_holders", 0)
    if not holders:
        return []
    words = ngettext(
        "There is %(n)s holder of a priority right.", "There are %(n)s holders of priority rights.", holders
    )
    return [(_("Priority right"), words % {"n": holders})]


def _room(lot: dict[str, Any]) -> list[tuple[str, str]]:
    documents = lot.get("data_room", 0)
    if not documents:
        return []
    words = ngettext(
        "%(n)s document, read on the platform on the days of viewing once the words of confidentiality are accepted.",
        "%(n)s documents, read on the platform on the days of viewing once the words of confidentiality are accepted.",
        documents,
    )
    return [(_("Data room"), words % {"n": documents})]


def _reserve(lot: dict[str, Any]) -> str:
    if lot["reserve_commitment"]:
        return _("There is a secret reserve. It is opened with the result and must fit the commitment below.")
    return _("There is no reserve: the highest bid from the start price on buys.")


def _extension(seconds: int, most: int | None) -> str:
    minutes = {"minutes": f"{seconds / 60:g}"}
    words = _("A bid in the last %(minutes)s minutes moves the end to that bid plus %(minutes)s minutes.") % minutes
    return words if most is None else words + "\n" + _("At most %(most)s times.") % {"most": most}


def _single(*, is_enough: bool) -> str:
    if is_enough:
        return _("One bidder at or above the start price is enough.")
    return _("At least two bidders must bid.")


def _proofs(session: AuctionSession, amendments: list[AnnouncementAmendment]) -> Facts:
    rows = [(_("Fingerprint of the announcement"), session.announcement_hash)]
    rows += [(amendment_name(each.position), each.hash) for each in amendments]
    rows.append(
        (
            _("How to check"),
            _(
                "The page of the announcement offers its frozen text as a file, a line each for the announcement and "
                "its amendments. The SHA-256 of a line, without its line break, is the fingerprint; each amendment "
                "names the fingerprint before it. Every event of a lot is chained to the announcement: the lot’s page "
                "offers its record and a program that recomputes the chain and replays the bidding."
            ),
        )
    )
    return Facts(rows, heading=_("How results are verified"))


def _amendment(amendment: AnnouncementAmendment) -> Facts:
    said = amendment.content
    rows = [
        (pgettext("announcement", "Published"), at(amendment.published_at)),
        (_("What changes"), said["summary"] or str(ACTS[said["act"]])),
        *([(_("Reason"), said["reason"])] if said["reason"] else []),
    ]
    for field, change in sorted(said["changes"].items(), key=lambda each: [*CHANGEABLE, each[0]].index(each[0])):
        words = {"was": _value(field, change["was"]), "now": _value(field, change["now"])}
        label = str(CHANGEABLE.get(field, field))
        rows.append((label[:1].upper() + label[1:], _("%(now)s\nbefore: %(was)s") % words))
    for lot in said.get("lots", []):
        begins, ends = (at(read_instant(lot[name])) for name in ("starts_at", "ends_at"))
        rows.append((_("Bidding on lot %(lot)s") % {"lot": lot["lot"]}, span(begins, ends)))
    name = amendment_name(amendment.position)
    return Facts(rows, heading=name, anchor=f"amendment-{amendment.position}")


def _value(field: str, value: Any) -> str:
    if field.endswith("_at") and value:
        return at(read_instant(value))
    return str(value) if value else "—"
