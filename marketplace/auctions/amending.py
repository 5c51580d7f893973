"""Amending an announcement before the bidding: what was announced stays as it was, the amendment stands beside it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from marketplace.auctions import rules
from marketplace.auctions.ladder import instant
from marketplace.auctions.locking import hold_session
from marketplace.auctions.models import AnnouncementAmendment, AuctionSession, Deposit
from marketplace.auctions.planning import RegistrationInThePast, RegistrationTooLong
from marketplace.auctions.reasons import require_reason
from marketplace.auctions.verifier import canonical, fingerprint
from marketplace.auctions.viewing import ViewingBegunBefore, require_room_days, require_viewing
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import User

VERSION = 1
# what may change after the announcement; prices, terms and the times of bidding may not: bidders rely on them
AMENDABLE = {
    "venue": _("venue"),
    "introduction": _("introduction"),
    "viewing_from": _("viewing from"),
    "viewing_until": _("viewing until"),
    "viewing_place": _("where to view"),
    "bidder_conditions": _("conditions for bidders"),
    "registration_closes_at": _("registration until"),
}
LONGEST = 2000


class BiddingBegan(Refused):
    message = _(
        "Bidding began at %(began)s. What was announced holds from then on; the announcement is not amended any more."
    )


class NotAnnounced(Refused):
    message = _("The session is not announced yet. Change its plan instead.")


class NothingNew(Refused):
    message = _("All of this holds already. Change what is to change below; without it nothing is published.")


class SummaryMissing(Refused):
    message = _("Say in words what changes, in at most %(most)s characters.")
    field = "summary"


class RegistrationShortened(Refused):
    message = _("Registration may be prolonged, not shortened: bidders rely on the day announced.")
    field = "registration_closes_at"


def require_amendable(session: AuctionSession, at: datetime) -> None:
    """Refuse where the announcement cannot be amended at `at`. Raises NotAnnounced, BiddingBegan, WrongState."""
    if not session.is_announced:
        raise NotAnnounced()
    if session.state in (session.State.CANCELLED, session.State.POSTPONED):
        raise WrongState(state=session.get_state_display())
    if at >= session.starts_at or session.state not in (session.State.ANNOUNCED, session.State.REGISTRATION):
        raise BiddingBegan(began=f"{timezone.localtime(session.starts_at):%Y-%m-%d %H:%M}")


@transaction.atomic
def amend_announcement(
    session: AuctionSession, *, by: User, summary: str, reason: str, **facts: Any
) -> AnnouncementAmendment:
    """Publish an amendment; `facts` are new values of fields in AMENDABLE. Return it.

    Raises what `require_amendable` does, NothingNew, SummaryMissing, and what is wrong with a new value.
    """
    now = hold_session(session)
    require(rules.amend_announcement, by, session)
    require_amendable(session, now)
    summary, reason = _summary(summary), require_reason(reason)
    changes = _take_over(session, facts, now)
    if not changes:
        raise NothingNew()
    amendment = publish_amendment(session, by=by, at=now, summary=summary, reason=reason, changes=changes)
    session.save(update_fields=list(AMENDABLE))
    if "registration_closes_at" in changes:
        session.deposits.filter(state=Deposit.State.DUE).update(due_at=session.registration_closes_at)
    journal.record(Kind.SESSION_AMENDED, session, by=by, amendment=amendment.position, hash=amendment.hash)
    return amendment


def _summary(text: str) -> str:
    text = text.replace("\x00", "").strip()
    if not text or len(text) > LONGEST:
        raise SummaryMissing(most=LONGEST)
    return text


def _take_over(session: AuctionSession, facts: dict[str, Any], now: datetime) -> dict[str, dict[str, Any]]:
    """Set what differs on the session, and return it as it is frozen: {field: {was, now}}."""
    new = {field: facts[field] for field in AMENDABLE if field in facts and facts[field] != getattr(session, field)}
    changes = {field: {"was": frozen(getattr(session, field)), "now": frozen(value)} for field, value in new.items()}
    closes_at = new.get("registration_closes_at")
    if closes_at is not None and closes_at < session.registration_closes_at:
        raise RegistrationShortened()
    if closes_at is not None and closes_at <= now:
        raise RegistrationInThePast()
    if closes_at is not None and closes_at > session.starts_at:
        raise RegistrationTooLong()
    for field, value in new.items():
        setattr(session, field, value)
    if "viewing_from" in new or "viewing_until" in new:
        first, last = session.viewing_from, session.viewing_until
        today = timezone.localdate(now)
        require_viewing(session.legal_form, first, last, starts_at=session.starts_at, today=today)
        if "viewing_from" in new and first is not None and first < today:
            raise ViewingBegunBefore()
        require_room_days(session, first, last, starts_at=session.starts_at, today=today)
    return changes


def frozen(value: Any) -> Any:
    """Return a value as JSON keeps it."""
    if isinstance(value, datetime):
        return instant(value)
    return value.isoformat() if isinstance(value, date) else value


def publish_amendment(session: AuctionSession, *, by: User, at: datetime, **said: Any) -> AnnouncementAmendment:
    """Chain an amendment to what a held session published before; return it. `said` is what it says, as JSON."""
    last = session.amendments.order_by("position").last()
    position = last.position + 1 if last else 1
    previous = last.hash if last else session.announcement_hash
    content = {
        "v": VERSION,
        "record": "amendment",
        "session": session.number,
        "amendment": position,
        "published_at": instant(at),
        "prev": previous,
        **said,
    }
    return AnnouncementAmendment.objects.create(
        session=session,
        position=position,
        content=content,
        prev_hash=previous,
        hash=fingerprint(content),
        published_at=at,
        published_by=by,
    )


def announcement_problems(session: AuctionSession) -> list[str]:
    """Return where the announcement and its amendments do not give their fingerprints or do not follow each other."""
    if not session.is_announced:
        return []
    problems, previous = [], session.announcement_hash
    if fingerprint(session.announcement) != previous:
        problems.append(f"{session.number}: the announcement does not give its fingerprint")
    for place, amendment in enumerate(session.amendments.order_by("position"), start=1):
        name = f"{session.number} amendment {place}"
        if (amendment.position, amendment.content.get("amendment")) != (place, place):
            return [*problems, f"{name}: expected number {place}, found {amendment.position}"]
        if not previous == amendment.prev_hash == amendment.content.get("prev"):
            problems.append(f"{name}: does not follow from what was published before it")
        if fingerprint(amendment.content) != amendment.hash:
            problems.append(f"{name}: its content does not give its fingerprint")
        previous = amendment.hash
    return problems


def announcement_lines(session: AuctionSession) -> list[str]:
    """Return the announcement and its amendments as they are hashed, a line each."""
    return [canonical(session.announcement), *(canonical(each.content) for each in session.amendments.all())]


def amendment_name(position: int) -> str:
    """Return what an amendment is called."""
    return pgettext("announcement", "Amendment %(number)s") % {"number": position}
