"""The answers of both sides to a match: accepted or declined."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.matching import choosing, rules
from marketplace.matching.holding import hold_match
from marketplace.matching.models import Answer, Match, Side
from marketplace.organisations.models import Organisation, User


class NoLongerPossible(Refused):
    message = _("The need or the outcome is no longer open, so this match cannot be accepted.")


class AnsweredAlready(Refused):
    message = _("Your side has answered this match already: %(answer)s, by %(who)s on %(day)s.")


class DealIsOpen(Refused):
    message = _("The deal of this match is open: what is to end is ended there, with its reason.")


class DeclineReasonMissing(Refused):
    message = _("Choose why it does not suit: better proposals follow from it.")
    field = "reason"


class RemarkMissing(Refused):
    message = _("Say the other reason in a few words.")
    field = "note"


@transaction.atomic
def accept_match(match: Match, *, by: User, organisation: Organisation | None) -> None:
    """Accept for one side; when both have accepted, the match is agreed and a deal may be opened.

    The same answer of the same person once more changes nothing. Raises AnsweredAlready, NoLongerPossible where need
    or outcome closed meanwhile, WrongState where it was declined or withdrawn.
    """
    hold_match(match)
    now = clock.now()
    require(rules.accept_match, by, match, organisation=organisation)
    answered = answered_already(match, match.side_of(organisation) or Side.NEED)
    if is_said_again(match, organisation, Answer.ACCEPTED, by):
        return
    if answered is not None:
        raise answered
    if match.state != Match.State.PROPOSED:
        raise WrongState(state=match.get_state_display())
    if not choosing.may_meet(match.need, match.outcome):
        raise NoLongerPossible()
    side = match.side_of(organisation)
    match.set_answer(side or "", Answer.ACCEPTED, by=by, at=now)
    agreed = Answer.WAITING not in (match.need_answer, match.outcome_answer)
    if agreed:
        match.move_to(Match.State.AGREED)
    match.save()
    journal.record(Kind.MATCH_ACCEPTED, match, by=by, on_behalf_of=organisation, side=side)
    if agreed:
        journal.record(Kind.MATCH_AGREED, match, by=by, on_behalf_of=organisation)


def is_said_again(match: Match, organisation: Organisation | None, answer: Answer, by: User) -> bool:
    """Tell whether this person has given this answer already, by a button pressed twice."""
    given, who, _at = match.signed_answer_of(match.side_of(organisation) or "")
    return (given, who) == (answer, by)


def answered_already(match: Match, side: Side) -> AnsweredAlready | None:
    """Return who of a side answered a match and what, as a refusal; None while nobody has."""
    answer, who, at = match.signed_answer_of(side)
    if at is None:
        return None
    return AnsweredAlready(answer=Answer(answer).label, who=who, day=timezone.localtime(at).strftime("%Y-%m-%d %H:%M"))


def _require_not_accepted(match: Match, side: Side) -> None:
    if hasattr(match, "deal"):
        raise DealIsOpen()
    answered = answered_already(match, side) if match.answer_of(side) == Answer.ACCEPTED else None
    if answered is not None:
        raise answered


@transaction.atomic
def decline_match(match: Match, *, by: User, organisation: Organisation | None, reason: str, note: str = "") -> None:
    """Decline for one side that has not accepted, with a reason of Match.Reason both sides read.

    The pair comes back when a text changes, or when the same side reconsiders. Whoever has accepted takes that back
    with `withdraw_acceptance`, and gets AnsweredAlready here.
    """
    hold_match(match)
    now = clock.now()
    require(rules.decline_match, by, match, organisation=organisation)
    side = match.side_of(organisation) or Side.NEED
    if is_said_again(match, organisation, Answer.DECLINED, by):
        return
    _require_not_accepted(match, side)
    if reason not in Match.Reason.values:
        raise DeclineReasonMissing()
    if reason == Match.Reason.OTHER and not note.strip():
        raise RemarkMissing()
    match.move_to(Match.State.DECLINED)
    match.set_answer(side, Answer.DECLINED, by=by, at=now)
    match.decline_reason, match.decline_note = reason, note.strip()
    match.save()
    journal.record(Kind.MATCH_DECLINED, match, by=by, on_behalf_of=organisation, side=side, reason=reason)
