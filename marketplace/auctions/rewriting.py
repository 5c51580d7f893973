"""Rewriting what is not announced yet: a lot, or the plan of its session. Whoever agreed to other terms agrees anew."""

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules
from marketplace.auctions.amending import frozen
from marketplace.auctions.burdens import require_trials_named
from marketplace.auctions.lots import Lot
from marketplace.auctions.planning import require_form, require_viewing_days
from marketplace.auctions.preparing import follow_reviews, unfit_terms
from marketplace.auctions.priority import outdate_invitations
from marketplace.auctions.sessions import AuctionSession
from marketplace.core import clock, journal
from marketplace.core.journal import Entry, Kind
from marketplace.core.money import format_unrounded
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

LOT_FACTS = (
    "mode", "object_of_sale", "object_parts", "defects", "format", "start_price", "starts_at", "ends_at",
)  # fmt: skip
SESSION_FACTS = (
    "title", "title_en", "introduction", "organiser", "legal_form", "auction_company", "company_licence",
    "auctioneer_name", "auctioneer_licence", "venue", "viewing_from", "viewing_until", "viewing_place",
    "bidder_conditions", "deposit_percent", "deposit_scope", "sells_to_single_bidder", "signing_days", "payment_days",
)  # fmt: skip
# of the session's terms, what a seller agreed to with its lot
AGREED_TO = ("legal_form", "deposit_percent", "sells_to_single_bidder", "signing_days", "payment_days")


class AlreadyAnnounced(Refused):
    message = _("What was announced holds: bidders rely on it. The organiser may amend the announcement.")


class IsRehearsal(Refused):
    message = _("A rehearsal has the terms of the session it rehearses.")


class NothingRewritten(Refused):
    message = _("Nothing is different from before. Change something before you save.")


def require_rewritable(session: AuctionSession) -> None:
    """Refuse to rewrite what the public knows already, or a rehearsal.

    Raises AlreadyAnnounced, IsRehearsal, WrongState of what was called off before its announcement.
    """
    if session.rehearsal_of_id:
        raise IsRehearsal()
    if session.is_announced:
        raise AlreadyAnnounced()
    if not session.is_planned:
        raise WrongState(state=session.get_state_display())


def require_lot_rewritable(lot: Lot) -> None:
    """Refuse to rewrite a lot that is announced or withdrawn. Raises what `require_rewritable` does."""
    require_rewritable(lot.session)
    if lot.state not in lot.PREPARED:
        raise WrongState(state=lot.get_state_display())


@transaction.atomic
def rewrite_lot(lot: Lot, *, by: User, **facts: Any) -> None:
    """Give a lot other terms (`facts`: fields of LOT_FACTS, amounts in fen); its seller agrees to them anew.

    Raises AlreadyAnnounced, IsRehearsal, NothingRewritten, and what `unfit_terms` says against the new terms.
    """
    session = lot.session
    session.lock()
    lot.lock()
    now = clock.now()
    require(rules.rewrite_lot, by, lot)
    require_lot_rewritable(lot)
    changes = _take_over(lot, facts, LOT_FACTS)
    times = {"starts_at": lot.starts_at, "ends_at": lot.ends_at}
    for refusal in unfit_terms(session, outcome=lot.outcome, start_price=lot.start_price, **times):
        raise refusal
    if "defects" in changes:
        require_trials_named(lot.outcome, lot.defects)
    lot.most_extensions = 0 if lot.is_sealed else session.most_extensions
    _agree_anew(lot, by=by, at=now, changes=changes)
    follow_reviews(session, by=by)


