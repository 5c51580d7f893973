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
from marketplace.contracts.assessments import Assessment
from marketplace.contracts.changes import ContractChange
from marketplace.contracts.counting import RegisterRow
from marketplace.contracts.dated import RegistrationRule
from marketplace.contracts.drafts.clauses import ClauseText
from marketplace.contracts.drafts.models import ContractDraft
from marketplace.contracts.lists.models import ListedContract, RegistrationList
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.numbers.models import NumberImport, NumberRow
from marketplace.contracts.parts import JointSeller, LineItem, ReviewDecision
from marketplace.contracts.party import PartyData
from marketplace.contracts.payments.models import Instalment, Receipt, ReceiptRemark
from marketplace.contracts.performance.models import ContractMilestone, ContractTermination
from marketplace.contracts.sharing.allotments import AllotmentLine, ShareAllotment
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.contracts.sharing.decisions import PlanDecision
from marketplace.contracts.sharing.models import DistributionPlan, PlanShare
from marketplace.contracts.sharing.payouts import Distribution, PayoutLine
from marketplace.contracts.sharing.profits import ProfitReport
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.code_lists import CodeRule
from marketplace.core.files import File
from marketplace.core.journal import Entry
from marketplace.core.working_days import CalendarDay
from marketplace.deals.dated import DealRule
from marketplace.deals.interest import Interest
from marketplace.deals.leads import DealLead
from marketplace.deals.models import Deal
from marketplace.deals.parts import BrokerConsent, DealNote, NdaAcceptance, PriceProposal
from marketplace.deals.room import DealPaper, Resumption, TermSheet
from marketplace.indicators.targets import YearTarget
from marketplace.matching.invitation import BrokerInvitation
from marketplace.matching.models import Match
from marketplace.needs.models import NeedDisclosure, TargetIndicator, TechnologyNeed
from marketplace.notices.models import MailChoice, Notice
from marketplace.organisations.models import AccessToken, Consent, MemberInvitation, Membership, Organisation, User
from marketplace.outcomes.co_ownership import CoOwnerAnswer, CoOwnership
from marketplace.outcomes.imports.models import ImportRow, OutcomeImport
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.parts import CoOwner, Disclosure, Inventor, IPRight
from marketplace.publicity.models import Objection, Publicity
from marketplace.publicity.replies import ObjectionReply
from marketplace.reviews.models import ReviewRemark, TakenOffline
from marketplace.reviews.task import ReviewTask
from marketplace.rewards.evaluation.dated import EvaluationRule
from marketplace.rewards.evaluation.models import YearlyEvaluation
from marketplace.rewards.models import RewardClaim
from marketplace.rewards.satisfaction import BrokerMark
from marketplace.trials.models import Trial
from marketplace.trials.parts import Breach, Criterion, Extension, Insurance, Milestone, Support
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.pool import PoolEntry, PoolTerms
from marketplace.trials.royalty import OutputReport

__all__ = [
    "AccessToken",
    "AllotmentLine",
    "AnnouncementAmendment",
    "Assessment",
    "AuctionSession",
    "BidAnswer",
    "BidderRegistration",
    "Breach",
    "BrokerApplication",
    "BrokerConsent",
    "BrokerInvitation",
    "BrokerMark",
    "BrokerRule",
    "BrokerScheme",
    "CalendarDay",
    "ClauseText",
    "CoOwner",
    "CoOwnerAnswer",
    "CoOwnership",
    "CodeRule",
    "Consent",
    "ContractChange",
    "ContractDraft",
    "ContractMilestone",
    "ContractTermination",
    "Criterion",
    "Deal",
    "DealLead",
    "DealNote",
    "DealPaper",
    "DealRule",
    "DefaultAppeal",
    "Deposit",
    "Disclosure",
    "Distribution",
    "DistributionPlan",
    "Entry",
    "EvaluationRule",
    "Extension",
    "File",
    "IPRight",
    "ImportRow",
    "Industry",
    "Instalment",
    "Insurance",
    "Interest",
    "Inventor",
    "JointSeller",
    "Lead",
    "LineItem",
    "ListedContract",
    "Lot",
    "LotAnchor",
    "LotEvent",
    "MailChoice",
    "Match",
    "MemberInvitation",
    "Membership",
    "Milestone",
    "NdaAcceptance",
    "NeedDisclosure",
    "Negotiation",
    "Notice",
    "NumberImport",
    "NumberRow",
    "Objection",
    "ObjectionReply",
    "Organisation",
    "OutcomeImport",
    "OutputReport",
    "PartyData",
    "PayoutLine",
    "PlanDecision",
    "PlanShare",
    "PoolEntry",
    "PoolTerms",
    "PriceProposal",
    "PriorityHolder",
    "ProfitReport",
    "Publicity",
    "Receipt",
    "ReceiptRemark",
    "RegisterRow",
    "RegistrationList",
    "RegistrationRule",
    "ResearchOutcome",
    "Resumption",
    "ReviewDecision",
    "ReviewRemark",
    "ReviewTask",
    "RewardClaim",
    "SaleConfirmation",
    "ShareAllotment",
    "SharingRule",
    "Support",
    "TakenOffline",
    "TargetIndicator",
    "TechBroker",
    "TechnicalField",
    "TechnologyContract",
    "TechnologyNeed",
    "TermSheet",
    "TrainingRecord",
    "Trial",
    "TrialPolicy",
    "User",
    "YearTarget",
    "YearlyEvaluation",
]
