"""Postponing an announced session (延期), and setting it to new times; both are amendments of its announcement.

The lots' records follow: each has an event with the fingerprint of the amendment, and the new times in the second.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules
from marketplace.auctions.amending import frozen, publish_amendment
from marketplace.auctions.announcing import require_notice
from marketplace.auctions.conduct import anchor, append_event
from marketplace.auctions.ladder import instant
from marketplace.auctions.locking import hold_lot, hold_session
from marketplace.auctions.models import AnnouncementAmendment, AuctionSession, Deposit, Lot
from marketplace.auctions.planning import require_times
from marketplace.auctions.reasons import require_reason
from marketplace.auctions.viewing import require_room_days, require_viewing
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import User

LONGEST = timedelta(days=366)  # until the new beginning; bidders’ deposits wait so long at most
TIMES = ("starts_at", "registration_closes_at", "viewing_from", "viewing_until", "viewing_place")


class HasBegun(Refused):
    message = _("Bidding began at %(began)s. A session is postponed before it; suspend its open lots instead.")


class NotLater(Refused):
    message = _("A postponed session begins later than it was announced for: after %(was)s.")
    field = "starts_at"


class TooFar(Refused):
    message = _("A postponed session begins within a year. Cancel it if it is to take place later.")
    field = "starts_at"


def _words(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _held_lots(session: AuctionSession, state: str) -> Iterator[tuple[Lot, datetime]]:
    """Hold the session's lots in the order of their keys; yield those in `state`, each with the time it was held."""
    for lot in session.lots.exclude(state=Lot.State.WITHDRAWN).order_by("pk"):
        now = hold_lot(lot)
        if lot.state == state:
            yield lot, now
        elif lot.state != Lot.State.WITHDRAWN:
            raise HasBegun(began=_words(lot.starts_at))


@transaction.atomic
def postpone_session(session: AuctionSession, *, by: User, reason: str) -> AnnouncementAmendment:
    """Postpone an announced session before its bidding, to times not known yet; return the published amendment.

    Deposits stay held. Raises HasBegun, WrongState, ReasonMissing. A bid that arrives at the beginning queues behind
    it and finds the lot postponed; one that came before it lets nothing be postponed.
    """
    now = hold_session(session)
    require(rules.postpone_session, by, session)
    reason = require_reason(reason)
    session.move_to(session.State.POSTPONED)
    if now >= session.starts_at:
        raise HasBegun(began=_words(session.starts_at))
    amendment = publish_amendment(session, by=by, at=now, act="postponed", summary="", reason=reason, changes={})
    for lot, at in _held_lots(session, Lot.State.ANNOUNCED):
        if at >= lot.starts_at:
            raise HasBegun(began=_words(lot.starts_at))
        append_event(lot, "postponed", at=at, amendment=amendment.hash)
        lot.move_to(lot.State.POSTPONED)
        lot.note = reason
        lot.save(update_fields=["state", "note"])
        anchor(lot, at=at)
    session.save(update_fields=["state"])
    journal.record(Kind.SESSION_POSTPONED, session, by=by, amendment=amendment.position, hash=amendment.hash)
    return amendment


@transaction.atomic
def reannounce_session(session: AuctionSession, *, by: User, remark: str = "", **times: Any) -> AnnouncementAmendment:
    """Announce a postponed session again for new `times` (of TIMES); its lots move by the same stretch.

    The days an announcement stands, and those of viewing, are counted anew. Raises NotLater, TooFar, NoticeTooShort,
    what require_times and require_viewing do, WrongState.
    """
    now = hold_session(session)
    require(rules.reannounce_session, by, session)
    if not session.is_postponed:
        raise WrongState(state=session.get_state_display())
    new = {name: times.get(name, getattr(session, name)) for name in TIMES}
    _require(session, new, now)
    stretch = new["starts_at"] - session.starts_at
    lots = list(_held_lots(session, Lot.State.POSTPONED))
    amendment = publish_amendment(
        session,
        by=by,
        at=now,
        act="reannounced",
        summary="",
        reason=remark.replace("\x00", "").strip()[:300],
        changes=_changes(session, new),
        lots=[_times_of(lot, stretch) | {"lot": lot.number} for lot, _at in lots],
    )
    for lot, at in lots:
        _set_anew(lot, _times_of(lot, stretch), stretch, at=at, amendment=amendment.hash)
    _take_over(session, new, now)
    journal.record(
        Kind.SESSION_REANNOUNCED,
        session,
        by=by,
        amendment=amendment.position,
        hash=amendment.hash,
        starts_at=instant(new["starts_at"]),
        registration_closes_at=instant(new["registration_closes_at"]),
    )
    return amendment


def _require(session: AuctionSession, new: dict[str, Any], now: datetime) -> None:
    """Refuse times that a new announcement could not have."""
    require_times(new["starts_at"], new["registration_closes_at"], now=now)
    if new["starts_at"] - now > LONGEST:
        raise TooFar()
    if new["starts_at"] <= session.starts_at:
        raise NotLater(was=_words(session.starts_at))
    require_notice(session, new["starts_at"], now=now)
    days, today = (new["viewing_from"], new["viewing_until"]), timezone.localdate(now)
    require_viewing(session.legal_form, *days, starts_at=new["starts_at"], today=today)
    require_room_days(session, *days, starts_at=new["starts_at"], today=today)


def _changes(session: AuctionSession, new: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what differs, as an amendment holds it: {field: {was, now}}."""
    return {
        name: {"was": frozen(getattr(session, name)), "now": frozen(value)}
        for name, value in new.items()
        if value != getattr(session, name)
    }


def _times_of(lot: Lot, stretch: timedelta) -> dict[str, str]:
    return {"starts_at": instant(lot.starts_at + stretch), "ends_at": instant(lot.ends_at + stretch)}


def _set_anew(lot: Lot, times: dict[str, str], stretch: timedelta, *, at: datetime, amendment: str) -> None:
    """Write the new times of a held lot into its record and its row."""
    was = {"was_starts_at": instant(lot.starts_at), "was_ends_at": instant(lot.ends_at)}
    append_event(lot, "rescheduled", at=at, amendment=amendment, **times, **was)
    lot.move_to(lot.State.ANNOUNCED)
    lot.starts_at, lot.ends_at, lot.note = lot.starts_at + stretch, lot.ends_at + stretch, ""
    lot.save(update_fields=["state", "starts_at", "ends_at", "note"])
    anchor(lot, at=at)


def _take_over(session: AuctionSession, new: dict[str, Any], now: datetime) -> None:
    """Let the session, and deposits that are still due, live by the new times."""
    for name, value in new.items():
        setattr(session, name, value)
    session.reannounced_at = now
    session.move_to(session.State.REGISTRATION)
    session.save(update_fields=[*TIMES, "reannounced_at", "state"])
    session.deposits.filter(state=Deposit.State.DUE).update(due_at=session.registration_closes_at)


def postponement_of(session: AuctionSession) -> AnnouncementAmendment | None:
    """Return the amendment that postponed a session, while its new times are not announced yet."""
    if not session.is_postponed:
        return None
    return session.amendments.filter(content__act="postponed").order_by("position").last()
