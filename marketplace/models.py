"""Hands the nouns' models to Django."""

from marketplace.auctions.models import (
    AnnouncementAmendment,
    AuctionSession,
    BidAnswer,
    BidderRegistration,
    DefaultAppeal,
    Deposit,
    Lot,
    LotAnchor,
    LotEvent,
    Negotiation,
    PriorityHolder,
    SaleConfirmation,
)
from marketplace.brokers.models import TechBroker
from marketplace.contracts.changes import ContractChange
from marketplace.contracts.counting import RegisterRow
from marketplace.contracts.dated import RegistrationRule
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import JointSeller, LineItem, ReviewDecision
from marketplace.contracts.party import PartyData
from marketplace.contracts.payments.models import Instalment, Receipt
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.contracts.sharing.decisions import PlanDecision
from marketplace.contracts.sharing.models import DistributionPlan, PlanShare
from marketplace.contracts.sharing.payouts import Distribution, PayoutLine
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.files import File
from marketplace.core.journal import Entry
from marketplace.core.working_days import CalendarDay
from marketplace.deals.interest import Interest
from marketplace.deals.models import Deal
from marketplace.deals.parts import BrokerConsent, DealNote, NdaAcceptance, PriceProposal
from marketplace.matching.invitation import BrokerInvitation
from marketplace.matching.models import Match
from marketplace.needs.models import NeedDisclosure, TargetIndicator, TechnologyNeed
from marketplace.notices.models import MailChoice, Notice
from marketplace.organisations.models import AccessToken, Consent, Membership, Organisation, User
from marketplace.outcomes.imports.models import ImportRow, OutcomeImport
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.parts import CoOwner, Disclosure, Inventor, IPRight
from marketplace.publicity.models import Objection, Publicity
from marketplace.reviews.models import ReviewRemark
from marketplace.reviews.task import ReviewTask

__all__ = [
    "AccessToken",
    "AnnouncementAmendment",
    "AuctionSession",
    "BidAnswer",
    "BidderRegistration",
    "BrokerConsent",
    "BrokerInvitation",
    "CalendarDay",
    "CoOwner",
    "Consent",
    "ContractChange",
    "Deal",
    "DealNote",
    "DefaultAppeal",
    "Deposit",
    "Disclosure",
    "Distribution",
    "DistributionPlan",
    "Entry",
    "File",
    "IPRight",
    "ImportRow",
    "Industry",
    "Instalment",
    "Interest",
    "Inventor",
    "JointSeller",
    "LineItem",
    "Lot",
    "LotAnchor",
    "LotEvent",
    "MailChoice",
    "Match",
    "Membership",
    "NdaAcceptance",
    "NeedDisclosure",
    "Negotiation",
    "Notice",
    "Objection",
    "Organisation",
    "OutcomeImport",
    "PartyData",
    "PayoutLine",
    "PlanDecision",
    "PlanShare",
    "PriceProposal",
    "PriorityHolder",
    "Publicity",
    "Receipt",
    "RegisterRow",
    "RegistrationRule",
    "ResearchOutcome",
    "ReviewDecision",
    "ReviewRemark",
    "ReviewTask",
    "SaleConfirmation",
    "SharingRule",
    "TargetIndicator",
    "TechBroker",
    "TechnicalField",
    "TechnologyContract",
    "TechnologyNeed",
    "User",
]
