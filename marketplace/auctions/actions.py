"""Every verb of 瓯来拍; each stands in the room of its hour."""

from marketplace.auctions.after_sale import (
    choose_next_path,
    clear_buyer,
    free_licensed_outcome,
    mark_contracted,
    rescind_sale,
)
from marketplace.auctions.amending import amend_announcement
from marketplace.auctions.announcing import announce_session
from marketplace.auctions.answering_payment import confirm_payment, deny_payment
from marketplace.auctions.appealing import appeal_default, decide_appeal
from marketplace.auctions.authorising import accept_authority, hand_in_authority, refuse_authority
from marketplace.auctions.calling_off import cancel_session, withdraw_lot
from marketplace.auctions.closing import (
    close_lot,
    confirm_sale,
    move_session_on,
)
from marketplace.auctions.conduct import decide_bid, open_lot, place_bid, resume_lot, suspend_lot
from marketplace.auctions.correcting import correct_deposit, take_back_deposit
from marketplace.auctions.declining import decline_lot
from marketplace.auctions.defaulting import declare_default
from marketplace.auctions.deposits import record_deposit
from marketplace.auctions.following_up import note_milestone
from marketplace.auctions.hall import call_lot, extend_lot, hammer_lot, place_floor_bid, void_bid
from marketplace.auctions.halting import resume_bidding, suspend_bidding
from marketplace.auctions.negotiating import agree_to_negotiate, decline_to_negotiate
from marketplace.auctions.planning import move_session, plan_session
from marketplace.auctions.postponing import postpone_session, reannounce_session
from marketplace.auctions.preparing import add_lot, approve_lot, return_lot, submit_lot
from marketplace.auctions.priority import invite_priority_holder, list_priority_holder, strike_priority_holder
from marketplace.auctions.publishing import end_result_publicity, rescind_objected_sale
from marketplace.auctions.refunds import correct_refund, release_deposit, take_back_refund
from marketplace.auctions.registering import (
    add_documents,
    admit_bidder,
    apply_for_lot,
    ask_for_documents,
    qualify_bidder,
    reject_bidder,
)
from marketplace.auctions.rehearsals import join_rehearsal, rehearse_session, wipe_rehearsal
from marketplace.auctions.revoking import revoke_admission
from marketplace.auctions.rewriting import rewrite_lot, rewrite_session
from marketplace.auctions.room_keeping import (
    accept_room_terms,
    add_room_document,
    enter_room,
    open_room_document,
    read_room_log,
    withdraw_room_document,
)
from marketplace.auctions.sealed_bids import decide_sealed_bid, withdraw_sealed_bid
from marketplace.auctions.stepping_back import withdraw_application
from marketplace.auctions.straying import (
    assign_stray_payment,
    record_stray_payment,
    return_stray_payment,
    take_back_stray_payment,
    take_back_stray_return,
)

__all__ = [
    "accept_authority",
    "accept_room_terms",
    "add_documents",
    "add_lot",
    "add_room_document",
    "admit_bidder",
    "agree_to_negotiate",
    "amend_announcement",
    "announce_session",
    "appeal_default",
    "apply_for_lot",
    "approve_lot",
    "ask_for_documents",
    "assign_stray_payment",
    "call_lot",
    "cancel_session",
    "choose_next_path",
    "clear_buyer",
    "close_lot",
    "confirm_payment",
    "confirm_sale",
    "correct_deposit",
    "correct_refund",
    "decide_appeal",
    "decide_bid",
    "decide_sealed_bid",
    "declare_default",
    "decline_lot",
    "decline_to_negotiate",
    "deny_payment",
    "end_result_publicity",
    "enter_room",
    "extend_lot",
    "free_licensed_outcome",
    "hammer_lot",
    "hand_in_authority",
    "invite_priority_holder",
    "join_rehearsal",
    "list_priority_holder",
    "mark_contracted",
    "move_session",
    "move_session_on",
    "note_milestone",
    "open_lot",
    "open_room_document",
    "place_bid",
    "place_floor_bid",
    "plan_session",
    "postpone_session",
    "qualify_bidder",
    "read_room_log",
    "reannounce_session",
    "record_deposit",
    "record_stray_payment",
    "refuse_authority",
    "rehearse_session",
    "reject_bidder",
    "release_deposit",
    "rescind_objected_sale",
    "rescind_sale",
    "resume_bidding",
    "resume_lot",
    "return_lot",
    "return_stray_payment",
    "revoke_admission",
    "rewrite_lot",
    "rewrite_session",
    "strike_priority_holder",
    "submit_lot",
    "suspend_bidding",
    "suspend_lot",
    "take_back_deposit",
    "take_back_refund",
    "take_back_stray_payment",
    "take_back_stray_return",
    "void_bid",
    "wipe_rehearsal",
    "withdraw_application",
    "withdraw_lot",
    "withdraw_room_document",
    "withdraw_sealed_bid",
]
