"""The records of 瓯来拍, handed on from the room each lives in."""

from marketplace.auctions.announcements import AnnouncementAmendment
from marketplace.auctions.appeals import DefaultAppeal
from marketplace.auctions.authorities import AgentAuthority
from marketplace.auctions.bidders import BidderRegistration
from marketplace.auctions.confirmations import SaleConfirmation
from marketplace.auctions.corrections import DepositCorrection, RefundCorrection
from marketplace.auctions.data_room import RoomAcceptance, RoomDocument
from marketplace.auctions.deposit_rows import Deposit
from marketplace.auctions.lots import Lot
from marketplace.auctions.milestones import SaleMilestone
from marketplace.auctions.negotiations import Negotiation
from marketplace.auctions.priority_holders import PriorityHolder
from marketplace.auctions.public_record import BidAnswer, LotAnchor, LotEvent, SealedBid
from marketplace.auctions.sessions import AuctionSession
from marketplace.auctions.stray_rows import StrayPayment

__all__ = [
    "AgentAuthority",
    "AnnouncementAmendment",
    "AuctionSession",
    "BidAnswer",
    "BidderRegistration",
    "DefaultAppeal",
    "Deposit",
    "DepositCorrection",
    "Lot",
    "LotAnchor",
    "LotEvent",
    "Negotiation",
    "PriorityHolder",
    "RefundCorrection",
    "RoomAcceptance",
    "RoomDocument",
    "SaleConfirmation",
    "SaleMilestone",
    "SealedBid",
    "StrayPayment",
]
