"""What follows from what: the only table of it.

A consequence is a function `verb_noun(delivery)` in `tasks/<noun>.py`. To add one, write it and name it here beside
the kinds it follows from. Its order in a row is the order in which it is started.
"""

from collections.abc import Callable

from marketplace.core.journal import Kind
from tasks.auctions import free_outcome_of_lot, note_contract_of_lot, rescind_sale_of_deal
from tasks.imports import check_rows, take_over_rows
from tasks.index import index_classified, index_dependants, index_lots, index_pooled, index_subject, sign_subject
from tasks.matching import (
    match_again,
    match_need,
    match_of_organisation,
    match_outcome,
    match_unsold_lot,
    match_what_was_not,
)
from tasks.models import Delivery
from tasks.notices import mail_people, settle_notices, settles, tell_people, tells
from tasks.organisations import mail_invited
from tasks.publicity import follow_end_of_publicity, follow_stop_of_publicity, mail_objectors
from tasks.rebuilding import start_rebuild
from tasks.searches import find_searches, forget_searches, note_what_is_known
from tasks.trials import (
    close_pool_of_outcome,
    follow_end_of_price_publicity,
    follow_stop_of_price_publicity,
    free_outcome_of_revoked,
    give_up_trial_of_deal,
    note_contract_of_trial,
)

Consequence = Callable[[Delivery], None]

OUTCOMES_ON_OFFER = (
    Kind.OUTCOME_PUBLISHED,
    Kind.OUTCOME_UNPUBLISHED,
    Kind.OUTCOME_CONFIRMED,
    Kind.OUTCOME_EXPIRED,
    Kind.OUTCOME_TRIAL_OFFERED,
    Kind.OUTCOME_TRIAL_WITHDRAWN,
    Kind.OUTCOME_RESERVED,
    Kind.OUTCOME_RELEASED,
    Kind.OUTCOME_WITHDRAWN,
)
NEEDS_ON_OFFER = (
    Kind.NEED_PUBLISHED,
    Kind.NEED_UNPUBLISHED,
    Kind.NEED_SOLVED,
    Kind.NEED_CLOSED,
    Kind.NEED_REOPENED,
)
BROKERS_IN_THE_REGISTER = (
    Kind.BROKER_FILED,
    Kind.BROKER_CHANGED,
    Kind.BROKER_RENEWED,
    Kind.BROKER_SUSPENDED,
    Kind.BROKER_REINSTATED,
    Kind.BROKER_REVOKED,
)
SESSIONS_IN_PUBLIC = (
    Kind.SESSION_ANNOUNCED,
    Kind.SESSION_AMENDED,
    Kind.SESSION_POSTPONED,
    Kind.SESSION_REANNOUNCED,
    Kind.SESSION_MOVED,
    Kind.SESSION_CANCELLED,
)
LOTS_IN_PUBLIC = (
    Kind.LOT_OPENED,
    Kind.LOT_SUSPENDED,
    Kind.LOT_RESUMED,
    Kind.LOT_WITHDRAWN,
    Kind.LOT_SOLD,
    Kind.LOT_UNSOLD,
    Kind.LOT_CONFIRMED,
    Kind.LOT_PUBLICISED,
    Kind.LOT_DEFAULTED,
    Kind.LOT_RESCINDED,
    Kind.LOT_BUYER_CLEARED,
    Kind.DEFAULT_APPEAL_DECIDED,
    Kind.LOT_CONTRACTED,
)
ORGANISATIONS_NAMED_ELSEWHERE = (
    Kind.ORGANISATION_CHANGED,
    Kind.ORGANISATION_VERIFIED,
)
POOL_OF_TRIALS = (
    Kind.POOL_OPENED,
    Kind.POOL_TERMS_CHANGED,
    Kind.POOL_PAUSED,
    Kind.POOL_RESUMED,
    Kind.POOL_LEFT,
)
CONTRACTS_IN_THE_REGISTER = (Kind.CONTRACT_CHANGE_GRANTED, Kind.CONTRACT_CANCELLED)
CONTRACTS_STRUCK = (Kind.CONTRACT_REVOKED, Kind.CONTRACT_RE_EXAMINED)


def table() -> dict[str, list[Consequence]]:
    """Return {kind of journal entry: what follows from it, in this order}."""
    follows: dict[str, list[Consequence]] = {
        **{kind: [index_subject, sign_subject, match_outcome, find_searches] for kind in OUTCOMES_ON_OFFER},
        Kind.OUTCOME_CONVERTED: [index_subject, sign_subject, match_outcome, find_searches, close_pool_of_outcome],
        Kind.OUTCOME_PUBLISHED: [index_subject, index_lots, sign_subject, match_outcome, find_searches],
        **{kind: [index_subject, match_need, find_searches] for kind in NEEDS_ON_OFFER},
        **{kind: [index_subject, find_searches] for kind in (*BROKERS_IN_THE_REGISTER, *LOTS_IN_PUBLIC)},
        **{kind: [index_lots, find_searches] for kind in SESSIONS_IN_PUBLIC},
        **{kind: [index_dependants, find_searches] for kind in ORGANISATIONS_NAMED_ELSEWHERE},
        **{kind: [index_pooled, find_searches] for kind in POOL_OF_TRIALS},
        Kind.CLASSIFICATION_CHANGED: [index_classified],
        Kind.ORGANISATION_SUSPENDED: [index_dependants, match_of_organisation],
        Kind.ORGANISATION_REINSTATED: [index_dependants, match_of_organisation, find_searches],
        **{kind: [note_what_is_known] for kind in (Kind.SEARCH_SAVED, Kind.SEARCH_REPLACED)},
        Kind.MEMBER_INVITATION_SENT: [mail_invited],
        Kind.MEMBER_INVITATION_SENT_AGAIN: [mail_invited],
        Kind.USER_EMPTIED: [forget_searches],
        Kind.INDEX_REBUILD_ASKED: [start_rebuild],
        Kind.MATCH_ADDED: [match_again],
        Kind.MATCH_ACCEPTED: [match_what_was_not],
        Kind.MATCH_UNPINNED: [match_again],
        Kind.CONTRACT_SUBMITTED: [note_contract_of_lot],
        Kind.CONTRACT_REGISTERED: [index_subject, free_outcome_of_lot, note_contract_of_trial],
        Kind.CONTRACT_RENUMBERED: [index_subject],
        **{kind: [index_subject] for kind in CONTRACTS_IN_THE_REGISTER},
        **{kind: [index_subject, free_outcome_of_revoked] for kind in CONTRACTS_STRUCK},
        Kind.DEAL_TERMINATED: [rescind_sale_of_deal, give_up_trial_of_deal],
        Kind.PUBLICITY_ENDED: [follow_end_of_publicity, follow_end_of_price_publicity],
        Kind.PUBLICITY_STOPPED: [follow_stop_of_publicity, follow_stop_of_price_publicity, mail_objectors],
        Kind.OBJECTION_ENTERED: [mail_objectors],
        Kind.OBJECTION_ANSWERED: [mail_objectors],
        Kind.OBJECTION_TAKEN_BACK: [mail_objectors],
        Kind.LOT_GOES_ON: [match_unsold_lot],
        Kind.IMPORT_UPLOADED: [check_rows],
        Kind.IMPORT_TAKE_OVER_ASKED: [take_over_rows],
    }
    for kind in settles():  # and what need not be done any longer
        follows.setdefault(kind, []).append(settle_notices)
    for kind in tells():  # who is told what stands in tasks/notices/
        follows.setdefault(kind, []).extend([tell_people, mail_people])
    return follows


CONSEQUENCES = table()
