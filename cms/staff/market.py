"""Listings of the market: who takes part, what was matched, dealt and contracted."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import StatusTagColumn
from wagtail.admin.viewsets.model import ModelViewSetGroup

from cms.staff.acts import Act
from cms.staff.columns import amount, state, words
from cms.staff.trials import TrialListing
from cms.staff.viewsets import LookOnly
from marketplace.brokers.models import TechBroker
from marketplace.contracts import rules as contract_rules
from marketplace.contracts.models import TechnologyContract
from marketplace.core import clock
from marketplace.deals.models import Deal
from marketplace.matching.invitation import BrokerInvitation
from marketplace.matching.models import Match
from marketplace.matching.sides import Capacity
from marketplace.organisations import rules as organisation_rules
from marketplace.organisations.models import Organisation
from marketplace.outcomes.imports.models import OutcomeImport

State = TechnologyContract.State
IN_REVIEW = (State.SUBMITTED, State.ACCEPTED, State.FIRST_REVIEW, State.SECOND_REVIEW)


class OrganisationListing(LookOnly):
    model = Organisation
    acts = (
        Act(_("Verify or refuse"), (Organisation.State.PENDING,), organisation_rules.verify_organisation),
        Act(_("Suspend"), (Organisation.State.VERIFIED,), organisation_rules.suspend_organisation),
        Act(_("Reinstate"), (Organisation.State.SUSPENDED,), organisation_rules.reinstate_organisation),
    )
    icon = "home"
    list_display = ["name", words("kind", _("Kind"), "get_kind_display", sort_key="kind"), "uscc", state("verified")]
    list_display += ["registered_at", "decided_at"]
    list_filter = ["state", "kind", "registered_at"]
    list_export = ["name", "kind", "uscc", "region", "state", "registered_at", "decided_at"]
    search_fields = ["name", "name_en", "uscc"]
    inspect_view_fields = ["name", "name_en", "kind", "uscc", "region", "address", "state", "decision_reason"]
    inspect_view_fields += ["registered_at", "submitted_at", "decided_at"]


def _standing(broker: TechBroker) -> TechBroker.Standing:
    return broker.standing(clock.now())


class BrokerListing(LookOnly):
    """The register, with what its readers are told of each: state and dates in one word."""

    model = TechBroker
    icon = "user"
    related = ("firm",)
    in_words = {"state": lambda broker: _standing(broker).label}
    list_display = ["name", "certificate_no", words("level", _("Level"), "get_level_display", sort_key="level")]
    list_display += ["firm", "valid_from", "valid_until"]
    list_display += [
        StatusTagColumn(
            "state",
            label=_("State"),
            accessor=in_words["state"],
            sort_key="state",
            primary=lambda broker: _standing(broker) == TechBroker.Standing.VALID,
        )
    ]
    list_filter = ["state", "level", "valid_until"]
    list_export = ["name", "certificate_no", "filing_number", "issuer", "level", "firm", "valid_from", "valid_until"]
    list_export += ["state"]
    search_fields = ["name", "certificate_no", "filing_number", "firm__name"]
    inspect_view_fields = ["name", "certificate_no", "filing_number", "issuer", "level", "firm", "fields"]
    inspect_view_fields += ["valid_from", "valid_until", "state", "decision_reason", "filed_at"]


class MatchListing(LookOnly):
    model = Match
    icon = "link"
    related = ("need__organisation", "outcome__owner")
    list_display = ["need", "outcome", words("strength", _("Strength"), "get_strength_display", sort_key="score")]
    list_display += [state("agreed"), "proposed_at"]
    list_filter = ["state", "strength", "decline_reason", "proposed_at"]
    list_export = ["code", "need", "outcome", "score", "strength", "state", "decline_reason", "proposed_at"]
    search_fields = ["code", "need__title", "outcome__title"]
    inspect_view_fields = ["code", "need", "outcome", "score", "strength", "state", "need_answer", "outcome_answer"]
    inspect_view_fields += ["decline_reason", "decline_note", "proposed_at", "computed_at", "weights_version"]


def _inviter(invitation: BrokerInvitation) -> Any:
    return invitation.organisation or Capacity.OFFICER.label


class InvitationListing(LookOnly):
    """Which broker was asked to take up which record, by whom, and what was answered."""

    model = BrokerInvitation
    icon = "mail"
    related = ("broker", "need", "outcome", "organisation")
    list_display = ["broker", words("record", _("Record")), words("organisation", _("Invited by"), _inviter)]
    list_display += [state("accepted"), "sent_at", "answered_at"]
    list_filter = ["state", "sent_at"]
    list_export = ["code", "broker", "need", "outcome", "organisation", "state", "sent_at", "answered_at"]
    export_headings = {"organisation": _("Invited by")}
    search_fields = ["code", "broker__name", "need__title", "outcome__title", "organisation__name"]
    inspect_view_fields = ["code", "broker", "need", "outcome", "organisation", "state", "message"]
    inspect_view_fields += ["answer_note", "sent_at", "answered_at"]


class DealListing(LookOnly):
    model = Deal
    icon = "group"
    related = ("outcome", "seller", "buyer", "broker", "trial__terms")
    list_display = ["code", "outcome", "seller", "buyer", "broker", state("done"), amount("price", _("Price"))]
    list_display += [words("priced", _("Pricing mode")), "moved_at"]
    list_filter = ["state", "pricing_mode", "opened_at"]
    list_export = ["code", "outcome", "seller", "buyer", "broker", "priced", "price", "state", "opened_at"]
    export_headings = {"priced": _("Pricing mode")}
    search_fields = ["code", "outcome__title", "seller__name", "buyer__name", "lot_number", "trial_number"]
    inspect_view_fields = [
        "code",
        "outcome",
        "need",
        "seller",
        "buyer",
        "broker",
        "broker_side",
        "lot_number",
        "trial_number",
        "state",
    ]
    inspect_view_fields += ["pricing_mode", "opened_at", "moved_at", "ended_at", "termination_reason"]


class ContractListing(LookOnly):
    model = TechnologyContract
    acts = (
        Act(_("Review"), IN_REVIEW, contract_rules.register_contract),
        Act(_("Decide on the change"), (State.CHANGE_REQUESTED,), contract_rules.grant_contract_change),
        Act(_("Re-examine"), (State.OBJECTION,), contract_rules.re_examine_contract),
    )
    icon = "doc-full"
    related = ("seller", "buyer", "field")
    list_display = ["project_name", "number", "seller", "buyer_name", state("registered")]
    list_display += [amount("total_amount", _("Total amount")), amount("technical_amount", _("Technical amount"))]
    list_display += ["signed_on", "registered_on", words("terminated_on", _("End before its time"), "end_label")]
    list_filter = ["state", "contract_type", "is_related_party", "signed_on", "registered_on", "terminated_how"]
    list_export = ["code", "number", "project_name", "contract_type", "seller", "buyer_name", "buyer_uscc"]
    list_export += ["total_amount", "technical_amount", "state", "signed_on", "registered_on"]
    list_export += ["terminated_on", "terminated_how"]
    search_fields = ["project_name", "number", "seller__name", "buyer_name", "buyer_uscc"]
    inspect_view_fields = ["code", "number", "project_name", "contract_type", "sub_type", "outcome", "broker"]
    inspect_view_fields += ["seller", "buyer_name", "buyer_uscc", "state", "signed_on", "begins_on", "ends_on"]
    inspect_view_fields += ["terminated_on", "terminated_how"]
    inspect_view_fields += ["is_related_party", "submitted_at", "complete_on", "registered_on"]


class ImportListing(LookOnly):
    model = OutcomeImport
    icon = "upload"
    related = ("organisation", "uploaded_by")
    list_display = ["file_name", "organisation", state("taken_over"), "uploaded_at", "taken_over_at"]
    list_filter = ["state", "uploaded_at"]
    list_export = ["code", "file_name", "organisation", "state", "uploaded_at", "taken_over_at"]
    search_fields = ["code", "file_name", "organisation__name"]
    inspect_view_fields = ["code", "file_name", "organisation", "state", "uploaded_at", "taken_over_at", "sha256"]


class Market(ModelViewSetGroup):
    menu_label = _("Market")
    menu_icon = "group"
    menu_order = 230
    items = (
        OrganisationListing("organisations"),
        BrokerListing("brokers"),
        MatchListing("matches"),
        InvitationListing("invitations"),
        DealListing("deals"),
        TrialListing("trials"),
        ContractListing("contracts"),
        ImportListing("imports"),
    )
