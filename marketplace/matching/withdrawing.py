"""Taking one's own acceptance back before a deal, and accepting again."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.matching import rules
from marketplace.matching.actions import DealIsOpen, is_said_again
from marketplace.matching.holding import hold_match
from marketplace.matching.models import Answer, Match, Side
from marketplace.organisations.models import Organisation, User

WHY = {Side.NEED: Match.Why.BY_NEED, Side.OUTCOME: Match.Why.BY_OUTCOME}


class AcceptedMeanwhile(Refused):
    message = _(
        "The other side has accepted meanwhile, on %(day)s: both have accepted now. If you still want to take your "
        "acceptance back, send it again."
    )


@transaction.atomic
def withdraw_acceptance(
    match: Match, *, by: User, organisation: Organisation | None, seen: str, note: str = ""
) -> None:
    """Take the acceptance of one's side back, and with it the match; the other side is told and reads the note.

    `seen` is the state the reader had before them. Raises AcceptedMeanwhile where both have accepted since, DealIsOpen,
    WrongState where this side has not accepted or the match has ended. Pressed twice by one person it is done once.
    """
    hold_match(match)
    now = clock.now()
    require(rules.withdraw_acceptance, by, match, organisation=organisation)
    if is_said_again(match, organisation, Answer.WITHDRAWN, by):
        return
    side = match.side_of(organisation) or Side.NEED
    _require_may_end(match, side, seen)
    was_agreed = match.state == Match.State.AGREED
    match.move_to(Match.State.WITHDRAWN)
    match.set_answer(side, Answer.WITHDRAWN, by=by, at=now)
    match.withdrawn_why, match.withdrawn_note = WHY[side], note.strip()[:300]
    match.save()
    facts = {"side": side, "was_agreed": was_agreed}
    journal.record(Kind.MATCH_ACCEPTANCE_WITHDRAWN, match, by=by, on_behalf_of=organisation, **facts)


def _require_may_end(match: Match, side: Side, seen: str) -> None:
    """Refuse where there is nothing to take back, where the deal is open, or both accepted behind an old page."""
    if hasattr(match, "deal"):
        raise DealIsOpen()
    if match.answer_of(side) != Answer.ACCEPTED:
        raise WrongState(state=match.get_state_display())
    if match.state == Match.State.AGREED and seen != Match.State.AGREED:
        _answer, _who, at = match.signed_answer_of(Side.OUTCOME if side == Side.NEED else Side.NEED)
        raise AcceptedMeanwhile(day=timezone.localtime(at).strftime("%Y-%m-%d %H:%M"))


def put_back(match: Match, side: Side) -> None:
    """Put a match before both sides again that this side ended; what the other answered stands. The caller holds it."""
    match.move_to(Match.State.PROPOSED)
    match.forget_why_ended()
    match.set_answer(side, Answer.WAITING, by=None, at=None)
    match.save()
