"""Listings of 瓯来拍. Bidders stand here by their number in the room, never by name; money is finance's."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSetGroup

from cms.portal.places import address
from cms.staff.acts import Act
from cms.staff.columns import amount, state, words, yes_no
from cms.staff.rehearsals import without_rehearsals
from cms.staff.viewsets import LookOnly, RecordView
from marketplace.auctions import rules, rules_of_bidders
from marketplace.auctions.models import AuctionSession, BidderRegistration, Deposit, Lot

Session, Bidder = AuctionSession.State, BidderRegistration.State
UNTIL_CLOSED = (*AuctionSession.PLANNED, Session.ANNOUNCED, Session.REGISTRATION, Session.POSTPONED, Session.LIVE)


def _managed(name: str) -> Callable[[Any], str]:
    """Return what gives the page on which a session or a lot is managed."""
    return lambda record: address(name, record.number)


def _reviewed(registration: BidderRegistration) -> str:
    return address("registration-review", registration.code)


def _kept(deposit: Deposit) -> str:
    return address("deposit-detail", deposit.code)


class SessionListing(LookOnly):
    model = AuctionSession
    acts = (Act(_("Manage"), UNTIL_CLOSED, rules.announce_session, _managed("session-manage")),)
    icon = "date"
    related = ("organiser",)
    list_display = ["number", "title", words("legal_form", _("Legal form"), "get_legal_form_display")]
    list_display += [state("live"), "registration_closes_at", "starts_at", yes_no(AuctionSession, "is_practice")]
    filterset_class = without_rehearsals(
        AuctionSession, "rehearsal_of", ["state", "legal_form", "is_practice", "starts_at"]
    )
    list_export = ["number", "title", "legal_form", "organiser", "state", "registration_closes_at", "starts_at"]
    search_fields = ["number", "title"]
    inspect_view_fields = ["number", "title", "title_en", "introduction", "legal_form", "organiser", "auction_company"]
    inspect_view_fields += ["venue", "state", "registration_closes_at", "starts_at", "deposit_scope"]
    inspect_view_fields += ["deposit_percent", "extension_window", "announced_at", "announcement_hash", "is_practice"]
    inspect_view_fields += ["cancellation_reason"]


class LotRecord(RecordView):
    """A lot; of sealed bids staff learn no more than the public before the close, not even their number."""

    def get_seq_display_value(self) -> int:
        return self.object.shown_seq

    def get_head_hash_display_value(self) -> str:
        return self.object.shown_head


class LotListing(LookOnly):
    model = Lot
    acts = (
        Act(_("Review"), (Lot.State.REVIEW,), rules.approve_lot, _managed("lot-manage")),
        Act(_("Suspend"), (Lot.State.OPEN,), rules.suspend_lot, _managed("lot-manage")),
        Act(_("Resume"), (Lot.State.SUSPENDED,), rules.resume_lot, _managed("lot-manage")),
        Act(_("Confirm the sale"), (Lot.State.SOLD,), rules.confirm_sale, _managed("lot-manage")),
    )
    inspect_view_class = LotRecord
    icon = "tag"
    related = ("session", "outcome")
    list_display = ["number", "outcome", "session", state("open"), amount("start_price", _("Start price"))]
    list_display += [amount("price", _("Price")), words("leader_alias", _("Leader")), "ends_at"]
    filterset_class = without_rehearsals(Lot, "session__rehearsal_of", ["state", "format", "ends_at"])
    list_export = ["number", "session", "outcome", "state", "start_price", "price", "leader_alias", "ends_at"]
    search_fields = ["number", "outcome__title", "session__title"]
    inspect_view_fields = ["number", "session", "position", "outcome", "format", "mode", "object_of_sale", "defects"]
    inspect_view_fields += ["state", "starts_at", "ends_at", "leader_alias", "seq", "head_hash", "extensions", "note"]


class RegistrationListing(LookOnly):
    model = BidderRegistration
    acts = (
        Act(_("Review"), (Bidder.APPLIED, Bidder.DOCUMENTS), rules_of_bidders.admit_bidder, _reviewed),
        Act(_("Qualify"), (Bidder.DEPOSIT_HELD,), rules_of_bidders.qualify_bidder, _reviewed),
    )
    icon = "user"
    related = ("lot__outcome", "organisation")
    list_display = ["code", words("lot", _("Lot"), "lot.number", sort_key="lot__number"), "organisation"]
    list_display += [state("qualified"), "applied_at", "decided_at"]
    filterset_class = without_rehearsals(
        BidderRegistration, "lot__session__rehearsal_of", ["state", "is_barred", "applied_at"]
    )
    list_export = ["code", "lot.number", "organisation", "state", "applied_at", "decided_at"]
    export_headings = {"lot.number": _("Lot")}
    search_fields = ["code", "lot__number", "organisation__name"]
    inspect_view_fields = ["code", "lot", "organisation", "state", "priority_rank", "is_barred", "declared_at"]
    inspect_view_fields += ["decision_reason", "applied_at", "decided_at"]


class DepositListing(LookOnly):
    """What finance sees: payments, the session they stand for, and no bid."""

    model = Deposit
    acts = (
        Act(_("Record the payment"), (Deposit.State.DUE,), rules_of_bidders.record_deposit, _kept),
        Act(_("Record the refund"), (Deposit.State.RELEASE_DUE,), rules_of_bidders.release_deposit, _kept),
    )
    icon = "order"
    related = ("session", "organisation")
    list_display = ["reference", "organisation", "session", state("held"), amount("amount", _("Amount due"))]
    list_display += [amount("received", Deposit._meta.get_field("received").verbose_name), "due_at", "received_at"]
    filterset_class = without_rehearsals(Deposit, "session__rehearsal_of", ["state", "due_at", "received_at"])
    list_export = ["reference", "organisation", "session", "state", "amount", "received", "applied", "released"]
    list_export += ["forfeited", "bank_reference", "due_at", "received_at", "ended_at"]
    export_headings = {"applied": _("Applied to the price"), "released": _("Paid back"), "forfeited": _("Kept")}
    search_fields = ["reference", "bank_reference", "organisation__name"]
    inspect_view_fields = ["reference", "organisation", "session", "state", "due_at", "received_at", "bank_reference"]
    inspect_view_fields += ["release_due_at", "release_reference", "released_on", "ended_at"]

    def portal_address(self, record: Any) -> str:
        return _kept(record)


class Sales(ModelViewSetGroup):
    menu_label = _("Ou Auction")
    menu_icon = "date"
    menu_order = 240
    items = (
        SessionListing("sessions"),
        LotListing("lots"),
        RegistrationListing("registrations"),
        DepositListing("deposits"),
    )
