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
from marketplace.brokers.applications.models import BrokerApplication
from marketplace.brokers.dated import BrokerRule
from marketplace.brokers.leads.models import Lead
from marketplace.brokers.models import TechBroker
from marketplace.brokers.schemes import BrokerScheme
from marketplace.brokers.training.models import TrainingRecord
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import LineItem, ReviewDecision
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.files import File
from marketplace.core.journal import Entry
from marketplace.core.working_days import CalendarDay
from marketplace.deals.interest import Interest
from marketplace.deals.leads import DealLead
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
from marketplace.rewards.evaluation.dated import EvaluationRule
from marketplace.rewards.evaluation.models import YearlyEvaluation
from marketplace.rewards.models import RewardClaim

__all__ = [
    "AccessToken",
    "AnnouncementAmendment",
    "AuctionSession",
    "BidAnswer",
    "BidderRegistration",
    "BrokerApplication",
    "BrokerConsent",
    "BrokerInvitation",
    "BrokerRule",
    "BrokerScheme",
    "CalendarDay",
    "CoOwner",
    "Consent",
    "Deal",
    "DealLead",
    "DealNote",
    "DefaultAppeal",
    "Deposit",
    "Disclosure",
    "Entry",
    "EvaluationRule",
    "File",
    "IPRight",
    "ImportRow",
    "Industry",
    "Interest",
    "Inventor",
    "Lead",
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
    "PriceProposal",
    "PriorityHolder",
    "Publicity",
    "ResearchOutcome",
    "ReviewDecision",
    "ReviewRemark",
    "ReviewTask",
    "RewardClaim",
    "SaleConfirmation",
    "TargetIndicator",
    "TechBroker",
    "TechnicalField",
    "TechnologyContract",
    "TechnologyNeed",
    "TrainingRecord",
    "User",
    "YearlyEvaluation",
]