@transaction.atomic
def rewrite_session(session: AuctionSession, *, by: User, **facts: Any) -> None:
    """Give a planned session other words and terms (`facts`: fields of SESSION_FACTS); its times move by move_session.

    Its lots take the terms over; where a seller agreed to others, it agrees anew. Raises AlreadyAnnounced,
    IsRehearsal, NothingRewritten, and what is wrong with the legal form or the days of viewing.
    """
    session.lock()
    now = clock.now()
    require(rules.rewrite_session, by, session)
    require_rewritable(session)
    changes = _take_over(session, facts, SESSION_FACTS)
    require_form(session, {name: getattr(session, name) for name in SESSION_FACTS})
    require_viewing_days(session, today=timezone.localdate(now))
    session.save(update_fields=list(SESSION_FACTS))
    journal.record(Kind.SESSION_REWRITTEN, session, by=by, changes=changes)
    agreed = {name: change for name, change in changes.items() if name in AGREED_TO}
    if agreed:
        lots = session.lots.select_for_update(of=("self",)).filter(state__in=Lot.PREPARED)
        for lot in lots.select_related("outcome").order_by("pk"):
            _agree_anew(lot, by=by, at=now, changes=agreed)
        follow_reviews(session, by=by)


def _take_over(record: Lot | AuctionSession, facts: dict[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    """Set what differs, and return it for the journal: {field: {was, now}}. Raises NothingRewritten."""
    new = {
        name: facts[name] for name in known if name in facts and _typed(facts[name]) != _typed(getattr(record, name))
    }
    if not new:
        raise NothingRewritten()
    changes = {name: _kept(getattr(record, name), value) for name, value in new.items()}
    for name, value in new.items():
        setattr(record, name, value)
    return changes


def _typed(value: Any) -> Any:
    """Return a value as a form gives it: what it can not tell apart is no difference."""
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0)
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _kept(was: Any, now: Any) -> dict[str, Any]:
    """Return a change as the journal keeps it: of words only that they changed, for they may hold names."""
    if any(isinstance(value, str | dict | Organisation) for value in (was, now)):
        return {}
    return {"was": frozen(was), "now": frozen(now)}


def _agree_anew(lot: Lot, *, by: User, at: datetime, changes: dict[str, Any]) -> None:
    """Save a lot with what its session lays down, back with its seller; the reserve it sealed is set anew.

    Holders of priority rights who were told of the former terms are to be told anew.
    """
    session = lot.session
    lot.deposit = lot.start_price * session.deposit_percent // 100
    lot.sells_to_single_bidder = session.sells_to_single_bidder
    if lot.state != lot.State.DRAFT:
        lot.move_to(lot.State.DRAFT)
    had_reserve = lot.has_reserve
    lot.reserve_commitment, lot.reserve_sealed, lot.note = "", None, ""
    lot.save()
    to_tell = outdate_invitations(lot.priority_holders.told(), at=at)
    journal.record(Kind.LOT_REWRITTEN, lot, by=by, changes=changes, to_invite_anew=to_tell, had_reserve=had_reserve)


@dataclass(frozen=True)
class Rewriting:
    """What a seller is told before it agrees anew: which terms changed, and that its sealed reserve holds no more."""

    words: str
    had_reserve: bool


def rewritten_since(lot: Lot) -> Rewriting | None:
    """Return what the organiser rewrote in a draft since its seller agreed last; None where nothing was."""
    entries = list(Entry.objects.about(lot).filter(kind__in=[Kind.LOT_REWRITTEN, Kind.LOT_SUBMITTED]).order_by("-pk"))
    since = [entry.data for entry in takewhile(lambda entry: entry.kind == Kind.LOT_REWRITTEN, entries)]
    if not since:
        return None
    changes = {name: change for data in reversed(since) for name, change in data["changes"].items()}
    named = [_in_words(name, change) for name, change in changes.items()]
    return Rewriting(str(_(", ")).join(named), any(data.get("had_reserve") for data in since))


def _in_words(name: str, change: dict[str, Any]) -> str:
    model = Lot if name in LOT_FACTS else AuctionSession
    label = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    if name != "start_price":
        return label
    was, now = (format_unrounded(change[key], get_language() or "zh-hans") for key in ("was", "now"))
    return f"{label} {was} → {now}"
